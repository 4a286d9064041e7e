import { check, enumeration, index, integer, MetaData, sql, text, varchar } from 'aludel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diff } from '../../src/commands/diff.js';
import { withPglite } from '../../src/commands/pglite.js';
import { createProject, type TestProject } from '../support/project.js';

/** A server that nothing listens on. */
const URL = 'postgresql://user@127.0.0.1:1/app';

const models = (names: readonly string[]) => () => {
  const metadata = new MetaData();
  metadata.table(
    'notes',
    {
      id: integer().primaryKey(),
      kind: enumeration('note_kind', names).notNull(),
      title: varchar(50).notNull().serverDefault('none'),
      body: text().generatedAs(sql`upper(title)`),
    },
    () => [check('title', sql`title IN ('none', 'some')`), index('ix_notes', [sql`lower(title)`])],
  );
  metadata.view('titles', sql`SELECT title FROM notes WHERE kind = 'short'`);
  return Promise.resolve({ metadata });
};

describe('PGlite stands in for a PostgreSQL server that is not named', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await createProject(URL);
  });
  afterAll(() => project.remove());

  test('models are compared with what the revisions make, and the revision that is written closes the gap', async () => {
    const at = (names: readonly string[]): ReturnType<TestProject['open']> =>
      project.open({ config: { ...project.config, models: models(names) } });
    for (const names of [['short'], ['short', 'long']]) {
      const request = { autogenerate: true, from: 'history' as const, message: 'x' };
      expect((await at(names).revision(request)).operations.length).toBeGreaterThan(0);
      expect((await at(names).revision(request)).operations).toEqual([]);
    }
  });

  test('a schema in words of one database is what it is in another', async () => {
    const report = await diff({
      cwd: project.folder,
      from: 'head',
      to: 'models',
      config: { ...project.config, models: models(['short', 'long']) },
    });
    expect(report).toMatchObject({ isEqual: true, sql: '' });
  });

  test('values, errors and many statements come through as from a server', async () => {
    await withPglite(async (engine) => {
      const connection = await engine.connect();
      const { rows } = await connection.execute('SELECT $1::int AS n, $2::text AS t, now() IS NOT NULL AS b', [
        3,
        "it's",
      ]);
      expect(rows).toEqual([{ n: 3, t: "it's", b: true }]);
      await expect(connection.execute('SELECT * FROM nowhere')).rejects.toMatchObject({
        details: { driverCode: '42P01' },
      });
      await connection.begin();
      await connection.execute("CREATE TABLE t AS SELECT generate_series(1, 5000) AS n, repeat('x', 100) AS text");
      expect((await connection.execute('SELECT * FROM t ORDER BY n')).rows).toHaveLength(5000);
      await connection.rollback();
      await expect(connection.execute('SELECT * FROM t')).rejects.toThrow('"t" does not exist');
      await connection.close();
      await engine.dispose();
    });
  });
});
