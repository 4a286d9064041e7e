import { describe, expect, it } from 'vitest';
import { inspect, select } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';
import { Address, Base, Item, Keyword, Node, User } from './users.js';

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);
  const isSqlite = dialect.name === 'sqlite';
  const each = (count: number): number => (isSqlite ? count : 1);
  const times = (statement: string, count: number): string[] => Array.from({ length: count }, () => statement);

  it('inserts a parent, then its children, with the key of the parent (case 1)', async () => {
    const u = new User({ name: 'u' });
    const [a1, a2] = [new Address({ email: 'a1' }), new Address({ email: 'a2' })];
    a1.user.set(u);
    a2.user.set(u);
    expect([u, a1, a2].map((o) => inspect(o).status)).toEqual(['transient', 'transient', 'transient']);
    expect([...u.addresses]).toEqual([a1, a2]);
    const s = db()();
    s.add(u);
    await s.flush();
    expect(taken()).toEqual(['INSERT users', ...times('INSERT addresses', each(2))]);
    await s.flush();
    expect(taken()).toEqual([]);
    expect([inspect(a1).status, inspect(a2).status, a1.userId]).toEqual(['persistent', 'persistent', u.id]);
    await s.commit();
    expect(await rows('SELECT id, email, user_id FROM addresses ORDER BY id')).toEqual([
      [1, 'a1', 1],
      [2, 'a2', 1],
    ]);
  });

  it('inserts children that were added first after their parent (case 2)', async () => {
    const u = new User({ name: 'u' });
    const s = db()();
    s.add(new Address({ email: 'a1', user: u }), new Address({ email: 'a2', user: u }));
    await s.flush();
    expect(taken()).toEqual(['INSERT users', ...times('INSERT addresses', each(2))]);
    expect(s.has(u)).toBe(true);
    await s.close();
  });

  it('inserts a tree level by level (case 9)', async () => {
    const [n4, n5] = [new Node({ data: 'n4' }), new Node({ data: 'n5' })];
    const [n2, n3] = [new Node({ data: 'n2', children: [n4] }), new Node({ data: 'n3', children: [n5] })];
    const n1 = new Node({ data: 'n1', children: [n2, n3] });
    const s = db()();
    s.add(n1);
    await s.flush();
    expect(taken()).toEqual(times('INSERT nodes', isSqlite ? 5 : 3));
    const ids = [n1, n2, n3, n4, n5].map((n) => n.id);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    await s.close();
  });

  it('writes association rows after both ends (case 15)', async () => {
    const [k1, k2, k3] = [new Keyword({ name: 'k1' }), new Keyword({ name: 'k2' }), new Keyword({ name: 'k3' })];
    const [i1, i2] = [new Item({ name: 'i1', keywords: [k1, k2] }), new Item({ name: 'i2', keywords: [k2, k3] })];
    const s = db()();
    s.add(i1, i2);
    await s.flush();
    const expected = [...times('INSERT items', each(2)), ...times('INSERT keywords', each(3)), 'INSERT item_keywords'];
    expect(taken()).toEqual(expected);
    i1.keywords.remove(k1);
    i1.keywords.add(k3);
    await s.flush();
    expect(taken()).toEqual(['DELETE item_keywords', 'INSERT item_keywords']);
    s.delete(i1);
    await s.flush();
    expect(taken()).toEqual(['DELETE item_keywords', 'DELETE items']);
    await s.commit();
    expect(await rows('SELECT count(*) FROM keywords')).toEqual([[expect.anything()]]);
  });

  it('updates what changed and nothing else, in the order of keys (case 23)', async () => {
    const s = db()();
    s.add(...[1, 2, 3].map((id) => new User({ id, name: 'a' })));
    await s.commit();
    taken();
    const users = await s.all(select(User).orderBy(User.c.id.desc()));
    users.forEach((user, i) => (user.name = `b${i}`));
    expect(s.dirty.length).toBe(3);
    await s.commit();
    expect(taken()).toEqual(['SELECT users', 'UPDATE users']);
    expect(await rows('SELECT name FROM users ORDER BY id')).toEqual([['b2'], ['b1'], ['b0']]);
  });
});
