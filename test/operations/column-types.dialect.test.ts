import { boolean, integer, json, MetaData, text, timestamp, uuid, varchar, type ColumnBuilder } from 'aludel';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

type AnyType = ColumnBuilder<unknown, boolean, boolean, boolean>;
const UUID = '8c2e8f9c-2d38-4b61-9d3a-6b7c5f0f1a2b';

interface Change {
  readonly from: AnyType;
  readonly to: AnyType;
  /** A value before, as SQL, and after, as text. */
  readonly value: string;
  readonly becomes: unknown;
  /** What the file says on PostgreSQL. */
  readonly using?: string;
}

const CHANGES: Readonly<Record<string, Change>> = {
  'text to integer': { from: text(), to: integer(), value: "'42'", becomes: '42', using: '"c"::integer' },
  'text to integer with defaults': {
    from: varchar(10).serverDefault('1'),
    to: integer().serverDefault(2),
    value: "'42'",
    becomes: '42',
    using: '"c"::integer',
  },
  'varchar to uuid': { from: varchar(36), to: uuid(), value: `'${UUID}'`, becomes: UUID, using: '"c"::uuid' },
  'text to json': { from: text(), to: json(), value: `'[1]'`, becomes: '[1]', using: '"c"::json' },
  'text to boolean': { from: varchar(5), to: boolean(), value: `'1'`, becomes: 'true', using: '"c"::boolean' },
  'integer to boolean': { from: integer(), to: boolean(), value: '1', becomes: 'true', using: '("c" <> 0)' },
  'text to timestamp': {
    from: varchar(30),
    to: timestamp(),
    value: "'2026-11-21 10:00:00'",
    becomes: '2026-11-21 10:00:00',
    using: '"c"::timestamp without time zone',
  },
  'varchar to a wider varchar': { from: varchar(100), to: varchar(200), value: "'alice'", becomes: 'alice' },
  'varchar to text': { from: varchar(100), to: text(), value: "'alice'", becomes: 'alice' },
};

describe.each(dialects)('types of columns on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models: MetaData;

  const declare = (c: AnyType): MetaData => {
    const metadata = new MetaData();
    metadata.table('t', { id: integer().primaryKey(), c });
    return metadata;
  };

  const query = async (sql: string): Promise<unknown> => (await queryRows(project.url, sql))[0]?.['found'];
  const isPostgres = dialect.name === 'postgres';

  test.each(Object.entries(CHANGES))('%s keeps the value, both ways', async (_name, change) => {
    models = declare(change.from);
    await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
    await project.migrator.upgrade();
    await executeSql(project.url, [`INSERT INTO t (c) VALUES (${change.value})`]);
    const before = await dumpDatabase(project.url);

    models = declare(change.to);
    const { file } = await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    if (isPostgres) {
      const upgrade = (await readFile(file ?? '', 'utf8')).split('function downgrade')[0] ?? '';
      expect(/using: sql`(.*)`/.exec(upgrade)?.[1]).toEqual(change.using);
    }
    await project.migrator.upgrade();
    expect((await project.migrator.check()).operations).toEqual([]);
    if (isPostgres) expect(await query('SELECT c::text AS found FROM t')).toBe(change.becomes);
    else expect(await query('SELECT count(*) AS found FROM t WHERE c IS NOT NULL')).toBeOneOf([1, 1n, '1']);

    await project.migrator.downgrade('-1');
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  test.runIf(isPostgres).each([varchar(200), text()])('a wider text rewrites neither table nor index', async (to) => {
    models = declare(varchar(100).index());
    await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
    await project.migrator.upgrade();
    await executeSql(project.url, ["INSERT INTO t (c) VALUES ('alice')"]);
    const files = (): Promise<unknown> =>
      query(`SELECT string_agg(relname || relfilenode, ' ' ORDER BY relname) AS found FROM pg_class
             WHERE oid IN ('t'::regclass, 'ix_t_c'::regclass)`);
    const before = await files();
    models = declare(to.index());
    const { descriptions } = await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    expect(descriptions).toEqual(['alter column "c" of "t" (type)']);
    await project.migrator.upgrade();
    expect(await files()).toBe(before);
    expect(await query('SELECT c AS found FROM t')).toBe('alice');
  });

  // Elsewhere an enum lives in its column, and MODIFY and a rebuild say the default with it.
  test.runIf(isPostgres)(
    'a default that nobody mentions follows to an enum, also in words of an older type',
    async () => {
      await executeSql(project.url, [
        `CREATE TABLE t (id integer PRIMARY KEY, c text DEFAULT 'a', n varchar(10) DEFAULT '5')`,
        `INSERT INTO t (id) VALUES (1)`,
      ]);
      await project.write({
        id: 'aaaa',
        upgrade: `
        op.createEnum('mood', ['a', 'b']);
        op.alterColumn('t', 'c', { type: enumeration('mood', ['a', 'b']), using: sql\`c::mood\` });
        op.alterEnum('mood', ['b', 'c', 'a']);
        op.alterColumn('t', 'n', { type: integer(), using: sql\`n::integer\`, serverDefault: 6 });`,
      });
      // A script is not told what the default was.
      const { sql: script } = await project.migrator.upgrade('head', { sql: true });
      expect(script).toContain('ALTER COLUMN "n" DROP DEFAULT');
      await project.migrator.upgrade();
      await executeSql(project.url, ['INSERT INTO t (id) VALUES (2)']);
      expect(await query(`SELECT string_agg(concat_ws(' ', c, n), ', ' ORDER BY id) AS found FROM t`)).toBe('a 5, a 6');
    },
  );
});
