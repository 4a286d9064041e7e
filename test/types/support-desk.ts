/** The support desk, typed: it must compile, and every `@ts-expect-error` must be an error. Judged by `tsc` alone. */
import { declarativeBase } from '../../src/orm/mapping/declarative.js';
import type { RelationAttribute } from '../../src/orm/mapping/relation-attribute.js';
import { many, maybeOne, one } from '../../src/orm/mapping/relation.js';
import { bigint, enumeration, integer, numeric, timestamp, varchar } from '../../src/schema/columns.js';
import type { Expr } from '../../src/schema/expressions/expr.js';
import { sql } from '../../src/schema/expressions/sql-template.js';
import { fn } from '../../src/schema/expressions/functions.js';
import { check } from '../../src/schema/table-args.js';
import { index } from '../../src/schema/index-arg.js';

const Base = declarativeBase();

const timestamps = () => ({
  createdAt: timestamp()
    .notNull()
    .serverDefault(sql`now()`),
});

export class User extends Base.table(
  'users',
  {
    id: integer().primaryKey(),
    email: varchar(255).notNull().unique(),
    name: varchar(50),
    ...timestamps(),
  },
  {
    get ticketsCreated() {
      return many(Ticket, { inverse: 'creator', fk: () => Ticket.c.creatorId, cascade: 'all, delete-orphan' });
    },
    get ticketsAssigned() {
      return many(Ticket, { inverse: 'assignee', fk: () => Ticket.c.assigneeId });
    },
  },
) {
  get shout() {
    return this.email.toUpperCase();
  }
}

export class Ticket extends Base.table(
  'tickets',
  {
    id: integer().primaryKey(),
    title: varchar(500).notNull(),
    status: enumeration('ticket_status', ['open', 'closed']).notNull().default('open'),
    creatorId: integer().notNull().references('users.id').index(),
    assigneeId: integer().references('users.id'),
    ...timestamps(),
  },
  {
    get creator() {
      return one(User, { inverse: 'ticketsCreated', fk: () => Ticket.c.creatorId });
    },
    get assignee() {
      return maybeOne(User, { inverse: 'ticketsAssigned', fk: () => Ticket.c.assigneeId });
    },
    get comments() {
      return many(Comment, { inverse: 'ticket', orderBy: () => Comment.c.createdAt });
    },
  },
) {
  static override tableArgs = () => [
    index(Ticket.c.title, Ticket.c.createdAt).where(Ticket.c.assigneeId.isNull()),
    check('positive', Ticket.c.id.eq(1)),
  ];

  get firstComment() {
    return this.comments.at(0)?.content ?? null;
  }
}

export class Comment extends Base.table(
  'comments',
  {
    id: integer().primaryKey(),
    content: varchar().notNull(),
    ticketId: integer().notNull().references('tickets.id'),
    ...timestamps(),
  },
  {
    get ticket() {
      return one(Ticket, { inverse: 'comments' });
    },
  },
) {}

// A model may refer to itself.
export class Folder extends Base.table(
  'folders',
  {
    id: integer().primaryKey(),
    parentId: integer().references('folders.id'),
  },
  {
    get parent() {
      return maybeOne(Folder, { inverse: 'children' });
    },
    get children() {
      return many(Folder, { inverse: 'parent' });
    },
  },
) {}

// Keys that nothing counts up are required; a class may be used as it is.
export const Currency = Base.table('currencies', { code: varchar(3).primaryKey(), rate: numeric(12, 6).notNull() });
export class Event extends Base.table('app.events', {
  id: bigint().primaryKey().identity({ always: true }),
  at: timestamp().notNull().default(new Date(0)),
}) {}

const ticket = new Ticket({ title: 'a', creatorId: 1 });
const user = new User({ email: 'x', ticketsCreated: [ticket] });
void new Ticket({ title: 'a', creator: user });
// @ts-expect-error neither the creator nor its key
void new Ticket({ title: 'a' });
// @ts-expect-error no title
void new Ticket({ creator: user });
void new Ticket({ title: 'a', creatorId: 1, creator: user, assignee: null, comments: [], status: 'closed' });
void new Folder({ parent: new Folder({}) });
void new Currency({ code: 'EUR', rate: '1' });
void new Event({});
Base.register(User, Currency);

// @ts-expect-error a literal default has the column's type
integer().serverDefault('18');
integer().serverDefault(18);
timestamp().serverDefault(fn.now());
// @ts-expect-error a default has the column's type
integer().default('18');
// @ts-expect-error email is required
void new User({ name: 'x' });
// @ts-expect-error a key that nothing makes is required
void new Currency({ rate: '1' });
// @ts-expect-error there is no such column
void new User({ email: 'x', mail: 'x' });
// @ts-expect-error the enum has no such value
void new Ticket({ title: 'a', creatorId: 1, status: 'lost' });
// @ts-expect-error a ticket has exactly one creator
void new Ticket({ title: 'a', creatorId: 1, creator: null });
// @ts-expect-error tickets are no comments
void new Ticket({ title: 'a', creatorId: 1, comments: [ticket] });
// @ts-expect-error Ticket has no such relation
many(Ticket, { inverse: 'nope' });
// @ts-expect-error relations are changed through set and add
ticket.creator = user.ticketsCreated;
// @ts-expect-error an id is compared with a number
Ticket.c.id.eq('1');
// @ts-expect-error there is no such column
void Ticket.c.subject;

export const title: Expr<string> = Ticket.c.title;
export const assigneeId: Expr<number | null> = Ticket.c.assigneeId;
export const status: Expr<'open' | 'closed'> = Ticket.c.status;
declare function follow<F, T>(from: (object: F) => void, attribute: RelationAttribute<F, T>): T;
export const followed: Comment = follow((from: Ticket) => from.title, Ticket.c.comments);
// @ts-expect-error comments are no relation of users
follow((from: User) => from.email, Ticket.c.comments);
export const creatorIdColumn: string | null = Ticket.table.columns.creatorId.spec.databaseName;
export const tableName: string = Ticket.tableName;
// @ts-expect-error a title is text
export const wrong: Expr<number> = Ticket.c.title;

export async function walk(): Promise<void> {
  const shout: string = ticket.creator.value.shout;
  const maybe: string | undefined = ticket.assignee.value?.shout;
  // @ts-expect-error there may be no assignee
  const surely: string = ticket.assignee.value.shout;
  const first: string | null = ticket.firstComment;
  for (const comment of await ticket.comments.load()) {
    const text: string = (await comment.ticket.load()).title;
    void [comment.content, text];
  }
  ticket.creator.set(user);
  ticket.assignee.set(null);
  // @ts-expect-error a ticket has exactly one creator
  ticket.creator.set(null);
  const lengths: number[] = ticket.comments.map((comment) => comment.content.length);
  void [shout, maybe, surely, first, lengths];
}
