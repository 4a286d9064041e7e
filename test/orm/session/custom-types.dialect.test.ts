/** Types of JavaScript's own over columns of the database's, and what sessions set with every update. */
import { describe, expect, it } from 'vitest';
import {
  createEngine,
  customType,
  declarativeBase,
  fn,
  integer,
  many,
  one,
  select,
  sql,
  timestamp,
  varchar,
} from 'aludel';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

/** A value with a private field: it can only be compared by what it says of itself. */
class Money {
  readonly #cents: number;

  constructor(cents: number) {
    this.#cents = cents;
  }

  get cents(): number {
    return this.#cents;
  }

  static parse(text: string): Money {
    return new Money(Number(text.slice(1)));
  }

  toString(): string {
    return `c${this.#cents}`;
  }
}

const money = () =>
  customType({ column: varchar(20), toDb: (value: Money) => value.toString(), fromDb: (text) => Money.parse(text) });

/** A key of one's own, and the columns that refer to it. */
class Code {
  readonly text: string;
  readonly noise = Math.random();

  constructor(text: string) {
    this.text = text;
  }
}

const code = () => customType({ column: varchar(20), toDb: (value: Code) => value.text, fromDb: (t) => new Code(t) });
const folded = () =>
  customType({
    column: varchar(20),
    toDb: (value: string) => value,
    fromDb: (value) => value,
    equals: (a, b) => a.toLowerCase() === b.toLowerCase(),
  });

const Base = declarativeBase();

class Shop extends Base.table(
  'shops',
  { code: code().primaryKey(), takings: money().notNull().serverDefault(new Money(7)), tag: folded() },
  {
    get sales() {
      return many(Sale, { inverse: 'shop', orderBy: () => Sale.c.price });
    },
  },
) {}

class Sale extends Base.table(
  'sales',
  { id: integer().primaryKey(), price: money().unique(), shopCode: code().notNull().references('shops.code') },
  {
    get shop() {
      return one(Shop, { inverse: 'sales' });
    },
  },
) {}

let clock = 0;
class Page extends Base.table('pages', {
  id: integer().primaryKey(),
  title: varchar(20).notNull(),
  revision: integer().onUpdate(() => ++clock),
  editor: varchar(20).onUpdate('session'),
  hits: integer()
    .notNull()
    .default(0)
    .onUpdate(sql<number>`hits + 1`),
  editedAt: timestamp().onUpdate(fn.now()),
}) {}
Base.register(Shop, Sale, Page);

describe.each(dialects)('$name', (dialect) => {
  const { db, engine, rows, taken } = useDatabase(dialect, Base);

  it('writes and reads values of a custom type, and finds rows by them', async () => {
    await db().begin(async (s) => {
      const shop = new Shop({ code: new Code('a'), takings: new Money(250), tag: 'x' });
      s.add(shop, new Sale({ price: new Money(100), shopCode: shop.code, shop }));
    });
    expect(await rows('SELECT code, takings FROM shops')).toEqual([['a', 'c250']]);
    await db().begin(async (s) => {
      const found = await s.one(select(Shop).where(Shop.c.takings.eq(new Money(250)), Shop.c.takings.ne(new Money(1))));
      expect(found.takings).toBeInstanceOf(Money);
      expect(found.takings.cents).toBe(250);
      expect(await s.all(select(Shop).where(Shop.c.code.in([new Code('a'), new Code('b')])))).toEqual([found]);
      expect((await found.sales.load()).map((sale) => sale.price?.cents)).toEqual([100]);
    });
  });

  it('knows an object by a key of a custom type', async () => {
    await db().begin(async (s) => {
      const shop = new Shop({ code: new Code('a') });
      s.add(shop);
      await s.flush();
      expect(shop.takings.cents).toBe(7);
      expect(s.peek(Shop, new Code('a'))).toBe(shop);
      expect(await s.one(select(Shop))).toBe(shop);
      const sale = new Sale({ price: new Money(1), shopCode: new Code('a') });
      s.add(sale);
      await s.flush();
      expect(await sale.shop.load()).toBe(shop);
    });
    await db().begin(async (s) => {
      const sale = await s.one(select(Sale));
      expect((await sale.shop.load()).code.text).toBe('a');
    });
  });

  it('writes what differs as the type says, and nothing else', async () => {
    await db().begin(async (s) => s.add(new Shop({ code: new Code('a'), takings: new Money(250), tag: 'x' })));
    taken();
    await db().begin(async (s) => {
      const shop = await s.one(select(Shop));
      shop.takings = new Money(250);
      shop.tag = 'X';
      expect(s.dirty).toEqual([]);
    });
    expect(taken()).toEqual(['SELECT shops']);
    await db().begin(async (s) => {
      const shop = await s.one(select(Shop));
      shop.takings = new Money(9);
    });
    expect(taken()).toEqual(['SELECT shops', 'UPDATE shops']);
    expect(await rows('SELECT takings, tag FROM shops')).toEqual([['c9', 'x']]);
  });

  it('moves unique values of a custom type between rows', async () => {
    await db().begin(async (s) => {
      const shop = new Shop({ code: new Code('a') });
      s.add(shop);
      for (const cents of [1, 2]) s.add(new Sale({ price: new Money(cents), shopCode: shop.code, shop }));
    });
    await db().begin(async (s) => {
      const [first, second] = await s.all(select(Sale).orderBy(Sale.c.price));
      if (first === undefined || second === undefined) throw new Error('two sales were saved');
      [first.price, second.price] = [second.price, first.price];
    });
    expect(await rows('SELECT price FROM sales ORDER BY id')).toEqual([['c2'], ['c1']]);
  });

  it('shows migrations the column below', () => {
    const sales = buildSchema([Base.metadata]).tables.find(({ name }) => name === 'sales');
    expect(sales?.columns.find(({ name }) => name === 'price')?.type).toEqual({ kind: 'varchar', length: 20 });
  });

  it('sets what onUpdate says with every update that gives no value of its own', async () => {
    await db().begin(async (s) => s.add(new Page({ title: 'a' }), new Page({ title: 'b' })));
    const before = clock;
    await db().begin(async (s) => {
      const [first, two] = await s.all(select(Page).orderBy(Page.c.id));
      if (first === undefined || two === undefined) throw new Error('two pages were saved');
      expect([first.revision, first.editor, first.hits, first.editedAt]).toEqual([null, null, 0, null]);
      first.title = 'A';
      two.title = 'B';
      two.editor = 'ann';
      await s.flush();
      expect([first.revision, first.editor, first.hits]).toEqual([before + 1, 'session', 1]);
      expect([two.revision, two.editor, two.hits]).toEqual([before + 2, 'ann', 1]);
      expect(first.editedAt).toBeInstanceOf(Date);
    });
    expect(await rows('SELECT title, editor, hits FROM pages ORDER BY id')).toEqual([
      ['A', 'session', 1],
      ['B', 'ann', 1],
    ]);
  });

  it('leaves the columns of a row that is not updated alone', async () => {
    await db().begin(async (s) => s.add(new Page({ title: 'a' })));
    const before = clock;
    await db().begin(async (s) => void (await s.one(select(Page))));
    expect(clock).toBe(before);
  });

  it('says nothing of custom types to a second engine', async () => {
    const other = createEngine(engine().url);
    await other.dispose();
    expect(Shop.table.columns.takings.spec.type).toEqual({ kind: 'varchar', length: 20 });
  });
});
