/** What the cases of `unit-of-work.md` leave open: other cascades, keys of several columns, moves, savepoints. */
import { describe, expect, it } from 'vitest';
import { declarativeBase, foreignKey, inspect, integer, many, maybeOne, select, varchar, version } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

/** Keys of several columns all the way down. */
class Site extends Base.table(
  'sites',
  { country: varchar(2).primaryKey(), code: integer().primaryKey(), name: varchar(20) },
  {
    get rooms() {
      return many(Room, { inverse: 'site', cascade: 'all, delete-orphan' });
    },
    get guests() {
      return many(Guest, { inverse: 'site' });
    },
  },
) {}

class Room extends Base.table(
  'rooms',
  { country: varchar(2).primaryKey(), code: integer().primaryKey(), number: integer().primaryKey(), name: varchar(20) },
  {
    get site() {
      return maybeOne(Site, { inverse: 'rooms' });
    },
  },
) {
  static override tableArgs = () => [foreignKey([Room.c.country, Room.c.code], 'sites', ['country', 'code'])];
}

class Guest extends Base.table(
  'guests',
  { id: integer().primaryKey(), country: varchar(2), code: integer(), name: varchar(20) },
  {
    get site() {
      return maybeOne(Site, { inverse: 'guests' });
    },
  },
) {
  static override tableArgs = () => [foreignKey([Guest.c.country, Guest.c.code], 'sites', ['country', 'code'])];
}

class Folder extends Base.table(
  'folders',
  { id: integer().primaryKey(), parentId: integer().references('folders.id'), name: varchar(20), v: version() },
  {
    get parent() {
      return maybeOne(Folder, { inverse: 'children' });
    },
    get children() {
      return many(Folder, { inverse: 'parent', cascade: 'all, delete-orphan' });
    },
    get tags() {
      return many(Tag, { secondary: 'folder_tags', inverse: 'folders' });
    },
  },
) {}

class Tag extends Base.table(
  'tags',
  { id: integer().primaryKey(), name: varchar(20).unique() },
  {
    get folders() {
      return many(Folder, { secondary: 'folder_tags', inverse: 'tags' });
    },
  },
) {}

Base.metadata.table('folder_tags', {
  folderId: integer().primaryKey().references('folders.id'),
  tagId: integer().primaryKey().references('tags.id'),
});

class Owner extends Base.table(
  'owners',
  { id: integer().primaryKey(), name: varchar(20) },
  {
    get badge() {
      return maybeOne(Badge, { inverse: 'owner' });
    },
  },
) {}

class Badge extends Base.table(
  'badges',
  { id: integer().primaryKey(), ownerId: integer().references('owners.id').unique() },
  {
    get owner() {
      return maybeOne(Owner, { inverse: 'badge' });
    },
  },
) {}

/** Three tables in a circle. */
class Red extends Base.table(
  'reds',
  { id: integer().primaryKey(), greenId: integer().references('greens.id') },
  {
    get green() {
      return maybeOne(Green);
    },
  },
) {}
class Green extends Base.table(
  'greens',
  { id: integer().primaryKey(), blueId: integer().notNull().references('blues.id') },
  {
    get blue() {
      return maybeOne(Blue);
    },
  },
) {}
class Blue extends Base.table(
  'blues',
  { id: integer().primaryKey(), redId: integer().notNull().references('reds.id') },
  {
    get red() {
      return maybeOne(Red);
    },
  },
) {}

class Step extends Base.table(
  'steps',
  { id: integer().primaryKey(), aboveId: integer().references('steps.id') },
  {
    get above() {
      return maybeOne(Step, { inverse: 'below' });
    },
    get below() {
      return many(Step, { inverse: 'above' });
    },
  },
) {}

