/** Cases of `unit-of-work.md` about values, keys and versions; and values of each type there and back. */
import { inspect as print, isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  bigint,
  boolean,
  bytes,
  date,
  declarativeBase,
  double,
  enumeration,
  fn,
  inspect,
  integer,
  json,
  many,
  maybeOne,
  numeric,
  select,
  selectin,
  StaleRowError,
  text,
  time,
  timestamp,
  uuid,
  varchar,
  version,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Thing extends Base.table('things', {
  id: integer().primaryKey(),
  small: bigint({ mode: 'number' }),
  big: bigint(),
  bigText: bigint({ mode: 'string' }),
  ratio: double(),
  price: numeric(10, 2),
  flag: boolean(),
  label: text(),
  data: bytes(),
  day: date(),
  at: time({ precision: 0 }),
  moment: timestamp({ precision: 3 }),
  token: uuid(),
  extra: json<unknown>(),
  state: enumeration('thing_state', ['on', 'off']),
}) {}

class Stamped extends Base.table('stamped', {
  id: integer().primaryKey(),
  data: varchar(20),
  status: varchar(20).notNull().serverDefault('open'),
  created: timestamp().notNull().serverDefault(fn.now()),
  updated: timestamp().notNull().serverDefault(fn.now()).onUpdateNow(),
  code: varchar(36).default(() => 'made'),
}) {}

class Counted extends Base.table('counted', { id: integer().primaryKey(), data: varchar(20), v: version() }) {}

class Pair extends Base.table('v', {
  a: integer().primaryKey(),
  b: integer().primaryKey(),
  data: varchar(20),
}) {}
class Box extends Base.table(
  'boxes',
  { id: integer().primaryKey() },
  {
    get parts() {
      return many(Part, { inverse: 'box', orderBy: () => Part.c.id });
    },
  },
) {}
class Part extends Base.table(
  'parts',
  { id: integer().primaryKey(), boxId: integer().references('boxes.id') },
  {
    get box() {
      return maybeOne(Box, { inverse: 'parts' });
    },
  },
) {}
Base.register(Thing, Stamped, Counted, Pair, Box, Part);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);
  const canReturn = dialect.name === 'sqlite' || dialect.name === 'postgres';

  it('gives every value back as it was', async () => {
    const values = {
      small: 2 ** 40,
      big: 9_007_199_254_740_993n,
      bigText: '9007199254740993',
      ratio: 1.5,
      price: '12.30',
      flag: false,
      label: `it's 100% "fine" \\ ?`,
      data: Uint8Array.of(0, 255, 39),
      day: '2026-01-31',
      at: '12:30:00',
      moment: new Date('2026-01-31T12:30:00.125Z'),
      token: '0b9d2f4e-1111-4222-8333-444455556666',
      extra: { list: [1, 'two', null], nested: { yes: true } },
      state: 'off' as const,
    };
    const scalars: unknown[] = ['text', 7, true, [], {}];
    await db().begin(async (s) => s.add(new Thing(values), ...scalars.map((extra) => new Thing({ extra }))));
    const [first, ...others] = await db().begin((s) => s.all(select(Thing).orderBy(Thing.c.id)));
    expect(first).toEqual(new Thing({ id: 1, ...values }));
    expect(others.map((thing) => thing.extra)).toEqual(scalars);
  });

  it('compares loaded objects by their columns, whatever was read of them and loaded with them', async () => {
    await db().begin(async (s) => {
      const [moment, extra] = [new Date('2026-01-31T12:30:00.125Z'), { list: [1] }];
      s.add(new Thing({ id: 1, flag: true, moment, extra, big: 7n, data: Uint8Array.of(1) }), new Thing({ id: 2 }));
      s.add(new Box({ id: 1, parts: [new Part({ id: 1 }), new Part({ id: 2 })] }));
    });
    const load = () => db().begin((s) => s.getOne(Thing, 1));
    const [one, same, other] = [await load(), await load(), await db().begin((s) => s.getOne(Thing, 2))];
    expect([one.moment?.getTime(), one.extra, one.data?.length]).toEqual([
      Date.UTC(2026, 0, 31, 12, 30, 0, 125),
      { list: [1] },
      1,
    ]);
    expect(one).toEqual(same);
    expect(one).toStrictEqual(same);
    expect(one).not.toEqual(other);
    expect(one).not.toStrictEqual(other);
    expect([isDeepStrictEqual(one, same), isDeepStrictEqual(one, other)]).toEqual([true, false]);
    expect(one).toMatchObject({ flag: true, extra: { list: [1] }, big: 7n });
    expect(one).not.toMatchObject({ flag: false });
    expect(JSON.parse(JSON.stringify(one))).toMatchObject({ id: 1, big: '7', moment: '2026-01-31T12:30:00.125Z' });

    const [bare, whole] = await Promise.all([
      db().begin((s) => s.getOne(Box, 1)),
      db().begin((s) => s.getOne(Box, 1, selectin(Box.c.parts, selectin(Part.c.box)))),
    ]);
    expect(bare).toStrictEqual(whole);
    expect([print(bare), print(whole)]).toEqual([
      'Box { id: 1, parts: [not loaded] }',
      'Box { id: 1, parts: [2 loaded] }',
    ]);
    expect(print(whole.parts.at(0))).toBe('Part { id: 1, boxId: 1, box: [Box 1] }');
    expect([JSON.stringify(whole), JSON.stringify(whole.parts.at(0))]).toEqual(['{"id":1}', '{"id":1,"boxId":1}']);
    expect(whole).toMatchObject({ parts: { length: 2 } });
  });

  it('finds rows by values of each type', async () => {
    const moment = new Date('2026-01-31T12:30:00.125Z');
    await db().begin(async (s) => {
      s.add(
        new Thing({
          label: `it's \\`,
          flag: true,
          moment,
          big: 2n ** 60n,
          price: '1.50',
          state: 'on',
          day: '2026-01-31',
        }),
      );
      s.add(new Thing({ label: 'other', flag: false, moment: new Date(0), big: 1n, price: '2.50', state: 'off' }));
    });
    const { c } = Thing;
    const conditions = [
      c.label.eq(`it's \\`),
      c.flag.eq(true),
      c.moment.eq(moment),
      c.moment.gt(new Date(moment.getTime() - 1)),
      c.big.eq(2n ** 60n),
      c.price.lt('2.00'),
      c.state.in(['on']),
      c.day.isNotNull(),
      c.label.eq('other').not().and(c.flag.ne(false)),
      c.id.eq(1).or(c.id.eq(99)),
    ];
    const s = db()();
    for (const condition of conditions) {
      const found = await s.all(select(Thing).where(condition, c.id.gt(0)));
      expect(
        found.map((thing) => thing.id),
        JSON.stringify(condition),
      ).toEqual([1]);
    }
    const ids = (await s.all(select(Thing).orderBy(c.id.desc()).offset(1))).map((thing) => thing.id);
    expect(ids).toEqual([1]);
    await s.close();
  });

  it('gives values back that several rows were changed to in one statement', async () => {
    const s = db()();
    const things = [1, 2, 3].map((id) => new Thing({ id }));
    s.add(...things);
    await s.flush();
    const moment = (i: number): Date => new Date(Date.UTC(2026, 0, i, 1, 2, 3, 4));
    things.forEach((thing, i) => {
      Object.assign(thing, {
        big: BigInt(i),
        price: `${i}.50`,
        flag: i === 1,
        data: Uint8Array.of(i),
        moment: moment(i),
      });
      Object.assign(thing, {
        token: `0b9d2f4e-1111-4222-8333-44445555666${i}`,
        extra: { i },
        state: i === 2 ? 'on' : 'off',
      });
    });
    taken();
    await s.commit();
    expect(taken()).toEqual(['UPDATE things']);
    expect(await db().begin((other) => other.all(select(Thing).orderBy(Thing.c.id)))).toEqual(things);
  });

  it('sees what was changed in place, if it was read', async () => {
    await db().begin(async (s) => s.add(new Thing({ id: 1, extra: { n: 1 }, moment: new Date(0) })));
    const s = db()();
    const thing = await s.getOne(Thing, 1);
    expect(s.dirty).toEqual([]);
    (thing.extra as { n: number }).n = 2;
    thing.moment?.setUTCFullYear(2020);
    expect(s.dirty).toEqual([thing]);
    await s.commit();
    const [found] = await db().begin((other) => other.all(select(Thing)));
    expect([found?.extra, found?.moment?.getUTCFullYear()]).toEqual([{ n: 2 }, 2020]);
  });

  it('tells what was added, what was there before and what stayed (35)', async () => {
    await db().begin(async (s) => s.add(new Counted({ id: 1, data: 'old' })));
    const s = db()();
    const t = await s.getOne(Counted, 1);
    expect(inspect(t).history('data')).toEqual({ added: [], unchanged: ['old'], deleted: [], hasChanges: false });
    t.data = 'new';
    expect(inspect(t).history('data')).toEqual({ added: ['new'], unchanged: [], deleted: ['old'], hasChanges: true });
    t.data = 'old';
    expect([inspect(t).history('data').hasChanges, s.dirty]).toEqual([false, []]);
    s.expire(t, ['data']);
    taken();
    t.data = 'newer';
    expect(inspect(t).history('data')).toMatchObject({ added: ['newer'], deleted: [] });
    await s.commit();
    expect(taken()).toEqual(['UPDATE counted']);
  });

  it('tells the same of relations (35)', async () => {
    await db().begin(async (s) => s.add(new Box({ id: 1, parts: [1, 2].map((id) => new Part({ id })) })));
    const s = db()();
    const box = await s.getOne(Box, 1);
    const [a1, a2] = await box.parts.load();
    if (a1 === undefined || a2 === undefined) throw new Error('no parts');
    const a3 = new Part({ id: 3 });
    box.parts.remove(a1);
    box.parts.add(a3);
    const { history } = inspect(box);
    expect(history('parts')).toEqual({ added: [a3], unchanged: [a2], deleted: [a1], hasChanges: true });
    expect(inspect(a1).history('box')).toEqual({ added: [], unchanged: [], deleted: [box], hasChanges: true });
    expect(inspect(a3).history('box')).toMatchObject({ added: [box], deleted: [] });
    await s.flush();
    expect(history('parts')).toEqual({ added: [], unchanged: [a2, a3], deleted: [], hasChanges: false });
    await s.close();
  });

  it('brings back what the database makes (36)', async () => {
    const s = db()();
    const t = new Stamped({ data: 'x' });
    expect([t.code, t.status]).toEqual(['made', undefined]);
    s.add(t);
    await s.flush();
    // Without RETURNING one SELECT reads what cannot be known; reading the column later costs none then.
    expect(taken()).toEqual(dialect.name === 'mysql' ? ['INSERT stamped', 'SELECT stamped'] : ['INSERT stamped']);
    expect([t.id, t.status]).toEqual([1, 'open']);
    expect(Math.abs(t.created.getTime() - Date.now())).toBeLessThan(60_000);
    const before = t.updated;
    t.data = 'y';
    await s.flush();
    expect(taken()).toEqual(canReturn ? ['UPDATE stamped'] : ['UPDATE stamped', 'SELECT stamped']);
    expect(t.updated.getTime()).toBeGreaterThanOrEqual(before.getTime());
    await s.close();
  });

  it('reports an UPDATE that meets no row, and lets a DELETE be (38)', async () => {
    await db().begin(async (s) => s.add(new Stamped({ id: 1 }), new Stamped({ id: 2 })));
    const s = db()();
    const [one, two] = await s.all(select(Stamped).orderBy(Stamped.c.id));
    await s.execute('DELETE FROM stamped');
    s.delete(two ?? Stamped);
    await s.flush();
    Object.assign(one ?? {}, { data: 'changed' });
    await expect(s.flush()).rejects.toThrow(StaleRowError);
    await s.rollback();
    await s.close();
  });

  it('counts versions and checks them (39)', async () => {
    const s = db()();
    const [t1, t2] = [new Counted({ id: 1, data: 'a' }), new Counted({ id: 2, data: 'b' })];
    s.add(t1, t2);
    await s.flush();
    expect([taken(), t1.v]).toEqual([['INSERT counted'], 1]);
    [t1.data, t2.data] = ['c', 'd'];
    await s.commit();
    expect([taken(), t1.v, t2.v]).toEqual([['UPDATE counted'], 2, 2]);
    expect(await rows('SELECT v FROM counted ORDER BY id')).toEqual([[2], [2]]);
    s.delete(t2);
    await s.commit();
    expect(taken()).toEqual(['DELETE counted']);

    const other = await db().begin((mine) => mine.getOne(Counted, 1));
    await db().begin(async (mine) => {
      mine.add(other);
      other.data = 'first';
    });
    t1.data = 'second';
    await expect(s.commit()).rejects.toMatchObject({ code: 'ALUDEL_STALE_ROW' });
    await s.rollback();
    expect([t1.data, t1.v]).toEqual(['c', 2]);
    s.delete(t1);
    await expect(s.commit()).rejects.toMatchObject({ code: 'ALUDEL_STALE_ROW' });
    await s.close();
    expect(await rows('SELECT data, v FROM counted')).toEqual([['first', 3]]);
  });

  it('writes more rows than one statement takes', async () => {
    const s = db()();
    const [counted, pairs]: [Counted[], Pair[]] = [[], []];
    for (let id = 1; id <= 1200; id++) {
      counted.push(new Counted({ id, data: 'a' }));
      pairs.push(new Pair({ a: id % 7, b: id, data: 'a' }));
    }
    s.add(...counted, ...pairs);
    await s.commit();
    for (const row of [...counted, ...pairs]) row.data = 'same';
    await s.commit();
    [...counted, ...pairs].forEach((row, i) => (row.data = `d${i}`));
    await s.commit();
    expect((await rows(`SELECT id FROM counted WHERE v = 3 AND data LIKE 'd%'`)).length).toBe(1200);
    expect((await rows(`SELECT a FROM v WHERE data LIKE 'd%'`)).length).toBe(1200);
    s.delete(...counted, ...pairs);
    await s.commit();
    expect([await rows('SELECT id FROM counted'), await rows('SELECT a FROM v')]).toEqual([[], []]);
    await s.close();
  });

  it('takes keys of several columns, whole ones only (70)', async () => {
    await db().begin(async (s) => s.add(new Pair({ a: 1, b: 2, data: 'x' })));
    const s = db()();
    taken();
    const x = await s.getOne(Pair, [1, 2]);
    expect(await s.get(Pair, { a: 1, b: 2 })).toBe(x);
    expect(taken()).toEqual(['SELECT v']);
    for (const key of [1, [1, null as never], { a: 1 }, [1, 2, 3]]) {
      await expect(s.get(Pair, key)).rejects.toThrow('The key of "Pair" has 2 parts: "a", "b".');
    }
    x.b = 3;
    await s.commit();
    expect(taken()).toEqual(['UPDATE v']);
    expect([s.peek(Pair, [1, 3]), s.peek(Pair, [1, 2])]).toEqual([x, undefined]);
    expect(await rows('SELECT a, b FROM v')).toEqual([[1, 3]]);
  });
});
