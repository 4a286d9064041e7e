/** The support desk with what loaders have to tell apart: a tree, relations that load by default, classes that extend others. */
import { integer, many, maybeOne, one, text, varchar } from 'aludel';
import { Base } from '../models.js';

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

Base.register(Folder, Album, Song, Cover, Employee, Engineer, Manager, Car, Team);
