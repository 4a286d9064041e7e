/**
 * `examples/support-desk`: its migrations, its API over HTTP, and the functions of the guides with their round trips; beside
 * them the mistakes of the guides that it does not make (sections 1.8 and 3.3 of the reference `sqlalchemy.md`).
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createEngine,
  createMigrator,
  type Engine,
  NotLoadedError,
  RowCountError,
  select,
  type Session,
  type SessionMaker,
  sessionMaker,
  testSession,
} from 'aludel';
import { expectQueries, testMigrations } from 'aludel/testing';
import { logChanges } from '../../examples/support-desk/src/audit.js';
import { AuditLog, Comment, live, Tag, Ticket, User } from '../../examples/support-desk/src/models.js';
import {
  assignTickets,
  createTickets,
  getStatistics,
  getTicket,
  listTalks,
  restore,
  searchTickets,
  softDelete,
} from '../../examples/support-desk/src/queries.js';
import { createDatabase, dialects, type TestDatabase } from '../support/databases.js';

const root = join(import.meta.dirname, '../../examples/support-desk');
const config = join(root, 'migrate.config.ts');

interface RunningServer {
  readonly address: string;
  close(): Promise<void>;
}

/** What the API answers, all of its shapes in one. */
interface Answer {
  readonly status: number;
  readonly body: { readonly total?: number; readonly avgResolutionHours?: number } & readonly AuditLog[];
}

// Not by its name: the framework need not be there for the types of the rest.
async function startServer(url: string): Promise<RunningServer> {
  const server = (await import(join(root, 'src/server.ts'))) as {
    startServer(options: { url: string; port: number }): Promise<RunningServer>;
  };
  return server.startServer({ url, port: 0 });
}

