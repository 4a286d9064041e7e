/** Primary keys and the ways to count up, changed under rows. */
import { bigint, fn, integer, primaryKey, smallint, sql, text, unique, uuid, varchar } from 'aludel';
import type { AnyColumn } from '../../../src/schema/metadata.js';
import type { SchemaCase } from '../schema-case.js';

const only = (reason: string) => ({ mysql: { reason }, mariadb: { reason } });

const WITH_ID = "INSERT INTO t (id, name) VALUES (1, 'one'), (2, 'two'), (7, 'seven')";

/** A key that counts up in one way before and in another after, its counter going on. */
function counting(name: string, from: AnyColumn, to: AnyColumn, more: Partial<SchemaCase> = {}): SchemaCase {
  return {
    name: `counting up: ${name}`,
    from: (m) => void m.table('t', { id: from, name: text() }),
    to: (m) => void m.table('t', { id: to, name: text() }),
    rows: [from.spec.generation === null ? WITH_ID : "INSERT INTO t (name) VALUES ('one'), ('two'), ('three')"],
    afterwards: ["INSERT INTO t (name) VALUES ('eight')", "INSERT INTO t (name) VALUES ('nine')"],
    ...more,
  };
}

const plain = (): AnyColumn => integer().primaryKey().autoincrement(false);
const needsId = { afterwards: ["INSERT INTO t (id, name) VALUES (8, 'eight')"] };

