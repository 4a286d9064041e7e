/** Cases in the form of `unit-of-work.md` in places that it leaves out, with what SQLAlchemy is known to do; docs/sqlalchemy-parity.md says where ours differ. */
import { describe, expect, it } from 'vitest';
import { declarativeBase, foreignKey, inspect, integer, many, maybeOne, one, selectin, varchar, version } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

/** Objects of an association, with a key of the two that they tie. */
class Order extends Base.table(
  'orders',
  { id: integer().primaryKey(), name: varchar(20) },
  {
    get lines() {
      return many(Line, { inverse: 'order', cascade: 'all, delete-orphan' });
    },
  },
) {}
class Item extends Base.table(
  'items',
  { id: integer().primaryKey(), name: varchar(20) },
  {
    get lines() {
      return many(Line, { inverse: 'item' });
    },
  },
) {}
class Line extends Base.table(
  'order_lines',
  {
    orderId: integer().primaryKey().references('orders.id'),
    itemId: integer().primaryKey().references('items.id'),
    quantity: integer(),
  },
  {
    get order() {
      return one(Order, { inverse: 'lines' });
    },
    get item() {
      return one(Item, { inverse: 'lines' });
    },
  },
) {}

/** Two relations between the same classes, and one for reading. */
class Team extends Base.table(
  'teams',
  { id: integer().primaryKey(), name: varchar(20).unique() },
  {
    get home() {
      return many(Game, { inverse: 'host', fk: () => Game.c.hostId });
    },
    get away() {
      return many(Game, { inverse: 'guest', fk: () => Game.c.guestId });
    },
    get seen() {
      return many(Game, { fk: () => Game.c.hostId, viewOnly: true });
    },
  },
) {}
class Game extends Base.table(
  'games',
  {
    id: integer().primaryKey(),
    hostId: integer().references('teams.id'),
    guestId: integer().references('teams.id'),
  },
  {
    get host() {
      return maybeOne(Team, { inverse: 'home', fk: () => Game.c.hostId });
    },
    get guest() {
      return maybeOne(Team, { inverse: 'away', fk: () => Game.c.guestId });
    },
  },
) {}

class Branch extends Base.table(
  'branches',
  { id: integer().primaryKey(), parentId: integer().references('branches.id'), name: varchar(20), v: version() },
  {
    get parent() {
      return maybeOne(Branch, { inverse: 'children' });
    },
    get children() {
      return many(Branch, { inverse: 'parent' });
    },
  },
) {}

/** Natural keys, the second of two columns. */
class Country extends Base.table(
  'countries',
  { code: varchar(5).primaryKey(), name: varchar(20) },
  {
    get cities() {
      return many(City, { inverse: 'country' });
    },
  },
) {}
class City extends Base.table(
  'cities',
  {
    code: varchar(5).primaryKey().references('countries.code', { onUpdate: 'cascade' }),
    name: varchar(20).primaryKey(),
    size: integer(),
  },
  {
    get country() {
      return one(Country, { inverse: 'cities' });
    },
    get streets() {
      return many(Street, { inverse: 'city' });
    },
  },
) {}
class Street extends Base.table(
  'streets',
  { id: integer().primaryKey(), code: varchar(5), cityName: varchar(20), name: varchar(20) },
  {
    get city() {
      return maybeOne(City, { inverse: 'streets' });
    },
  },
) {
  static override tableArgs = () => [
    foreignKey([Street.c.code, Street.c.cityName], 'cities', ['code', 'name'], { onUpdate: 'cascade' }),
  ];
}

