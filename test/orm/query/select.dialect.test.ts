import { beforeEach, describe, expect, it } from 'vitest';
import { alias, and, type Condition, type Expr, fn, type Ordering, not, or, select, type Session, sql } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Tag, Ticket, ticketTags, User } from '../models.js';

describe.each(dialects)('$name', (dialect) => {
  const { db, sent } = useDatabase(dialect, Base);
  const day = (n: number): Date => new Date(Date.UTC(2026, 0, n, 12, 30, 15));

  beforeEach(async () => {
    await db().begin(async (s) => {
      const ann = new User({ id: 1, name: 'Ann', isStaff: true });
      const bob = new User({ id: 2, name: 'Bob', boss: ann });
      s.add(ann, bob, new User({ id: 3, name: 'Cy', boss: ann }));
      await s.flush();
      const [urgent, late] = [new Tag({ id: 1, name: 'urgent' }), new Tag({ id: 2, name: 'late' })];
      s.add(
        new Ticket({
          id: 1,
          title: '100% broken',
          creatorId: 1,
          assigneeId: 2,
          createdAt: day(1),
          price: '1.10',
          tags: [urgent, late],
        }),
        new Ticket({
          id: 2,
          title: 'Under_score',
          creatorId: 1,
          createdAt: day(2),
          price: '2.20',
          views: 9007199254740993n,
        }),
        new Ticket({
          id: 3,
          title: 'wow!',
          creatorId: 2,
          status: 'closed',
          createdAt: day(3),
          resolvedAt: day(4),
          tags: [late],
        }),
      );
    });
    sent();
  });

  const read = <T>(task: (s: Session) => Promise<T>): Promise<T> => db().begin(task);
  const ids = (...conditions: readonly Condition[]): Promise<number[]> =>
    read((s) =>
      s.all(
        select(Ticket.c.id)
          .where(...conditions)
          .orderBy(Ticket.c.id),
      ),
    );

  it('gives values, arrays and objects as the columns are read', async () => {
    await read(async (s) => {
      expect(await s.all(select(Ticket.c.createdAt).orderBy(Ticket.c.id))).toEqual([day(1), day(2), day(3)]);
      const row = await s.one(
        select(Ticket.c.id, Ticket.c.views, Ticket.c.price, Ticket.c.labels, Ticket.c.resolvedAt).where(
          Ticket.c.id.eq(2),
        ),
      );
      expect(row).toEqual([2, 9007199254740993n, '2.20', [], null]);
      const user = await s.one(select({ name: User.c.name, isStaff: User.c.isStaff }).where(User.c.id.eq(1)));
      expect(user).toEqual({ name: 'Ann', isStaff: true });
      expect(await s.one(select(User.c.id.eq(1)).where(User.c.id.eq(1)))).toBe(true);
      expect(await s.one(select(Ticket.c.id.readAs(Ticket.c.price)).where(Ticket.c.id.eq(1)))).toBe('1.00');
      expect(await s.one(select({ asked: fn.now() }))).toEqual({ asked: expect.any(Date) });
    });
  });

  it('gives objects of several models in a row, each row of a table once', async () => {
    await read(async (s) => {
      const rows = await s.all(select(Ticket, User).join(Ticket.c.creator).orderBy(Ticket.c.id));
      expect(rows.map(([ticket, user]) => [ticket.id, user.name])).toEqual([
        [1, 'Ann'],
        [2, 'Ann'],
        [3, 'Bob'],
      ]);
      expect(rows[0]?.[1]).toBe(rows[1]?.[1]);
      expect(rows[0]?.[0].creator.value).toBe(rows[0]?.[1]);
      const open = await s.all(
        select({ ticket: Ticket, who: User })
          .leftJoin(Ticket.c.assignee)
          .where(Ticket.c.status.eq('open'))
          .orderBy(Ticket.c.id),
      );
      expect(open.map(({ ticket, who }) => [ticket.title, who?.name ?? null])).toEqual([
        ['100% broken', 'Bob'],
        ['Under_score', null],
      ]);
    });
  });

  it('compares', async () => {
    const { id, title, createdAt, assigneeId, creatorId } = Ticket.c;
    expect(await ids(id.between(2, 3))).toEqual([2, 3]);
    expect(await ids(createdAt.between(day(1), day(2)))).toEqual([1, 2]);
    expect(await ids(id.in([1, 3]))).toEqual([1, 3]);
    expect(await ids(id.in([]))).toEqual([]);
    expect(await ids(id.notIn([1]))).toEqual([2, 3]);
    expect(await ids(assigneeId.isNull())).toEqual([2, 3]);
    expect(await ids(creatorId.eq(assigneeId))).toEqual([]);
    expect(await ids(title.like('Under%'))).toEqual([2]);
    expect(await ids(title.ilike('UNDER%'))).toEqual([2]);
    expect(await ids(or(id.eq(1), and(id.gt(1), not(id.eq(2)))))).toEqual([1, 3]);
    expect(await ids(or(id.eq(1), id.eq(2)), undefined, false, id.gt(1))).toEqual([2]);
    expect(await ids(and(), or(undefined))).toEqual([1, 2, 3]);
    expect(await ids(sql<boolean>`${id} = ${2}`)).toEqual([2]);
  });

  it('takes the characters of patterns as themselves', async () => {
    const { title } = Ticket.c;
    expect(await ids(title.contains('%'))).toEqual([1]);
    expect(await ids(title.contains('_'))).toEqual([2]);
    expect(await ids(title.endsWith('!'))).toEqual([3]);
    expect(await ids(title.startsWith('100%'))).toEqual([1]);
    expect(await ids(title.contains('SCORE', { insensitive: true }))).toEqual([2]);
    expect(await ids(title.contains('\\'))).toEqual([]);
  });

  it('asks related objects without repeating a row', async () => {
    expect(await ids(Ticket.c.tags.any())).toEqual([1, 3]);
    expect(await ids(Ticket.c.tags.any(Tag.c.name.in(['urgent', 'late'])))).toEqual([1, 3]);
    expect(await ids(Ticket.c.tags.any(Tag.c.name.eq('urgent')).not())).toEqual([2, 3]);
    expect(await ids(Ticket.c.creator.has(User.c.boss.has(User.c.name.eq('Ann'))))).toEqual([3]);
    expect(await ids(Ticket.c.creator.has(or(User.c.id.eq(1), User.c.id.eq(2))), Ticket.c.id.lt(3))).toEqual([1, 2]);
    const staff = await read((s) => s.all(select(User.c.name).where(User.c.team.any(User.c.created.any()))));
    expect(staff).toEqual(['Ann']);
  });

  it('groups, with the same expression in several places', async () => {
    await read(async (s) => {
      const perUser = await s.all(
        select(User.c.name, fn.count(Ticket.c.id), fn.sum(Ticket.c.price), fn.max(Ticket.c.createdAt))
          .leftJoin(User.c.created)
          .groupBy(User.c.id, User.c.name)
          .orderBy(User.c.id),
      );
      expect(perUser).toEqual([
        ['Ann', 2, '3.30', day(2)],
        ['Bob', 1, '0.00', day(3)],
        ['Cy', 0, null, null],
      ]);
      const mood = fn.coalesce(Ticket.c.assigneeId, 0);
      const total = fn.count();
      const moods = select({ mood, total }).groupBy(mood).having(total.gte(1)).orderBy(total.desc(), mood);
      expect(await s.all(moods)).toEqual([
        { mood: 0, total: 2 },
        { mood: 2, total: 1 },
      ]);
      const all = select({
        n: fn.count(),
        d: fn.count(Ticket.c.status, { distinct: true }),
        a: fn.avg(Ticket.c.id),
        v: fn.sum(Ticket.c.views),
        s: fn.sum(Ticket.c.id),
      });
      expect(await s.one(all)).toEqual({ n: 3, d: 2, a: 2, v: 9007199254740993n, s: 6 });
      expect(await s.one(select(fn.avg(Ticket.c.id)).where(Ticket.c.id.gt(9)))).toBeNull();
      expect(await s.one(select(fn.count()).from(Ticket))).toBe(3);
      expect(await s.one(select(fn.coalesce(fn.max(Ticket.c.id), 0)).where(Ticket.c.id.gt(9)))).toBe(0);
      expect(
        await s.one(
          select(fn.upper(User.c.name), fn.call('length', User.c.name).readAs('number')).where(User.c.id.eq(1)),
        ),
      ).toEqual(['ANN', 3]);
    });
  });

  it('joins a table with itself, an association table, and by a condition', async () => {
    const boss = alias(User, 'boss');
    await read(async (s) => {
      const rows = await s.all(
        select(User.c.name, boss.c.name.orNull()).leftJoin(User.c.boss, boss).orderBy(User.c.id),
      );
      expect(rows).toEqual([
        ['Ann', null],
        ['Bob', 'Ann'],
        ['Cy', 'Ann'],
      ]);
      const pairs = await s.all(
        select(User, boss).join(boss, User.c.bossId.eq(boss.c.id)).where(boss.c.created.any()).orderBy(User.c.id),
      );
      expect(pairs.map(([user, its]) => [user.name, its.name])).toEqual([
        ['Bob', 'Ann'],
        ['Cy', 'Ann'],
      ]);
      const links = select(Ticket.c.title, ticketTags.c.tagId)
        .join(ticketTags, ticketTags.c.ticketId.eq(Ticket.c.id))
        .orderBy(Ticket.c.id, ticketTags.c.tagId);
      expect(await s.all(links)).toEqual([
        ['100% broken', 1],
        ['100% broken', 2],
        ['wow!', 2],
      ]);
      const tagged = select(Ticket.c.id, Tag.c.name).join(Ticket.c.tags).orderBy(Ticket.c.id, Tag.c.id);
      expect(await s.all(tagged)).toEqual([
        [1, 'urgent'],
        [1, 'late'],
        [3, 'late'],
      ]);
      expect(await s.all(select(Tag.c.name).join(Tag.c.tickets).distinct().orderBy(Tag.c.name))).toEqual([
        'late',
        'urgent',
      ]);
    });
  });

  it('sends one statement, names qualified where there are several tables', async () => {
    const worth = fn.coalesce(fn.sum(Ticket.c.price), '0.00');
    const isOpen = Ticket.c.status.eq('open');
    await read(async (s) => {
      await s.all(select(User.c.id).where(User.c.isStaff).limit(2));
      await s.all(select(User.c.id, worth).join(User.c.created).where(isOpen).groupBy(User.c.id).orderBy(worth.desc()));
      await s.all(select(Tag).where(Tag.c.tickets.any(isOpen, Ticket.c.creator.has(User.c.id.in([1, 2])))));
      await s.exists(select(Ticket).join(Ticket.c.tags).where(isOpen).orderBy(Tag.c.id));
    });
    const expected = [
      'SELECT "id" FROM "users" WHERE "is_staff" LIMIT 2',
      'SELECT "users"."id", coalesce(sum("tickets"."price"), $1) FROM "users" JOIN "tickets" ON "tickets"."creator_id" = "users"."id" WHERE "tickets"."status" = $2 GROUP BY "users"."id" ORDER BY 2 DESC',
      'SELECT "id", "name" FROM "tags" WHERE EXISTS (SELECT 1 FROM "ticket_tags" AS "link_to1" JOIN "tickets" AS "related1" ON "related1"."id" = "link_to1"."ticket_id" WHERE "link_to1"."tag_id" = "tags"."id" AND "related1"."status" = $1 AND EXISTS (SELECT 1 FROM "users" AS "related2" WHERE "related2"."id" = "related1"."creator_id" AND "related2"."id" IN ($2, $3)))',
      'SELECT 1 FROM "tickets" JOIN "ticket_tags" AS "link1" ON "link1"."ticket_id" = "tickets"."id" JOIN "tags" ON "tags"."id" = "link1"."tag_id" WHERE "tickets"."status" = $1 LIMIT 1',
    ];
    const isPostgres = dialect.name === 'postgres';
    const placed = isPostgres ? expected : expected.map((text) => text.replaceAll(/\$\d/g, '?'));
    const isQuoted = isPostgres || dialect.name === 'sqlite';
    expect(sent()).toEqual(isQuoted ? placed : placed.map((text) => text.replaceAll('"', '`')));
  });

  it('orders with NULL first or last, whatever the database does by itself', async () => {
    const order = (by: Expr<unknown> | Ordering): Promise<number[]> =>
      read((s) => s.all(select(Ticket.c.id).orderBy(by, Ticket.c.id)));
    const { resolvedAt, assigneeId } = Ticket.c;
    expect(await order(resolvedAt.asc().nullsFirst())).toEqual([1, 2, 3]);
    expect(await order(resolvedAt.asc().nullsLast())).toEqual([3, 1, 2]);
    expect(await order(assigneeId.desc().nullsFirst())).toEqual([2, 3, 1]);
    expect(await order(assigneeId.desc().nullsLast())).toEqual([1, 2, 3]);
  });

  it('refuses every row of a table with every row of another one, unless it is said', async () => {
    await read(async (s) => {
      await expect(s.all(select(Ticket, User))).rejects.toMatchObject({
        code: 'ALUDEL_CARTESIAN_PRODUCT',
        message: 'The query takes every row of "tickets" with every row of "users": no condition ties them.',
      });
      await expect(s.all(select(Ticket).where(User.c.name.eq('Ann')))).rejects.toMatchObject({
        code: 'ALUDEL_CARTESIAN_PRODUCT',
      });
      await expect(s.count(select(Ticket).join(Tag, Ticket.c.id.gt(1)))).rejects.toMatchObject({
        code: 'ALUDEL_CARTESIAN_PRODUCT',
      });
      expect(await s.count(select(Ticket, User).crossJoin(User))).toBe(9);
      expect(await s.count(select(Ticket, User).where(Ticket.c.creatorId.eq(User.c.id)))).toBe(3);
    });
  });

  it('says what is wrong with a query', async () => {
    const usage = (message: string) => expect.objectContaining({ code: 'ALUDEL_USAGE', message });
    await read(async (s) => {
      await expect(s.all(select(User).join(User.c.boss))).rejects.toEqual(
        usage('The query has two tables called "users".'),
      );
      const boss = alias(User, 'boss');
      await expect(s.all(select(Ticket).where(Ticket.c.creator.has(boss.c.id.eq(1))))).rejects.toEqual(
        usage('The query has no table "boss".'),
      );
      await expect(s.all(select(Ticket).where(Ticket.c.creator.any()))).rejects.toEqual(
        usage('Relation "creator" leads to one object: "any()" is for several.'),
      );
    });
    expect(() => select(Ticket).limit('1; DROP TABLE tickets' as unknown as number)).toThrow(
      usage('The limit of a query must be a whole number from 0.'),
    );
    expect(() => select(Ticket).join(User, undefined)).toThrow(usage('The join of "users" has no condition.'));
  });

  it('counts, asks, and takes one row', async () => {
    await read(async (s) => {
      const open = select(Ticket).where(Ticket.c.status.eq('open')).orderBy(Ticket.c.id);
      expect([await s.count(open), await s.count(open.limit(1)), await s.count(open.offset(1))]).toEqual([2, 1, 1]);
      expect(await s.count(select(Ticket.c.status).distinct())).toBe(2);
      expect(await s.count(select(Ticket.c.status, fn.count()).groupBy(Ticket.c.status))).toBe(2);
      expect(
        await s.count(select(Ticket.c.id, User.c.id).join(Ticket.c.creator).distinct().orderBy(Ticket.c.id).limit(2)),
      ).toBe(2);
      expect([
        await s.exists(open),
        await s.exists(open.where(Ticket.c.id.gt(2))),
        await s.exists(open.offset(2)),
      ]).toEqual([true, false, false]);
      expect(await s.first(select(Ticket.c.title).orderBy(Ticket.c.id.desc()))).toBe('wow!');
      expect(await s.first(open.limit(0))).toBeNull();
      await expect(s.one(select(Ticket.c.id))).rejects.toMatchObject({ code: 'ALUDEL_ROW_COUNT', found: 2 });
      await expect(s.one(open.where(Ticket.c.id.gt(2)))).rejects.toMatchObject({
        message: 'The query for "Ticket" needs one row and gave none.',
        hint: 'Call oneOrNull() where there may be none.',
      });
      expect(await s.one(select(Ticket.c.resolvedAt).where(Ticket.c.id.eq(1)))).toBeNull();
      expect(await s.oneOrNull(select(Ticket.c.id).where(Ticket.c.id.gt(9)))).toBeNull();
    });
  });

  it('gives pages with the total, in two statements', async () => {
    await read(async (s) => {
      const late = select(Ticket)
        .where(Ticket.c.tags.any(Tag.c.name.in(['urgent', 'late'])))
        .orderBy(Ticket.c.id.desc());
      sent();
      const page = await s.page(late, { limit: 1, offset: 1 });
      expect([page.items.map(({ id }) => id), page.total, sent().length]).toEqual([[1], 2, 2]);
    });
  });

  it('gives pages by key, which rows that come in between do not shift', async () => {
    const newest = select(Ticket).orderBy(Ticket.c.creatorId.desc(), Ticket.c.createdAt);
    expect(await read((s) => s.all(newest))).toHaveLength(3);
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const page: { items: Ticket[]; next: string | null } = await read((s) => s.page(newest, { limit: 1, after }));
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
      await read(async (s) => {
        const id = 10 + seen.length;
        s.add(new Ticket({ id, title: 'newer', creatorId: 1, createdAt: day(20 + seen.length) }));
      });
    } while (after !== null && seen.length < 9);
    expect(seen).toEqual([3, 1, 2, 11, 12, 13, 14, 15, 16]);
  });

  it('goes through rows of the same instant by their key, and refuses what it cannot go through', async () => {
    await read(async (s) => {
      s.add(...[4, 5, 6].map((id) => new Ticket({ id, title: 't', creatorId: 1, createdAt: day(9) })));
      await s.flush();
      const late = select(Ticket).where(Ticket.c.id.gte(4)).orderBy(Ticket.c.createdAt.desc());
      const first = await s.page(late, { limit: 2, after: null });
      const second = await s.page(late, { limit: 2, after: first.next });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([6, 5, 4]);
      expect(second.next).toBeNull();
      for (const after of ['x', Buffer.from('[1]').toString('base64url')]) {
        await expect(s.page(late, { limit: 2, after })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
      }
      const byLabel = select(Ticket).orderBy(Ticket.c.status);
      await expect(s.page(byLabel, { limit: 1, after: null })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
      await expect(s.page(select(Ticket.c.id), { limit: 1, after: null })).rejects.toMatchObject({
        code: 'ALUDEL_USAGE',
      });
    });
  });
});
