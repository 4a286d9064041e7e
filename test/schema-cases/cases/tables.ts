/** Whole tables, comments, collations, nullability, and what people write by hand. */
import {
  bigint,
  bytes,
  check,
  col,
  enumeration,
  foreignKey,
  index,
  integer,
  type MetaData,
  primaryKey,
  text,
  unique,
  varchar,
} from 'aludel';
import type { AnyColumn } from '../../../src/schema/metadata.js';
import type { SchemaCase } from '../schema-case.js';

const comments = (m: MetaData, table: string | undefined, column: string | undefined, more?: string) =>
  void m.table(
    't',
    {
      id: integer().primaryKey(),
      a: column === undefined ? integer() : integer().comment(column),
      ...(more === undefined ? {} : { b: text().comment(more) }),
    },
    () => [],
    table === undefined ? {} : { comment: table },
  );

const hidden = (m: MetaData, a: AnyColumn, options: Readonly<Record<string, boolean>>, made: AnyColumn = integer()) =>
  void m.table('t', { id: integer().primaryKey(), a, b: varchar(9), c: integer(), made }, () => [], {
    options: { mysql: options, mariadb: options },
  });

export const TABLES: readonly SchemaCase[] = [
  {
    name: 'comments: added',
    from: (m) => comments(m, undefined, undefined),
    to: (m) => comments(m, `it's a "table" \\ with \${x}\nand lines`, 'naïve ✓', 'of a new column'),
    sameOn: [],
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
  {
    name: 'comments: changed and removed',
    from: (m) => comments(m, 'one', 'two'),
    to: (m) => comments(m, 'three', undefined),
    sameOn: ['sqlite'],
  },
  {
    name: 'comments: of the table removed',
    from: (m) => comments(m, 'one', 'two'),
    to: (m) => comments(m, undefined, 'three'),
    sameOn: ['sqlite'],
  },
  {
    name: 'collations: added, changed and removed',
    from: (m) =>
      void m.table('t', { id: integer().primaryKey(), a: text(), b: varchar(20).collate('C'), c: text().collate('C') }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: text().collate('C'),
        b: varchar(20).collate('POSIX'),
        c: text(),
        d: text().notNull().serverDefault('x').collate('C'),
      }),
    rows: ["INSERT INTO t (id, a, b, c) VALUES (1, 'x', 'y', 'z')"],
    except: { sqlite: { reason: 'other names' }, mysql: { reason: 'other names' }, mariadb: { reason: 'other names' } },
  },
  {
    name: 'collations of SQLite: added, changed and removed',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: text(),
        b: text().collate('NOCASE'),
        c: text().collate('RTRIM'),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: text().collate('NOCASE'),
        b: text().collate('RTRIM'),
        c: text(),
        d: text().collate('NOCASE'),
      }),
    rows: ["INSERT INTO t (id, a, b, c) VALUES (1, 'x', 'y', 'z')"],
    except: {
      postgres: { reason: 'other names' },
      mysql: { reason: 'other names' },
      mariadb: { reason: 'other names' },
    },
  },
  {
    name: 'makes columns required and optional',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: integer(),
        b: text().notNull(),
        c: varchar(9).serverDefault('x'),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: integer().notNull(),
        b: text(),
        c: varchar(9).notNull().serverDefault('x'),
      }),
    rows: ["INSERT INTO t (id, a, b, c) VALUES (1, 2, 'x', 'y')"],
    afterwards: ["INSERT INTO t (id, a, b) VALUES (2, 3, 'z')"],
  },
  {
    name: 'works on a table with one column, and gives it another',
    from: (m) => void m.table('t', { only: integer() }),
    to: (m) => void m.table('t', { other: integer() }),
    rows: ['INSERT INTO t (only) VALUES (1), (2)'].map((sql) => sql.replace('only', '"only"')),
  },
  {
    name: 'changes the only column of a table',
    from: (m) => void m.table('t', { v: integer() }),
    to: (m) => void m.table('t', { v: varchar(20).notNull() }),
    rows: ['INSERT INTO t (v) VALUES (1), (2)'],
  },
  {
    name: 'creates and drops a chain of tables',
    from: (m) => {
      m.table('z1', { id: integer().primaryKey() });
      m.table('y1', { id: integer().primaryKey(), r: integer().references('z1.id') });
      m.table('x1', { id: integer().primaryKey(), r: integer().references('y1.id') });
    },
    to: (m) => {
      m.table('c2', { id: integer().primaryKey() });
      m.table('b2', { id: integer().primaryKey(), r: integer().references('c2.id') });
      m.table('a2', { id: integer().primaryKey(), r: integer().references('b2.id'), s: integer().references('c2.id') });
    },
    rows: [
      'INSERT INTO z1 (id) VALUES (1)',
      'INSERT INTO y1 (id, r) VALUES (1, 1)',
      'INSERT INTO x1 (id, r) VALUES (1, 1)',
    ],
  },
  {
    name: 'drops a table that another stops referring to',
    from: (m) => {
      m.table('gone', { id: integer().primaryKey() });
      m.table('stays', {
        id: integer().primaryKey(),
        r: integer().references('gone.id'),
        q: integer().references('gone.id'),
      });
    },
    to: (m) => void m.table('stays', { id: integer().primaryKey(), r: integer() }),
    rows: ['INSERT INTO gone (id) VALUES (1)', 'INSERT INTO stays (id) VALUES (1)'],
  },
  {
    name: 'refers from an old table to a new one, and the other way',
    from: (m) => void m.table('old', { id: integer().primaryKey(), r: integer() }),
    to: (m) => {
      m.table('fresh', { id: integer().primaryKey(), o: integer().references('old.id', { onDelete: 'cascade' }) });
      m.table('old', {
        id: integer().primaryKey(),
        r: integer().references('fresh.id'),
        more: integer().references('old.id'),
      });
    },
    rows: ['INSERT INTO old (id) VALUES (1), (2)'],
  },
  {
    name: 'changes much of a table at once',
    from: (m) =>
      void m.table(
        't',
        { id: integer().primaryKey(), a: integer().index(), b: varchar(20).notNull(), c: text(), d: bytes() },
        (c) => [check('a', c.a.gt(0)), unique([c.a, c.b])],
      ),
    to: (m) =>
      void m.table(
        't',
        {
          id: integer().primaryKey().autoincrement(),
          a: varchar(20).notNull().serverDefault('0').unique(),
          b: varchar(40),
          e: enumeration('kind', ['x', 'y']).notNull().serverDefault('x').index(),
          d: bytes().notNull(),
        },
        (c) => [check('b', c.b.ne('')), unique([c.b, c.e])],
      ),
    rows: ["INSERT INTO t (a, b, c, d) VALUES (1, 'x', 'y', 'z'), (2, 'y', 'y', 'z')"],
    afterwards: ["INSERT INTO t (a, b, d) VALUES ('3', 'three', 'z')"],
    except: { mysql: { reason: 'no BLOB default' } },
  },
  {
    name: 'by hand: renames a table and columns with everything on them',
    from: (m) => {
      m.table('people', { id: integer().notNull(), name: varchar(20).notNull(), boss: integer() }, (c) => [
        primaryKey([c.id], { name: 'people_key' }),
        unique([c.name], { name: 'people_name' }),
        index('people_boss', [c.boss, c.name]),
        foreignKey([c.boss], 'people', ['id'], { name: 'people_boss_key' }),
      ]);
      m.table('posts', {
        id: integer().primaryKey(),
        author: integer().references('people.id', { name: 'posts_author', onDelete: 'cascade' }),
      });
    },
    to: (m) => {
      m.table('users', { key: integer().notNull(), fullName: varchar(20).notNull(), boss: integer() }, (c) => [
        primaryKey([c.key], { name: 'people_key' }),
        unique([c.fullName], { name: 'people_name' }),
        index('people_boss', [c.boss, c.fullName]),
        foreignKey([c.boss], 'users', ['key'], { name: 'people_boss_key' }),
      ]);
      m.table('posts', {
        id: integer().primaryKey(),
        author: integer().references('users.key', { name: 'posts_author', onDelete: 'cascade' }),
      });
    },
    rows: [
      "INSERT INTO people (id, name, boss) VALUES (1, 'a', NULL), (2, 'b', 1)",
      'INSERT INTO posts (author) VALUES (1), (2)',
    ],
    byHand: {
      upgrade: `  op.renameTable('people', 'users');
  op.alterColumn('users', 'name', { name: 'full_name' });
  op.alterColumn('users', 'id', { name: 'key' });`,
      downgrade: `  op.alterColumn('users', 'key', { name: 'id' });
  op.alterColumn('users', 'full_name', { name: 'name' });
  op.renameTable('users', 'people');`,
    },
  },
  {
    name: 'hides columns from SELECT *, and alters one that stays hidden',
    from: (m) => hidden(m, integer(), { 'columnInvisible a': true, 'columnInvisible c': true }),
    to: (m) =>
      hidden(m, bigint(), { 'columnInvisible a': true, 'columnInvisible b': true, 'columnInvisible c': false }),
    rows: ["INSERT INTO t (id, a, b) VALUES (1, 5, 'x')"],
    except: {
      sqlite: { reason: 'SQLite hides no columns' },
      postgres: { reason: 'PostgreSQL hides no columns' },
    },
  },
  {
    name: 'shows a column that is required from now on',
    from: (m) => hidden(m, integer(), { 'columnInvisible a': true }, integer().generatedAs(col<number>('a').times(2))),
    to: (m) =>
      hidden(m, integer().notNull(), { 'columnInvisible a': false }, integer().generatedAs(col<number>('a').times(2))),
    rows: ["INSERT INTO t (id, a, b) VALUES (1, 5, 'x')"],
    except: {
      sqlite: { reason: 'SQLite hides no columns' },
      postgres: { reason: 'PostgreSQL hides no columns' },
    },
  },
  {
    name: 'adds a column of which an option of the table says something',
    from: (m) => void m.table('t', { id: integer().primaryKey(), a: varchar(10) }),
    to: (m) =>
      void m.table('t', { id: integer().primaryKey(), b: varchar(20) }, undefined, {
        options: {
          postgres: { 'columnStorage b': 'EXTERNAL', 'columnStatistics b': '500' },
          mysql: { 'columnInvisible b': true },
          mariadb: { 'columnInvisible b': true },
        },
      }),
    except: { sqlite: { reason: 'SQLite says nothing of a column but in its own words' } },
  },
  {
    name: 'writes the names of columns in other letters, with all that stands on them',
    from: (m) =>
      void m.table('t', { Id: integer().primaryKey(), Name: varchar(10).unique(), other: integer() }, (c) => [
        index('both', [c.Name, c.other]),
      ]),
    to: (m) =>
      void m.table('t', { ID: integer().primaryKey(), name: varchar(20).unique(), other: integer() }, (c) => [
        index('both', [c.name, c.other]),
      ]),
    rows: ["INSERT INTO t (Id, Name) VALUES (1, 'x')"],
    except: { postgres: { reason: 'PostgreSQL tells them apart: they are other columns' } },
  },
  {
    name: 'by hand: renames a column while it changes in every other way',
    from: (m) => void m.table('t', { id: integer().primaryKey(), a: varchar(10) }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), b: varchar(40).notNull().serverDefault('none') }),
    rows: ["INSERT INTO t (id, a) VALUES (1, 'x')"],
    byHand: {
      upgrade: `  op.alterColumn('t', 'a', { name: 'b', type: varchar(40), nullable: false, serverDefault: 'none' });`,
      downgrade: `  op.alterColumn('t', 'b', { name: 'a', type: varchar(10), nullable: true, serverDefault: null });`,
    },
  },
  {
    name: 'by hand: drops a column and adds another of its name',
    from: (m) => void m.table('t', { id: integer().primaryKey(), a: integer() }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), a: varchar(20).notNull().serverDefault('fresh') }),
    rows: ['INSERT INTO t (id, a) VALUES (1, 5)'],
    byHand: {
      upgrade: `  op.dropColumn('t', 'a');
  op.addColumn('t', column('a', varchar(20), { nullable: false, serverDefault: 'fresh' }));`,
      downgrade: `  op.dropColumn('t', 'a');
  op.addColumn('t', column('a', integer()));`,
    },
    // An old value in the new column would give the same key again.
    afterwards: ["INSERT INTO t (id, a) SELECT CASE a WHEN 'fresh' THEN 2 ELSE 1 END, 'y' FROM t"],
    changedValues: ['t.a'],
  },
];