describe.each(dialects)('the support desk on $name', (dialect) => {
  describe('over HTTP', () => {
    let database: TestDatabase;
    let server: RunningServer;
    beforeAll(async () => {
      database = await createDatabase(dialect);
      server = await startServer(database.url);
    });
    afterAll(async () => {
      await server.close();
      await database.drop();
    });

    async function send(method: string, path: string, body?: unknown, userId = 1): Promise<Answer> {
      const headers = { 'content-type': 'application/json', 'x-user-id': String(userId) };
      const init =
        body === undefined ? { headers: { 'x-user-id': String(userId) } } : { headers, body: JSON.stringify(body) };
      const response = await fetch(`${server.address}${path}`, { method, ...init });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    }

    it('is used from the first user to the audit log', async () => {
      expect(await send('POST', '/users', { email: 'ann@desk.test', fullName: 'Ann' })).toMatchObject({
        status: 201,
        body: { id: 1 },
      });
      await send('POST', '/users', { email: 'bob@desk.test', fullName: 'Bob', isStaff: true });
      expect(await send('POST', '/users', { email: 'ann@desk.test', fullName: 'Ann again' })).toEqual({
        status: 409,
        body: { error: 'ALUDEL_UNIQUE_VIOLATION' },
      });
      for (const [i, title] of ['100% broken', '100 percent broken', 'Login'].entries()) {
        const ticket = { ticketNumber: `T-${i}`, title, description: 'It is.', creatorId: 1, tags: ['bug', `t${i}`] };
        expect((await send('POST', '/tickets', ticket)).status).toBe(201);
      }
      expect((await send('GET', `/tickets?term=${encodeURIComponent('100%')}`)).body).toMatchObject({
        total: 1,
        items: [{ title: '100% broken', tags: ['bug', 't0'], status: 'open' }],
      });
      expect((await send('GET', '/tickets?tags=bug&tags=t0&tags=t1&limit=2')).body).toMatchObject({
        total: 3,
        items: [{ ticketNumber: 'T-2' }, { ticketNumber: 'T-1' }],
      });
      expect((await send('POST', '/tickets/assign', { ids: [1, 2, 99], assigneeId: 2 }, 2)).body).toEqual({
        assigned: 2,
      });
      expect((await send('GET', '/tickets?assigneeId=2&status=open&status=closed&priority=medium')).body.total).toBe(2);
      await send('POST', '/tickets/1/comments', { content: 'Looking.', authorId: 2 });
      await send('PATCH', '/tickets/1', { status: 'resolved' }, 2);
      expect((await send('GET', '/tickets/1')).body).toMatchObject({
        status: 'resolved',
        comments: [{ content: 'Looking.', author: 'Bob' }],
      });
      const statistics = (await send('GET', '/statistics')).body;
      expect(statistics).toMatchObject({
        statusCounts: { open: 2, resolved: 1 },
        priorityCounts: { medium: 3 },
        assignees: [{ assignee: 'Bob', tickets: 2 }],
      });
      expect(statistics.avgResolutionHours).toBeGreaterThanOrEqual(0);

      expect((await send('DELETE', '/tickets/3')).status).toBe(204);
      expect((await send('DELETE', '/tickets/3')).status).toBe(404);
      expect((await send('GET', '/tickets/3')).status).toBe(404);
      expect((await send('GET', '/tickets')).body.total).toBe(2);
      expect((await send('POST', '/tickets/3/restore')).body).toEqual({ restored: true });
      expect((await send('GET', '/tickets')).body.total).toBe(3);

      const { body: log } = await send('GET', '/tickets/1/audit');
      expect(log.map(({ action, userId, changes }) => ({ action, userId, changes }))).toEqual([
        { action: 'create', userId: 1, changes: {} },
        { action: 'update', userId: 2, changes: { assigneeId: { from: null, to: 2 } } },
        { action: 'update', userId: 2, changes: { status: { from: 'open', to: 'resolved' } } },
      ]);
    });

    it.each<[status: number, method: string, path: string, body?: unknown]>([
      [400, 'POST', '/users', {}],
      [400, 'POST', '/users', null],
      [400, 'POST', '/users', { email: 'x'.repeat(300), fullName: 'Long' }],
      [400, 'POST', '/tickets', { ticketNumber: 'T-9', title: 'x', description: 'x', creatorId: 'ann' }],
      [400, 'POST', '/tickets/assign', { ids: 'all', assigneeId: 2 }],
      [400, 'PATCH', '/tickets/1', { status: 'absurd' }],
      [400, 'PATCH', '/tickets/1', { title: null }],
      [400, 'GET', '/tickets?limit=-1'],
      [400, 'GET', '/tickets?limit=1000000'],
      [400, 'GET', '/tickets?priority=absurd'],
      [400, 'GET', '/tickets/one'],
      [400, 'GET', '/statistics?from=yesterday'],
      [404, 'GET', '/tickets/999'],
      [404, 'PATCH', '/tickets/999', { title: 'x' }],
      [404, 'DELETE', '/tickets/999'],
      [409, 'PATCH', '/tickets/1', { assigneeId: 999 }],
    ])('answers with %i to %s %s', async (status, method, path, body) => {
      const answer = await send(method, path, body);
      expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ error: expect.any(String) })]);
    });

    it('takes twenty tickets at once that share new tags', async () => {
      const tickets = Array.from({ length: 20 }, (_, i) => ({
        ticketNumber: `C-${i}`,
        title: 'At once',
        description: 'x',
        creatorId: 1,
        tags: [`shared ${i % 3}`, `shared ${(i + 1) % 3}`],
      }));
      const answers = await Promise.all(tickets.map((ticket) => send('POST', '/tickets', ticket)));
      expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
      expect((await send('GET', '/tickets?term=at%20once&tags=shared%200')).body.total).toBe(13);
    });

    it('leaves nothing of a request that fails', async () => {
      const before = (await send('GET', '/tickets')).body.total;
      const ticket = { ticketNumber: 'T-x', title: 'x', description: 'x', creatorId: 999 };
      expect((await send('POST', '/tickets', ticket)).status).toBe(409);
      expect((await send('GET', '/tickets')).body.total).toBe(before);
    });
  });

  describe('by its functions', () => {
    let database: TestDatabase;
    let engine: Engine;
    let db: SessionMaker;
    beforeAll(async () => {
      database = await createDatabase(dialect);
      await testMigrations(config, { url: database.url });
      engine = createEngine(database.url);
      await createMigrator({ config, engine }).upgrade('head');
      db = sessionMaker(engine, { criteria: [live] });
      await seed(db);
    });
    afterAll(async () => {
      await engine.dispose();
      await database.drop();
    });

    /** Everything that a test does is undone behind it. */
    async function inTest<T>(fn: (session: Session) => Promise<T>, from: Engine | SessionMaker = db): Promise<T> {
      const { session, rollback } = await testSession(from);
      try {
        return await fn(session);
      } finally {
        await rollback();
      }
    }

    it('searches in three statements; a ticket with two of the tags counts once', () =>
      inTest(async (s) => {
        const { items, total } = await expectQueries(3, () => searchTickets(s, { tags: ['bug', 'urgent'], limit: 50 }));
        expect(total).toBe(2);
        expect(items.map(({ ticketNumber }) => ticketNumber)).toEqual(['T-2', 'T-1']);
        expect(items.map(({ tags }) => tags.map(({ name }) => name).toSorted())).toEqual([['bug'], ['bug', 'urgent']]);
        expect([items[0]?.creator.value.fullName, items[1]?.assignee.value?.fullName]).toEqual(['Ann', 'Bob']);
      }));

    it('takes what users type as it is: % and _ are no patterns', () =>
      inTest(async (s) => {
        const titles = async (term: string): Promise<string[]> =>
          (await searchTickets(s, { term })).items.map(({ title }) => title);
        expect([await titles('100%'), await titles('_'), await titles("'; --")]).toEqual([['100% broken'], [], []]);
      }));

    it('filters by all at once, and pages without losing a row', () =>
      inTest(async (s) => {
        const search = {
          status: ['open', 'resolved'],
          priority: 'medium',
          createdAfter: new Date('2026-01-01T00:30:00Z'),
        } as const;
        const pages = [0, 1, 2].map((offset) => searchTickets(s, { ...search, limit: 1, offset }));
        const found = await Promise.all(pages);
        expect(found.map(({ total, items }) => [total, items[0]?.ticketNumber])).toEqual([
          [2, 'T-3'],
          [2, 'T-2'],
          [2, undefined],
        ]);
      }));

    it('counts and averages in four statements, the same on every database', () =>
      inTest(async (s) => {
        expect(await expectQueries(4, () => getStatistics(s))).toEqual({
          statusCounts: { open: 2, resolved: 1 },
          priorityCounts: { high: 1, medium: 2 },
          avgResolutionHours: 36,
          assignees: [{ assignee: 'Bob', tickets: 2, avgResolutionHours: 36 }],
        });
      }));

    it('gives null for an average of nothing, not zero', () =>
      inTest(async (s) => {
        const { avgResolutionHours, statusCounts } = await getStatistics(s, new Date('2027-01-01T00:00:00Z'));
        expect([avgResolutionHours, statusCounts]).toEqual([null, {}]);
      }));

    it('creates a thousand tickets with their ids in one statement', () =>
      inTest(async (s) => {
        const rows = Array.from({ length: 1000 }, (_, i) => ({
          ticketNumber: `N-${i}`,
          title: `n${i}`,
          description: '',
          creatorId: 1,
        }));
        const tickets = await expectQueries(1, () => createTickets(s, rows));
        const stored = await s.all(select(Ticket.c.id, Ticket.c.title).where(Ticket.c.title.startsWith('n')));
        expect(new Map(stored)).toEqual(new Map(tickets.map(({ id, title }) => [id, title])));
        expect(stored).toHaveLength(1000);
      }));

    it('lists a hundred tickets with comments and authors by a loop of loads in three statements', () =>
      inTest(async (s) => {
        await createTickets(
          s,
          Array.from({ length: 100 }, (_, i) => ({
            ticketNumber: `N-${i}`,
            title: '',
            description: '',
            creatorId: 1 + (i % 2),
          })),
        );
        s.expunge(...(await s.all(select(User))));
        expect(await expectQueries(3, () => listTalks(s))).toContain('T-1: Looking.');
      }));

    it('loads a ticket with its people in three statements, and nothing behind a property', () =>
      inTest(async (s) => {
        const ticket = await expectQueries(3, () => getTicket(s, 1));
        expect(ticket?.comments.at(0)?.author.value.fullName).toBe('Bob');
        const plain = await s.get(Ticket, 2);
        expect(() => plain?.comments.length).toThrow(NotLoadedError);
      }));

    it('assigns in bulk in two statements, and the audit log says so in a third', async () => {
      await inTest(async (s) => expect(await expectQueries(2, () => assignTickets(s, [1, 2, 3], 1))).toBe(3));
      const logging = sessionMaker(engine, { criteria: [live], info: { userId: 2 } });
      logChanges(logging);
      await inTest(async (s) => {
        expect(await expectQueries(3, () => assignTickets(s, [1, 2, 3], 1))).toBe(3);
        // In the same transaction, and flushed: the listener of the guide wrote nothing at all.
        const log = await s.all(select(AuditLog).orderBy(AuditLog.c.ticketId));
        expect(log.map(({ ticketId, userId, changes }) => [ticketId, userId, changes])).toEqual([
          [1, 2, { assigneeId: { from: 2, to: 1 } }],
          [2, 2, { assigneeId: { from: null, to: 1 } }],
          [3, 2, { assigneeId: { from: 2, to: 1 } }],
        ]);
      }, logging);
    });

    it('deletes softly and restores', () =>
      inTest(async (s) => {
        expect([await softDelete(s, 1), await softDelete(s, 1), await softDelete(s, 99)]).toEqual([true, false, false]);
        expect([await getTicket(s, 1), (await searchTickets(s, {})).total]).toEqual([null, 2]);
        expect([await restore(s, 1), await restore(s, 1), (await searchTickets(s, {})).total]).toEqual([
          true,
          false,
          3,
        ]);
      }));

    it('stores enumerations by their values, and refuses others by type', () =>
      inTest(async (s) => {
        const { rows } = await s.execute('SELECT status FROM tickets WHERE id = 1');
        expect(rows[0]).toEqual({ status: 'resolved' });
        // @ts-expect-error: the name of a member is no value
        expect(Ticket.c.status.eq('RESOLVED')).toBeDefined();
      }));

    it('has instants alone: what is stored and what is now can be subtracted', () =>
      inTest(async (s) => {
        const ticket = await s.getOne(Ticket, 1);
        expect(Date.now() - ticket.createdAt.getTime()).toBeGreaterThan(0);
        expect(ticket.createdAt).toEqual(new Date('2026-01-01T00:00:00Z'));
      }));

    it('says that a row is missing where one is needed, and null where it may be', () =>
      inTest(async (s) => {
        await expect(s.getOne(User, 99)).rejects.toThrow(RowCountError);
        expect(await s.get(User, 99)).toBeNull();
      }));

    it('leaves nothing of a test that commits', async () => {
      await inTest(async (s) => {
        s.add(new User({ email: 'test@example.com', fullName: 'Test User' }));
        await s.commit();
        expect(await s.count(select(User))).toBe(3);
      });
      expect(await db.begin((s) => s.count(select(User)))).toBe(2);
    });

    it('keeps the session of a request to itself, without handing it on', async () => {
      const sessions = await Promise.all([1, 2].map(() => db.run(async () => db.current())));
      expect(new Set(sessions).size).toBe(2);
      expect(() => db.current()).toThrow('There is no current session here.');
    });

    it('runs SQL as text where it is asked to', () =>
      inTest(async (s) => {
        const { rows } = await s.execute('SELECT title FROM tickets WHERE id = 3');
        expect(rows).toEqual([{ title: 'Login' }]);
      }));

    it('takes the pool options of the guide', async () => {
      const pooled = createEngine(database.url, {
        pool: { size: 20, overflow: 40, timeout: 30_000, recycle: 3_600_000 },
      });
      expect(await sessionMaker(pooled).begin((s) => s.count(select(User)))).toBe(2);
      await pooled.dispose();
    });
  });
});

