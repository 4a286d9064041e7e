/** Loaders as options of queries: what they load, and how many statements they take. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  alias,
  defer,
  fn,
  fromJoin,
  inspect,
  joined,
  lazy,
  loadOnly,
  NotLoadedError,
  select,
  selectin,
  sql,
  type Session,
  subquery,
  throwOn,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Comment, Tag, Ticket, User } from '../models.js';
import { Album, Car, Cover, Employee, Engineer, Folder, Manager, Song, Team } from './models.js';

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, sent } = useDatabase(dialect, Base);
  const read = <T>(task: (s: Session) => Promise<T>): Promise<T> => db().begin(task);

  beforeEach(async () => {
    await db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'Ann', bio: 'of Ann' }), new User({ id: 2, name: 'Bob' }));
      const [urgent, late] = [new Tag({ id: 1, name: 'urgent' }), new Tag({ id: 2, name: 'late' })];
      await s.flush();
      for (let id = 1; id <= 4; id++) {
        const comments = Array.from(
          { length: id - 1 },
          (_, i) =>
            new Comment({ id: id * 10 + i, content: `c${id}${i}`, rank: i, ticketId: id, authorId: (i % 2) + 1 }),
        );
        s.add(
          new Ticket({
            id,
            title: `t${5 - id}`,
            body: `body ${id}`,
            creatorId: (id % 2) + 1,
            assigneeId: id === 1 ? 2 : null,
            comments,
            tags: id === 4 ? [urgent, late] : id === 3 ? [late] : [],
          }),
        );
      }
    });
    taken();
  });

  const summary = (tickets: readonly Ticket[]): unknown[] =>
    tickets.map((t) => [
      t.id,
      t.creator.value.name,
      t.assignee.value?.name ?? null,
      t.comments.map((c) => c.id),
      t.tags.map((tag) => tag.name),
    ]);
  const EXPECTED = [
    [4, 'Ann', null, [42, 41, 40], ['urgent', 'late']],
    [3, 'Bob', null, [31, 30], ['late']],
    [2, 'Ann', null, [20], []],
    [1, 'Bob', 'Bob', [], []],
  ];
  const byTitle = select(Ticket).orderBy(Ticket.c.title);

  it('loads the same whatever way is taken', async () => {
    const ways = [selectin, joined, subquery];
    for (const way of ways) {
      const found = await read((s) =>
        s.all(
          byTitle.options(way(Ticket.c.creator), way(Ticket.c.assignee), way(Ticket.c.comments), way(Ticket.c.tags)),
        ),
      );
      expect(summary(found)).toEqual(EXPECTED);
    }
    expect(taken()).toEqual([
      'SELECT tickets',
      'SELECT users',
      'SELECT comments',
      'SELECT tags',
      'SELECT tickets',
      'SELECT tickets',
      'SELECT users',
      'SELECT comments',
      'SELECT tags',
    ]);
  });

  it('counts objects with a limit, not the rows of what is joined (59)', async () => {
    const found = await read((s) =>
      s.all(
        byTitle.limit(2).offset(1).options(joined(Ticket.c.comments), joined(Ticket.c.tags), joined(Ticket.c.creator)),
      ),
    );
    expect(found.map((t) => [t.id, t.comments.map((c) => c.id), t.tags.length])).toEqual([
      [3, [31, 30], 1],
      [2, [20], 0],
    ]);
    const first = await read((s) => s.first(byTitle.options(joined(Ticket.c.comments))));
    expect(first?.comments.length).toBe(3);
    const one = await read((s) => s.one(byTitle.where(Ticket.c.id.eq(4)).options(joined(Ticket.c.comments))));
    expect(one.comments.length).toBe(3);
    expect(taken()).toHaveLength(3);
  });

  it('counts and pages without what the options load', async () => {
    const query = byTitle
      .where(Ticket.c.tags.any(Tag.c.name.in(['urgent', 'late'])))
      .options(joined(Ticket.c.creator), joined(Ticket.c.comments), selectin(Ticket.c.tags));
    const page = await read((s) => s.page(query, { limit: 50 }));
    // The search of the guides joined the tags: each ticket came once for every tag, and total and page were wrong.
    expect([page.total, page.items.map((t) => t.id)]).toEqual([2, [4, 3]]);
    expect(taken()).toHaveLength(3);
    const keyed = await read(async (s) => {
      const start = await s.page(query, { limit: 1, after: null });
      const rest = await s.page(query, { limit: 1, after: start.next });
      return [...start.items, ...rest.items].map((t) => [t.id, t.comments.length, rest.next]);
    });
    expect(keyed).toEqual([
      [4, 3, null],
      [3, 2, null],
    ]);
  });

  it('gives rows once for each of their own, several items included', async () => {
    const boss = alias(User, 'boss');
    const rows = await read((s) =>
      s.all(
        select(Ticket, boss, Ticket.c.title)
          .join(Ticket.c.creator, boss)
          .orderBy(Ticket.c.id)
          .options(joined(Ticket.c.comments, joined(Comment.c.author)), joined(boss.c.created)),
      ),
    );
    expect(rows.map(([t, u, title]) => [t.id, u.name, title, t.comments.length, u.created.length])).toEqual([
      [1, 'Bob', 't4', 0, 2],
      [2, 'Ann', 't3', 1, 2],
      [3, 'Bob', 't2', 2, 2],
      [4, 'Ann', 't1', 3, 2],
    ]);
    expect(rows[3]?.[0].comments.map((c) => c.author.value.name)).toEqual(['Ann', 'Bob', 'Ann']);
    expect(taken()).toHaveLength(1);
  });

  it('nests every way in every other', async () => {
    const nested = await read((s) =>
      s.all(
        select(User)
          .orderBy(User.c.id)
          .options(
            selectin(User.c.created, joined(Ticket.c.comments, selectin(Comment.c.author)), subquery(Ticket.c.tags)),
          ),
      ),
    );
    const seen = nested.map((u) =>
      u.created.map((t) => [t.id, t.comments.map((c) => c.author.value.name), t.tags.length]),
    );
    expect(seen).toEqual([
      [
        [2, ['Ann'], 0],
        [4, ['Ann', 'Bob', 'Ann'], 2],
      ],
      [
        [1, [], 0],
        [3, ['Bob', 'Ann'], 1],
      ],
    ]);
    // The authors are in memory already.
    expect(taken()).toEqual(['SELECT users', 'SELECT tickets', 'SELECT tags']);
  });

  it('finds a large result by its own query (61)', async () => {
    await db().begin(async (s) => {
      s.add(...Array.from({ length: 1200 }, (_, i) => new User({ id: 100 + i, name: 'many' })));
    });
    taken();
    const found = await read((s) =>
      s.all(
        select(User).where(User.c.name.eq('many')).orderBy(User.c.id).limit(1100).options(subquery(User.c.created)),
      ),
    );
    expect([found.length, found.every((u) => u.created.length === 0)]).toEqual([1100, true]);
    expect(taken()).toEqual(['SELECT users', 'SELECT tickets']);
  });

  it('takes a relation to one from a join of the query', async () => {
    const found = await read((s) =>
      s.all(
        select(Ticket)
          .join(Ticket.c.creator)
          .where(User.c.name.eq('Ann'))
          .orderBy(Ticket.c.id)
          .options(fromJoin(Ticket.c.creator), selectin(Ticket.c.comments)),
      ),
    );
    expect(found.map((t) => [t.id, t.creator.value.bio])).toEqual([
      [2, 'of Ann'],
      [4, 'of Ann'],
    ]);
    expect(taken()).toEqual(['SELECT tickets', 'SELECT comments']);
    const who = alias(User, 'who');
    const left = await read((s) =>
      s.all(
        select({ ticket: Ticket })
          .leftJoin(Ticket.c.assignee, who)
          .orderBy(Ticket.c.id)
          .options(fromJoin(Ticket.c.assignee, who)),
      ),
    );
    expect(left.map(({ ticket }) => ticket.assignee.value?.name ?? null)).toEqual(['Bob', null, null, null]);
    expect(taken()).toHaveLength(1);
    const partly = select(Ticket).join(Ticket.c.comments).options(fromJoin(Ticket.c.comments));
    await expect(read((s) => s.all(partly))).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });

  it('follows a model that leads to itself', async () => {
    await db().begin(async (s) => {
      const chain = Array.from(
        { length: 6 },
        (_, i) => new Folder({ id: i + 1, name: `f${i + 1}`, parentId: i || null }),
      );
      s.add(...chain);
    });
    taken();
    const depthOf = (folder: Folder): number =>
      inspect(folder).unloaded.includes('children') ? 0 : 1 + Math.max(0, ...folder.children.map(depthOf));
    const root = select(Folder).where(Folder.c.id.eq(1));
    const depths = [];
    for (const loader of [
      selectin(Folder.c.children),
      selectin(Folder.c.children, { depth: 3 }),
      joined(Folder.c.children, { depth: 3 }),
      selectin(Folder.c.children, { depth: Infinity }),
    ]) {
      depths.push([await read(async (s) => depthOf(await s.one(root.options(loader)))), taken().length]);
    }
    expect(depths).toEqual([
      [1, 2],
      [3, 4],
      [3, 1],
      [6, 7],
    ]);
    await db().begin(async (s) => s.execute('UPDATE folders SET parent_id = 6 WHERE id = 1'));
    taken();
    await read((s) => s.one(root.options(selectin(Folder.c.children, { depth: Infinity }))));
    expect(taken()).toHaveLength(7);
    const endless = root.options(joined(Folder.c.children, { depth: Infinity }));
    await expect(read((s) => s.one(endless))).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });

  it('refuses to load what the query has refused', async () => {
    await read(async (s) => {
      const some = await s.all(byTitle.options(throwOn(Ticket.c.comments)));
      await expect(some[0]?.comments.load()).rejects.toThrow(NotLoadedError);
      expect((await some[0]?.tags.load())?.length).toBe(2);
      const all = await s.all(byTitle.options(selectin(Ticket.c.creator, throwOn('*')), throwOn('*')), {
        refresh: true,
      });
      const refused = expect.objectContaining({
        name: 'NotLoadedError',
        message: 'Relation "comments" of Ticket 4 may not be loaded: throwOn() has said so.',
      });
      await expect(all[0]?.comments.load()).rejects.toEqual(refused);
      await expect(all[0]?.creator.value.created.load()).rejects.toThrow(NotLoadedError);
      // The query that gave an object last decides.
      const again = await s.all(byTitle);
      expect((await again[0]?.comments.load())?.length).toBe(3);
    });
  });

  it('reads some columns alone, and the others when asked', async () => {
    await read(async (s) => {
      const found = await s.all(
        byTitle.options(
          loadOnly(Ticket.c.title),
          joined(Ticket.c.creator, defer(User.c.bio)),
          selectin(Ticket.c.comments, loadOnly(Comment.c.content)),
        ),
      );
      const [ticket] = found;
      expect([ticket?.title, ticket?.creatorId, ticket?.comments.at(0)?.content]).toEqual(['t1', 1, 'c42']);
      expect(() => ticket?.body).toThrow(
        expect.objectContaining({
          message: 'Column "body" of Ticket 4 is not loaded.',
          hint: "Read it: await session.refresh(object, ['body']).",
        }),
      );
      expect(() => ticket?.creator.value.bio).toThrow(NotLoadedError);
      expect(() => ticket?.comments.at(0)?.rank).toThrow(NotLoadedError);
      expect(sent().map((text) => text.includes('body'))).toEqual([false, false]);
      if (ticket !== undefined) {
        await s.refresh(ticket, ['body']);
        ticket.title = 'changed';
      }
      expect(ticket?.body).toBe('body 4');
      await s.flush();
      expect(taken()).toEqual(['SELECT tickets', 'UPDATE tickets']);
      // A later query fills in what is missing.
      await s.all(select(Ticket));
      expect(found[1]?.body).toBe('body 3');
    });
    const strange = [
      byTitle.options(loadOnly(User.c.name)),
      byTitle.options(selectin(Comment.c.author)),
      byTitle.options(selectin(Ticket.c.comments, selectin(Ticket.c.tags))),
    ];
    for (const query of strange) {
      await expect(read((s) => s.all(query))).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    }
  });

  it('loads with get and refresh', async () => {
    await read(async (s) => {
      const ticket = await s.getOne(
        Ticket,
        4,
        joined(Ticket.c.creator),
        selectin(Ticket.c.comments, joined(Comment.c.author)),
      );
      expect([ticket.creator.value.name, ticket.comments.map((c) => c.author.value.name)]).toEqual([
        'Ann',
        ['Ann', 'Bob', 'Ann'],
      ]);
      expect(taken()).toHaveLength(2);
      await s.get(Ticket, 4, selectin(Ticket.c.tags), joined(Ticket.c.comments));
      expect([ticket.tags.length, taken()]).toEqual([2, ['SELECT tags']]);
      await s.execute('DELETE FROM comments WHERE id = 41');
      await s.refresh(ticket, ['title'], { load: [selectin(Ticket.c.comments)] });
      expect(ticket.comments.map((c) => c.id)).toEqual([42, 40]);
      const [again] = await s.all(byTitle.options(joined(Ticket.c.comments)), { refresh: true });
      expect(again?.comments.map((c) => c.id)).toEqual([42, 40]);
    });
  });

  it('keeps what is in memory on top of what is loaded', async () => {
    const s = db()({ autoflush: false });
    const [t4, t3] = [await s.getOne(Ticket, 4), await s.getOne(Ticket, 3)];
    const comment = await s.getOne(Comment, 41);
    comment.ticket.set(t3);
    await s.all(select(Ticket).options(joined(Ticket.c.comments)));
    expect([t4.comments.map((c) => c.id), t3.comments.map((c) => c.id)]).toEqual([
      [42, 40],
      [31, 30, 41],
    ]);
    await s.close();
  });

  it('finds foreign keys that are expired before it follows them', async () => {
    await read(async (s) => {
      const found = await s.all(byTitle);
      s.expireAll();
      taken();
      expect((await found[0]?.creator.load())?.name).toBe('Ann');
      expect(taken()).toEqual(['SELECT tickets', 'SELECT users']);
    });
  });

  it('loads by default what the mapping says, without a circle', async () => {
    await db().begin(async (s) => {
      s.add(new Album({ id: 1, title: 'a' }));
      await s.flush();
      s.add(new Song({ id: 1, albumId: 1 }), new Song({ id: 2, albumId: 1 }), new Cover({ id: 1, albumId: 1 }));
    });
    taken();
    const [album] = await read((s) => s.all(select(Album)));
    expect([album?.songs.length, taken()]).toEqual([2, ['SELECT albums', 'SELECT songs']]);
    const song = await read((s) => s.getOne(Song, 1));
    expect([song.album.value.title, taken().length]).toEqual(['a', 1]);
    await read(async (s) => {
      const known = await s.getOne(Album, 1);
      await expect(known.covers.load()).rejects.toThrow(NotLoadedError);
    });
    taken();
    const [bare] = await read((s) => s.all(select(Album).options(lazy(Album.c.songs), lazy(Album.c.covers))));
    expect(() => bare?.songs.length).toThrow(NotLoadedError);
    expect(taken()).toEqual(['SELECT albums']);
  });

  it('loads relations of and to classes that extend each other', async () => {
    await db().begin(async (s) => {
      s.add(new Team({ id: 1, name: 'core' }));
      await s.flush();
      s.add(
        new Engineer({ id: 1, name: 'Eva', field: 'data', teamId: 1, note: 'n1' }),
        new Manager({ id: 2, name: 'Max', teamId: 1, note: 'n2' }),
      );
      await s.flush();
      s.add(new Car({ id: 1, managerId: 2 }), new Car({ id: 2, managerId: 2 }));
    });
    taken();
    const seen = (team: Team | null): unknown =>
      team?.members.map((m) => [m.name, m instanceof Engineer ? m.field : (m as Manager).cars.length]);
    const expected = [
      ['Eva', 'data'],
      ['Max', 2],
    ];
    for (const way of [selectin, joined, subquery]) {
      expect(seen(await read((s) => s.first(select(Team).options(way(Team.c.members, way(Manager.c.cars))))))).toEqual(
        expected,
      );
    }
    const staff = await read((s) =>
      s.all(
        select(Employee)
          .orderBy(Employee.c.id)
          .options(joined(Employee.c.team), joined(Manager.c.cars), defer(Employee.c.note), defer(Engineer.c.field)),
      ),
    );
    expect(staff.map((e) => [e.name, e.team.value?.name])).toEqual([
      ['Eva', 'core'],
      ['Max', 'core'],
    ]);
    expect((staff[1] as Manager).cars.length).toBe(2);
    expect(() => staff[0]?.note).toThrow(NotLoadedError);
    expect(() => (staff[0] as Engineer).field).toThrow(NotLoadedError);
  });

  it('needs three round trips for a page of the support desk', async () => {
    const search = select(Ticket)
      .options(joined(Ticket.c.creator), joined(Ticket.c.assignee), selectin(Ticket.c.tags))
      .where(Ticket.c.deletedAt.isNull())
      .orderBy(Ticket.c.id.desc());
    const page = await read((s) => s.page(search, { limit: 50 }));
    expect([page.total, page.items.length, taken()]).toEqual([
      4,
      4,
      ['SELECT count(*) FROM tickets', 'SELECT tickets', 'SELECT tags'].map((each) =>
        each.startsWith('SELECT count') ? 'SELECT tickets' : each,
      ),
    ]);
    const names = await read(async (s) => {
      const found = await s.all(select(Ticket).limit(100));
      for (const ticket of found) for (const comment of await ticket.comments.load()) void comment.content;
      return Promise.all(found.map(async (ticket) => (await ticket.creator.load()).name));
    });
    expect([names.length, taken()]).toEqual([4, ['SELECT tickets', 'SELECT comments', 'SELECT users']]);
  });

  it('orders by columns, not by what is selected under their names', async () => {
    const swapped = sql<string>`CASE WHEN ${Ticket.c.id} = 4 THEN 'z' ELSE ${Ticket.c.title} END`;
    expect(await read((s) => s.all(select(swapped).orderBy(Ticket.c.title)))).toEqual(['z', 't2', 't3', 't4']);
    const labelled = select({ title: swapped }).orderBy(Ticket.c.title);
    expect((await read((s) => s.all(labelled))).map(({ title }) => title)).toEqual(['z', 't2', 't3', 't4']);
  });

  it('loads with groups and aggregates beside the objects', async () => {
    const rows = await read((s) =>
      s.all(
        select({ user: User, tickets: fn.count(Ticket.c.id) })
          .join(User.c.created)
          .groupBy(User.c.id, User.c.name, User.c.bio)
          .orderBy(User.c.id)
          .options(selectin(User.c.created)),
      ),
    );
    expect(rows.map(({ user, tickets }) => [user.name, tickets, user.created.length])).toEqual([
      ['Ann', 2, 2],
      ['Bob', 2, 2],
    ]);
  });
});
