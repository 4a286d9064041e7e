import { beforeEach, describe, expect, it } from 'vitest';
import {
  declarativeBase,
  deleteFrom,
  fn,
  insert,
  integer,
  joined,
  select,
  selectin,
  subquery,
  update,
  varchar,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Address, Base as UserBase, User } from '../session/users.js';

const Base = declarativeBase();
class T extends Base.table('t', { id: integer().primaryKey(), data: varchar(20), n: integer() }) {}
Base.register(T);

describe.each(dialects)('$name', (dialect) => {
  const canReturn = dialect.name === 'sqlite' || dialect.name === 'postgres';

  describe('statements past the session', () => {
    const { db, rows, taken } = useDatabase(dialect, Base);

    it('inserts many rows that no object stands for (41)', async () => {
      const s = db()();
      const given = ['a', 'b', 'c'].map((data) => ({ data }));
      taken();
      expect((await s.run(insert(T).values(given))).rowCount).toBe(3);
      expect(taken()).toEqual(['INSERT t']);
      expect([s.new, s.dirty]).toEqual([[], []]);
      const found = await s.all(insert(T).values(given).returning(T));
      expect(taken()).toEqual(['INSERT t']);
      expect(found.map((t) => [s.has(t), t.id, t.data])).toEqual([
        [true, 4, 'a'],
        [true, 5, 'b'],
        [true, 6, 'c'],
      ]);
      await s.commit();
      await s.close();
      expect(await rows('SELECT id FROM t ORDER BY id')).toHaveLength(6);
    });

    it('updates and deletes rows by criteria, and objects of the session follow (42)', async () => {
      await db().begin((s) => {
        s.add(...[1, 2, 3].map((n) => new T({ id: n, data: 'D', n })));
        return Promise.resolve();
      });
      const s = db()();
      const all = await s.all(select(T).orderBy(T.c.id));
      taken();
      const { rowCount } = await s.run(
        update(T)
          .where(T.c.n.gt(1))
          .set({ n: T.c.n.plus(10) }),
      );
      // What the objects hold now is for the database to say: no condition means the same in JavaScript.
      expect(taken()).toEqual(canReturn ? ['UPDATE t'] : ['UPDATE t', 'SELECT t']);
      expect([rowCount, all.map(({ n }) => n)]).toEqual([2, [1, 12, 13]]);
      taken();
      await s.run(update(T).where(fn.lower(T.c.data).eq('d')).set({ n: 0 }));
      expect(taken()).toEqual(canReturn ? ['UPDATE t'] : ['SELECT t', 'UPDATE t']);
      expect(all.map(({ n }) => n)).toEqual([0, 0, 0]);
      expect(taken()).toEqual([]);
      await s.run(deleteFrom(T).where(T.c.id.eq(1)));
      expect(taken()).toEqual(['DELETE t']);
      expect(all.map((t) => s.has(t))).toEqual([false, true, true]);
      const [, two, three] = all;
      await s.run(update(T).where(T.c.id.eq(2)).set({ data: 'named' }));
      expect([taken(), two?.data, three?.data]).toEqual([['UPDATE t'], 'named', 'D']);
      await s.execute('DELETE FROM t WHERE id = 3');
      taken();
      await s.run(update(T).where(T.c.id.eq(3)).set({ data: 'gone' }));
      expect([taken(), three?.data]).toEqual([['UPDATE t'], 'D']);
      await s.run(update(T).where(T.c.id.eq(2)).set({ data: 'named' }));
      expect(two?.data).toBe('named');
      await s.close();
    });
  });

  describe('loading', () => {
    const { db, taken } = useDatabase(dialect, UserBase);

    beforeEach(async () => {
      await db().begin((s) => {
        for (const id of [1, 2, 3]) {
          const user = new User({ id, name: `u${id}` });
          s.add(user, ...[0, 1].map((i) => new Address({ id: id * 2 + i, email: `${id}.${i}`, user })));
        }
        return Promise.resolve();
      });
      taken();
    });

    it('mixes a join with a statement of its own on the way (60)', async () => {
      const query = select(Address)
        .orderBy(Address.c.id)
        .options(joined(Address.c.user, selectin(User.c.addresses)));
      await db().begin(async (s) => {
        const found = await s.all(query);
        expect(taken()).toEqual(['SELECT addresses', 'SELECT addresses']);
        expect(found.map(({ user }) => user.value?.addresses.map(({ id }) => id))).toEqual([
          [2, 3],
          [2, 3],
          [4, 5],
          [4, 5],
          [6, 7],
          [6, 7],
        ]);
      });
      expect(taken()).toEqual([]);
    });

    it('loads a collection by the query again (61)', async () => {
      const query = select(User).where(User.c.id.lt(3)).orderBy(User.c.id).options(subquery(User.c.addresses));
      await db().begin(async (s) => {
        const found = await s.all(query);
        expect(taken()).toEqual(['SELECT users', 'SELECT addresses']);
        expect(found.map(({ addresses }) => addresses.map(({ id }) => id))).toEqual([
          [2, 3],
          [4, 5],
        ]);
      });
    });
  });
});
