import { describe, expect, test } from 'vitest';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, useProject } from '../support/project.js';

const PLAIN = 'export const transaction = false;';

describe.each(dialects)('op.batch on $name', (dialect) => {
  const project = useProject(dialect);

  const write = (upgrade: string, header = PLAIN): Promise<string> =>
    project.write({ id: 'aaaa', isAsync: true, header, upgrade });

  async function query(sql: string): Promise<readonly unknown[][]> {
    return (await queryRows(project.url, sql)).map((row) => Object.values(row));
  }

  /** A table `t` with a key, and `n` counting how often a row was handed over. */
  async function fill(columns: string, key: string, rows: readonly string[]): Promise<void> {
    const options = dialect.family === 'mysql' ? ' CHARACTER SET utf8mb4' : '';
    await executeSql(project.url, [
      `CREATE TABLE t (${columns}, n integer NOT NULL DEFAULT 0, PRIMARY KEY (${key}))${options}`,
      `INSERT INTO t (${key}) VALUES ${rows.map((row) => `(${row})`).join(', ')}`,
    ]);
  }

  const numbers = Array.from({ length: 25 }, (_, i) => String(i * 3 - 20));
  const COUNT = `await op.batch('t', { size: 4, columns: ['id'] }, (rows) =>
    op.db.updateTable('t').set({ n: sql\`n + 1\` }).where('id', 'in', rows.map((row) => row.id)).execute());`;

  test('hands every row over once, in the order of the key, and tells how far it is', async () => {
    await fill('id integer NOT NULL', 'id', numbers);
    await write(COUNT);
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    expect(await query('SELECT count(*) AS a FROM t WHERE n <> 1')).toEqual([
      [expect.toSatisfy((n) => Number(n) === 0)],
    ]);
    const progress = events
      .filter((event) => event.kind === 'batchEnded')
      .map(({ table, done, total }) => [table, done, total]);
    expect(progress).toEqual([0, 4, 8, 12, 16, 20, 24, 25].map((done) => ['t', done, 25]));
    expect(await query(`SELECT id FROM aludel_log WHERE direction LIKE '% batch'`)).toEqual([]);
  });

  test('goes on behind the last portion that was committed', async () => {
    await fill('id integer NOT NULL', 'id', numbers);
    const file = await write(`let portions = 0;
      ${COUNT.replace('(rows) =>', '(rows) => (portions += 1) === 4 && rows[0].id < 99 && process.env["BATCH_FAILS"] === "1" ? Promise.reject(new Error("stop")) :')}`);
    process.env['BATCH_FAILS'] = '1';
    const error: unknown = await project.migrator.upgrade().catch((reason: unknown) => reason);
    delete process.env['BATCH_FAILS'];
    expect(error).toMatchObject({
      code: 'ALUDEL_REVISION_FAILED',
      hint: expect.stringContaining('12 rows of "t" are done'),
      details: { file },
    });
    expect(Number((await query('SELECT sum(n) AS a FROM t'))[0]?.[0])).toBe(12);
    expect((await project.migrator.current()).revisions).toEqual([]);
    await project.migrator.upgrade();
    expect(await query('SELECT id FROM t WHERE n <> 1')).toEqual([]);
    // The next time that the revision runs is a new one.
    await project.migrator.downgrade('base');
    await project.migrator.upgrade();
    expect(await query('SELECT id FROM t WHERE n <> 2')).toEqual([]);
  });

  test('hands over the rows that fit, and the columns that were asked for', async () => {
    await fill('id integer NOT NULL, name varchar(20)', 'id', numbers);
    await executeSql(project.url, ["UPDATE t SET name = 'x' WHERE id > 30"]);
    await write(`const seen: unknown[] = [];
      const rows = await op.batch('t', { where: col('name').isNotNull(), columns: ['name', 'id'], size: 2 }, (part) => { seen.push(...part); });
      await op.db.insertInto('t').values({ id: 1000, name: rows + ' ' + seen.length + ' ' + Object.keys(seen[0] as object) }).execute();`);
    await project.migrator.upgrade();
    expect(await query('SELECT name FROM t WHERE id = 1000')).toEqual([['8 8 name,id']]);
  });

  const spread = Array.from({ length: 9 }, (_, i) => i);
  const isMysql = dialect.family === 'mysql';
  const byFamily = {
    sqlite: ['blob', 'timestamp'],
    postgres: ['bytea', 'timestamp'],
    mysql: ['varbinary(4)', 'datetime(6)'],
  };
  const [bytes, moment] = byFamily[dialect.family];
  const letters = (texts: readonly string[]): string[] => texts.map((text) => `'${text}'`);
  const decimals = dialect.name === 'sqlite' ? ['1', '1.5'] : spread.map((i) => `12345678901234567890.123456789${i}`);
  const keys = [
    { title: 'bigints beyond 2^53', columns: 'id bigint', rows: spread.map((i) => `${9007199254740990n + BigInt(i)}`) },
    {
      title: 'text in any case and script',
      columns: 'id varchar(40)',
      rows: letters(['a', 'B', 'c', 'ö', "o''x", '10', '9', 'Z ', 'zz', 'é', '%', '_']),
    },
    { title: 'decimals', columns: 'id decimal(30, 10)', rows: decimals },
    { title: 'two columns', columns: 'a varchar(10), b integer', rows: spread.map((i) => `'${i % 3}', ${i}`) },
    {
      title: 'three columns',
      columns: 'a integer, b date, c integer',
      rows: spread.map((i) => `${i % 2}, '2026-01-0${1 + (i % 4)}', ${i}`),
    },
    { title: 'booleans', columns: 'a boolean, b smallint', rows: spread.map((i) => `${i % 2 === 0}, ${i}`) },
    { title: 'moments', columns: `id ${moment}`, rows: spread.map((i) => `'2026-01-02 03:04:05.00000${i}'`) },
    {
      title: 'bytes',
      columns: `id ${bytes}`,
      rows: spread.map((i) => (dialect.family === 'postgres' ? `'\\x0${i}ff'` : `x'0${i}ff'`)),
    },
    { title: 'floating point', columns: 'id double precision', rows: spread.map((i) => `${i}.1`) },
    {
      title: 'uuids',
      columns: 'id uuid',
      rows: spread.map((i) => `'${i}b7e1a52-0000-4000-8000-00000000000${9 - i}'`),
      only: ['postgres', 'mariadb'],
    },
    {
      title: 'enums',
      columns: "id enum('z', 'y', 'a', 'b', 'm')",
      rows: letters(['z', 'y', 'a', 'b', 'm']),
      isMysql: true,
    },
  ];
  const fitting = keys.filter(
    ({ only, isMysql: needsMysql }) => (only?.includes(dialect.name) ?? true) && (needsMysql !== true || isMysql),
  );

  test.each(fitting)('walks along a key of $title', async ({ columns, rows }) => {
    const parts = columns.split(/, (?=\w+ )/);
    const key = parts.map((part) => part.split(' ')[0]).join(', ');
    await fill(parts.map((part) => `${part} NOT NULL`).join(', '), key, rows);
    const name = `seen ${project.url}`;
    await write(`const seen: string[] = [];
      await op.batch('t', { size: 2 }, (part) => { seen.push(...part.map((row) => Object.values(row).map(String).join())); });
      (globalThis as Record<string, unknown>)[${JSON.stringify(name)}] = seen;`);
    await project.migrator.upgrade();
    const seen = (globalThis as Record<string, unknown>)[name] as string[];
    expect(seen).toHaveLength(rows.length);
    // A Date, which pg makes of a timestamp with a time zone alone, would have no place for microseconds.
    expect(new Set(seen).size).toBe(rows.length);
  });

  test('needs a key that is unique and holds no NULL', async () => {
    await executeSql(project.url, ['CREATE TABLE t (id integer, n integer)', 'CREATE UNIQUE INDEX uq_t_id ON t (id)']);
    const refused = async (options: string): Promise<string> => {
      const other = await createProject(project.url);
      await other.write({
        id: 'abcd',
        isAsync: true,
        header: PLAIN,
        upgrade: `await op.batch('t', ${options}, () => undefined);`,
      });
      const error: unknown = await other.migrator.upgrade().catch((reason: unknown) => reason);
      await other.remove();
      return error instanceof Error ? error.message : '';
    };
    expect(await refused('{}')).toContain('table "t" has none');
    expect(await refused("{ key: ['id'] }")).toContain('"id" of "t" may hold NULL');
    expect(await refused("{ key: ['nothing'] }")).toContain('no column "nothing"');
  });

  test('walks along a unique column that was named', async () => {
    await executeSql(project.url, [
      'CREATE TABLE t (id integer, code varchar(9) NOT NULL, n integer NOT NULL DEFAULT 0)',
      'CREATE UNIQUE INDEX uq_t_code ON t (code)',
      "INSERT INTO t (code) VALUES ('a'), ('b'), ('c')",
    ]);
    await write(`await op.batch('t', { size: 2, key: ['code'] }, (rows) =>
      op.db.updateTable('t').set({ n: sql\`n + 1\` }).where('code', 'in', rows.map((row) => row.code)).execute());`);
    await project.migrator.upgrade();
    expect(await query('SELECT code FROM t WHERE n <> 1')).toEqual([]);
  });

  test('writes what a session holds within the portion', async () => {
    await fill('id integer NOT NULL', 'id', numbers);
    await write(
      `await op.batch('t', { size: 10, columns: ['id'] }, async (rows) => {
        const session = op.session();
        for (const { id } of rows) (await session.getOne(T, id)).n += 1;
      });`,
      `${PLAIN}
       import { declarativeBase } from 'aludel';
       class T extends declarativeBase().table('t', { id: integer().primaryKey(), n: integer().notNull() }) {}`,
    );
    await project.migrator.upgrade();
    expect(await query('SELECT id FROM t WHERE n <> 1')).toEqual([]);
  });

  test('is refused where a second run could not go on, and says why', async () => {
    await fill('id integer NOT NULL', 'id', ['1', '2']);
    const refusals: [string, string, string][] = [
      [`op.execute("UPDATE t SET n = 7");\n${COUNT}`, PLAIN, 'comes behind other changes'],
      [`await op.batch('t', {}, () => op.batch('t', {}, () => undefined));`, PLAIN, 'while another one runs'],
      [`await op.batch('nowhere', {}, () => undefined);`, PLAIN, 'no table "nowhere"'],
      [`await op.batch('t', { size: 0 }, () => undefined);`, PLAIN, 'whole number'],
      [
        `await op.batch('t', {}, () => { op.addColumn('t', column('x', integer())); });`,
        PLAIN,
        'Cannot add column "x"',
      ],
    ];
    if (dialect.family !== 'mysql') refusals.push([COUNT, '', 'runs in one transaction']);
    for (const [i, [upgrade, header, message]] of refusals.entries()) {
      const other = await createProject(project.url);
      await other.write({ id: `abc${i}`, isAsync: true, upgrade, header });
      await expect(other.migrator.upgrade(), upgrade).rejects.toMatchObject({
        code: 'ALUDEL_OPERATION_UNSUPPORTED',
        message: expect.stringContaining(message),
      });
      await other.remove();
    }
    expect(await query('SELECT id FROM t WHERE n <> 0')).toEqual([]);
  });
});
