/** Cases of `unit-of-work.md` about the life of objects and of the session. */
import { describe, expect, it } from 'vitest';
import {
  inspect,
  NotLoadedError,
  RollbackNeededError,
  RowCountError,
  select,
  testSession,
  UniqueViolationError,
  UnsavedChangesError,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';
import { Address, Base, User } from './users.js';

describe.each(dialects)('$name', (dialect) => {
  const { all, db, engine, taken, rows } = useDatabase(dialect, Base);

  async function seed(...ids: number[]): Promise<void> {
    await db().begin(async (s) => s.add(...ids.map((id) => new User({ name: `u${id}` }))));
    taken();
  }

  it('leads an object through its five states (43)', async () => {
    const s = db()();
    const t = new User({ name: 'x' });
    const states: string[] = [];
    const note = (): void => void states.push(inspect(t).status);
    note();
    s.add(t);
    note();
    expect(s.new).toEqual([t]);
    await s.flush();
    note();
    s.delete(t);
    note();
    expect(s.deleted).toEqual([t]);
    await s.flush();
    note();
    expect([s.deleted, s.has(t)]).toEqual([[], false]);
    await s.commit();
    note();
    expect(states).toEqual(['transient', 'pending', 'persistent', 'persistent', 'deleted', 'detached']);
    const [kept, pending] = [new User({ name: 'y' }), new User({ name: 'z' })];
    s.add(kept);
    await s.commit();
    s.add(pending);
    s.expunge(kept, pending);
    expect([inspect(kept).status, inspect(pending).status]).toEqual(['detached', 'transient']);
    await s.close();
  });

  it('opens no connection for what uses it behind its function', async () => {
    const off: (() => void)[] = [];
    const used: unknown[] = [];
    for (const event of ['checkout', 'checkin'] as const) off.push(engine().on(event, () => void used.push(event)));
    const kept = await db().begin(async (s) => {
      s.add(new User({ name: 'x' }));
      return s;
    });
    const over = { code: 'ALUDEL_OBJECT_STATE', message: expect.stringContaining('The session is over') };
    await expect(kept.all(select(User))).rejects.toMatchObject(over);
    kept.add(new User({ name: 'y' }));
    await expect(kept.commit()).rejects.toMatchObject(over);
    await kept.close();
    expect(used).toEqual(['checkout', 'checkin']);
    for (const stop of off) stop();
    expect(await db().begin((s) => s.count(select(User)))).toBe(1);
  });

  it('restores objects when it rolls back (43)', async () => {
    await seed(1, 2);
    const s = db()();
    const [u1, u2] = await s.all(select(User).orderBy(User.c.id));
    if (u1 === undefined || u2 === undefined) throw new Error('no users');
    await u1.addresses.load();
    const added = new User({ name: 'new', addresses: [new Address({ email: 'n' })] });
    const a = new Address({ email: 'a' });
    s.add(added);
    u1.name = 'changed';
    u1.addresses.add(a);
    s.delete(u2);
    await s.flush();
    await s.rollback();
    expect([added, u1, u2, a].map((o) => inspect(o).status)).toEqual([
      'transient',
      'persistent',
      'persistent',
      'transient',
    ]);
    expect([added.id, added.name, u1.name, u1.addresses.length, a.userId]).toEqual([undefined, 'new', 'u1', 0, null]);
    expect(s.dirty).toEqual([]);
    s.add(added);
    await s.commit();
    expect(await rows('SELECT name FROM users WHERE id < 3 ORDER BY id')).toEqual([['u1'], ['u2']]);
    expect(await rows('SELECT email FROM addresses')).toEqual([['n']]);
  });

  it('holds one object for each row (44)', async () => {
    await seed(1);
    const s = db()();
    const a = await s.getOne(User, 1);
    expect(await s.get(User, 1)).toBe(a);
    expect(await s.one(select(User).where(User.c.id.eq(1)))).toBe(a);
    expect(taken()).toEqual(['SELECT users', 'SELECT users']);
    await s.execute(`UPDATE users SET name = 'behind'`);
    await s.all(select(User));
    expect(a.name).toBe('u1');
    await s.all(select(User), { refresh: true });
    expect(a.name).toBe('behind');
    const quiet = db()({ autoflush: false, mode: 'deferred' });
    const b = await quiet.getOne(User, 1);
    b.name = 'dirty';
    taken();
    await quiet.all(select(User).where(User.c.id.eq(1)));
    expect([b.name, taken()]).toEqual(['dirty', ['SELECT users']]);
    await quiet.all(select(User).where(User.c.id.eq(1)), { refresh: true });
    expect([b.name, taken(), quiet.dirty]).toEqual(['u1', ['SELECT users'], []]);
    await quiet.close();
    expect(await s.get(User, 99)).toBeNull();
    await expect(s.getOne(User, 99)).rejects.toThrow(RowCountError);
    await expect(s.one(select(User).where(User.c.id.eq(99)))).rejects.toThrow(RowCountError);
    await s.close();
  });

  it('keeps what is loaded at a commit, unless it is told to forget (45)', async () => {
    await seed(1);
    const s = db()({ expireOnCommit: true });
    const t = await s.getOne(User, 1);
    await s.commit();
    expect(() => t.name).toThrow(NotLoadedError);
    taken();
    await s.refresh(t);
    expect([t.name, taken()]).toEqual(['u1', ['SELECT users']]);
    expect([t.name, t.id, taken()]).toEqual(['u1', 1, []]);
    await s.commit();
    await s.close();
    expect(() => t.name).toThrow('Column "name" of User 1 is not loaded.');
    const other = db()();
    const kept = await other.getOne(User, 1);
    await other.commit();
    taken();
    expect([kept.name, taken()]).toEqual(['u1', []]);
    await other.close();
  });

  it('expires and refreshes columns (46)', async () => {
    await seed(1);
    const s = db()();
    const t = await s.getOne(User, 1);
    t.name = 'dirty';
    s.expire(t);
    await s.refresh(t);
    expect(t.name).toBe('u1');
    s.expire(t);
    taken();
    t.name = 'set';
    await s.flush();
    expect(taken()).toEqual(['UPDATE users']);
    t.name = 'zz';
    await expect(s.refresh(t)).rejects.toThrow(UnsavedChangesError);
    await s.refresh(t, undefined, { discard: true });
    expect(t.name).toBe('set');
    const address = new Address({ id: 1, email: 'a', user: t });
    s.add(address);
    await s.flush();
    s.expire(address, ['userId']);
    taken();
    expect([address.email, taken()]).toEqual(['a', []]);
    expect(() => address.userId).toThrow(NotLoadedError);
    await s.refresh(address, ['userId']);
    expect([address.userId, taken()]).toEqual([1, ['SELECT addresses']]);
    address.userId = null;
    await s.refresh(address, ['email']);
    expect((await s.execute('SELECT user_id FROM addresses')).rows).toEqual([{ user_id: null }]);
    t.name = 'kept';
    await s.refresh(t, ['addresses']);
    expect(t.addresses.length).toBe(0);
    await s.execute(`DELETE FROM users`);
    await expect(s.refresh(t)).rejects.toThrow('The row of User 1 is gone.');
    await s.close();
  });

  it('wants a rollback after a flush that failed (48)', async () => {
    await seed(1);
    const s = db()();
    s.add(new User({ id: 2, name: 'two' }));
    await s.flush();
    const b = new User({ id: 1, name: 'again' });
    s.add(b);
    taken();
    const failure: unknown = await s.flush().catch((error: unknown) => error);
    expect(taken()).toEqual(['INSERT users']);
    const refused: unknown = await s.get(User, 7).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RollbackNeededError);
    expect(refused).toMatchObject({ cause: failure });
    await s.rollback();
    expect(inspect(b).status).toBe('transient');
    expect((await s.all(select(User))).map((user) => user.id)).toEqual([1]);
    await s.close();
  });

  it('names both statements when the flush before a query fails', async () => {
    await seed(1);
    const s = db()();
    s.add(new User({ id: 1, name: 'again' }));
    await expect(s.all(select(User))).rejects.toThrow('(in the flush before a query for "User")');
    await s.close();
  });

  it('goes back to a savepoint, both sides of a relation included', async () => {
    await seed(1);
    const s = db()();
    const u = await s.getOne(User, 1);
    await u.addresses.load();
    u.addresses.add(new Address({ email: 'before' }));
    const inside = new Address({ email: 'inside' });
    await expect(
      s.nested(async () => {
        u.addresses.add(inside);
        u.name = 'inside';
        await s.flush();
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect([u.name, u.addresses.map((a) => a.email), inspect(inside).status, inside.user.value]).toEqual([
      'u1',
      ['before'],
      'transient',
      null,
    ]);
    await s.nested(async () => void u.addresses.add(new Address({ email: 'after' })));
    await s.commit();
    expect(await rows('SELECT email FROM addresses ORDER BY email')).toEqual([['after'], ['before']]);
  });

  it('recovers in a savepoint from a flush that failed', async () => {
    await seed(1);
    const s = db()();
    s.add(new User({ id: 2, name: 'two' }));
    await expect(s.nested(async () => s.add(new User({ id: 1, name: 'again' })))).rejects.toBeInstanceOf(
      UniqueViolationError,
    );
    await s.commit();
    expect(await rows('SELECT id FROM users ORDER BY id')).toEqual([[1], [2]]);
  });

  it('joins the transaction of a test, which is undone at its end (51)', async () => {
    const test = await testSession(engine());
    const s = test.session;
    all();
    s.add(new User({ id: 1, name: 'a' }));
    await s.commit();
    const words = (): string[] => all().map((sql) => sql.split(/ \w*aludel|["`]/)[0]?.trim() ?? sql);
    expect(words()).toEqual(['SAVEPOINT', 'INSERT INTO', 'RELEASE SAVEPOINT']);
    s.add(new User({ id: 2, name: 'b' }));
    await s.flush();
    await s.rollback();
    // Released too: what stays open is one level more for every savepoint behind it.
    expect(words()).toEqual(['SAVEPOINT', 'INSERT INTO', 'ROLLBACK TO SAVEPOINT', 'RELEASE SAVEPOINT']);
    expect((await s.all(select(User))).map((user) => user.id)).toEqual([1]);
    await test.rollback();
    expect(await rows('SELECT id FROM users')).toEqual([]);
  });

  it('refuses objects of others (52)', async () => {
    await seed(1);
    const [s1, s2] = [db()({ mode: 'deferred' }), db()({ mode: 'deferred' })];
    const t = await s1.getOne(User, 1);
    const detached = await db().begin((s) => s.getOne(User, 1), { mode: 'deferred' });
    const stranger = new User({ name: 'x' });
    const refused: [() => unknown, string][] = [
      [() => s2.add(t), 'User 1 belongs to another session.'],
      [() => s1.add(detached), 'User 1 stands for a row that another object of this session stands for.'],
      [() => s2.delete(stranger), 'User is not persistent in this session.'],
    ];
    for (const [act, message] of refused) {
      expect(act).toThrow(expect.objectContaining({ code: 'ALUDEL_OBJECT_STATE', message }));
    }
    await expect(s2.refresh(stranger)).rejects.toMatchObject({ code: 'ALUDEL_OBJECT_STATE' });
    await Promise.all([s1.close(), s2.close()]);
  });

  it('knows the session of the request', async () => {
    const maker = db();
    expect(() => maker.current()).toThrow('There is no current session here.');
    const save = async (name: string): Promise<void> => {
      maker.current().add(new User({ name }));
    };
    await Promise.all(['a', 'b'].map((name) => maker.run(async () => save(name))));
    expect(await rows('SELECT name FROM users ORDER BY name')).toEqual([['a'], ['b']]);
  });

  it('takes calls at the same time', async () => {
    const s = db()();
    s.add(...Array.from({ length: 5 }, (_, i) => new User({ id: i + 1, name: 'x' })));
    const found = await Promise.all([1, 2, 3, 4, 5].map((id) => s.getOne(User, id)));
    expect(found.map((user) => user.id)).toEqual([1, 2, 3, 4, 5]);
    await s.close();
  });
});
