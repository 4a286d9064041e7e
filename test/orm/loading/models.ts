/** A support desk with relations of every kind, one to the table itself, and classes that extend each other. */
import { type DeclarativeBase, declarativeBase, integer, many, maybeOne, one, text, timestamp, varchar } from 'aludel';

export const Base: DeclarativeBase = declarativeBase();

export class User extends Base.table(
  'users',
  { id: integer().primaryKey(), name: varchar(50).notNull(), bio: text() },
  {
    get created() {
      return many(Ticket, { inverse: 'creator', fk: () => Ticket.c.creatorId });
    },
  },
) {}

export class Ticket extends Base.table(
  'tickets',
  {
    id: integer().primaryKey(),
    title: varchar(200).notNull(),
    body: text(),
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

export class Folder extends Base.table(
  'folders',
  { id: integer().primaryKey(), name: varchar(40).notNull(), parentId: integer().references('folders.id') },
  {
    get children() {
      return many(Folder, { inverse: 'parent' });
    },
    get parent() {
      return maybeOne(Folder, { inverse: 'children' });
    },
  },
) {}

/** Relations that are loaded by default: they do not lead back and forth. */
export class Album extends Base.table(
  'albums',
  { id: integer().primaryKey(), title: varchar(40).notNull() },
  {
    get songs() {
      return many(Song, { inverse: 'album', load: 'selectin' });
    },
    get covers() {
      return many(Cover, { load: 'throw' });
    },
  },
) {}

export class Song extends Base.table(
  'songs',
  { id: integer().primaryKey(), albumId: integer().notNull().references('albums.id') },
  {
    get album() {
      return one(Album, { inverse: 'songs', load: 'joined' });
    },
  },
) {}

export class Cover extends Base.table('covers', {
  id: integer().primaryKey(),
  albumId: integer().notNull().references('albums.id'),
}) {}

export class Employee extends Base.table(
  'employees',
  {
    id: integer().primaryKey(),
    kind: varchar(20).notNull().default('employee'),
    name: varchar(40).notNull(),
    note: text(),
    teamId: integer().references('teams.id'),
  },
  {
    get team() {
      return maybeOne(Team, { inverse: 'members' });
    },
  },
  { polymorphic: { on: 'kind' } },
) {}

export class Engineer extends Base.child(Employee, { as: 'engineer', table: 'engineers' }, { field: varchar(40) }) {}

export class Manager extends Base.child(
  Employee,
  { as: 'manager' },
  {},
  {
    get cars() {
      return many(Car);
    },
  },
) {}

export class Car extends Base.table('cars', {
  id: integer().primaryKey(),
  managerId: integer().notNull().references('employees.id'),
}) {}

export class Team extends Base.table(
  'teams',
  { id: integer().primaryKey(), name: varchar(40).notNull() },
  {
    get members() {
      return many(Employee, { inverse: 'team' });
    },
  },
) {}

Base.register(User, Ticket, Comment, Tag, Folder, Album, Song, Cover, Employee, Engineer, Manager, Car, Team);
