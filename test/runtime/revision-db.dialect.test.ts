import { beforeEach, describe, expect, test } from 'vitest';
import { splitSql } from '../../src/dialects/split-sql.js';
import { connectTo } from '../support/connect-to.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { dumpRows } from '../support/dump-rows.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, useProject } from '../support/project.js';

const USERS = `op.createTable('users', [
  column('id', integer(), { nullable: false, autoincrement: true }),
  column('email', varchar(50), { nullable: false }),
  column('name', varchar(200)),
  primaryKey(['id'], { name: 'pk_users' }),
]);`;

describe.each(dialects)('op.db on $name', (dialect) => {
  const isTransactional = dialect.family !== 'mysql';
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: USERS, downgrade: `op.dropTable('users');` });
  });

  async function write(upgrade: string, header = ''): Promise<string> {
    return project.write({ id: 'bbbb', down: 'aaaa', isAsync: true, upgrade, header });
  }

  async function names(): Promise<(readonly unknown[])[]> {
    return connectTo(project.url, async (connection) => {
      const { rows } = await connection.execute('SELECT email, name FROM users');
      // Each database sorts text in its own way.
      return rows.map(({ email, name }) => [email, name]).sort();
    });
  }

  const failure = async (): Promise<Record<string, unknown>> => {
    const error: unknown = await project.migrator.upgrade().then(
      () => null,
      (reason: unknown) => reason,
    );
    return error as Record<string, unknown>;
  };

  test('reads and writes rows behind the operations before it, in the types of the database', async () => {
    await write(`op.addColumn('users', column('age', integer()));
      await op.db.insertInto('users').values([{ email: 'a', age: 1 }, { email: 'b', age: 2 }]).execute();
      const { numUpdatedRows } = await op.db.updateTable('users').set({ name: sql\`upper(email)\` })
        .where(col('age').gt(1)).executeTakeFirstOrThrow();
      const rows = await op.db.selectFrom('users').select(['email', 'age']).orderBy('email').execute();
      await op.db.insertInto('users').values({ email: 'c', name: JSON.stringify([String(numUpdatedRows), rows]) }).execute();`);
    await project.migrator.upgrade();
    expect(await names()).toEqual([
      ['a', null],
      ['b', 'B'],
      ['c', '["1",[{"email":"a","age":1},{"email":"b","age":2}]]'],
    ]);
  });

  test('waits for what was not awaited, and for what that starts', async () => {
    await write(`void op.db.insertInto('users').values({ email: 'a' }).execute()
      .then(() => op.db.insertInto('users').values({ email: 'b' }).execute())
      .then(() => op.db.insertInto('users').values({ email: 'c' }).execute())
      .then(() => { op.execute("INSERT INTO users (email) VALUES ('d')"); });`);
    await project.migrator.upgrade();
    expect((await names()).map(([email]) => email)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('is over when the revision is', async () => {
    const key = `late ${project.url}`;
    await write(
      `(globalThis as any)[${JSON.stringify(key)}] = () => op.db.insertInto('users').values({ email: 'late' }).execute();`,
    );
    await project.migrator.upgrade();
    const late = (globalThis as Record<string, unknown>)[key] as () => Promise<unknown>;
    await expect(late()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_OVER' });
    expect(await names()).toEqual([]);
  });

  test('a query that fails names its line, and undoes the revision where that can be', async () => {
    const file = await write(`await op.db.insertInto('users').values({ email: 'a' }).execute();

      await op.db.selectFrom('nowhere').selectAll().execute();`);
    expect(await failure()).toMatchObject({ code: 'ALUDEL_REVISION_FAILED', details: { at: `${file}:10` } });
    expect(await names()).toEqual(isTransactional ? [] : [['a', null]]);
  });

  test('an error of a transaction can be caught, and undoes that transaction alone', async () => {
    await write(`await op.db.insertInto('users').values({ email: 'a' }).execute();
      await op.db.transaction().execute(async (trx) => {
        await trx.insertInto('users').values({ email: 'b' }).execute();
        await trx.insertInto('nowhere').values({ email: 'c' }).execute();
      }).catch(() => undefined);
      await op.db.transaction().execute((trx) => trx.insertInto('users').values({ email: 'd' }).execute());`);
    await project.migrator.upgrade();
    expect((await names()).map(([email]) => email)).toEqual(['a', 'd']);
  });

  test('keeps operations out of a transaction that they would end', async () => {
    const file = await write(
      `await op.db.transaction().execute(async (trx) => {
        await trx.insertInto('users').values({ email: 'a' }).execute();
        op.addColumn('users', column('age', integer()));
        await trx.insertInto('users').values({ email: 'b' }).execute();
      });`,
      'export const transaction = false;',
    );
    await project.migrator.upgrade('aaaa');
    const before = await dumpDatabase(project.url);
    expect(await failure()).toMatchObject({ code: 'ALUDEL_OPERATION_UNSUPPORTED', details: { at: `${file}:11` } });
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect(await names()).toEqual([]);
  });

  test('does not stream, and says what to do instead', async () => {
    await write(`for await (const row of op.db.selectFrom('users').selectAll().stream()) void row;`);
    expect(await failure()).toMatchObject({ code: 'ALUDEL_OPERATION_UNSUPPORTED' });
  });

  test('without a connection what reads stops the script with its place, and a dry run says how far it can tell', async () => {
    const file = await write(`op.addColumn('users', column('age', integer()));
      await op.db.selectFrom('users').select('email').execute();`);
    const script = project.migrator.upgrade('head', { sql: true });
    await expect(script).rejects.toMatchObject({ code: 'ALUDEL_NEEDS_CONNECTION', details: { at: `${file}:9` } });
    await project.migrator.upgrade('aaaa');
    const { steps } = await project.migrator.upgrade('head', { dryRun: true });
    expect(steps[0]?.descriptions).toEqual(['add column "age" to "users"', expect.stringContaining('cannot be told')]);
  });

  test('without a connection changes of rows are written into the script, which does what the run does', async () => {
    const moment = '2026-03-04T05:06:07.000Z';
    await write(`op.execute('ALTER TABLE users ADD COLUMN seen ${dialect.family === 'mysql' ? 'datetime(3)' : 'timestamp'}');
      op.execute('ALTER TABLE users ADD COLUMN age integer');
      await op.db.insertInto('users').values([{ email: "it's ? $1 \\\\ a", age: -1, seen: new Date('${moment}') }, { email: 'b', name: null }]).execute();
      await op.db.updateTable('users').set((eb) => ({ age: eb('age', '-', -4) })).where(col('age').isNotNull()).execute();
      await op.db.deleteFrom('users').where('email', 'in', ['b', 'c']).execute();
      op.execute(${dialect.family === 'postgres' ? "'UPDATE users SET name = $2 WHERE age = $1', [3, 'x']" : "'UPDATE users SET name = ? WHERE age = ?', ['x', 3]"});`);
    await project.migrator.upgrade('aaaa');
    const { sql } = await project.migrator.upgrade('aaaa:bbbb', { sql: true });
    const other = await createDatabase(dialect);
    try {
      const twin = await createProject(other.url);
      await twin.write({ id: 'aaaa', upgrade: USERS });
      await twin.migrator.upgrade();
      await executeSql(
        other.url,
        splitSql(sql ?? '', dialect.name).map((statement) => statement.sql),
      );
      await project.migrator.upgrade();
      expect(await dumpDatabase(other.url)).toEqual(await dumpDatabase(project.url));
      expect(await dumpRows(other.url)).toEqual(await dumpRows(project.url));
      expect(await names()).toEqual([["it's ? $1 \\ a", 'x']]);
      await twin.remove();
    } finally {
      await other.drop();
    }
  });

  test('without a connection nobody can use what a change would have answered', async () => {
    const uses = [
      `const { numUpdatedRows } = await op.db.updateTable('users').set({ name: 'x' }).executeTakeFirstOrThrow();
       if (numUpdatedRows > 0n) op.execute('DELETE FROM users');`,
      `await op.db.insertInto('users').values({ email: 'a' })${dialect.family === 'mysql' ? '' : ".returning('id')"}.executeTakeFirstOrThrow().then(
        (row) => op.db.deleteFrom('users').where('id', '=', row.id ?? row.insertId).execute());`,
      `await op.db.transaction().execute((db) => db.deleteFrom('users').execute());`,
      `await op.db.updateTable('users').set({ name: ['a'] }).execute();`,
      `await sql\`SELECT 1\`.execute(op.db);`,
    ];
    for (const [i, use] of uses.entries()) {
      const other = await createProject(project.url);
      const header = use.startsWith('await sql') ? `import { sql as raw } from 'kysely';` : '';
      await other.write({ id: `abc${i}`, isAsync: true, upgrade: use.replace('await sql`', 'await raw`'), header });
      await expect(other.migrator.upgrade('head', { sql: true }), use).rejects.toMatchObject({
        code: 'ALUDEL_NEEDS_CONNECTION',
      });
      await other.remove();
    }
  });

  test('a session saves objects of a model that the revision declares, in its transaction', async () => {
    await write(
      `const session = op.session();
      session.add(new User({ email: 'a' }), new User({ email: 'b' }));
      await session.commit();
      const [first] = await session.all(select(User).where(User.c.email.eq('a')));
      if (first) first.name = 'changed';
      op.execute("UPDATE users SET name = 'by hand' WHERE email = 'b'");
      const rows = await op.db.selectFrom('users').select('name').orderBy('email').execute();
      session.add(new User({ email: JSON.stringify(rows) }));`,
      `import { declarativeBase, select } from 'aludel';
       const Base = declarativeBase();
       class User extends Base.table('users', { id: integer().primaryKey(), email: varchar(50).notNull(), name: varchar(50) }) {}`,
    );
    await project.migrator.upgrade();
    expect(await names()).toEqual([
      ['[{"name":null},{"name":"by hand"}]', null],
      ['a', 'changed'],
      ['b', 'by hand'],
    ]);
  });

  test('a session that cannot write what it holds fails the revision', async () => {
    const file = await write(
      `const session = op.session();
      session.add(new User({ email: 'a' }), new User({ id: 7, email: 'b' }), new User({ id: 7, email: 'c' }));
      await session.flush().catch(() => undefined);`,
      `import { declarativeBase } from 'aludel';
       const Base = declarativeBase();
       class User extends Base.table('users', { id: integer().primaryKey(), email: varchar(50).notNull(), name: varchar(50) }) {}`,
    );
    expect(await failure()).toMatchObject({ details: { file } });
    expect(await names()).toEqual([]);
  });

  test('a session cannot undo the transaction of the revision', async () => {
    await write(
      `const session = op.session();\nawait session.execute("INSERT INTO users (email) VALUES ('a')");\nawait session.rollback();`,
    );
    if (isTransactional) expect(await failure()).toMatchObject({ code: 'ALUDEL_OBJECT_STATE' });
    else await project.migrator.upgrade();
    expect(await names()).toEqual([]);
  });
});
