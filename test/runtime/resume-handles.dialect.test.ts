import { beforeEach, describe, expect, test } from 'vitest';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

const SEATS = `op.createTable('seats', [
  column('id', integer(), { nullable: false }), column('n', integer()), primaryKey(['id'], { name: 'pk' })]);`;
const PLAIN = 'export const transaction = false;';
const insert = (...ids: number[]): string =>
  ids.map((id) => `await op.db.insertInto('seats').values({ id: ${id} }).execute();`).join('\n');

// What MySQL and MariaDB do to every revision, the others do to those without a transaction.
describe.each(dialects)('work through op.db that failed half way on $name', (dialect) => {
  const begin = dialect.name === 'sqlite' ? 'BEGIN' : 'START TRANSACTION';
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: SEATS });
    await project.migrator.upgrade();
  });

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);
  const ids = async (): Promise<number[]> =>
    (await query('SELECT id FROM seats ORDER BY id')).map((row) => Number(row['id']));
  const write = (upgrade: string): Promise<string> =>
    project.write({ id: 'bbbb', down: 'aaaa', header: PLAIN, upgrade, isAsync: true });

  test('a transaction that was rolled back is run again from its beginning', async () => {
    await query('INSERT INTO seats (id) VALUES (3)');
    await write(`${insert(1)}
      await op.db.transaction().execute(async (trx) => {
        await trx.insertInto('seats').values({ id: 2 }).execute();
        await trx.insertInto('seats').values({ id: 3 }).execute();
      });`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
    expect(await ids()).toEqual([1, 3]);
    await query('DELETE FROM seats WHERE id = 3');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('what was undone inside of a transaction does not count as done', async () => {
    await query('INSERT INTO seats (id) VALUES (3)');
    await write(`op.execute('${begin}');
      await op.db.transaction().execute(async (db) => {
        await db.insertInto('seats').values({ id: 1 }).execute();
        throw new Error('not meant');
      }).catch(() => undefined);
      op.execute('INSERT INTO seats (id) VALUES (2)');
      op.execute('COMMIT');
      ${insert(3)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 3 } });
    expect(await ids()).toEqual([2, 3]);
    await query('DELETE FROM seats WHERE id = 3');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([2, 3]);
  });

  test('a transaction that the SQL of the revision begins is run again from there', async () => {
    await query('INSERT INTO seats (id) VALUES (3)');
    const body = [1, 2, 3].map((id) => `op.execute('INSERT INTO seats (id) VALUES (${id})');`);
    await write([body[0], `op.execute('${begin}');`, ...body.slice(1), `op.execute('COMMIT');`].join('\n'));
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_FAILED' });
    expect(await ids()).toEqual([1, 3]);
    await query('DELETE FROM seats WHERE id = 3');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('a transaction that nobody ends is an error, and nothing of it is left', async () => {
    await write(`${insert(1)} op.execute('${begin}'); ${insert(2)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_FAILED',
      message: expect.stringContaining('not ended it'),
    });
    expect(await ids()).toEqual([1]);
    const { isAtHead, unfinished } = await project.migrator.current();
    expect([isAtHead, unfinished?.revision]).toEqual([false, 'bbbb']);
  });

  test.runIf(dialect.family === 'mysql')('what DDL has committed in a transaction is not done twice', async () => {
    await query('INSERT INTO seats (id) VALUES (2)');
    await write(`op.execute('${begin}'); ${insert(1)}
      op.execute('ALTER TABLE seats ADD COLUMN x int');
      ${insert(2)} op.execute('COMMIT');`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 3 } });
    expect(await ids()).toEqual([1, 2]);
    await query('DELETE FROM seats WHERE id = 2');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2]);
  });

  test('goes on where the values of a change are others by now, as long as nothing was read before', async () => {
    await query('INSERT INTO seats (id) VALUES (2)');
    await write(
      `await op.db.insertInto('seats').values({ id: 1, n: Math.trunc(Math.random() * 1e9) }).execute(); ${insert(2)}`,
    );
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
    await query('DELETE FROM seats WHERE id = 2');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 2]);
  });

  test('leaves no row out where what was read before says other rows by now', async () => {
    await query('INSERT INTO seats (id) VALUES (1), (2), (3), (4)');
    await query('CREATE UNIQUE INDEX ux ON seats (n)');
    await query('UPDATE seats SET n = 30 WHERE id = 4');
    await write(`const rows = await op.db.selectFrom('seats').select('id').where('n', 'is', null).orderBy('id').execute();
      for (const { id } of rows) await op.db.updateTable('seats').set({ n: id * 10 }).where('id', '=', id).execute();`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 2 } });
    await query('UPDATE seats SET n = 40 WHERE id = 4');
    // A run that counted statements alone would pass over the change of seat 3 and end.
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_RESUME_REFUSED' });
    expect((await project.migrator.current()).isAtHead).toBe(false);
  });

  const adding = { one: 'WITH one AS (SELECT 1 AS n)', two: 'UPDATE seats SET n = n + (SELECT n FROM one)' };
  // MariaDB before 12 has no WITH in front of a change. https://mariadb.com/docs/server/reference/sql-statements/data-manipulation/selecting-data/common-table-expressions/with
  test.runIf(dialect.name !== 'mariadb')('a change that begins with WITH is made once', async () => {
    await query('INSERT INTO seats (id, n) VALUES (1, 0), (2, 0)');
    await write(`await op.execute('${adding.one} ${adding.two}');
      await op.db.with('one', (db) => db.selectNoFrom((eb) => eb.val(1).as('n'))).updateTable('seats').set({ n: sql\`n + 1\` }).execute();
      ${insert(2)}`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 2 } });
    await query('DELETE FROM seats WHERE id = 2');
    await project.migrator.upgrade();
    expect((await query('SELECT n FROM seats WHERE id = 1')).map((row) => Number(row['n']))).toEqual([2]);
  });

  /** Seat 1 by a session that ends in this way, then seat 9. */
  const writeSession = (end: 'commit' | 'flush'): Promise<string> =>
    project.write({
      id: 'bbbb',
      down: 'aaaa',
      isAsync: true,
      header: `${PLAIN}
        import { declarativeBase } from 'aludel';
        class Seat extends declarativeBase().table('seats', { id: integer().primaryKey(), n: integer() }) {}`,
      upgrade: `const session = op.session(); session.add(new Seat({ id: 1 })); await session.${end}(); ${insert(9)}`,
    });

  test('a session does not save twice what it has saved', async () => {
    await query('INSERT INTO seats (id) VALUES (9)');
    await writeSession('commit');
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
    await query('DELETE FROM seats WHERE id = 9');
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_RESUME_REFUSED' });
    expect(await ids()).toEqual([1]);
  });

  test('a session that fails has saved nothing, and is run again', async () => {
    await query('INSERT INTO seats (id) VALUES (9)');
    await writeSession('flush');
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 0 } });
    expect(await ids()).toEqual([9]);
    await query('DELETE FROM seats WHERE id = 9');
    await project.migrator.upgrade();
    expect(await ids()).toEqual([1, 9]);
  });
});
