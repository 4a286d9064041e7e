/** Users open tickets, agents answer them, tags sort them, and an audit log keeps who has changed what. */
import {
  boolean,
  criteria,
  declarativeBase,
  enumeration,
  index,
  integer,
  json,
  many,
  maybeOne,
  one,
  text,
  timestamp,
  varchar,
} from 'aludel';

export const Base = declarativeBase();

export const STATUSES = ['open', 'in_progress', 'waiting_on_customer', 'resolved', 'closed'] as const;
export const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;
export type Status = (typeof STATUSES)[number];
export type Priority = (typeof PRIORITIES)[number];

const instant = () => timestamp({ withTimezone: true });
const timestamps = () => ({
  createdAt: instant()
    .notNull()
    .default(() => new Date()),
  updatedAt: instant()
    .notNull()
    .default(() => new Date())
    .onUpdate(() => new Date()),
});

export class User extends Base.table(
  'users',
  {
    id: integer().primaryKey().identity(),
    email: varchar(255).notNull().unique(),
    fullName: varchar(255).notNull(),
    isStaff: boolean().notNull().default(false),
    ...timestamps(),
  },
  {
    get ticketsCreated() {
      return many(Ticket, { inverse: 'creator', fk: () => Ticket.c.creatorId });
    },
    get ticketsAssigned() {
      return many(Ticket, { inverse: 'assignee', fk: () => Ticket.c.assigneeId });
    },
  },
) {}

export class Ticket extends Base.table(
  'tickets',
  {
    id: integer().primaryKey().identity(),
    ticketNumber: varchar(50).notNull().unique(),
    title: varchar(500).notNull(),
    description: text().notNull(),
    status: enumeration('ticket_status', STATUSES).notNull().default('open'),
    priority: enumeration('ticket_priority', PRIORITIES).notNull().default('medium'),
    creatorId: integer().notNull().references('users.id').index(),
    assigneeId: integer().references('users.id').index(),
    resolvedAt: instant(),
    deletedAt: instant(),
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
      return many(Comment, { inverse: 'ticket', cascade: 'all, delete-orphan', orderBy: () => Comment.c.createdAt });
    },
    get tags() {
      return many(Tag, { secondary: 'ticket_tags', inverse: 'tickets' });
    },
  },
) {
  static override tableArgs = () => [index(Ticket.c.status, Ticket.c.createdAt).where(Ticket.c.deletedAt.isNull())];
}

/** Tickets that are deleted softly: no session of the desk sees them, unless it asks for them. */
export const live = criteria(Ticket, (ticket) => ticket.deletedAt.isNull(), 'live');

export class Comment extends Base.table(
  'comments',
  {
    id: integer().primaryKey().identity(),
    content: text().notNull(),
    isInternal: boolean().notNull().default(false),
    ticketId: integer().notNull().references('tickets.id').index(),
    authorId: integer().notNull().references('users.id').index(),
    ...timestamps(),
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
  { id: integer().primaryKey().identity(), name: varchar(100).notNull().unique() },
  {
    get tickets() {
      return many(Ticket, { secondary: 'ticket_tags', inverse: 'tags' });
    },
  },
) {}

Base.metadata.table('ticket_tags', {
  ticketId: integer().primaryKey().references('tickets.id'),
  tagId: integer().primaryKey().references('tags.id').index(),
});

export type Changes = Record<string, { readonly from: unknown; readonly to: unknown }>;

export class AuditLog extends Base.table('audit_logs', {
  id: integer().primaryKey().identity(),
  action: varchar(20).notNull(),
  ticketId: integer().notNull().index(),
  userId: integer(),
  changes: json<Changes>().notNull(),
  at: instant()
    .notNull()
    .default(() => new Date()),
}) {}

Base.register(User, Ticket, Comment, Tag, AuditLog);
