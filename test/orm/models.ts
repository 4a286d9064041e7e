/** A support desk with everything that has to be told apart: relations of each kind, two of them to one table. */
import {
  bigint,
  boolean,
  type DeclarativeBase,
  declarativeBase,
  enumeration,
  fn,
  integer,
  json,
  many,
  maybeOne,
  numeric,
  one,
  text,
  timestamp,
  varchar,
} from 'aludel';

export const Base: DeclarativeBase = declarativeBase();

export class User extends Base.table(
  'users',
  {
    id: integer().primaryKey(),
    name: varchar(50).notNull(),
    bio: text(),
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
    get profile() {
      return maybeOne(Profile, { inverse: 'user' });
    },
  },
) {}

export class Profile extends Base.table(
  'profiles',
  { id: integer().primaryKey(), userId: integer().references('users.id').unique() },
  {
    get user() {
      return maybeOne(User, { inverse: 'profile' });
    },
  },
) {}

export class Ticket extends Base.table(
  'tickets',
  {
    id: integer().primaryKey(),
    title: varchar(200).notNull(),
    body: text(),
    status: enumeration('ticket_status', ['open', 'closed']).notNull().default('open'),
    price: numeric(10, 2).notNull().default('0.00'),
    views: bigint().notNull().default(0n),
    labels: json<string[]>().notNull().default([]),
    channel: varchar(20).serverDefault('email'),
    createdAt: timestamp().notNull().serverDefault(fn.now()),
    resolvedAt: timestamp(),
    deletedAt: timestamp(),
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
    get comments() {
      return many(Comment, { inverse: 'ticket', orderBy: () => [Comment.c.rank.desc(), Comment.c.id] });
    },
    get tags() {
      return many(Tag, { secondary: 'ticket_tags', inverse: 'tickets' });
    },
  },
) {}

export class Comment extends Base.table(
  'comments',
  {
    id: integer().primaryKey(),
    content: varchar(200).notNull(),
    rank: integer().notNull().default(0),
    ticketId: integer().notNull().references('tickets.id'),
    authorId: integer().notNull().references('users.id'),
  },
  {
    get ticket() {
      return one(Ticket, { inverse: 'comments' });
    },
    get author() {
      return one(User);
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

Base.register(User, Profile, Ticket, Comment, Tag);
