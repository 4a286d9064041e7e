/** `insertMany()`: COPY, LOAD DATA LOCAL, and what takes their place. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bigint,
  boolean,
  bytes,
  customType,
  date,
  declarativeBase,
  double,
  enumeration,
  fn,
  insert,
  integer,
  json,
  numeric,
  select,
  sql,
  text,
  timestamp,
  UniqueViolationError,
  uuid,
  varchar,
} from 'aludel';
import { dialects, serverUrl } from '../../support/databases.js';
import { executeSql } from '../../support/execute-sql.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

const upper = () =>
  customType({ column: varchar(40), toDb: (value: string) => value.toUpperCase(), fromDb: (value) => value });

class Thing extends Base.table('things', {
  id: integer().primaryKey(),
  big: bigint(),
  ratio: double(),
  price: numeric(10, 2),
  flag: boolean(),
  label: text(),
  code: varchar(40).unique(),
  data: bytes(),
  day: date(),
  moment: timestamp({ precision: 3 }),
  token: uuid(),
  extra: json<unknown>(),
  state: enumeration('thing_state', ['on', 'off']),
  loud: upper(),
  made: varchar(20).notNull().serverDefault('by server'),
}) {}
Base.register(Thing);

const TEXTS = [
  '',
  ' ',
  '\\',
  '\\N',
  '\\.',
  '\\t',
  'a\tb',
  'a\nb',
  'a\r\nb',
  '\u0001',
  'it\'s "so"',
  '你好 😀 é',
  'NULL',
  '\b\f\v',
  ',',
];

describe.each(dialects)('$name', (dialect) => {
  const { db, sent, rows } = useDatabase(dialect, Base);
  const { name } = dialect;
  const isMysql = dialect.family === 'mysql';
  const allow = async (isAllowed: boolean): Promise<void> => {
    if (isMysql)
      await executeSql(serverUrl(name as 'mysql'), [`SET GLOBAL local_infile = ${isAllowed ? 'ON' : 'OFF'}`]);
  };
  beforeAll(() => allow(true));
  afterAll(() => allow(true));
  const verb = { sqlite: 'INSERT INTO "things"', postgres: 'COPY "things"', mysql: 'LOAD DATA', mariadb: 'LOAD DATA' }[
    name
  ];
  const numbered = (count: number): { label: string }[] => Array.from({ length: count }, (_, i) => ({ label: `${i}` }));
  async function* lazily<T>(items: readonly T[]): AsyncGenerator<T> {
    for (const item of items) yield await Promise.resolve(item);
  }

  it('gives every value back as it was', async () => {
    const session = db()();
    const full = {
      big: 9_007_199_254_740_993n,
      ratio: -1.5e-7,
      price: '12.30',
      flag: false,
      label: 'one',
      data: Uint8Array.of(0, 9, 10, 13, 39, 92, 255),
      day: '2026-01-31',
      moment: new Date('2026-01-31T23:59:59.123Z'),
      token: '0b9d7f3e-8a4c-4d1e-9f6a-2b7c5d8e1f30',
      extra: { path: 'C:\\temp\n', list: [1, null, "'"] },
      state: 'on' as const,
      loud: 'quiet',
    };
    const { rowCount } = await session.insertMany(Thing, [full, { flag: true, data: new Uint8Array() }]);
    expect(rowCount).toBe(2);
    const [first, second] = await session.all(select(Thing).orderBy(Thing.c.id));
    expect(JSON.parse(JSON.stringify(first))).toEqual({
      ...JSON.parse(JSON.stringify({ ...full, big: '9007199254740993', loud: 'QUIET' })),
      id: 1,
      code: null,
      made: 'by server',
    });
    expect(first?.data).toEqual(full.data);
    expect(second).toMatchObject({
      big: null,
      label: null,
      data: new Uint8Array(),
      extra: null,
      loud: null,
      flag: true,
    });
    await session.commit();
  });

  it('keeps texts that mean something to the format', async () => {
    const session = db()();
    await session.insertMany(
      Thing,
      TEXTS.map((label) => ({ label })),
    );
    expect(await session.all(select(Thing.c.label).orderBy(Thing.c.id))).toEqual(TEXTS);
    await session.close();
  });

  it('sends one statement a batch, from what is iterated in either way', async () => {
    const session = db()();
    sent();
    expect(await session.insertMany(Thing, lazily(numbered(25)), { batch: 10 })).toEqual({ rowCount: 25 });
    expect(sent().filter((each) => each.startsWith(verb))).toHaveLength(3);
    expect(await session.insertMany(Thing, new Set(numbered(5)))).toEqual({ rowCount: 5 });
    expect(await session.insertMany(Thing, [])).toEqual({ rowCount: 0 });
    expect(await session.count(select(Thing))).toBe(30);
    await session.close();
  });

  it('takes no more of its source than a batch at a time', async () => {
    const session = db()();
    const taken: number[] = [];
    const counts: number[] = [];
    async function* source(): AsyncGenerator<{ label: string }> {
      for (let i = 0; i < 6; i += 1) {
        taken.push(i);
        counts.push(await session.count(select(Thing)));
        yield { label: `${i}` };
      }
    }
    await session.insertMany(Thing, source(), { batch: 2 });
    expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
    expect(counts).toEqual([0, 0, 2, 2, 4, 4]);
    await session.close();
  });

  it('takes rows with other columns, with SQL, and without any', async () => {
    const session = db()();
    const given = [
      { label: 'a', made: 'here' },
      { label: 'b' },
      { label: fn.lower(sql<string>`'C'`) },
      {},
      { label: 'd', id: 99 },
    ];
    expect(await session.insertMany(Thing, given)).toEqual({ rowCount: 5 });
    const found = await session.all(select(Thing.c.label, Thing.c.made).orderBy(Thing.c.label.asc().nullsLast()));
    expect(found).toEqual([
      ['a', 'here'],
      ['b', 'by server'],
      ['c', 'by server'],
      ['d', 'by server'],
      [null, 'by server'],
    ]);
    await session.close();
  });

  it('inserts all rows or none, and the session goes on', async () => {
    const session = db()();
    const codes = [...'abcdefghij'].map((code) => ({ code }));
    const failing = session.insertMany(Thing, [...codes, { code: 'c' }, { code: 'k' }], { batch: 4 });
    await expect(failing).rejects.toBeInstanceOf(UniqueViolationError);
    expect(await session.count(select(Thing))).toBe(0);
    await session.insertMany(Thing, codes);
    await session.commit();
    expect(await rows('SELECT code FROM things ORDER BY code')).toEqual(codes.map(({ code }) => [code]));
  });

  // SQLite holds columns to no length and no scale.
  const refused = [
    ['NULL where there must be a value', 'ALUDEL_NOT_NULL_VIOLATION', { made: null as unknown as string }],
    ['a value that is too long', 'ALUDEL_STATEMENT_FAILED', { code: 'x'.repeat(41) }],
    ['a number out of range', 'ALUDEL_STATEMENT_FAILED', { price: '123456789012.00' }],
  ] as const;
  it.each(refused.slice(0, name === 'sqlite' ? 1 : 3))('refuses %s', async (_, code, row) => {
    const session = db()();
    await expect(session.insertMany(Thing, [{ label: 'ok' }, row, { label: 'ok' }])).rejects.toMatchObject({ code });
    expect(await session.count(select(Thing))).toBe(0);
    await session.close();
  });

  it('undoes what it has inserted when its source throws', async () => {
    const session = db()();
    function* source(): Generator<{ label: string }> {
      yield* numbered(7);
      throw new Error('the file ends early');
    }
    await expect(session.insertMany(Thing, source(), { batch: 3 })).rejects.toThrow('the file ends early');
    expect(await session.count(select(Thing))).toBe(0);
    await session.close();
  });

  it('copies from a stream of the same session', async () => {
    const session = db()();
    await session.run(insert(Thing).values(numbered(30)));
    const source = async function* (): AsyncGenerator<{ label: string }> {
      for await (const label of session.stream(select(Thing.c.label).orderBy(Thing.c.id), { batch: 7 })) {
        yield { label: `copy of ${label}` };
      }
    };
    expect(await session.insertMany(Thing, source(), { batch: 10 })).toEqual({ rowCount: 30 });
    expect(await session.count(select(Thing).where(Thing.c.label.startsWith('copy of ')))).toBe(30);
    await session.close();
  });

  it('names a column that is none, and refuses a batch of nothing', async () => {
    const session = db()();
    await expect(session.insertMany(Thing, [{ labell: 'x' } as object])).rejects.toThrow('no column "labell"');
    expect(() => session.insertMany(Thing, [], { batch: 0 })).toThrow('whole number from 1');
    await session.close();
  });

  it.runIf(isMysql)('inserts in the ordinary way where the server takes no local data', async () => {
    await allow(false);
    const session = db()();
    expect(await session.insertMany(Thing, numbered(12), { batch: 5 })).toEqual({ rowCount: 12 });
    expect(sent().filter((each) => each.startsWith('INSERT INTO `things`'))).toHaveLength(3);
    await session.close();
    await allow(true);
  });

  it.runIf(name === 'postgres')('inserts in the ordinary way where policies decide on rows', async () => {
    const role = `writer_${process.pid}`;
    const session = db()();
    await session.execute(`CREATE ROLE ${role}`);
    await session.execute(`GRANT SELECT, INSERT ON things TO ${role}`);
    await session.execute(`GRANT USAGE ON SEQUENCE things_id_seq TO ${role}`);
    await session.execute('ALTER TABLE things ENABLE ROW LEVEL SECURITY');
    await session.execute("CREATE POLICY own ON things USING (true) WITH CHECK (label <> 'hidden')");
    await session.execute(`SET LOCAL ROLE ${role}`);
    expect(await session.insertMany(Thing, numbered(3))).toEqual({ rowCount: 3 });
    await expect(session.insertMany(Thing, [{ label: 'hidden' }])).rejects.toThrow('row-level security');
    expect(await session.count(select(Thing))).toBe(3);
    await session.rollback();
  });
});
