/** Cases of `unit-of-work.md` about loading relations and merging objects. */
import { describe, expect, it } from 'vitest';
import { inspect, NotLoadedError, select, selectin } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';
import { Address, Base, Item, Keyword, User } from './users.js';

describe.each(dialects)('$name', (dialect) => {
  const { db, sent, taken, rows } = useDatabase(dialect, Base);

  async function seed(users = 3): Promise<void> {
    await db().begin(async (s) => {
      for (let id = 1; id <= users; id++) {
        const addresses = users > 3 ? [] : [1, 2].map((n) => new Address({ id: id * 10 + n, email: `a${id}${n}` }));
        s.add(new User({ id, name: `u${id}`, addresses }));
      }
    });
    taken();
  }

  it('loads a relation for all objects of a result at once (56)', async () => {
    await seed();
    const s = db()();
    const users = await s.all(select(User).orderBy(User.c.id));
    for (const user of users) expect((await user.addresses.load()).length).toBe(2);
    expect(taken()).toEqual(['SELECT users', 'SELECT addresses']);
    for (const user of users) for (const address of user.addresses) expect(address.user.value).toBe(user);
    expect(taken()).toEqual([]);
    await s.close();
    const fresh = db()();
    const addresses = await fresh.all(select(Address));
    const owners = await Promise.all(addresses.map((address) => address.user.load()));
    expect([new Set(owners).size, taken()]).toEqual([3, ['SELECT addresses', 'SELECT users']]);
    await fresh.close();
  });

  it('says how to load what is not loaded', async () => {
    await seed(1);
    const s = db()();
    const address = await s.getOne(Address, 11);
    expect(() => address.user.value).toThrow(
      expect.objectContaining({
        name: 'NotLoadedError',
        message: 'Relation "user" of a "Address" is not loaded: of what it leads to, only "userId" is known.',
        hint: 'Load it: await object.user.load(), or query with .options(selectin(Address.c.user)).',
      }),
    );
    const user = await address.user.load();
    expect(() => user?.addresses.length).toThrow(NotLoadedError);
    await s.close();
  });

  it('loads with a query, 500 keys a statement (57)', async () => {
    await seed(1201);
    const s = db()();
    await s.all(select(User).options(selectin(User.c.addresses)));
    const keysOf = (sql: string): number => sql.match(/\?/g)?.length ?? 1;
    const [users, ...parts] = sent();
    // PostgreSQL gets the keys as one array.
    const wanted = dialect.name === 'postgres' ? [1, 1, 1] : [500, 500, 201];
    expect([users?.includes('users'), parts.map(keysOf)]).toEqual([true, wanted]);
    await s.close();
  });

  it('loads with a query what belongs to each row, and one row for all that refer to it (57)', async () => {
    await seed();
    await db().begin(async (s) => s.add(new Address({ id: 1, email: 'nobody' })));
    taken();
    const s = db()();
    const users = await s.all(select(User).orderBy(User.c.id).options(selectin(User.c.addresses)));
    expect(taken()).toEqual(['SELECT users', 'SELECT addresses']);
    expect(users.map((user) => user.addresses.map(({ id }) => id))).toEqual([
      [11, 12],
      [21, 22],
      [31, 32],
    ]);
    await s.close();
    const other = db()();
    const addresses = await other.all(select(Address).orderBy(Address.c.id).options(selectin(Address.c.user)));
    expect(addresses.map(({ user }) => user.value?.id ?? null)).toEqual([null, 1, 1, 2, 2, 3, 3]);
    const [, asked] = sent();
    expect(asked?.match(/\?/g)?.length ?? 1).toBe(dialect.name === 'postgres' ? 1 : 3);
    await other.close();
  });

  it('loads relations of relations', async () => {
    await db().begin(async (s) => s.add(new Item({ name: 'i', keywords: [new Keyword({ name: 'k' })] })));
    taken();
    const s = db()();
    const item = await s.one(select(Item).options(selectin(Item.c.keywords, selectin(Keyword.c.items))));
    expect(item.keywords.at(0)?.items.at(0)).toBe(item);
    expect(taken()).toEqual(['SELECT items', 'SELECT keywords', 'SELECT items']);
    await s.close();
  });

  it('adds to a collection that is not loaded without loading it', async () => {
    await seed(1);
    const s = db()();
    const user = await s.getOne(User, 1);
    taken();
    const added = new Address({ id: 99, email: 'new' });
    user.addresses.add(added);
    await s.flush();
    expect(taken()).toEqual(['INSERT addresses']);
    user.addresses.add(new Address({ id: 100, email: 'newer' }));
    expect((await user.addresses.load()).map((a) => a.id)).toEqual([11, 12, 99, 100]);
    await s.close();
  });

  it('moves an object between collections, one of which is not loaded', async () => {
    await seed();
    const s = db()();
    const [u1, u2] = [await s.getOne(User, 1), await s.getOne(User, 2)];
    await u1.addresses.load({ only: true });
    const moved = u1.addresses.at(0);
    if (moved === undefined) throw new Error('no address');
    u2.addresses.add(moved);
    expect([u1.addresses.length, moved.user.value]).toEqual([1, u2]);
    await s.commit();
    expect(await rows('SELECT user_id FROM addresses WHERE id = 11')).toEqual([[2]]);
    expect((await u2.addresses.load()).length).toBe(3);
    await s.close();
  });

  it('follows a key that was set by hand', async () => {
    await seed();
    const s = db()();
    const address = await s.getOne(Address, 11);
    expect((await address.user.load())?.id).toBe(1);
    address.userId = 2;
    expect((await address.user.load())?.id).toBe(2);
    address.userId = null;
    expect(address.user.value).toBeNull();
    await s.close();
  });

  it('merges an object onto the one of its row (53)', async () => {
    await seed(1);
    const s = db()();
    const given = new User({ id: 1, name: 'renamed' });
    const m = await s.merge(given);
    expect(taken()).toEqual(['SELECT users']);
    expect([m === given, inspect(given).status, m.name]).toEqual([false, 'transient', 'renamed']);
    await s.commit();
    expect(taken()).toEqual(['UPDATE users']);
    expect(await rows('SELECT id FROM addresses WHERE user_id = 1 ORDER BY id')).toEqual([[11], [12]]);
    await s.close();

    const fresh = db()();
    const graph = new User({
      id: 1,
      addresses: [new Address({ id: 11, email: 'a11' }), new Address({ id: 3, email: 'x' })],
    });
    await fresh.merge(graph);
    expect(taken()).toEqual(['SELECT users', 'SELECT addresses', 'SELECT addresses']);
    await fresh.commit();
    expect(taken()).toEqual(['UPDATE addresses', 'INSERT addresses']);
    expect(await rows('SELECT id, user_id FROM addresses ORDER BY id')).toEqual([
      [3, 1],
      [11, 1],
      [12, null],
    ]);
    await fresh.close();
  });

  it('merges an object without a row into a new one (54)', async () => {
    const s = db()();
    const known = await s.merge(new User({ id: 5, name: 'x' }));
    expect([taken(), inspect(known).status]).toEqual([['SELECT users'], 'pending']);
    const unknown = await s.merge(new User({ name: 'y' }));
    expect([taken(), inspect(unknown).status]).toEqual([[], 'pending']);
    await s.flush();
    expect(taken()).toEqual(['INSERT users', 'INSERT users']);
    expect([known.id, unknown.name, s.has(unknown)]).toEqual([5, 'y', true]);
    await s.close();
  });

  it('merges without loading what has no changes (55)', async () => {
    await seed(1);
    const detached = await db().begin((s) => s.getOne(User, 1));
    const s = db()();
    taken();
    const m = await s.merge(detached, { load: false });
    expect([m.name, inspect(m).status, s.dirty, taken()]).toEqual(['u1', 'persistent', [], []]);
    detached.name = 'dirty';
    await expect(s.merge(detached, { load: false })).rejects.toMatchObject({ code: 'ALUDEL_OBJECT_STATE' });
    await s.close();
  });
});