Base.register(Order, Item, Line, Team, Game, Branch, Country, City, Street);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);

  describe('association objects', () => {
    const lines = (): Promise<unknown[]> =>
      rows('SELECT order_id, item_id, quantity FROM order_lines ORDER BY order_id, item_id');
    const seed = (): Promise<unknown> =>
      db().begin(async (s) => {
        const items = [1, 2].map((id) => new Item({ id, name: `i${id}` }));
        s.add(...items);
        for (const id of [1, 2]) s.add(new Order({ id, name: `o${id}` }));
        await s.flush();
        const first = await s.getOne(Order, 1);
        await first.lines.load();
        for (const item of items) first.lines.add(new Line({ order: first, item, quantity: 1 }));
      });

    it('come after both that they tie, whose keys they get', async () => {
      const order = new Order({ name: 'o' });
      const item = new Item({ name: 'i' });
      order.lines.add(new Line({ order, item, quantity: 3 }));
      await db().begin(async (s) => s.add(order));
      expect(taken().toSorted()).toEqual(['INSERT items', 'INSERT order_lines', 'INSERT orders']);
      expect(await lines()).toEqual([[1, 1, 3]]);
    });

    it('are deleted as orphans, and with their order', async () => {
      await seed();
      await db().begin(async (s) => {
        const order = await s.getOne(Order, 1, selectin(Order.c.lines));
        taken();
        for (const line of [...order.lines].slice(0, 1)) order.lines.remove(line);
        await s.flush();
        expect(taken()).toEqual(['DELETE order_lines']);
        s.delete(order);
      });
      expect(taken()).toEqual(['DELETE order_lines', 'DELETE orders']);
      expect(await lines()).toEqual([]);
    });

    it('let a new one take the row over of one that is removed: one UPDATE', async () => {
      await seed();
      await db().begin(async (s) => {
        const order = await s.getOne(Order, 1, selectin(Order.c.lines, selectin(Line.c.item)));
        taken();
        const [line] = order.lines;
        if (line === undefined) throw new Error('no line');
        order.lines.remove(line);
        order.lines.add(new Line({ order, item: line.item.value, quantity: 9 }));
      });
      expect(taken()).toEqual(['UPDATE order_lines']);
      expect(await lines()).toEqual([
        [1, 1, 9],
        [1, 2, 1],
      ]);
    });

    it('change their key when they are moved to another order', async () => {
      await seed();
      await db().begin(async (s) => {
        const [from, to] = [await s.getOne(Order, 1), await s.getOne(Order, 2)];
        await from.lines.load();
        taken();
        const [line] = from.lines;
        if (line === undefined) throw new Error('no line');
        from.lines.remove(line);
        to.lines.add(line);
        await s.flush();
        expect(taken()).toEqual(['UPDATE order_lines']);
        expect([line.orderId, s.peek(Line, [2, 1]), s.peek(Line, [1, 1])]).toEqual([2, line, undefined]);
      });
      expect(await lines()).toEqual([
        [1, 2, 1],
        [2, 1, 1],
      ]);
    });

    it('are never left without a part of their key: the item cannot go', async () => {
      await seed();
      const s = db()();
      const item = await s.getOne(Item, 1);
      taken();
      s.delete(item);
      await expect(s.flush()).rejects.toMatchObject({ code: expect.stringMatching(/^ALUDEL_/) as string });
      expect(taken().filter((sql) => !sql.startsWith('SELECT'))).toEqual([]);
      await s.rollback();
      await s.close();
      expect((await lines()).length).toBe(2);
    });
  });

  describe('two relations between the same classes', () => {
    const games = (): Promise<unknown[]> => rows('SELECT id, host_id, guest_id FROM games ORDER BY id');
    const seed = (): Promise<unknown> =>
      db().begin(async (s) => {
        const [a, b] = ['a', 'b'].map((name, i) => new Team({ id: i + 1, name }));
        if (a === undefined || b === undefined) return;
        s.add(a, b, new Game({ id: 1, host: a, guest: b }), new Game({ id: 2, host: b, guest: a }));
      });

    it('keep their keys apart', async () => {
      await seed();
      expect(taken()).toEqual(['INSERT teams', 'INSERT games']);
      expect(await games()).toEqual([
        [1, 1, 2],
        [2, 2, 1],
      ]);
    });

    it('are both emptied by one UPDATE when a team goes', async () => {
      await seed();
      await db().begin(async (s) => {
        const team = await s.getOne(Team, 1, selectin(Team.c.home), selectin(Team.c.away));
        taken();
        s.delete(team);
      });
      expect([...new Set(taken())]).toEqual(['UPDATE games', 'DELETE teams']);
      expect(await games()).toEqual([
        [1, null, 2],
        [2, 2, null],
      ]);
    });

    it('let a game change sides', async () => {
      await seed();
      await db().begin(async (s) => {
        const game = await s.getOne(Game, 1, selectin(Game.c.host), selectin(Game.c.guest));
        const [host, guest] = [game.host.value, game.guest.value];
        game.host.set(guest);
        game.guest.set(host);
        taken();
        await s.flush();
        expect(taken()).toEqual(['UPDATE games']);
        expect([host?.id, guest?.id]).toEqual([1, 2]);
      });
      expect((await games())[0]).toEqual([1, 2, 1]);
    });

    it('never save or delete through one that is for reading', async () => {
      await seed();
      const s = db()();
      const team = await s.getOne(Team, 1, selectin(Team.c.seen));
      taken();
      const game = new Game({ id: 9 });
      team.seen.add(game);
      await s.flush();
      expect([inspect(game).status, taken()]).toEqual(['transient', []]);
      team.seen.remove(...team.seen);
      await s.flush();
      expect(taken()).toEqual([]);
      await s.close();
      expect((await games())[0]).toEqual([1, 1, 2]);
    });

    it('turn the unique names of three around, one of which is new and one of which goes', async () => {
      await seed();
      await db().begin(async (s) => {
        const [a, b] = [await s.getOne(Team, 1), await s.getOne(Team, 2)];
        [a.name, b.name] = ['b', 'a'];
        await s.flush();
        s.add(new Team({ id: 3, name: 'b' }));
        a.name = 'c';
      });
      expect(await rows('SELECT id, name FROM teams ORDER BY id')).toEqual([
        [1, 'c'],
        [2, 'a'],
        [3, 'b'],
      ]);
    });
  });

  describe('a tree whose parents may be missing', () => {
    const branches = (): Promise<unknown[]> => rows('SELECT id, parent_id, v FROM branches ORDER BY id');
    /** 1 above 2 above 3. */
    const seed = (): Promise<unknown> =>
      db().begin(async (s) => {
        const top = new Branch({ id: 1, name: 'a' });
        const middle = new Branch({ id: 2, name: 'b', parent: top });
        s.add(top, middle, new Branch({ id: 3, name: 'c', parent: middle }));
      });

    it('lets go of what stands below a deleted one, never loaded', async () => {
      await seed();
      await db().begin(async (s) => {
        const middle = await s.getOne(Branch, 2);
        taken();
        s.delete(middle);
      });
      expect(taken()).toEqual(['SELECT branches', 'UPDATE branches', 'DELETE branches']);
      expect(await branches()).toEqual([
        [1, null, 1],
        [3, null, 2],
      ]);
    });

    it('closes the gap when the children of a deleted one are given to its parent', async () => {
      await seed();
      await db().begin(async (s) => {
        const [top, middle, low] = [await s.getOne(Branch, 1), await s.getOne(Branch, 2), await s.getOne(Branch, 3)];
        low.parent.set(top);
        s.delete(middle);
      });
      expect(await branches()).toEqual([
        [1, null, 1],
        [3, 1, 2],
      ]);
    });

    it('deletes parent and child together, the child first and not emptied before', async () => {
      await seed();
      await db().begin(async (s) => {
        const [middle, low] = [await s.getOne(Branch, 2), await s.getOne(Branch, 3)];
        taken();
        s.delete(middle, low);
      });
      expect(taken().filter((sql) => !sql.startsWith('SELECT'))).toEqual(['DELETE branches', 'DELETE branches']);
      expect(await branches()).toEqual([[1, null, 1]]);
    });

    it('checks the version of a row that a new object takes over', async () => {
      await seed();
      const s = db()();
      const low = await s.getOne(Branch, 3);
      // As another session would: SQLite lets one write at a time.
      await s.execute('UPDATE branches SET v = 7 WHERE id = 3');
      s.delete(low);
      s.add(new Branch({ id: 3, name: 'new' }));
      taken();
      await expect(s.flush()).rejects.toMatchObject({ code: 'ALUDEL_STALE_ROW' });
      expect(taken()).toEqual(['SELECT branches', 'UPDATE branches']);
      await s.rollback();
      await s.close();
      await db().begin(async (again) => {
        again.delete(await again.getOne(Branch, 3));
        again.add(new Branch({ id: 3, name: 'new' }));
      });
      expect(await rows('SELECT name, parent_id, v FROM branches WHERE id = 3')).toEqual([['new', null, 2]]);
    });
  });

  describe('savepoints', () => {
    it('bring deleted rows back, one level at a time', async () => {
      await db().begin(async (s) => s.add(...[1, 2, 3].map((id) => new Order({ id, name: `o${id}` }))));
      const s = db()();
      const [one_, two, three] = [await s.getOne(Order, 1), await s.getOne(Order, 2), await s.getOne(Order, 3)];
      s.delete(one_);
      await s.nested(async () => {
        s.delete(two);
        await s
          .nested(async () => {
            s.delete(three);
            await s.flush();
            expect(inspect(three).status).toBe('deleted');
            throw new Error('no');
          })
          .catch(() => undefined);
        expect([inspect(one_).status, inspect(two).status, inspect(three).status]).toEqual([
          'deleted',
          'deleted',
          'persistent',
        ]);
        three.name = 'kept';
      });
      await s.commit();
      expect([inspect(one_).status, inspect(two).status]).toEqual(['detached', 'detached']);
      expect(await rows('SELECT id, name FROM orders')).toEqual([[3, 'kept']]);
      await s.close();
    });

    it('bring back what was inserted over a deleted row', async () => {
      await db().begin(async (s) => s.add(new Order({ id: 1, name: 'old' })));
      const s = db()();
      const old = await s.getOne(Order, 1);
      const made = new Order({ id: 1, name: 'new' });
      await s
        .nested(async () => {
          s.delete(old);
          await s.flush();
          s.add(made);
          await s.flush();
          expect(s.peek(Order, 1)).toBe(made);
          throw new Error('no');
        })
        .catch(() => undefined);
      expect([inspect(old).status, inspect(made).status, s.peek(Order, 1)]).toEqual(['persistent', 'transient', old]);
      old.name = 'still';
      await s.commit();
      expect(await rows('SELECT id, name FROM orders')).toEqual([[1, 'still']]);
      await s.close();
    });
  });

  describe('natural keys', () => {
    const seed = (): Promise<unknown> =>
      db().begin(async (s) => {
        const country = new Country({ code: 'de', name: 'd' });
        const city = new City({ code: 'de', name: 'bonn', size: 1, country });
        s.add(country, city, new Street({ id: 1, name: 's', city }));
      });
    const all = async (): Promise<unknown[]> => [
      await rows('SELECT code FROM countries'),
      await rows('SELECT code, name FROM cities'),
      await rows('SELECT code, city_name FROM streets'),
    ];

    it('are followed by what the database changes behind them', async () => {
      await seed();
      await db().begin(async (s) => {
        const country = await s.getOne(Country, 'de');
        const city = await s.getOne(City, ['de', 'bonn']);
        country.code = 'fr';
        await s.flush();
        expect([s.peek(Country, 'fr'), s.peek(Country, 'de'), city.code]).toEqual([country, undefined, 'fr']);
        city.size = 2;
      });
      expect(await all()).toEqual([[['fr']], [['fr', 'bonn']], [['fr', 'bonn']]]);
      expect(await rows('SELECT size FROM cities')).toEqual([[2]]);
    });

    it('of two columns change in one of them, and back by a rollback', async () => {
      await seed();
      const s = db()();
      const street = await s.getOne(Street, 1, selectin(Street.c.city));
      const city = street.city.value;
      if (city === null) throw new Error('no city');
      city.name = 'koeln';
      await s.flush();
      expect([street.cityName, s.peek(City, ['de', 'koeln'])]).toEqual(['koeln', city]);
      await s.rollback();
      expect([street.cityName, city.name, s.peek(City, ['de', 'bonn'])]).toEqual(['bonn', 'bonn', city]);
      await s.close();
      expect(await all()).toEqual([[['de']], [['de', 'bonn']], [['de', 'bonn']]]);
    });
  });

  describe('graphs of another session', () => {
    it('are merged once each, whichever way they are reached', async () => {
      await db().begin(async (s) => s.add(new Team({ id: 1, name: 'a' }), new Team({ id: 2, name: 'b' })));
      const given = new Team({ id: 1, name: 'A' });
      const guest = new Team({ id: 2, name: 'B' });
      given.home.add(new Game({ id: 1, host: given, guest }), new Game({ id: 2, host: given, guest }));
      await db().begin(async (s) => {
        const merged = await s.merge(given);
        const games = [...merged.home];
        expect(games.map(({ host }) => host.value)).toEqual([merged, merged]);
        expect(games[0]?.guest.value).toBe(games[1]?.guest.value);
        expect(s.has(given)).toBe(false);
      });
      expect(await rows('SELECT id, name FROM teams ORDER BY id')).toEqual([
        [1, 'A'],
        [2, 'B'],
      ]);
      expect(await rows('SELECT id, host_id, guest_id FROM games ORDER BY id')).toEqual([
        [1, 1, 2],
        [2, 1, 2],
      ]);
    });

    it('lose what the given collection lacks', async () => {
      await db().begin(async (s) => {
        const order = new Order({ id: 1, name: 'o' });
        for (const id of [1, 2]) order.lines.add(new Line({ order, item: new Item({ id }), quantity: id }));
        s.add(order);
      });
      const s = db()();
      const order = await s.getOne(Order, 1, selectin(Order.c.lines));
      await s.close();
      for (const line of [...order.lines].slice(0, 1)) order.lines.remove(line);
      taken();
      await db().begin(async (other) => other.merge(order));
      expect(taken().filter((sql) => !sql.startsWith('SELECT'))).toEqual(['DELETE order_lines']);
      expect(await rows('SELECT item_id FROM order_lines')).toEqual([[2]]);
    });

    it('stay behind when their parent is let go', async () => {
      await db().begin(async (s) => {
        const order = new Order({ id: 1, name: 'o' });
        order.lines.add(new Line({ order, item: new Item({ id: 1 }), quantity: 1 }));
        s.add(order);
      });
      const s = db()();
      const order = await s.getOne(Order, 1, selectin(Order.c.lines));
      const [line] = order.lines;
      if (line === undefined) throw new Error('no line');
      s.expunge(order);
      order.name = 'x';
      line.quantity = 5;
      taken();
      await s.commit();
      expect(taken()).toEqual(['UPDATE order_lines']);
      expect([inspect(order).status, inspect(line).status]).toEqual(['detached', 'persistent']);
      await s.close();
    });
  });
});
