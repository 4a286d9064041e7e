import { beforeEach, describe, expect, it } from 'vitest';
import { alias, exists, fn, joined, type Select, select, selectin, type Session, sql } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Tag, Ticket, User } from '../models.js';

describe.each(dialects)('$name', (dialect) => {
  const { name } = dialect;
  const { db, sent } = useDatabase(dialect, Base);
  const day = (n: number): Date => new Date(Date.UTC(2026, 0, n));

  beforeEach(async () => {
    await db().begin(async (s) => {
      const ann = new User({ id: 1, name: 'Ann' });
      const bob = new User({ id: 2, name: 'Bob', boss: ann });
      const tag = new Tag({ id: 1, name: 'late' });
      s.add(ann, bob, new User({ id: 3, name: 'Cy', boss: bob }), tag);
      await s.flush();
      const prices = ['1.00', '2.00', '3.00'];
      for (const [i, price] of prices.entries()) {
        s.add(
          new Ticket({
            id: i + 1,
            title: `t${i + 1}`,
            creatorId: i < 2 ? 1 : 2,
            price,
            createdAt: day(i + 1),
            ...(i === 1 && { tags: [tag] }),
          }),
        );
      }
    });
    sent();
  });

  const all = <T>(query: Select<T>): Promise<T[]> => db().begin((s: Session) => s.all(query));
  const { id, price, creatorId } = Ticket.c;

  it('takes values, lists and existence from queries', async () => {
    const dearest = select(fn.max(price)).scalar();
    expect(await all(select(id).where(price.eq(dearest)))).toEqual([3]);
    const own = select(fn.count()).from(Ticket).where(creatorId.eq(User.c.id)).scalar();
    expect(await all(select(User.c.name, own).orderBy(User.c.id))).toEqual([
      ['Ann', 2],
      ['Bob', 1],
      ['Cy', 0],
    ]);
    expect(await all(select(User.c.id).where(User.c.id.in(select(creatorId).where(price.gt('2.50')))))).toEqual([2]);
    const cheapest = select(creatorId).orderBy(price).limit(1);
    expect(await all(select(User.c.id).where(User.c.id.in(cheapest)))).toEqual([1]);
    const late = exists(select(Ticket).where(creatorId.eq(User.c.id), Ticket.c.tags.any(Tag.c.name.eq('late'))));
    expect(await all(select(User.c.name).where(late))).toEqual(['Ann']);
    const many = exists(select(creatorId).where(creatorId.eq(User.c.id)).groupBy(creatorId).having(fn.count().gt(1)));
    expect(await all(select(User.c.name).where(many.not()).orderBy(User.c.id))).toEqual(['Bob', 'Cy']);
  });

  it('selects from queries, which are read as their columns are', async () => {
    const sums = select({ owner: creatorId, worth: fn.sum(price), last: fn.max(Ticket.c.createdAt) })
      .groupBy(creatorId)
      .as('sums');
    const rows: [string, string | null, Date | null][] = await all(
      select(User.c.name, sums.c.worth, sums.c.last).join(sums, sums.c.owner.eq(User.c.id)).orderBy(User.c.id),
    );
    expect(rows).toEqual([
      ['Ann', '3.00', day(2)],
      ['Bob', '3.00', day(3)],
    ]);
    expect(await all(select(fn.count()).from(sums).where(sums.c.worth.gt('2.00')))).toEqual([2]);
    const newest = alias(Ticket, 'newest', select(Ticket).where(id.gt(1)).orderBy(id.desc()).limit(1));
    const [ticket] = await all(select(newest).where(newest.c.creator.has(User.c.name.eq('Bob'))));
    expect(ticket).toBeInstanceOf(Ticket);
    expect(ticket?.id).toBe(3);
  });

  it('names queries in WITH, once for all that name them, and goes on from their own rows', async () => {
    const dear = select({ id, owner: creatorId }).where(price.gt('1.50')).cte('dear');
    const owners = select({ id: dear.c.owner, n: fn.count() }).groupBy(dear.c.owner).cte('owners');
    const query = select(User.c.name, owners.c.n)
      .join(owners, owners.c.id.eq(User.c.id))
      .where(User.c.id.in(select(dear.c.owner)))
      .orderBy(User.c.id);
    await db().begin(async (s) => {
      expect(await s.all(query)).toEqual([
        ['Ann', 1],
        ['Bob', 1],
      ]);
      expect(sent().map((text) => text.split('"dear"').length + text.split('`dear`').length)).toHaveLength(1);
      expect([await s.count(query), await s.exists(query)]).toEqual([2, true]);
    });
    const team = select({ id: User.c.id, level: sql`0`.readAs('number') })
      .where(User.c.id.eq(1))
      .recursive('team', (above) =>
        select({ level: sql<number>`${above.c.level} + 1`, id: User.c.id }).join(above, User.c.bossId.eq(above.c.id)),
      );
    const levels = select(User.c.name, team.c.level).join(team, team.c.id.eq(User.c.id)).orderBy(team.c.level);
    expect(await all(levels)).toEqual([
      ['Ann', 0],
      ['Bob', 1],
      ['Cy', 2],
    ]);
  });

  it('puts queries together', async () => {
    const one = select({ n: id, t: Ticket.c.title }).where(id.lte(2));
    const two = select({ t: Ticket.c.title, n: id }).where(id.gte(2));
    const order = <T extends { n: number }>(rows: readonly T[]): number[] => rows.map(({ n }) => n);
    expect(order(await all(one.union(two).orderBy(id.desc())))).toEqual([3, 2, 1]);
    expect(order(await all(one.unionAll(two).orderBy(id).limit(3)))).toEqual([1, 2, 2]);
    expect(order(await all(one.intersect(two)))).toEqual([2]);
    expect(order(await all(one.except(two)))).toEqual([1]);
    const limited = two.orderBy(id.desc()).limit(1);
    expect(order(await all(one.except(two).union(limited).orderBy(id)))).toEqual([1, 3]);
    const users = select(User)
      .where(User.c.id.eq(1))
      .unionAll(select(User).where(User.c.id.eq(3)));
    const objects = await all(users.orderBy(User.c.name.desc()));
    expect(objects.map((user) => user.name)).toEqual(['Cy', 'Ann']);
    await db().begin(async (s) => {
      expect([await s.count(users), await s.exists(users), await s.count(one.union(two))]).toEqual([2, true, 3]);
      expect(await s.page(users.orderBy(User.c.id), { limit: 1, offset: 1 })).toMatchObject({
        total: 2,
        items: [{ id: 3 }],
      });
    });
    await db().begin(async (s) => {
      await expect(s.page(users, { limit: 1, after: null })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
      await expect(s.all(users.options(joined(User.c.boss)))).rejects.toThrow('No relation is joined to queries');
      const [cy] = await s.all(users.options(selectin(User.c.boss)).orderBy(User.c.id.desc()));
      expect(cy?.boss.value?.name).toBe('Bob');
    });
    const t = one.union(two).as('t');
    expect(await all(select(fn.sum(t.c.n)))).toEqual([6]);
    expect(() => one.union(two).where(id.eq(1))).toThrow('Queries that are put together have no "where" of their own.');
    await expect(all(one.union(two).orderBy(price))).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });

  it('makes a table for each row where the database can', async () => {
    const last = select({ title: Ticket.c.title })
      .where(creatorId.eq(User.c.id))
      .orderBy(id.desc())
      .limit(1)
      .lateral('last');
    const rows = all(select(User.c.name, last.c.title).crossJoin(last).orderBy(User.c.id));
    if (name === 'postgres' || name === 'mysql') {
      expect(await rows).toEqual([
        ['Ann', 't2'],
        ['Bob', 't3'],
      ]);
    } else await expect(rows).rejects.toMatchObject({ code: 'ALUDEL_OPERATION_UNSUPPORTED' });
  });

  it('takes the first row of each on PostgreSQL', async () => {
    const first = all(select(id).distinctOn(creatorId).orderBy(creatorId, id.desc()));
    if (name === 'postgres') expect(await first).toEqual([2, 3]);
    else await expect(first).rejects.toMatchObject({ code: 'ALUDEL_OPERATION_UNSUPPORTED' });
  });

  it('locks rows, and reads known objects again but for what was changed', async () => {
    await db().begin(async (s) => {
      const ticket = await s.getOne(Ticket, 1);
      await s.execute("UPDATE tickets SET title = 'other', price = 9 WHERE id = 1");
      const locked = select(Ticket).join(Ticket.c.creator).where(id.eq(1));
      await s.all(locked);
      expect(ticket.title).toBe('t1');
      sent();
      await s.all(locked.forUpdate({ of: [Ticket] }));
      const [text] = sent();
      expect(
        text?.endsWith(
          {
            postgres: ' FOR UPDATE OF "tickets"',
            mysql: ' FOR UPDATE OF `tickets`',
            mariadb: ' FOR UPDATE',
            sqlite: '?',
          }[name],
        ),
      ).toBe(true);
      expect([ticket.title, ticket.price]).toEqual(['other', '9.00']);
      await s.all(select(Ticket).forUpdate({ mode: 'share' }));
    });
    if (name === 'sqlite') return;
    await db().begin(async (s) => {
      await s.all(select(Ticket).where(id.eq(1)).forUpdate());
      await db().begin(async (other) => {
        expect(await other.all(select(id).orderBy(id).forUpdate({ wait: 'skipLocked' }))).toEqual([2, 3]);
        await expect(other.all(select(id).where(id.eq(1)).forUpdate({ wait: 'nowait' }))).rejects.toMatchObject({
          code: 'ALUDEL_LOCK_TIMEOUT',
        });
        await other.rollback();
      });
    });
  });

  it('counts tables of a subquery as tied by what it names, and no others', async () => {
    await expect(all(select(User.c.id, id).where(exists(select(Tag))))).rejects.toMatchObject({
      code: 'ALUDEL_CARTESIAN_PRODUCT',
    });
    const t = select({ id }).as('t');
    await expect(all(select(User.c.id, t.c.id))).rejects.toMatchObject({
      message: 'The query takes every row of "users" with every row of "t": no condition ties them.',
    });
    expect(() => select({ ticket: Ticket }).as('t')).toThrow('The subquery "t" would hold objects of "Ticket".');
  });
});
