/** Cases of `unit-of-work.md` about orphans, cascades and unique values that move. */
import { describe, expect, it } from 'vitest';
import { declarativeBase, inspect, integer, many, maybeOne, NotNullViolationError, select, varchar } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class User extends Base.table(
  'users',
  { id: integer().primaryKey(), name: varchar(50) },
  {
    get addresses() {
      return many(Address, { inverse: 'user', cascade: 'all, delete-orphan' });
    },
    get notes() {
      return many(Note, { inverse: 'user', cascade: 'all, delete-orphan' });
    },
    get profile() {
      return maybeOne(Profile, { inverse: 'user', cascade: 'all, delete-orphan' });
    },
  },
) {}

class Address extends Base.table(
  'addresses',
  { id: integer().primaryKey(), email: varchar(50), userId: integer().references('users.id') },
  {
    get user() {
      return maybeOne(User, { inverse: 'addresses' });
    },
  },
) {}

/** Deleted by the database. */
class Note extends Base.table(
  'notes',
  { id: integer().primaryKey(), userId: integer().notNull().references('users.id', { onDelete: 'cascade' }) },
  {
    get user() {
      return maybeOne(User, { inverse: 'notes' });
    },
  },
) {}

class Profile extends Base.table(
  'profiles',
  { id: integer().primaryKey(), userId: integer().notNull().references('users.id').unique() },
  {
    get user() {
      return maybeOne(User, { inverse: 'profile' });
    },
  },
) {}

