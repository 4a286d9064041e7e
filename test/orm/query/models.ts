/** A support desk with everything that queries have to tell apart: two relations to one table, one to the table itself. */
import {
  bigint,
  boolean,
  type DeclarativeBase,
  declarativeBase,
  enumeration,
  integer,
  json,
  many,
  maybeOne,
  numeric,
  one,
  timestamp,
  varchar,
} from 'aludel';

export const Base: DeclarativeBase = declarativeBase();

export class User extends Base.table(
  'users',
  {
    id: integer().primaryKey(),
    fullName: varchar(50).notNull(),
    isStaff: boolean().notNull().default(false),
    bossId: integer().references('users.id'),
  },
  {
    get created() {
      return many(Ticket, { inverse: 'creator', fk: () => Ticket.c.creatorId });
    },
    get boss() {
      return maybeOne(User, { inverse: 'team' });
    },
    get team() {
      return many(User, { inverse: 'boss' });
    },
  },
) {}

export class Ticket extends Base.table(
  'tickets',
  {
    id: integer().primaryKey(),
    title: varchar(200).notNull(),
    status: enumeration('ticket_status', ['open', 'closed']).notNull().default('open'),
    price: numeric(10, 2).notNull().default('0.00'),
    views: bigint().notNull().default(0n),
    labels: json<string[]>().notNull().default([]),
    createdAt: timestamp().notNull(),
    resolvedAt: timestamp(),
    creatorId: integer().notNull().references('users.id'),
    assigneeId: integer().references('users.id'),
  },
  {
    get creator() {
      return one(User, { inverse: 'created', fk: () => Ticket.c.creatorId });
    },
    get assignee() {
      return maybeOne(User, { fk: () => Ticket.c.assigneeId });
    },
    get tags() {
      return many(Tag, { secondary: 'ticket_tags', inverse: 'tickets' });
    },
  },
) {}

export class Tag extends Base.table(
  'tags',
  { id: integer().primaryKey(), name: varchar(40).notNull() },
  {
    get tickets() {
      return many(Ticket, { secondary: 'ticket_tags', inverse: 'tags' });
    },
  },
) {}

export const ticketTags = Base.metadata.table('ticket_tags', {
  ticketId: integer().primaryKey().references('tickets.id'),
  tagId: integer().primaryKey().references('tags.id'),
});
Base.register(User, Ticket, Tag);
