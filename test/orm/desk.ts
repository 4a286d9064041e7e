import { type DeclarativeBase, declarativeBase } from '../../src/orm/mapping/declarative.js';
import { many, maybeOne, one } from '../../src/orm/mapping/relation.js';
import { enumeration, integer, json, timestamp, varchar } from '../../src/schema/columns.js';
import { fn } from '../../src/schema/expressions/functions.js';

export const Base: DeclarativeBase = declarativeBase();

export class User extends Base.table(
  'users',
  { id: integer().primaryKey(), name: varchar(50).notNull(), nickname: varchar(50) },
  {
    get created() {
      return many(Ticket, { inverse: 'creator', fk: () => Ticket.c.creatorId });
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
    status: enumeration('ticket_status', ['open', 'closed']).notNull().default('open'),
    labels: json<string[]>().notNull().default([]),
    channel: varchar(20).serverDefault('email'),
    creatorId: integer().notNull().references('users.id'),
    assigneeId: integer().references('users.id'),
    createdAt: timestamp().notNull().serverDefault(fn.now()),
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