Base.register(Site, Room, Guest, Folder, Step, Tag, Owner, Badge, Red, Green, Blue);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);

  describe('keys of several columns', () => {
    const site = (code: number, rooms: number[] = []): Site =>
      new Site({
        country: 'de',
        code,
        name: 's',
        rooms: rooms.map((number) => new Room({ country: '', code: 0, number })),
        guests: [new Guest({ id: code, name: 'g' })],
      });

    it('reach the rows that refer to them', async () => {
      await db().begin(async (s) => s.add(site(1, [1, 2]), site(2)));
      expect(taken()).toEqual(['INSERT sites', 'INSERT rooms', 'INSERT guests']);
      expect(await rows('SELECT country, code, number FROM rooms ORDER BY number')).toEqual([
        ['de', 1, 1],
        ['de', 1, 2],
      ]);
      await db().begin(async (s) => s.delete(await s.getOne(Site, ['de', 1])));
      expect(await rows('SELECT number FROM rooms')).toEqual([]);
      expect(await rows('SELECT id, country, code FROM guests ORDER BY id')).toEqual([
        [1, null, null],
        [2, 'de', 2],
      ]);
    });

    it('change with the parent of an object, and are not emptied where they are part of its key', async () => {
      await db().begin(async (s) => s.add(site(1, [1]), site(2)));
      await db().begin(async (s) => {
        const [one, two] = [await s.getOne(Site, ['de', 1]), await s.getOne(Site, ['de', 2])];
        const [guest] = await one.guests.load();
        if (guest === undefined) throw new Error('no guest');
        two.guests.add(guest);
        expect(one.guests.length).toBe(0);
        const [room] = await one.rooms.load();
        if (room === undefined) throw new Error('no room');
        two.rooms.add(room);
      });
      expect(await rows('SELECT id, code FROM guests ORDER BY id')).toEqual([
        [1, 2],
        [2, 2],
      ]);
      expect(await rows('SELECT code, number FROM rooms')).toEqual([[2, 1]]);
      await db().begin(async (s) => {
        const two = await s.getOne(Site, ['de', 2]);
        const [room] = await two.rooms.load();
        if (room !== undefined) two.rooms.remove(room);
      });
      expect(await rows('SELECT code FROM rooms')).toEqual([]);
    });

    it('are merged with what they lead to', async () => {
      await db().begin(async (s) => s.add(site(1, [1, 2])));
      await db().begin(async (s) => {
        const given = new Site({
          country: 'de',
          code: 1,
          name: 'new',
          rooms: [
            new Room({ country: 'de', code: 1, number: 2, name: 'two' }),
            new Room({ country: 'de', code: 1, number: 3 }),
          ],
        });
        await s.merge(given);
      });
      expect(await rows('SELECT name FROM sites')).toEqual([['new']]);
      expect(await rows('SELECT number, name FROM rooms ORDER BY number')).toEqual([
        [2, 'two'],
        [3, null],
      ]);
      expect(await rows('SELECT code FROM guests')).toEqual([[1]]);
    });
  });

  describe('a model that refers to itself', () => {
    const folder = (id: number, ...children: Folder[]): Folder => new Folder({ id, name: `f${id}`, children });

    it('turns parent and child around', async () => {
      const step = (id: number, ...below: Step[]): Step => new Step({ id, below });
      await db().begin(async (s) => s.add(step(1, step(2, step(3)))));
      await db().begin(async (s) => {
        const [one, two, three] = [await s.getOne(Step, 1), await s.getOne(Step, 2), await s.getOne(Step, 3)];
        await one.below.load();
        two.below.remove(three);
        one.below.remove(two);
        three.below.add(two);
        await s.all(select(Tag));
        two.below.add(one);
      });
      expect(await rows('SELECT id, above_id FROM steps ORDER BY id')).toEqual([
        [1, 2],
        [2, 3],
        [3, null],
      ]);
    });

    it('keeps what is moved out of a deleted parent, and deletes the rest', async () => {
      await db().begin(async (s) => s.add(folder(1, folder(2), folder(3, folder(4))), folder(9)));
      await db().begin(async (s) => {
        const [one, nine] = [await s.getOne(Folder, 1), await s.getOne(Folder, 9)];
        const kept = await s.getOne(Folder, 3);
        s.delete(one);
        nine.children.add(kept);
      });
      expect(await rows('SELECT id, parent_id FROM folders ORDER BY id')).toEqual([
        [3, 9],
        [4, 3],
        [9, null],
      ]);
    });

    it('takes the rows of a deleted tree over (26)', async () => {
      await db().begin(async (s) => s.add(folder(1, folder(2), folder(3))));
      taken();
      const s = db()();
      const old = await s.getOne(Folder, 1);
      await old.children.load();
      taken();
      s.delete(old);
      s.add(new Folder({ id: 1, name: 'new', children: [new Folder({ id: 2, name: 'child' })] }));
      await s.commit();
      expect(taken()).toEqual(['SELECT folders', 'UPDATE folders', 'DELETE folder_tags', 'DELETE folders']);
      expect(await rows('SELECT id, parent_id, name, v FROM folders ORDER BY id')).toEqual([
        [1, null, 'new', 2],
        [2, 1, 'child', 2],
      ]);
      await s.close();
    });

    it('gives the rows back that were taken over, when it rolls back to a savepoint', async () => {
      await db().begin(async (s) => s.add(folder(1)));
      const s = db()();
      const old = await s.getOne(Folder, 1);
      const taker = folder(1);
      taker.name = 'new';
      const inside = s.nested(async () => {
        s.delete(old);
        s.add(taker);
        await s.flush();
        expect([s.peek(Folder, 1) === taker, inspect(old).status]).toEqual([true, 'deleted']);
        throw new Error('stop');
      });
      await expect(inside).rejects.toThrow('stop');
      expect([s.peek(Folder, 1) === old, inspect(old).status, inspect(taker).status]).toEqual([
        true,
        'persistent',
        'transient',
      ]);
      old.name = 'kept';
      await s.commit();
      expect(await rows('SELECT name, v FROM folders')).toEqual([['kept', 2]]);
      s.add(new Folder({ id: 2, name: taker.name }));
      await s.commit();
      await s.close();
    });

    it('decides about orphans by what is true at the end', async () => {
      await db().begin(async (s) => s.add(folder(1, folder(2))));
      const s = db()();
      const one = await s.getOne(Folder, 1);
      const [two] = await one.children.load();
      if (two === undefined) throw new Error('no child');
      one.children.remove(two);
      await s.all(select(Tag));
      one.children.add(two);
      taken();
      await s.commit();
      expect(taken()).toEqual([]);
      const added = folder(3);
      one.children.add(added);
      await s.all(select(Tag));
      one.children.remove(added);
      await s.all(select(Tag));
      expect(inspect(added).status).toBe('persistent');
      await s.commit();
      expect(inspect(added).status).toBe('detached');
      expect(await rows('SELECT id FROM folders ORDER BY id')).toEqual([[1], [2]]);
      await s.close();
    });
  });

  describe('associations', () => {
    async function seed(): Promise<void> {
      await db().begin(async (s) => {
        const [a, b] = [new Tag({ id: 1, name: 'a' }), new Tag({ id: 2, name: 'b' })];
        s.add(new Folder({ id: 1, tags: [a, b] }), new Folder({ id: 2, tags: [a] }));
      });
      taken();
    }
    const pairs = () => rows('SELECT folder_id, tag_id FROM folder_tags ORDER BY folder_id, tag_id');

    it('come once, whichever sides say so, and not at all where nothing has changed', async () => {
      const [f, t] = [new Folder({ id: 1 }), new Tag({ id: 1, name: 'a' })];
      f.tags.add(t);
      t.folders.add(f);
      f.tags.add(t);
      await db().begin(async (s) => s.add(f, t));
      expect(await pairs()).toEqual([[1, 1]]);
      const s = db()();
      s.add(f);
      f.tags.remove(t);
      f.tags.add(t);
      t.folders.remove(f);
      t.folders.add(f);
      taken();
      await s.commit();
      expect(taken()).toEqual([]);
      await s.close();
    });

    it('go with either side, and are replaced from a side that was never loaded', async () => {
      await seed();
      await db().begin(async (s) => {
        const [f, a, b] = [await s.getOne(Folder, 1), await s.getOne(Tag, 1), await s.getOne(Tag, 2)];
        f.tags.remove(a);
        b.folders.add(await s.getOne(Folder, 2));
      });
      expect(await pairs()).toEqual([
        [1, 2],
        [2, 1],
        [2, 2],
      ]);
      await db().begin(async (s) => s.delete(await s.getOne(Folder, 2), await s.getOne(Tag, 2)));
      expect([await pairs(), await rows('SELECT id FROM tags'), await rows('SELECT id FROM folders')]).toEqual([
        [],
        [[1]],
        [[1]],
      ]);
    });

    it('go in one statement where objects of both sides are deleted', async () => {
      await seed();
      taken();
      await db().begin(async (s) => {
        const [folder, tag] = [await s.getOne(Folder, 1), await s.getOne(Tag, 2)];
        await folder.children.load();
        taken();
        s.delete(folder, tag);
        await s.flush();
        expect(taken()).toEqual(['DELETE folder_tags', 'DELETE tags', 'DELETE folders']);
      });
      expect(await pairs()).toEqual([[2, 1]]);
    });

    it('keep to a row that another one takes over (26)', async () => {
      await seed();
      await db().begin(async (s) => {
        const old = await s.getOne(Folder, 1);
        const b = await s.getOne(Tag, 2);
        s.delete(old);
        s.add(new Folder({ id: 1, name: 'new', tags: [b] }));
      });
      expect(await pairs()).toEqual([
        [1, 2],
        [2, 1],
      ]);
    });

    it('are what they were after a rollback, on both sides', async () => {
      await seed();
      const s = db()();
      const f = await s.getOne(Folder, 1);
      const [a, b] = await f.tags.load();
      await a?.folders.load();
      if (a === undefined || b === undefined) throw new Error('no tags');
      await expect(
        s.nested(async () => {
          f.tags.remove(a);
          await s.flush();
          s.delete(b);
          await s.flush();
          expect([f.tags.length, a.folders.length]).toEqual([0, 1]);
          throw new Error('stop');
        }),
      ).rejects.toThrow('stop');
      expect([f.tags.map(({ id }) => id), a.folders.map(({ id }) => id)]).toEqual([
        [1, 2],
        [1, 2],
      ]);
      f.tags.remove(b);
      await s.rollback();
      expect([f.tags.map(({ id }) => id), inspect(f).isModified]).toEqual([[1, 2], false]);
      await s.close();
      expect((await pairs()).length).toBe(3);
    });
  });

  it('exchanges the only objects of two others, whose key is unique', async () => {
    await db().begin(async (s) =>
      s.add(...[1, 2].map((id) => new Owner({ id, name: `o${id}`, badge: new Badge({ id }) }))),
    );
    await db().begin(async (s) => {
      const [one, two] = [await s.getOne(Owner, 1), await s.getOne(Owner, 2)];
      const [first, second] = [await one.badge.load(), await two.badge.load()];
      one.badge.set(second);
      two.badge.set(first);
    });
    expect(await rows('SELECT id, owner_id FROM badges ORDER BY id')).toEqual([
      [1, 2],
      [2, 1],
    ]);
    await db().begin(async (s) => {
      const [one, two] = [await s.getOne(Badge, 1), await s.getOne(Badge, 2)];
      [one.ownerId, two.ownerId] = [1, 2];
    });
    expect(await rows('SELECT id, owner_id FROM badges ORDER BY id')).toEqual([
      [1, 1],
      [2, 2],
    ]);
    await db().begin(async (s) => {
      const one = await s.getOne(Owner, 1);
      one.badge.set(await s.getOne(Badge, 2));
    });
    expect(await rows('SELECT id, owner_id FROM badges ORDER BY id')).toEqual([
      [1, null],
      [2, 1],
    ]);
  });

  it('opens a circle of three tables at the only key that may be empty', async () => {
    const make = (n: number): Red => {
      const red = new Red({ id: n });
      const blue = new Blue({ id: n, redId: 0, red });
      red.green.set(new Green({ id: n, blueId: 0, blue }));
      return red;
    };
    const s = db()();
    const made = [make(1), make(2)];
    s.add(...made);
    await s.commit();
    expect(taken()).toEqual(['INSERT reds', 'INSERT blues', 'INSERT greens', 'UPDATE reds']);
    expect(
      await rows(
        'SELECT r.id AS r, g.id AS g, b.id AS b FROM reds r JOIN greens g ON g.id = r.green_id JOIN blues b ON b.id = g.blue_id AND b.red_id = r.id ORDER BY r.id',
      ),
    ).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    for (const red of made) s.delete(red, red.green.value ?? red, red.green.value?.blue.value ?? red);
    await s.commit();
    expect(taken()).toEqual(['UPDATE reds', 'DELETE greens', 'DELETE blues', 'DELETE reds']);
    await s.close();
  });

  it('takes back that an object is to be deleted, and refuses what leads to one that is', async () => {
    await db().begin(async (s) => s.add(new Owner({ id: 1, name: 'o' }), new Owner({ id: 2, name: 'p' })));
    const s = db()();
    const [one, two] = [await s.getOne(Owner, 1), await s.getOne(Owner, 2)];
    s.delete(one);
    s.add(one);
    one.name = 'kept';
    await s.flush();
    expect([inspect(one).status, s.deleted]).toEqual(['persistent', []]);
    s.delete(two);
    await s.flush();
    expect(() => s.add(two)).toThrow(expect.objectContaining({ code: 'ALUDEL_OBJECT_STATE' }));
    const badge = new Badge({ id: 1 });
    expect(() => badge.owner.set(two)).not.toThrow();
    expect(() => s.add(badge)).toThrow('was deleted');
    await s.rollback();
    expect([one.name, inspect(two).status]).toEqual(['o', 'persistent']);
    await s.close();
  });

  it('gives keys to new objects in the order they were added, those with a key of their own among them', async () => {
    const made = [undefined, 10, undefined, 20, undefined].map(
      (id, i) => new Owner(id === undefined ? { name: `n${i}` } : { id, name: `n${i}` }),
    );
    await db().begin(async (s) => s.add(...made));
    const found = await rows('SELECT id, name FROM owners ORDER BY name');
    expect(found).toEqual(made.map(({ id, name }) => [id, name]));
    expect(new Set(made.map(({ id }) => id)).size).toBe(5);
  });
});
