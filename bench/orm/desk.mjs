/** Tasks over the tickets of the support desk: by hand on the driver, and by a session. */
import Database from 'better-sqlite3';
import { COMMENTS, makePool, TICKETS } from './database.mjs';

const {
  createEngine,
  declarativeBase,
  integer,
  joined,
  many,
  one,
  select,
  selectin,
  sessionMaker,
  text,
  timestamp,
  varchar,
} = await import(String(new URL('../../dist/index.js', import.meta.url)));

const Base = declarativeBase();

/** @type {any} */
const users = Base.table('users', {
  id: integer().primaryKey(),
  name: varchar(50).notNull(),
  email: varchar(100).notNull(),
});
class User extends users {}
/** @type {any} */
const comments = Base.table('comments', {
  id: integer().primaryKey(),
  content: text().notNull(),
  ticketId: integer().notNull().references('tickets.id').index(),
  createdAt: timestamp({ withTimezone: true }).notNull(),
});
class Comment extends comments {}
/** @type {any} */
const tickets = Base.table(
  'tickets',
  {
    id: integer().primaryKey(),
    title: varchar(200).notNull(),
    status: varchar(20).notNull(),
    priority: varchar(20).notNull(),
    creatorId: integer().notNull().references('users.id'),
    createdAt: timestamp({ withTimezone: true }).notNull(),
  },
  {
    get creator() {
      return one(User);
    },
    get comments() {
      return many(Comment);
    },
  },
);
class Ticket extends tickets {}
Base.register(User, Ticket, Comment);

/** @param {string} url */
export function openAludel(url) {
  const engine = createEngine(url);
  const db = sessionMaker(engine, { mode: 'deferred' });
  const query = select(Ticket).orderBy(tickets.c.id);
  const eager = (/** @type {any} */ way) => {
    const loaded = query.options(way(tickets.c.creator), selectin(tickets.c.comments));
    return async () => () =>
      db.begin(async (/** @type {any} */ s) => {
        const found = await s.all(loaded);
        if (found.length !== TICKETS || found[0].comments.length !== COMMENTS) throw new Error('not all was loaded');
      });
  };
  return { desk: eager(selectin), deskJoined: eager(joined), close: () => engine.dispose() };
}

/** @param {string} dialect @param {string} url */
export function openRaw(dialect, url) {
  const isSqlite = dialect === 'sqlite';
  const pool = isSqlite ? undefined : makePool(url);
  const file = isSqlite ? new Database(url.slice('sqlite:'.length)) : undefined;
  const prepared = new Map();
  const all = (/** @type {string} */ sql) => {
    if (!prepared.has(sql)) prepared.set(sql, file?.prepare(sql));
    return prepared.get(sql);
  };
  const eager = async () => async () => {
    const client = await pool?.connect();
    const read = async (/** @type {string} */ sql, /** @type {number[]} */ ids) => {
      if (client !== undefined)
        return (await client.query(sql.replace('(?)', 'ANY($1)'), ids.length > 0 ? [ids] : [])).rows;
      // A list of its own for each number of keys, as one would write it by hand.
      return all(sql.replace('IN (?)', `IN (${ids.map(() => '?').join(', ')})`)).all(...ids);
    };
    const by = isSqlite ? 'IN (?)' : '= (?)';
    await client?.query('BEGIN');
    const found = await read('SELECT id, title, status, priority, creator_id, created_at FROM tickets ORDER BY id', []);
    const people = await read(`SELECT id, name, email FROM users WHERE id ${by}`, [
      ...new Set(found.map((/** @type {any} */ t) => t.creator_id)),
    ]);
    const said = await read(
      `SELECT id, content, ticket_id, created_at FROM comments WHERE ticket_id ${by} ORDER BY id`,
      found.map((/** @type {any} */ t) => t.id),
    );
    await client?.query('COMMIT');
    client?.release();
    const byId = new Map(people.map((/** @type {any} */ u) => [u.id, u]));
    const byTicket = new Map();
    for (const ticket of found) {
      if (isSqlite) ticket.created_at = new Date(ticket.created_at);
      ticket.creator = byId.get(ticket.creator_id);
      ticket.comments = [];
      byTicket.set(ticket.id, ticket);
    }
    for (const comment of said) {
      if (isSqlite) comment.created_at = new Date(comment.created_at);
      byTicket.get(comment.ticket_id).comments.push(comment);
    }
  };
  return {
    desk: eager,
    deskJoined: eager,
    close: async () => {
      await pool?.end();
      file?.close();
    },
  };
}