export const KEYS: readonly SchemaCase[] = [
  {
    name: 'creates and drops tables with every kind of key',
    from: (m) => void m.table('auto', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('auto', { id: integer().primaryKey() });
      m.table('auto_big', { id: bigint().primaryKey() });
      m.table('auto_small', { id: smallint().primaryKey() });
      m.table('plain', { id: integer().primaryKey().autoincrement(false) });
      m.table('counter', { id: integer().primaryKey().autoincrement() });
      m.table('serial', { id: integer().primaryKey().serial() });
      m.table('serial_big', { id: bigint().primaryKey().serial() });
      m.table('serial_small', { id: smallint().primaryKey().serial() });
      m.table('identity', { id: integer().primaryKey().identity() });
      m.table('identity_always', { id: bigint().primaryKey().identity({ always: true }) });
      m.table('identity_options', {
        id: bigint()
          .primaryKey()
          .identity({ start: 100, increment: 5, min: 10, max: 9007199254740993n, cache: 20, cycle: true }),
      });
      m.table('identity_down', {
        id: integer().primaryKey().identity({ start: -1, increment: -1, min: -1000, max: -1 }),
      });
      m.table('natural', { code: varchar(10).primaryKey(), name: text() });
      m.table('uuid', { id: uuid().primaryKey() });
      m.table('composite', { a: integer().primaryKey(), b: varchar(10).primaryKey(), c: integer() });
      m.table('by_arg', { a: integer().notNull(), b: integer().notNull() }, (c) => [
        primaryKey([c.b, c.a], { name: 'my_key' }),
      ]);
      m.table('keyless', { a: integer() });
    },
    rows: ['INSERT INTO auto (id) VALUES (1)'],
    afterwards: ["INSERT INTO composite (a, b) VALUES (1, 'x')", 'INSERT INTO keyless (a) VALUES (1), (1)'],
  },
  counting("none to the database's own", plain(), integer().primaryKey(), { sameOn: ['sqlite'] }),
  counting("the database's own to none", integer().primaryKey(), plain(), { sameOn: ['sqlite'], ...needsId }),
  counting('none to autoincrement', plain(), integer().primaryKey().autoincrement()),
  counting('autoincrement to none', integer().primaryKey().autoincrement(), plain(), needsId),
  counting('none to serial', plain(), integer().primaryKey().serial()),
  counting('serial to none', integer().primaryKey().serial(), plain(), needsId),
  counting('serial to identity', integer().primaryKey().serial(), integer().primaryKey().identity(), {
    sameOn: ['sqlite', 'mysql', 'mariadb'],
  }),
  counting('identity to serial', integer().primaryKey().identity(), integer().primaryKey().serial(), {
    sameOn: ['sqlite', 'mysql', 'mariadb'],
  }),
  counting(
    'identity by default to always',
    integer().primaryKey().identity(),
    integer().primaryKey().identity({ always: true }),
    {
      sameOn: ['sqlite', 'mysql', 'mariadb'],
    },
  ),
  counting(
    'identity with other options',
    integer().primaryKey().identity({ cache: 5 }),
    integer().primaryKey().identity({ increment: 10, max: 1000, cycle: true }),
    {
      sameOn: ['sqlite', 'mysql', 'mariadb'],
    },
  ),
  {
    name: 'counting up: bounds that leave no place for the first number, and a sequence that turns round',
    from: (m) => {
      m.table('t', { id: integer().primaryKey().identity({ start: 2, min: 1, max: 10 }), name: text() });
      m.table('narrow', { id: bigint().primaryKey().identity({ start: 5000000000, min: 4000000000 }) });
      m.sequence('turning');
    },
    to: (m) => {
      m.table('t', { id: integer().primaryKey().identity({ start: 500, min: 100, max: 1000 }), name: text() });
      m.table('narrow', { id: smallint().primaryKey().identity() });
      m.sequence('turning', { increment: -1 });
    },
    except: {
      sqlite: { reason: 'no sequences: nothing of this is said there' },
      mysql: { reason: 'no sequences: nothing of this is said there' },
      mariadb: { reason: 'an identity column is AUTO_INCREMENT there, which knows no bounds' },
    },
  },
  counting('serial as a wider type', integer().primaryKey().serial(), bigint().primaryKey().serial(), {
    sameOn: ['sqlite'],
  }),
  counting('none to identity with options', plain(), integer().primaryKey().identity({ start: 5, increment: 10 })),
  counting('none to identity that starts far away', plain(), integer().primaryKey().identity({ start: 100, min: 50 })),
  counting('none to identity that counts down', plain(), integer().primaryKey().identity({ increment: -1 })),
  counting('identity as a wider type', integer().primaryKey(), bigint().primaryKey(), { sameOn: ['sqlite'] }),
  counting(
    'identity with options as a wider type',
    integer().primaryKey().identity({ start: 3 }),
    bigint().primaryKey().identity({ start: 3 }),
    { sameOn: ['sqlite'] },
  ),
  counting('a smaller type', bigint().primaryKey(), integer().primaryKey(), { sameOn: ['sqlite'] }),
  {
    name: 'adds a counting column that is not the key',
    from: (m) => void m.table('t', { code: varchar(10).primaryKey() }),
    to: (m) =>
      void m.table('t', {
        code: varchar(10).primaryKey(),
        n: integer().serial(),
        m: bigint().identity({ start: 100 }),
      }),
    rows: ["INSERT INTO t (code) VALUES ('a'), ('b')"],
    afterwards: ["INSERT INTO t (code) VALUES ('c')"],
    except: {
      sqlite: { reason: 'only the key counts up (of "to": the models of "from" are fine)' },
      ...only('one counting column, and it must be a key'),
    },
  },
  {
    name: 'refuses a counting column that is not the key',
    from: (m) => void m.table('t', { code: varchar(10).primaryKey(), n: integer().serial() }),
    to: (m) => void m.table('t', { code: varchar(10).primaryKey(), n: integer().serial(), a: integer() }),
    except: {
      sqlite: { reason: 'only the key counts up', code: 'ALUDEL_TYPE_UNSUPPORTED' },
      ...only('AUTO_INCREMENT must be a key'),
    },
  },
  {
    name: 'changes a single key to a composite one',
    from: (m) => void m.table('t', { a: integer().primaryKey().autoincrement(false), b: varchar(10).notNull() }),
    to: (m) => void m.table('t', { a: integer().primaryKey(), b: varchar(10).primaryKey() }),
    rows: ["INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'x')"],
    afterwards: ["INSERT INTO t (a, b) VALUES (3, 'y')"],
  },
  {
    name: 'changes the order and the name of a key',
    from: (m) =>
      void m.table('t', { a: integer().notNull(), b: integer().notNull() }, (c) => [
        primaryKey([c.a, c.b], { name: 'one' }),
      ]),
    to: (m) =>
      void m.table('t', { a: integer().notNull(), b: integer().notNull() }, (c) => [
        primaryKey([c.b, c.a], { name: 'two' }),
      ]),
    rows: ['INSERT INTO t (a, b) VALUES (1, 2), (2, 2)'],
  },
  {
    name: 'changes how many characters of a column its key covers',
    from: (m) =>
      void m.table('t', { a: varchar(50).notNull(), b: integer().notNull() }, (c) => [
        primaryKey([c.a, c.b], { lengths: { a: 20 } }),
      ]),
    to: (m) =>
      void m.table('t', { a: varchar(50).notNull(), b: integer().notNull() }, (c) => [
        primaryKey([c.a, c.b], { lengths: { a: 10 } }),
      ]),
    rows: ["INSERT INTO t (a, b) VALUES ('one', 1), ('two', 2)"],
    sameOn: ['sqlite', 'postgres'],
  },
  {
    name: 'renames a column of whose characters a key covers some',
    from: (m) => void m.table('t', { a: varchar(50).notNull() }, (c) => [primaryKey([c.a], { lengths: { a: 20 } })]),
    to: (m) => void m.table('t', { b: varchar(50).notNull() }, (c) => [primaryKey([c.b], { lengths: { b: 20 } })]),
    renames: ['t.a:t.b'],
    rows: ["INSERT INTO t (a) VALUES ('one'), ('two')"],
  },
  {
    name: 'adds a key to a table without one',
    from: (m) => void m.table('t', { a: integer(), b: text() }),
    to: (m) => void m.table('t', { a: integer().primaryKey(), b: text() }),
    rows: ["INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')"],
  },
  {
    name: 'moves the key to a new column and drops the old one',
    from: (m) => void m.table('t', { id: integer().primaryKey(), code: varchar(10).notNull() }),
    to: (m) => void m.table('t', { code: varchar(10).primaryKey(), note: text() }),
    rows: ["INSERT INTO t (id, code) VALUES (1, 'x')"],
    // On the way back nothing could fill the required key.
    afterwards: ['DELETE FROM t'],
  },
  {
    name: 'changes a key that foreign keys of another table and of its own refer to',
    from: (m) => {
      m.table('p', { id: integer().primaryKey(), up: integer().references('p.id') });
      m.table('c', { id: integer().primaryKey(), pId: integer().references('p.id', { onDelete: 'cascade' }) });
    },
    to: (m) => {
      m.table('p', { id: bigint().primaryKey(), up: bigint().references('p.id') });
      m.table('c', { id: integer().primaryKey(), pId: bigint().references('p.id', { onDelete: 'cascade' }) });
    },
    rows: ['INSERT INTO p (up) VALUES (NULL), (1)', 'INSERT INTO c (id, p_id) VALUES (1, 1), (2, 2)'],
    afterwards: ['INSERT INTO p (up) VALUES (2)'],
  },
  {
    name: 'makes a key that a foreign key refers to count up',
    from: (m) => {
      m.table('p', { id: integer().primaryKey().autoincrement(false) });
      m.table('c', { id: integer().primaryKey(), pId: integer().notNull().references('p.id') });
    },
    to: (m) => {
      m.table('p', { id: integer().primaryKey().autoincrement() });
      m.table('c', { id: integer().primaryKey(), pId: integer().notNull().references('p.id') });
    },
    rows: ['INSERT INTO p (id) VALUES (1), (5)', 'INSERT INTO c (id, p_id) VALUES (1, 5)'],
  },
  {
    name: 'gives a uuid key and a clock their values by expression',
    from: (m) => void m.table('t', { id: varchar(36).primaryKey() }),
    to: (m) =>
      void m.table('t', {
        id: varchar(36).primaryKey().serverDefault(fn.call('lower', 'ABC')),
        n: integer().serverDefault(sql`(1 + 1)`),
      }),
    rows: ["INSERT INTO t (id) VALUES ('a')"],
    afterwards: ['INSERT INTO t (n) VALUES (5)'],
  },
  {
    name: 'keeps a unique over the columns of the primary key, and two alike',
    from: (m) => void m.table('t', { a: integer().notNull(), b: integer() }, () => [primaryKey(['a'])]),
    to: (m) => {
      m.table('t', { a: integer().notNull(), b: integer() }, () => [
        primaryKey(['a']),
        unique(['a'], { name: 'again' }),
      ]);
      m.table('u', { a: integer().notNull(), b: integer() }, () => [
        primaryKey(['a']),
        unique(['a'], { name: 'as_well' }),
        unique(['b'], { name: 'one' }),
        unique(['b'], { name: 'two' }),
      ]);
    },
    rows: ['INSERT INTO t (a, b) VALUES (1, 1), (2, NULL)'],
    afterwards: ['INSERT INTO u (a, b) VALUES (1, 1)'],
  },
];
