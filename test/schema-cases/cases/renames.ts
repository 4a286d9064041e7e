import { boolean, check, enumeration, index, integer, sql, text, timestamp, unique, varchar, fn } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const USERS = [
  `INSERT INTO "users" ("id", "name", "age") VALUES (1, 'Ann', 20)`,
  `INSERT INTO "users" ("id", "name", "age") VALUES (2, 'Bob', 30)`,
];

export const RENAMES: readonly SchemaCase[] = [
  {
    name: 'renames a column and keeps its rows',
    from: (m) => m.table('users', { id: integer().primaryKey(), name: varchar(40).notNull(), age: integer() }),
    to: (m) => m.table('users', { id: integer().primaryKey(), fullName: varchar(40).notNull(), age: integer() }),
    rows: USERS,
    renames: ['users.name:users.full_name'],
  },
  {
    name: 'renames a column that is in a key, a unique constraint, an index, a check and a generated column',
    from: (m) =>
      m.table(
        'users',
        {
          id: integer().primaryKey(),
          name: varchar(40).notNull().unique(),
          age: integer().index(),
          twice: integer().generatedAs(sql`age * 2`),
        },
        (c) => [check('adult', c.age.gt(17)), index(c.name, c.age)],
      ),
    to: (m) =>
      m.table(
        'users',
        {
          userId: integer().primaryKey(),
          fullName: varchar(40).notNull().unique(),
          years: integer().index(),
          twice: integer().generatedAs(sql`years * 2`),
        },
        (c) => [check('adult', c.years.gt(17)), index(c.fullName, c.years)],
      ),
    rows: USERS,
    renames: ['users.id:users.user_id', 'users.name:users.full_name', 'users.age:users.years'],
  },
  {
    // PostgreSQL's statements for it are blocks, between quotes of this kind.
    name: 'renames a column of a table that is called like the end of a quoted block',
    from: (m) => m.table('users$aludel$', { id: integer().primaryKey().serial(), name: varchar(40).notNull() }),
    to: (m) => m.table('users$aludel$', { number: integer().primaryKey().serial(), fullName: varchar(40).notNull() }),
    renames: ['users$aludel$.id:users$aludel$.number', 'users$aludel$.name:users$aludel$.full_name'],
  },
  {
    name: 'renames a table with everything that refers to it',
    from: (m) => {
      m.table(
        'users',
        { id: integer().primaryKey(), name: varchar(40).notNull().unique(), age: integer().index() },
        (c) => [check('adult', c.age.gt(17))],
      );
      m.table('posts', {
        id: integer().primaryKey(),
        userId: integer().notNull().references('users.id', { onDelete: 'cascade' }).index(),
      });
    },
    to: (m) => {
      m.table(
        'people',
        { id: integer().primaryKey(), name: varchar(40).notNull().unique(), age: integer().index() },
        (c) => [check('adult', c.age.gt(17))],
      );
      m.table('posts', {
        id: integer().primaryKey(),
        userId: integer().notNull().references('people.id', { onDelete: 'cascade' }).index(),
      });
    },
    rows: [...USERS, 'INSERT INTO "posts" ("id", "user_id") VALUES (7, 2)'],
    renames: ['users:people'],
    afterwards: ['INSERT INTO "posts" ("id", "user_id") VALUES (8, 1)'],
  },
  {
    name: 'renames a table together with its columns, one of them a foreign key',
    from: (m) => {
      m.table('users', { id: integer().primaryKey(), name: text(), age: integer() });
      m.table('posts', { id: integer().primaryKey(), userId: integer().references('users.id') });
    },
    to: (m) => {
      m.table('people', { personId: integer().primaryKey(), fullName: text(), age: integer() });
      m.table('articles', { id: integer().primaryKey(), authorId: integer().references('people.person_id') });
    },
    rows: [...USERS, 'INSERT INTO "posts" ("id", "user_id") VALUES (7, 2)'],
    renames: [
      'users:people',
      'users.id:people.person_id',
      'users.name:people.full_name',
      'posts:articles',
      'posts.user_id:articles.author_id',
    ],
  },
  {
    name: 'renames a column and changes it in one go',
    from: (m) => m.table('users', { id: integer().primaryKey(), name: varchar(40), age: integer() }),
    to: (m) =>
      m.table('users', {
        id: integer().primaryKey(),
        fullName: varchar(80).notNull().serverDefault('nobody'),
        age: integer(),
      }),
    rows: USERS,
    renames: ['users.name:users.full_name'],
  },
  {
    name: 'swaps two columns',
    from: (m) =>
      m.table('t', { id: integer().primaryKey(), a: integer().notNull().index(), b: varchar(9).serverDefault('x') }),
    to: (m) =>
      m.table('t', { id: integer().primaryKey(), a: varchar(9).serverDefault('x'), b: integer().notNull().index() }),
    rows: [`INSERT INTO "t" ("id", "a", "b") VALUES (1, 2, 'three')`],
    renames: ['t.a:t.b', 't.b:t.a'],
  },
  {
    name: 'renames along a chain',
    from: (m) => m.table('t', { id: integer().primaryKey(), a: integer(), b: integer() }),
    to: (m) => m.table('t', { id: integer().primaryKey(), b: integer(), c: integer() }),
    rows: ['INSERT INTO "t" ("id", "a", "b") VALUES (1, 2, 3)'],
    renames: ['t.a:t.b', 't.b:t.c'],
  },
  {
    name: 'swaps two tables',
    from: (m) => {
      m.table('a', { id: integer().primaryKey(), x: integer().index() });
      m.table('b', { id: integer().primaryKey(), y: varchar(9) });
    },
    to: (m) => {
      m.table('b', { id: integer().primaryKey(), x: integer().index() });
      m.table('a', { id: integer().primaryKey(), y: varchar(9) });
    },
    rows: ['INSERT INTO "a" ("id", "x") VALUES (1, 2)', `INSERT INTO "b" ("id", "y") VALUES (3, 'four')`],
    renames: ['a:b', 'b:a'],
  },
  {
    name: 'renames a column and a table to another letter case of one that goes',
    from: (m) => {
      m.table('t', { id: integer().primaryKey(), Name: varchar(9).name('Name'), label: varchar(9) });
      m.table('Users', { id: integer().primaryKey(), x: integer() });
      m.table('people', { id: integer().primaryKey(), y: integer().index() });
    },
    to: (m) => {
      m.table('t', { id: integer().primaryKey(), name: varchar(9) });
      m.table('users', { id: integer().primaryKey(), y: integer().index() });
    },
    rows: [
      `INSERT INTO "t" ("id", "Name", "label") VALUES (1, 'two', 'three')`,
      'INSERT INTO "Users" ("id", "x") VALUES (4, 5)',
      'INSERT INTO "people" ("id", "y") VALUES (6, 7)',
    ],
    renames: ['t.label:t.name', 'people:users'],
  },
  {
    name: 'alters one of two columns that differ in the case of a letter beyond A to Z',
    from: (m) => m.table('t', { id: integer().primaryKey(), one: varchar(9).name('Ä'), other: varchar(9).name('ä') }),
    to: (m) => m.table('t', { id: integer().primaryKey(), one: varchar(9).name('Ä'), other: text().name('ä') }),
    rows: [`INSERT INTO "t" ("id", "Ä", "ä") VALUES (1, 'two', 'three')`],
    except: {
      mysql: { reason: 'the two are one name' },
      mariadb: { reason: 'the two are one name' },
    },
  },
  {
    name: 'drops one of two columns that differ in the case of a letter beyond A to Z',
    from: (m) => m.table('t', { id: integer().primaryKey(), one: varchar(9).name('Ä'), other: varchar(9).name('ä') }),
    to: (m) => m.table('t', { id: integer().primaryKey(), one: varchar(9).name('Ä') }),
    rows: [`INSERT INTO "t" ("id", "Ä", "ä") VALUES (1, 'two', 'three')`],
    except: {
      mysql: { reason: 'the two are one name' },
      mariadb: { reason: 'the two are one name' },
    },
  },
  {
    name: 'renames, drops and adds together',
    from: (m) => {
      m.table('users', { id: integer().primaryKey(), name: varchar(40), age: integer(), gone: integer().index() });
      m.table('old', { id: integer().primaryKey() });
    },
    to: (m) => {
      m.table('people', {
        id: integer().primaryKey(),
        fullName: varchar(40),
        age: integer(),
        born: timestamp().index(),
      });
      m.table('fresh', { id: integer().primaryKey(), personId: integer().references('people.id') });
    },
    rows: USERS,
    renames: ['users:people', 'users.name:people.full_name'],
  },
  {
    name: 'gives equal constraints and indexes new names without being asked',
    from: (m) =>
      m.table('t', { id: integer().primaryKey(), a: integer().notNull(), b: varchar(20).notNull() }, (c) => [
        unique([c.a], { name: 'old_unique' }),
        check('old_check', c.a.gt(0)),
        index('old_index', [c.b, c.a]),
      ]),
    to: (m) =>
      m.table('t', { id: integer().primaryKey(), a: integer().notNull(), b: varchar(20).notNull() }, (c) => [
        unique([c.a], { name: 'new_unique' }),
        check('new_check', c.a.gt(0)),
        index('new_index', [c.b, c.a]),
      ]),
    rows: [`INSERT INTO "t" ("id", "a", "b") VALUES (1, 2, 'x')`],
    renames: [],
  },
  {
    name: 'renames foreign keys, with the index that a server makes for them',
    from: (m) => {
      m.table('users', { id: integer().primaryKey() });
      m.table('posts', { id: integer().primaryKey(), userId: integer().references('users.id', { name: 'fk_old' }) });
    },
    to: (m) => {
      m.table('users', { id: integer().primaryKey() });
      m.table('posts', { id: integer().primaryKey(), userId: integer().references('users.id', { name: 'fk_new' }) });
    },
    rows: ['INSERT INTO "users" ("id") VALUES (1)', 'INSERT INTO "posts" ("id", "user_id") VALUES (1, 1)'],
    renames: [],
  },
  {
    name: 'renames an enum type with its columns',
    from: (m) =>
      m.table('t', {
        id: integer().primaryKey(),
        status: enumeration('status', ['open', 'closed']).notNull().serverDefault('open'),
      }),
    to: (m) =>
      m.table('t', {
        id: integer().primaryKey(),
        status: enumeration('ticket_status', ['open', 'closed']).notNull().serverDefault('open'),
      }),
    rows: [`INSERT INTO "t" ("id", "status") VALUES (1, 'closed')`],
    renames: [],
    sameOn: ['sqlite', 'mysql', 'mariadb'],
  },
  {
    name: 'renames a value of an enum that is a default and in an index',
    from: (m) =>
      m.table('t', {
        id: integer().primaryKey(),
        status: enumeration('status', ['open', 'closed', 'held']).notNull().serverDefault('open').index(),
        at: timestamp().serverDefault(fn.now()).onUpdateNow(),
      }),
    to: (m) =>
      m.table('t', {
        id: integer().primaryKey(),
        status: enumeration('status', ['opened', 'closed', 'on hold']).notNull().serverDefault('opened').index(),
        at: timestamp().serverDefault(fn.now()).onUpdateNow(),
      }),
    rows: [
      `INSERT INTO "t" ("id", "status") VALUES (1, 'closed')`,
      `INSERT INTO "t" ("id", "status") VALUES (2, 'open')`,
      `INSERT INTO "t" ("id", "status") VALUES (3, 'held')`,
    ],
    renames: ['enum status.open:status.opened', 'enum status.held:status."on hold"'],
    changedValues: ['t.status'],
    afterwards: [`INSERT INTO "t" ("id", "status") VALUES (4, 'opened')`],
  },
  {
    name: 'renames names that need quotes, and columns called like types and functions',
    from: (m) =>
      m.table('order', { id: integer().primaryKey(), date: integer().notNull(), lower: varchar(20) }, (c) => [
        check('positive', sql`${c.date} > 0 and ${c.date} < 99`),
        index('low', [c.lower]),
      ]),
    to: (m) =>
      m.table(
        'select',
        { id: integer().primaryKey(), from: integer().name('from').notNull(), upper: varchar(20) },
        (c) => [check('positive', sql`${c.from} > 0 and ${c.from} < 99`), index('low', [c.upper])],
      ),
    rows: [`INSERT INTO "order" ("id", "date", "lower") VALUES (1, 2, 'x')`],
    renames: ['order:select', 'order.date:select.from', 'order.lower:select.upper'],
  },
  {
    name: 'renames columns of serial and identity tables with their sequences',
    from: (m) => {
      m.table('a', { id: integer().serial().primaryKey(), isOn: boolean() });
      m.table('b', { id: integer().identity().primaryKey(), isOn: boolean() });
    },
    to: (m) => {
      m.table('alpha', { key: integer().serial().primaryKey(), isOn: boolean() });
      m.table('beta', { key: integer().identity().primaryKey(), isOn: boolean() });
    },
    rows: ['INSERT INTO "a" ("is_on") VALUES (true)', 'INSERT INTO "b" ("is_on") VALUES (true)'],
    renames: ['a:alpha', 'a.id:alpha.key', 'b:beta', 'b.id:beta.key'],
    afterwards: ['INSERT INTO "alpha" ("is_on") VALUES (false)', 'INSERT INTO "beta" ("is_on") VALUES (false)'],
  },
];
