import { beforeEach, describe, expect, it } from 'vitest';
import { date, double, type Expr, fn, integer, numeric, select, type Session, timestamp, varchar, when } from 'aludel';
import { sql } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Ticket, User } from '../models.js';

describe.each(dialects)('$name', (dialect) => {
  const { name } = dialect;
  const { db } = useDatabase(dialect, Base);
  const opened = new Date('2026-01-31T22:30:15.250Z');
  const resolved = new Date('2026-02-02T22:30:16.500Z');

  beforeEach(() =>
    db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'Ann' }));
      await s.flush();
      const labels = ['a', { deep: [1, null, 'x"y', true] }] as unknown as string[];
      s.add(
        new Ticket({
          id: 1,
          title: 'Cats chase mice',
          price: '7.50',
          createdAt: opened,
          resolvedAt: resolved,
          creatorId: 1,
          labels,
        }),
        new Ticket({ id: 2, title: 'Dogs', status: 'closed', price: '2.00', createdAt: opened, creatorId: 1 }),
      );
    }),
  );

  const first = <T>(expression: Expr<T>): Promise<T> =>
    db().begin((s: Session) => s.one(select(expression).from(Ticket).where(Ticket.c.id.eq(1))));
  const { id, price, createdAt, resolvedAt, labels } = Ticket.c;

  it('takes instants apart, and apart from each other', async () => {
    expect(await first(fn.epoch(createdAt))).toBe(opened.getTime() / 1000);
    expect(await first(resolvedAt.minus(createdAt))).toBe(172_801.25);
    expect(await first(createdAt.minus(resolvedAt))).toBe(-172_801.25);
    expect(await first(createdAt.minus(new Date('2026-01-31T22:30:15.000Z')))).toBe(0.25);
    expect(await first(fn.epoch(resolvedAt.minus(createdAt)))).toBe(172_801.25);
    expect(await first(fn.now().minus(createdAt))).toBeGreaterThan(1_000_000);
    const parts = [
      'year',
      'quarter',
      'month',
      'week',
      'day',
      'dayOfWeek',
      'dayOfYear',
      'hour',
      'minute',
      'second',
    ] as const;
    const values = [];
    for (const part of parts) values.push(await first(fn.extract(createdAt, part)));
    expect(values).toEqual([2026, 1, 1, 5, 31, 6, 31, 22, 30, 15]);
  });

  it('adds and takes away intervals, and keeps to the end of a month', async () => {
    const at = async (expression: Expr<Date>): Promise<string> => (await first(expression)).toISOString();
    expect(await at(createdAt.plus({ days: 2, hours: -1 }))).toBe('2026-02-02T21:30:15.250Z');
    expect(await at(createdAt.plus({ months: 1 }))).toBe('2026-02-28T22:30:15.250Z');
    expect(await at(createdAt.minus({ years: 1, months: 2 }))).toBe('2024-11-30T22:30:15.250Z');
    expect(await at(createdAt.plus({}))).toBe(opened.toISOString());
    const late = select(id).where(resolvedAt.gt(createdAt.plus({ days: 2, seconds: 1 })));
    expect(await db().begin((s) => s.all(late))).toEqual([1]);
  });

  it('moves a day, which stays one', async () => {
    const day = fn.cast(createdAt, date());
    expect(await first(day.plus({ months: 1, days: 1 }))).toBe('2026-03-01');
    expect(await first(day.minus({ days: 31 }))).toBe('2025-12-31');
    const later = fn.cast(resolvedAt, date());
    expect(await db().begin((s) => s.all(select(id).where(later.eq(day.plus({ days: 2 })))))).toEqual([1]);
  });

  it('calculates', async () => {
    expect(await first(id.plus(2).times(3).minus(id))).toBe(8);
    expect(await first(price.plus('0.25'))).toBe('7.75');
    expect(await first(fn.cast(id, integer()).plus(6).dividedBy(2))).toBe(3.5);
    expect(await first(id.dividedBy(7))).toBeCloseTo(1 / 7, 14);
  });

  it('casts', async () => {
    // SQLite cuts the fraction off, the others round.
    expect(await first(fn.cast(price, integer()))).toBe(name === 'sqlite' ? 7 : 8);
    expect(await first(fn.cast(price, double()))).toBe(7.5);
    expect(await first(fn.cast(id, varchar(10)))).toBe('1');
    expect(await first(fn.cast(sql`'12.345'`, numeric(10, 2)))).toBe('12.35');
    expect(await first(fn.cast(createdAt, date()))).toBe('2026-01-31');
    expect(await first(fn.cast(sql`'2026-01-02 03:04:05'`, timestamp()))).toEqual(new Date('2026-01-02T03:04:05Z'));
  });

  it('reads JSON at a path', async () => {
    expect(await first(labels.jsonText(0))).toBe('a');
    expect(await first(labels.jsonText(1, 'deep', 0))).toBe('1');
    expect(await first(labels.jsonText(1, 'deep', 1))).toBeNull();
    expect(await first(labels.jsonText(1, 'deep', 2))).toBe('x"y');
    expect(await first(labels.jsonText(1, 'deep', 3))).toBe('true');
    expect(await first(labels.jsonText(7))).toBeNull();
    const one = select(id).where(fn.cast(labels.jsonText(1, 'deep', 0), integer()).eq(1));
    expect(await db().begin((s) => s.all(one))).toEqual([1]);
  });

  it('chooses', async () => {
    const size = when(price.gt('5.00'), 'large').when(price.gt('1.00'), 'small').else('none');
    const open = fn.sum(when(Ticket.c.status.eq('open'), 1).else(0));
    const rows = await db().begin(async (s) => [
      await s.all(select(size).orderBy(id)),
      await s.one(select(open, fn.max(when(id.eq(2), price).end()), when(fn.count().gt(5), true).else(false))),
    ]);
    expect(rows).toEqual([
      ['large', 'small'],
      [1, '2.00', false],
    ]);
  });

  it('looks through windows', async () => {
    const order = { orderBy: [resolvedAt.desc().nullsFirst(), id] };
    const rows = await db().begin((s) =>
      s.all(
        select({
          id,
          place: fn.rowNumber().over(order),
          before: fn.lag(id).over(order),
          total: fn.sum(price).over({ partitionBy: [Ticket.c.creatorId] }),
          sofar: fn.sum(price).over({ orderBy: [id], frame: sql`ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW` }),
        }).orderBy(id),
      ),
    );
    expect(rows).toEqual([
      { id: 1, place: 2, before: 2, total: '9.50', sofar: '7.50' },
      { id: 2, place: 1, before: null, total: '9.50', sofar: '9.50' },
    ]);
  });

  it('calls any function', async () => {
    expect(await first(fn.call<string>('replace', Ticket.c.title, 'Cats', 'Dogs'))).toBe('Dogs chase mice');
    const version = name === 'sqlite' ? fn['sqlite_version']?.<string>() : fn.call<string>('version');
    expect(await first(version as Expr<string>)).toMatch(/\d/);
  });

  it('searches texts on PostgreSQL, and says so elsewhere', async () => {
    const matching = select(id)
      .where(fn.textMatches(Ticket.c.title, 'cat -dog', 'english'))
      .orderBy(fn.textRank(Ticket.c.title, 'cat', 'english').desc());
    const found = db().begin((s) => s.all(matching));
    if (name === 'postgres') expect(await found).toEqual([1]);
    else await expect(found).rejects.toMatchObject({ code: 'ALUDEL_OPERATION_UNSUPPORTED' });
  });
});