/** Two people; a resolved ticket with two tags and a comment, an open one with one tag, an open one without. */
async function seed(db: SessionMaker): Promise<void> {
  await db.begin(async (s) => {
    const [ann, bob] = [
      new User({ email: 'ann@desk.test', fullName: 'Ann' }),
      new User({ email: 'bob@desk.test', fullName: 'Bob', isStaff: true }),
    ];
    s.add(ann, bob);
    await s.flush();
    const [bug, urgent] = [new Tag({ name: 'bug' }), new Tag({ name: 'urgent' })];
    const hour = (n: number): Date => new Date(Date.UTC(2026, 0, 1, n));
    const rows = [
      {
        title: '100% broken',
        status: 'resolved',
        priority: 'high',
        assigneeId: bob.id,
        resolvedAt: hour(36),
        tags: [bug, urgent],
      },
      { title: '100 percent broken', tags: [bug] },
      { title: 'Login', assigneeId: bob.id, tags: [] },
    ] as const;
    for (const [i, row] of rows.entries()) {
      const ticket = new Ticket({
        ticketNumber: `T-${i + 1}`,
        description: 'It is.',
        creatorId: ann.id,
        createdAt: hour(i),
        ...row,
      });
      s.add(ticket);
      await s.flush();
      if (i === 0) ticket.comments.add(new Comment({ content: 'Looking.', ticketId: ticket.id, authorId: bob.id }));
    }
  });
}
