/** Events of rows, attributes and sessions; case 68 of `unit-of-work.md`, and the audit log of the support desk. */
import { describe, expect, it } from 'vitest';
import {
  type ArrayResult,
  bigint,
  type DeclarativeBase,
  declarativeBase,
  enumeration,
  integer,
  json,
  many,
  maybeOne,
  type RowEvent,
  select,
  type SessionEvent,
  sessionMaker,
  testSession,
  timestamp,
  varchar,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base: DeclarativeBase = declarativeBase();

class User extends Base.table(
  'users',
  { id: integer().primaryKey(), name: varchar(50).notNull() },
  {
    get tickets() {
      return many(Ticket, { inverse: 'assignee' });
    },
  },
) {}

class Ticket extends Base.table(
  'tickets',
  {
    id: integer().primaryKey(),
    title: varchar(200).notNull(),
    status: enumeration('ticket_status', ['open', 'closed']).notNull().default('open'),
    labels: json<string[]>().notNull().default([]),
    touchedAt: timestamp().onUpdate(() => new Date('2026-01-01T00:00:00Z')),
    assigneeId: integer().references('users.id'),
  },
  {
    get assignee() {
      return maybeOne(User, { inverse: 'tickets' });
    },
    get comments() {
      return many(Comment, { inverse: 'ticket', cascade: 'all, delete-orphan' });
    },
  },
) {}

class Comment extends Base.table(
  'comments',
  { id: integer().primaryKey(), text: varchar(50), ticketId: integer().references('tickets.id') },
  {
    get ticket() {
      return maybeOne(Ticket, { inverse: 'comments' });
    },
  },
) {}

class AuditLog extends Base.table('audit_logs', {
  id: bigint({ mode: 'number' }).primaryKey(),
  action: varchar(20).notNull(),
  recordId: integer().notNull(),
  actorId: integer(),
  changes: json<Record<string, { from: unknown; to: unknown }>>().notNull(),
}) {}

Base.register(User, Ticket, Comment, AuditLog);

const ROW_EVENTS = [
  'beforeInsert',
  'beforeUpdate',
  'beforeDelete',
  'afterInsert',
  'afterUpdate',
  'afterDelete',
] as const;
const SESSION_EVENTS = [
  'beforeFlush',
  'afterFlush',
  'beforeCommit',
  'afterCommit',
  'afterRollback',
  'afterBegin',
] as const;

describe.each(dialects)('$name', (dialect) => {
  const { db: makeDb, engine, taken, rows } = useDatabase(dialect, Base);

  /** A session maker that notes its events. */
  function noting(): { db: ReturnType<typeof makeDb>; heard: () => string[] } {
    const db = makeDb();
    let heard: string[] = [];
    for (const event of [...ROW_EVENTS] satisfies RowEvent[]) db.on(Ticket, event, () => void heard.push(event));
    for (const event of [...SESSION_EVENTS] satisfies SessionEvent[]) db.on(event, () => void heard.push(event));
    return {
      db,
      heard: () => {
        const all = heard;
        heard = [];
        return all;
      },
    };
  }

  it('calls listeners in order, and none where nothing has changed (68)', async () => {
    const { db, heard } = noting();
    const ticket = await db.begin((s) => {
      const added = new Ticket({ title: 'a' });
      s.add(added);
      return Promise.resolve(added);
    });
    const around = (...inner: string[]): string[] => [
      'beforeCommit',
      'beforeFlush',
      ...inner,
      'afterFlush',
      'afterCommit',
    ];
    expect(heard()).toEqual(around('beforeInsert', 'afterBegin', 'afterInsert'));
    const s = db();
    s.add(ticket);
    ticket.title = 'b';
    await s.commit();
    expect(heard()).toEqual(around('beforeUpdate', 'afterBegin', 'afterUpdate'));
    ticket.title = 'c';
    ticket.title = 'b';
    await s.commit();
    expect(heard()).toEqual(['beforeCommit', 'beforeFlush', 'afterCommit']);
    s.delete(ticket);
    await s.commit();
    // The transaction has begun with the load of what the cascade deletes too.
    expect(heard()).toEqual(around('afterBegin', 'beforeDelete', 'afterDelete'));
    await s.execute('SELECT 1');
    await s.close();
    expect(heard()).toEqual(['afterBegin', 'afterRollback']);
  });

  it('shows the error that led to a rollback, whatever a listener makes of the rollback', async () => {
    const db = makeDb();
    db.on('afterRollback', async (session) => void (await session.execute('SELECT 1')));
    const failing = db.begin(async (session) => {
      await session.execute('SELECT 1');
      throw new Error('the first error');
    });
    await expect(failing).rejects.toThrow('the first error');
  });

  it('awaits listeners one after the other', async () => {
    const db = makeDb();
    const heard: number[] = [];
    db.on(Ticket, 'beforeInsert', async (_, { session }) => {
      await session.execute('SELECT 1');
      heard.push(1);
    });
    const off = db.on(Ticket, 'beforeInsert', () => void heard.push(2));
    await db.begin(async (s) => s.add(new Ticket({ title: 'a' })));
    off();
    await db.begin(async (s) => s.add(new Ticket({ title: 'b' })));
    expect(heard).toEqual([1, 2, 1]);
  });

  it('writes an audit log in the same flush and transaction, one statement for all its rows (68)', async () => {
    const db = makeDb();
    const log = (ticket: Ticket, action: string, actor: unknown, changes: AuditLog['changes'] = {}): AuditLog =>
      new AuditLog({ action, recordId: ticket.id, actorId: Number(actor), changes });
    db.on(Ticket, 'afterInsert', (ticket, { session }) => session.add(log(ticket, 'CREATE', session.info['userId'])));
    db.on(Ticket, 'afterUpdate', (ticket, { session, changed, history }) => {
      const names = changed.filter((name) => name === 'status' || name === 'assigneeId' || name === 'labels');
      const entries = names.map((name) => [
        name,
        { from: history(name).deleted[0] ?? null, to: history(name).added[0] },
      ]);
      session.add(log(ticket, 'UPDATE', session.info['userId'], Object.fromEntries(entries)));
    });
    db.on(Ticket, 'afterDelete', (ticket, { session }) => session.add(log(ticket, 'DELETE', session.info['userId'])));
    const s = db({ info: { userId: 7 } });
    const tickets = ['a', 'b', 'c'].map((title) => new Ticket({ title }));
    const ann = new User({ name: 'Ann' });
    s.add(ann, ...tickets);
    await s.commit();
    const count = dialect.name === 'sqlite' ? 1 : 2;
    expect(taken().filter((sql) => sql === 'INSERT audit_logs').length).toBeLessThanOrEqual(count);
    const [a, b] = tickets as [Ticket, Ticket];
    a.status = 'closed';
    a.labels.push('late');
    b.assignee.set(ann);
    await s.commit();
    s.delete(a);
    await s.rollback();
    await s.close();
    const entries = await db.begin((session) =>
      session.all(
        select({
          action: AuditLog.c.action,
          of: AuditLog.c.recordId,
          by: AuditLog.c.actorId,
          changes: AuditLog.c.changes,
        }).orderBy(AuditLog.c.id),
      ),
    );
    expect(entries).toEqual([
      ...[1, 2, 3].map((of) => ({ action: 'CREATE', of, by: 7, changes: {} })),
      {
        action: 'UPDATE',
        of: 1,
        by: 7,
        changes: { status: { from: 'open', to: 'closed' }, labels: { from: [], to: ['late'] } },
      },
      { action: 'UPDATE', of: 2, by: 7, changes: { assigneeId: { from: null, to: 1 } } },
    ]);
  });

  it('keeps the history in the events before and after', async () => {
    const db = makeDb();
    const heard: unknown[] = [];
    db.on(Ticket, 'beforeInsert', (_, { changed }) => void heard.push(changed));
    db.on(Ticket, 'afterInsert', (_, { history }) => void heard.push(history('id').added, history('status').added));
    db.on(Ticket, 'beforeUpdate', (_, { changed, history }) => void heard.push(changed, history('title').deleted));
    db.on(Ticket, 'afterUpdate', (_, { changed, history }) => {
      heard.push(changed, history('title'), history('status').unchanged, history('comments').added.length);
    });
    const s = db();
    const ticket = new Ticket({ title: 'a' });
    s.add(ticket);
    await s.flush();
    expect(heard.splice(0)).toEqual([['title', 'status', 'labels', 'touchedAt', 'assigneeId'], [1], ['open']]);
    ticket.title = 'b';
    ticket.comments.add(new Comment({ text: 'x' }));
    await s.flush();
    expect(heard).toEqual([
      ['title', 'comments'],
      ['a'],
      ['title', 'touchedAt', 'comments'],
      { added: ['b'], unchanged: [], deleted: ['a'], hasChanges: true },
      ['open'],
      1,
    ]);
    await s.close();
  });

  it('writes what listeners change before the row is written, relations too, and what they add', async () => {
    const db = makeDb();
    db.on(Ticket, 'beforeInsert', (ticket) => {
      ticket.title = ticket.title.trim();
      ticket.comments.add(new Comment({ text: 'automatic' }));
    });
    const heard: (string | null)[] = [];
    db.on(Comment, 'beforeInsert', (comment) => void heard.push(comment.text));
    db.on('beforeFlush', (session) => {
      if (session.new.every((object) => !(object instanceof User))) session.add(new User({ name: 'robot' }));
    });
    await db.begin(async (s) => s.add(new Ticket({ title: ' a ' })));
    expect(await rows('SELECT title, name, text FROM tickets, users, comments')).toEqual([['a', 'robot', 'automatic']]);
    expect(heard).toEqual(['automatic']);
  });

  it('tells of rows that cascades delete and of orphans', async () => {
    const db = makeDb();
    const heard: (string | null)[] = [];
    db.on(Comment, 'beforeDelete', (comment) => void heard.push(comment.text));
    db.on(Comment, 'afterDelete', (comment) => void heard.push(`${comment.text}!`));
    const s = db();
    const ticket = new Ticket({ title: 'a', comments: ['x', 'y', 'z'].map((text) => new Comment({ text })) });
    s.add(ticket);
    await s.commit();
    const x = ticket.comments.at(0);
    if (x !== undefined) ticket.comments.remove(x);
    await s.flush();
    s.delete(ticket);
    await s.commit();
    expect(heard).toEqual(['x', 'x!', 'y', 'z', 'y!', 'z!']);
    await s.close();
  });

  it('undoes the flush when a listener throws', async () => {
    const db = makeDb();
    db.on(Ticket, 'afterInsert', () => {
      throw new Error('no');
    });
    const s = db();
    const ticket = new Ticket({ title: 'a' });
    s.add(ticket);
    await expect(s.flush()).rejects.toThrow('no');
    await s.rollback();
    await s.close();
    expect(await rows('SELECT * FROM tickets')).toEqual([]);
  });

  it('lets a listener read in the flush, and refuses to flush, commit or close the session in it', async () => {
    const db = makeDb();
    const refused: string[] = [];
    let seen: unknown;
    db.on(Ticket, 'afterInsert', async (ticket, { session }) => {
      seen = [
        await session.count(select(Ticket)),
        (await session.all(select(Ticket)))[0] === ticket,
        (await ticket.assignee.load())?.name,
      ];
      const forbidden = [session.flush(), session.commit(), session.close(), session.nested(async () => {})];
      for (const call of forbidden) await call.catch((error: Error) => refused.push(error.message));
    });
    await db.begin(async (s) => {
      const ann = new User({ name: 'Ann' });
      s.add(ann);
      await s.flush();
      s.add(new Ticket({ title: 'a', assigneeId: ann.id }));
    });
    expect(seen).toEqual([1, true, 'Ann']);
    expect(refused).toEqual(
      ['flush', 'commit', 'close', 'begin a savepoint'].map(
        (verb) => `A listener of a flush cannot ${verb} the session that is flushed.`,
      ),
    );
  });

  it('runs nothing in a transaction whose afterBegin has failed, and tries it again', async () => {
    const db = makeDb();
    let calls = 0;
    db.on('afterBegin', () => {
      calls += 1;
      if (calls < 3) throw new Error('nobody is logged in');
    });
    const s = db();
    await expect(s.count(select(Ticket))).rejects.toThrow('nobody is logged in');
    await expect(s.count(select(Ticket))).rejects.toThrow('nobody is logged in');
    expect([await s.count(select(Ticket)), calls]).toEqual([0, 3]);
    await s.close();
  });

  it('refuses events that there are not', () => {
    const on = makeDb().on as (...args: unknown[]) => void;
    const upsert = (): void => on(Ticket, 'afterUpsert', () => undefined);
    expect(upsert).toThrow('There is no event "afterUpsert" here.');
    expect(() => on('afterInsert', () => undefined)).toThrow('There is no event "afterInsert" here.');
    expect(() => (engine().on as (...args: unknown[]) => void)('pool', () => undefined)).toThrow('no event "pool"');
  });

  it('stops listeners that never leave off', async () => {
    const db = makeDb();
    let n = 0;
    db.on(Ticket, 'afterUpdate', (ticket) => void (ticket.title = `t${n++}`));
    await expect(
      db.begin(async (s) => {
        const ticket = new Ticket({ title: 'a' });
        s.add(ticket);
        await s.flush();
        ticket.title = 'b';
      }),
    ).rejects.toThrow('The listeners have left something to write 100 times.');
  });

  it('tells of attributes before they change, and keeps out what a listener refuses', async () => {
    const db = makeDb();
    const heard: unknown[] = [];
    db.on(Ticket, 'set', 'status', (ticket, { before, value }) => {
      if (ticket.title === 'locked') throw new Error('The ticket is locked.');
      heard.push([before, value]);
    });
    db.on(Ticket, 'set', 'assignee', (_, { value }) => void heard.push(value?.name ?? null));
    db.on(Ticket, 'append', 'comments', (_, { value }) => void heard.push(`+${value.text}`));
    db.on(Ticket, 'remove', 'comments', (_, { value }) => void heard.push(`-${value.text}`));
    const s = db();
    const ticket = new Ticket({ title: 'a' });
    ticket.status = 'closed';
    s.add(ticket);
    ticket.status = 'open';
    ticket.status = 'open';
    ticket.assignee.set(new User({ name: 'Ann' }));
    ticket.assignee.set(null);
    const comment = new Comment({ text: 'x' });
    ticket.comments.add(comment);
    ticket.comments.remove(comment);
    expect(heard).toEqual([['closed', 'open'], 'Ann', null, '+x', '-x']);
    ticket.title = 'locked';
    expect(() => (ticket.status = 'closed')).toThrow('The ticket is locked.');
    expect(ticket.status).toBe('open');
    await s.close();
  });

  it('belongs to its session maker: another one hears nothing, a test session of it does', async () => {
    const db = makeDb();
    const heard: string[] = [];
    db.on(Ticket, 'afterInsert', (ticket) => void heard.push(ticket.title));
    await sessionMaker(engine()).begin(async (s) => s.add(new Ticket({ title: 'elsewhere' })));
    const { session, rollback } = await testSession(db);
    session.add(new Ticket({ title: 'here' }));
    await session.commit();
    await rollback();
    expect(heard).toEqual(['here']);
    expect(await rows('SELECT title FROM tickets')).toEqual([['elsewhere']]);
  });

  it('puts listeners of queries around every statement: a cache of results', async () => {
    const db = makeDb();
    const cache = new Map<string, ArrayResult>();
    db.on('query', async ({ sql, params }, next) => {
      if (!sql.startsWith('SELECT') || !/["`]users["`]/.test(sql)) return next();
      const key = JSON.stringify([sql, params]);
      const result = cache.get(key) ?? (await next());
      cache.set(key, result);
      return result;
    });
    db.on(User, 'afterInsert', () => cache.clear());
    await db.begin(async (s) => s.add(new User({ name: 'Ann' })));
    taken();
    const names = (): Promise<string[]> => db.begin(async (s) => (await s.all(select(User))).map(({ name }) => name));
    expect([await names(), await names(), taken()]).toEqual([['Ann'], ['Ann'], ['SELECT users']]);
    await db.begin(async (s) => s.add(new User({ name: 'Bob' })));
    expect([await names(), taken()]).toEqual([
      ['Ann', 'Bob'],
      ['INSERT users', 'SELECT users'],
    ]);
  });
});
