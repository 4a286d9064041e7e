/** Criteria of a session: soft deletes and tenants, wherever rows of the model are read. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  alias,
  createEngine,
  criteria,
  deleteFrom,
  fn,
  joined,
  NotLoadedError,
  or,
  select,
  selectin,
  sessionMaker,
  skipCriteria,
  subquery,
  update,
} from 'aludel';
import { createDatabase, dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Comment, Tag, Ticket, User } from '../models.js';
import { Employee, Engineer, Folder } from './models.js';

const ALIVE = criteria(Ticket, (t) => t.deletedAt.isNull(), 'softDelete');

describe.each(dialects)('$name', (dialect) => {
  const { db, engine, taken } = useDatabase(dialect, Base);
  const filtered = () => sessionMaker(engine(), { criteria: [ALIVE] });

  beforeEach(async () => {
    await db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'Ann' }), new User({ id: 2, name: 'Bob' }));
      const tag = new Tag({ id: 1, name: 'urgent' });
      await s.flush();
      const deletedAt = new Date(Date.UTC(2026, 0, 1));
      s.add(
        new Ticket({ id: 1, title: 'here', creatorId: 1, tags: [tag] }),
        new Ticket({ id: 2, title: 'gone', creatorId: 1, deletedAt, tags: [tag] }),
        new Ticket({ id: 3, title: 'gone too', creatorId: 2, deletedAt }),
      );
      await s.flush();
      s.add(...[1, 2, 3].map((id) => new Comment({ id, content: `c${id}`, ticketId: id, authorId: 1 })));
    });
    taken();
  });

  it('reach queries, joins and any(), with aliases and conditions beside them', async () => {
    await filtered().begin(async (s) => {
      expect((await s.all(select(Ticket))).map(({ id }) => id)).toEqual([1]);
      expect([await s.count(select(Ticket)), await s.exists(select(Ticket).where(Ticket.c.id.eq(2)))]).toEqual([
        1,
        false,
      ]);
      expect((await s.page(select(Ticket).orderBy(Ticket.c.id), { limit: 5 })).total).toBe(1);
      const either = select(Ticket.c.id).where(or(Ticket.c.title.eq('gone'), Ticket.c.title.eq('here')));
      expect(await s.all(either)).toEqual([1]);
      const other = alias(Ticket, 'other');
      expect(await s.all(select(other.c.id))).toEqual([1]);
      expect(await s.all(select(User.c.name, Ticket.c.id).join(User.c.created))).toEqual([['Ann', 1]]);
      const left = select(User.c.name, fn.count(other.c.id))
        .leftJoin(User.c.created, other)
        .groupBy(User.c.name)
        .orderBy(User.c.name);
      expect(await s.all(left)).toEqual([
        ['Ann', 1],
        ['Bob', 0],
      ]);
      const byCondition = select(Comment.c.id).join(Ticket, or(Ticket.c.id.eq(Comment.c.ticketId), Ticket.c.id.eq(99)));
      expect(await s.all(byCondition)).toEqual([1]);
      expect(await s.all(select(User.c.name).where(User.c.created.any()))).toEqual(['Ann']);
      expect(await s.all(select(Tag.c.id).where(Tag.c.tickets.any(Ticket.c.title.eq('gone'))))).toEqual([]);
      expect(await s.all(select(Comment.c.id).where(Comment.c.ticket.has()))).toEqual([1]);
    });
  });

  it('reach every loader and load() (64)', async () => {
    for (const way of [selectin, joined, subquery]) {
      await filtered().begin(async (s) => {
        const users = await s.all(
          select(User)
            .orderBy(User.c.id)
            .options(way(User.c.created, way(Ticket.c.tags))),
        );
        expect(users.map((u) => u.created.map(({ id }) => id))).toEqual([[1], []]);
        const [tag] = await s.all(select(Tag).options(way(Tag.c.tickets)));
        expect(tag?.tickets.map(({ id }) => id)).toEqual([1]);
      });
    }
    await filtered().begin(async (s) => {
      const users = await s.all(select(User).orderBy(User.c.id));
      expect((await users[0]?.created.load())?.length).toBe(1);
      const comments = await s.all(select(Comment).orderBy(Comment.c.id));
      expect((await comments[0]?.ticket.load())?.title).toBe('here');
      await expect(comments[1]?.ticket.load()).rejects.toThrow('leads to a row that is not to be seen');
      const [, hidden] = await s.all(select(Comment).orderBy(Comment.c.id).options(joined(Comment.c.ticket)));
      expect(() => hidden?.ticket.value).toThrow(NotLoadedError);
    });
  });

  it('of a query reach its loaders and a later load(), and no get() (64)', async () => {
    const query = select(User).where(User.c.id.eq(1));
    await db().begin(async (s) => {
      const user = await s.one(query.options(selectin(User.c.created), ALIVE));
      expect(user.created.map(({ id }) => id)).toEqual([1]);
      expect(taken()).toEqual(['SELECT users', 'SELECT tickets']);
    });
    await db().begin(async (s) => {
      const user = await s.one(query.options(ALIVE));
      const bob = await s.getOne(User, 2);
      expect((await user.created.load()).map(({ id }) => id)).toEqual([1]);
      expect((await bob.created.load()).map(({ id }) => id)).toEqual([3]);
      expect(taken()).toEqual(['SELECT users', 'SELECT users', 'SELECT tickets', 'SELECT tickets']);
      expect((await s.get(Ticket, 2))?.title).toBe('gone');
      expect(taken()).toEqual(['SELECT tickets']);
    });
    // Of a query that does without those of the session, too.
    await filtered().begin(async (s) => {
      const user = await s.one(query.options(skipCriteria('softDelete')));
      expect((await user.created.load()).length).toBe(2);
    });
  });

  it('reach get(), also for what is in memory', async () => {
    await filtered().begin(async (s) => {
      expect(await s.get(Ticket, 2)).toBeNull();
      const ticket = await s.getOne(Ticket, 1);
      ticket.deletedAt = new Date(Date.UTC(2026, 1, 1));
      expect(await s.get(Ticket, 1)).toBeNull();
      expect(await s.count(select(Ticket))).toBe(0);
      ticket.deletedAt = null;
      expect(await s.get(Ticket, 1)).toBe(ticket);
      await s.refresh(ticket);
    });
  });

  it('are taken back for one get(), and added by it', async () => {
    await filtered().begin(async (s) => {
      const user = await s.getOne(User, 1, skipCriteria('softDelete'), selectin(User.c.created));
      expect(user.created.map(({ title }) => title).sort()).toEqual(['gone', 'here']);
      expect((await s.getOne(Ticket, 2, skipCriteria())).title).toBe('gone');
      expect(await s.get(Ticket, 2)).toBeNull();
      const mine = criteria(Ticket, (t) => t.creatorId.eq(2));
      expect(await s.get(Ticket, 1, mine)).toBeNull();
      expect((await s.get(Ticket, 3, skipCriteria(), mine))?.id).toBe(3);
    });
  });

  it('are taken back by name, and added by a query or a session', async () => {
    const tenant = criteria(Ticket, (t) => t.creatorId.eq(2));
    await filtered().begin(async (s) => {
      const all = select(Ticket.c.id).orderBy(Ticket.c.id);
      expect(await s.all(all.options(skipCriteria('softDelete')))).toEqual([1, 2, 3]);
      expect(await s.all(all.options(skipCriteria()))).toEqual([1, 2, 3]);
      expect(await s.all(all.options(skipCriteria('other')))).toEqual([1]);
      expect(await s.all(all.options(skipCriteria('softDelete'), tenant))).toEqual([3]);
      expect(await s.count(all.options(tenant))).toBe(0);
      const users = select(User).orderBy(User.c.id).options(selectin(User.c.created), skipCriteria('softDelete'));
      expect((await s.all(users)).map((u) => u.created.length)).toEqual([2, 1]);
    });
    const both = filtered()({ criteria: [tenant] });
    expect(await both.all(select(Ticket))).toEqual([]);
    await both.close();
  });

  it('may ask related rows, and hold for classes that extend the model', async () => {
    await db().begin(async (s) => {
      s.add(new Folder({ id: 1, name: 'root' }));
      await s.flush();
      s.add(
        new Folder({ id: 2, name: 'in', parentId: 1 }),
        new Engineer({ id: 1, name: 'Eva' }),
        new Engineer({ id: 2, name: 'Ed' }),
      );
    });
    const inside = criteria(Folder, (f) => f.parent.has(Folder.c.name.eq('root')));
    const named = criteria(Employee, (e) => e.name.eq('Eva'));
    await sessionMaker(engine(), { criteria: [inside, named] }).begin(async (s) => {
      expect((await s.all(select(Folder))).map(({ id }) => id)).toEqual([2]);
      expect(await s.get(Folder, 1)).toBeNull();
      expect((await s.all(select(Engineer))).map(({ name }) => name)).toEqual(['Eva']);
      expect((await s.all(select(Employee))).map(({ name }) => name)).toEqual(['Eva']);
    });
  });

  it('hold for updates and deletes by criteria, unless these say otherwise', async () => {
    const titles = () => db().begin((s) => s.all(select(Ticket.c.title).orderBy(Ticket.c.id)));
    const later = new Date(Date.UTC(2026, 1, 1));
    await filtered().begin(async (s) => {
      const ticket = await s.getOne(Ticket, 1);
      const either = or(Ticket.c.title.eq('here'), Ticket.c.title.eq('gone'));
      expect(await s.run(update(Ticket).where(either).set({ title: 'seen' }))).toEqual({ rowCount: 1 });
      expect(ticket.title).toBe('seen');
      expect(await s.run(update(Ticket).everyRow().set({ title: 'all' }))).toEqual({ rowCount: 1 });
      expect(await s.run(deleteFrom(Ticket).where(Ticket.c.id.gt(1)))).toEqual({ rowCount: 0 });
      const hide = update(Ticket).where(Ticket.c.id.eq(1)).set({ deletedAt: later }).returning(Ticket.c.id);
      expect(await s.all(hide)).toEqual([1]);
    });
    expect(await titles()).toEqual(['all', 'gone', 'gone too']);
    await filtered().begin((s) => s.run(update(Ticket).everyRow().set({ title: 'x' }).with({ criteria: false })));
    expect(await titles()).toEqual(['x', 'x', 'x']);
    const own = criteria(Ticket, (t) => t.comments.any(Comment.c.id.eq(2)));
    await sessionMaker(engine(), { criteria: [own] }).begin(async (s) => {
      expect(await s.run(update(Ticket).everyRow().set({ title: 'mine' }))).toEqual({ rowCount: 1 });
    });
    expect(await titles()).toEqual(['x', 'mine', 'x']);
  });

  it('hide nothing from a flush or a merge', async () => {
    await filtered().begin(async (s) => {
      const tag = await s.getOne(Tag, 1);
      s.delete(tag);
      await s.flush();
      const merged = await s.merge(new Ticket({ id: 2, title: 'merged', creatorId: 1 }));
      await s.flush();
      expect(merged.id).toBe(2);
    });
    const titles = await db().begin((s) => s.all(select(Ticket.c.title).orderBy(Ticket.c.id)));
    expect(titles).toEqual(['here', 'merged', 'gone too']);
  });

  it('leave row-level security to PostgreSQL, whose policies read a setting of the transaction', async () => {
    if (dialect.name !== 'postgres') {
      await expect(db().begin((s) => s.setLocal('app.user_id', 1))).rejects.toMatchObject({
        code: 'ALUDEL_OPERATION_UNSUPPORTED',
      });
      return;
    }
    const own = await createDatabase(dialect);
    const apart = createEngine(own.url);
    try {
      await Base.metadata.createAll(apart);
      const role = `reader_${process.pid}`;
      await sessionMaker(apart).begin(async (s) => {
        s.add(new User({ id: 1, name: 'Ann' }), new User({ id: 2, name: 'Bob' }));
        await s.flush();
        await s.execute(`CREATE ROLE ${role}`);
        await s.execute(`GRANT SELECT ON users TO ${role}`);
        await s.execute('ALTER TABLE users ENABLE ROW LEVEL SECURITY');
        await s.execute("CREATE POLICY own ON users USING (id = current_setting('app.user_id', true)::int)");
        await s.execute(`SET LOCAL ROLE ${role}`);
        await s.setLocal('app.user_id', 2);
        expect((await s.all(select(User), { refresh: true })).map(({ name }) => name)).toEqual(['Bob']);
        await s.rollback();
        expect((await s.execute("SELECT current_setting('app.user_id', true) AS v")).rows[0]?.['v'] || null).toBeNull();
      });
    } finally {
      await apart.dispose();
      await own.drop();
    }
  });
});