class Slot extends Base.table('slots', { id: integer().primaryKey(), code: varchar(40).notNull().unique() }) {}
Base.register(User, Address, Note, Profile, Slot);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);

  async function seed(): Promise<void> {
    await db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'u1' }), new User({ id: 2, name: 'u2' }));
      s.add(...[1, 2, 3].map((id) => new Address({ id, email: `a${id}`, userId: 1 })));
    });
  }

  it('deletes what is taken out of its collection, and keeps what is moved (6)', async () => {
    await seed();
    const s = db()();
    const [u1, u2] = [await s.getOne(User, 1), await s.getOne(User, 2)];
    const [a1, a2] = [await s.getOne(Address, 1), await s.getOne(Address, 2)];
    await u1.addresses.load();
    await u2.addresses.load();
    taken();
    u1.addresses.remove(a1);
    await s.flush();
    expect(taken()).toEqual(['DELETE addresses']);
    expect(inspect(a1).status).toBe('deleted');
    u1.addresses.remove(a2);
    u2.addresses.add(a2);
    await s.flush();
    expect(taken()).toEqual(['UPDATE addresses']);
    expect([a2.userId, inspect(a2).status]).toEqual([2, 'persistent']);
    await s.close();
  });

  it('does not cut a move in two by an autoflush (6, better than the original)', async () => {
    await seed();
    const s = db()();
    const [u1, u2] = [await s.getOne(User, 1), await s.getOne(User, 2)];
    const a3 = await s.getOne(Address, 3);
    await u1.addresses.load({ only: true });
    taken();
    u1.addresses.remove(a3);
    await u2.addresses.load();
    u2.addresses.add(a3);
    await s.commit();
    expect(taken()).toEqual(['SELECT addresses', 'UPDATE addresses']);
    expect(await rows('SELECT user_id FROM addresses WHERE id = 3')).toEqual([[2]]);
  });

  it('deletes the orphan at last when it is not taken in anywhere', async () => {
    await seed();
    const s = db()();
    const u1 = await s.getOne(User, 1);
    const a3 = await s.getOne(Address, 3);
    await u1.addresses.load();
    u1.addresses.remove(a3);
    await s.all(select(User));
    expect(inspect(a3).status).toBe('persistent');
    await s.commit();
    expect(await rows('SELECT id FROM addresses ORDER BY id')).toEqual([[1], [2]]);
  });

  it('never inserts a new child that was removed again (7)', async () => {
    const s = db()();
    const [u, a] = [new User({ name: 'u' }), new Address({ email: 'a' })];
    s.add(u);
    u.addresses.add(a);
    expect(inspect(a).status).toBe('pending');
    u.addresses.remove(a);
    expect([inspect(a).status, s.has(a)]).toEqual(['transient', false]);
    await s.flush();
    expect(taken()).toEqual(['INSERT users']);
    u.addresses.add(a);
    expect(inspect(a).status).toBe('pending');
    u.addresses.remove(a);
    await s.flush();
    expect([inspect(a).status, taken()]).toEqual(['transient', []]);
    await s.close();
  });

  it('tries to insert a child that never had a parent (8)', async () => {
    const s = db()();
    s.add(new Note({ userId: undefined as never }), new Profile({ userId: undefined as never }));
    await expect(s.flush()).rejects.toBeInstanceOf(NotNullViolationError);
    expect(taken()).toEqual(['INSERT notes']);
    await expect(s.get(User, 1)).rejects.toMatchObject({ code: 'ALUDEL_ROLLBACK_NEEDED' });
    await s.close();
  });

  it('leaves children to ON DELETE CASCADE, loaded or not (28, 29)', async () => {
    await db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'u' }), new User({ id: 2, name: 'v' }));
      s.add(...[1, 2, 3, 4].map((id) => new Note({ id, userId: id < 3 ? 1 : 2 })));
    });
    const s = db()();
    const [u, v] = [await s.getOne(User, 1), await s.getOne(User, 2)];
    await Promise.all([u.addresses.load(), u.profile.load(), v.addresses.load(), v.profile.load()]);
    await v.notes.load({ only: true });
    const note = v.notes.at(0);
    taken();
    s.delete(u);
    await s.flush();
    expect(taken()).toEqual(['DELETE users']);
    s.delete(v);
    await s.commit();
    expect(taken()).toEqual(['DELETE users']);
    expect(inspect(note ?? v).status).toBe('detached');
    expect(await rows('SELECT id FROM notes')).toEqual([]);
  });

  it('replaces the one object of a relation, unique key or not (30, better than the original)', async () => {
    await db().begin(async (s) => s.add(new User({ id: 1, name: 'u', profile: new Profile({ id: 1, userId: 1 }) })));
    const s = db()();
    const u = await s.getOne(User, 1);
    const old = await u.profile.load();
    taken();
    u.profile.set(new Profile({ id: 2, userId: 0 }));
    await s.commit();
    expect(taken()).toEqual(['DELETE profiles', 'INSERT profiles']);
    expect(inspect(old ?? u).status).toBe('detached');
    expect(await rows('SELECT id, user_id FROM profiles')).toEqual([[2, 1]]);
  });

  it('replaces the one object that was never loaded', async () => {
    await db().begin(async (s) => s.add(new User({ id: 1, name: 'u', profile: new Profile({ id: 1, userId: 1 }) })));
    await db().begin(async (s) => (await s.getOne(User, 1)).profile.set(new Profile({ id: 2, userId: 0 })));
    expect(await rows('SELECT id, user_id FROM profiles')).toEqual([[2, 1]]);
  });

  it('hands a unique value from a deleted row to a new one, along a chain, and in a swap', async () => {
    await db().begin(async (s) => s.add(...['a', 'b', 'c', 'd'].map((code, i) => new Slot({ id: i + 1, code }))));
    const s = db()();
    const slots = await s.all(select(Slot).orderBy(Slot.c.id));
    const [a, b, c, d] = slots;
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no slots');
    s.delete(d);
    [a.code, b.code] = ['b', 'a'];
    c.code = 'd';
    s.add(new Slot({ id: 9, code: 'c' }));
    await s.commit();
    expect(await rows('SELECT id, code FROM slots ORDER BY id')).toEqual([
      [1, 'b'],
      [2, 'a'],
      [3, 'd'],
      [9, 'c'],
    ]);
  });
});
