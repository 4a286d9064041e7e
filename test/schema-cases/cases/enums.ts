import { check, enumeration, index, integer, type MetaData, sql, text, varchar } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const rows = ["INSERT INTO t (id, s) VALUES (1, 'open'), (2, 'closed'), (3, NULL)"];

/** One column whose list of values changes. */
function values(
  name: string,
  from: readonly string[],
  to: readonly string[],
  more: Partial<SchemaCase> = {},
): SchemaCase {
  const declare = (list: readonly string[]) => (m: MetaData) =>
    void m.table('t', { id: integer().primaryKey(), s: enumeration('status', list) });
  return { name: `enums: ${name}`, from: declare(from), to: declare(to), rows, ...more };
}

/** The same, under a view that stays. */
function viewed(from: readonly string[], to: readonly string[]): Pick<SchemaCase, 'from' | 'to'> {
  const declare = (list: readonly string[]) => (m: MetaData) => {
    m.table('t', { id: integer().primaryKey(), s: enumeration('status', list) });
    m.view('v', sql`SELECT id, s FROM t`);
  };
  return { from: declare(from), to: declare(to) };
}

function used(m: MetaData, list: readonly string[]): void {
  m.table('t', { id: integer().primaryKey(), s: enumeration('status', list).serverDefault('open'), n: text() }, (c) => [
    check('not_odd', c.s.ne('closed').or(c.id.gt(0))),
    index('only_open', [c.id], { where: c.s.eq('open') }),
    index('by_status', [c.s, c.id]),
  ]);
  m.table('u', {
    id: integer().primaryKey(),
    first: enumeration('status', list).notNull().serverDefault('closed'),
    second: enumeration('status', list),
  });
}

const noPartial = { mysql: { reason: 'no partial indexes' }, mariadb: { reason: 'no partial indexes' } };

export const ENUMS: readonly SchemaCase[] = [
  values('a value at the end', ['open', 'closed'], ['open', 'closed', 'gone'], {
    afterwards: ["UPDATE t SET s = 'closed' WHERE id = 3"],
  }),
  values('a value in the middle', ['open', 'closed'], ['open', 'waiting', 'closed']),
  values('a value at the start, with a quote', ['open', 'closed'], ["it's", 'open', 'closed']),
  values('several values', ['open', 'closed'], ['a', 'open', 'b', 'c', 'closed', 'd', 'e']),
  values('a value taken away', ['open', 'closed', 'gone'], ['open', 'closed']),
  // Found by test/laws on PostgreSQL, seed 40721: the way back swaps the type, and the view stands on its column.
  {
    ...values('a value more under a view of the column', [], []),
    ...viewed(['open', 'closed'], ['new', 'open', 'closed']),
  },
  values('another order', ['open', 'closed'], ['closed', 'open']),
  values('added, taken away and in another order', ['open', 'gone', 'closed'], ['new', 'closed', 'open']),
  {
    name: 'enums: values added to a type with defaults, checks and indexes in two tables',
    from: (m) => used(m, ['open', 'closed']),
    to: (m) => used(m, ['new', 'open', 'closed', 'gone']),
    rows: [
      "INSERT INTO t (id, s) VALUES (1, 'open'), (2, 'closed')",
      "INSERT INTO u (id, second) VALUES (1, 'open'), (2, NULL)",
    ],
    except: noPartial,
  },
  {
    name: 'enums: values taken away from a type with defaults, checks and indexes in two tables',
    from: (m) => used(m, ['open', 'gone', 'closed']),
    to: (m) => used(m, ['closed', 'open']),
    rows: [
      "INSERT INTO t (id, s) VALUES (1, 'open'), (2, 'closed')",
      "INSERT INTO u (id, second) VALUES (1, 'open'), (2, NULL)",
    ],
    except: noPartial,
  },
  {
    name: 'enums: values taken away from a type that a generated column is made of',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'gone', 'closed']),
        g: integer().generatedAs(sql`CASE s WHEN 'open' THEN 1 ELSE 2 END`),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed']),
        g: integer().generatedAs(sql`CASE s WHEN 'open' THEN 1 ELSE 2 END`),
      }),
    rows,
  },
  {
    name: 'enums: a table with a type of its own comes and goes',
    from: (m) => void m.table('t', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed']).notNull().serverDefault('open'),
      });
      m.table('u', { id: integer().primaryKey(), r: enumeration('user_role', ['admin', 'user']) });
    },
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
  {
    name: 'enums: a column goes from one type to another',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed']).serverDefault('open'),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('state', ['open', 'closed', 'other']).serverDefault('other'),
      }),
    rows,
  },
  {
    name: 'enums: one type for two columns becomes two types',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed']),
        r: enumeration('status', ['open', 'closed']),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed']),
        r: enumeration('other', ['open', 'closed', 'x']),
      }),
    rows,
  },
  {
    name: 'enums: a column moves to text while its type loses a value elsewhere',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed', 'x']),
        r: enumeration('status', ['open', 'closed', 'x']).serverDefault('x'),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed']),
        r: varchar(20).serverDefault('x'),
      }),
    rows,
  },
  {
    name: 'enums: a default moves from a value that goes to one that comes',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed', 'gone']).notNull().serverDefault('gone'),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['fresh', 'open', 'closed']).notNull().serverDefault('fresh'),
      }),
    rows: ["INSERT INTO t (id, s) VALUES (1, 'open'), (2, 'closed')"],
  },
  {
    name: 'enums: a column is dropped with the only value that it used',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed', 'gone']),
        r: enumeration('status', ['open', 'closed', 'gone']).serverDefault('gone'),
      }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), s: enumeration('status', ['open', 'closed']) }),
    rows,
  },
  {
    name: 'enums: a new value is the default of a new column',
    from: (m) => void m.table('t', { id: integer().primaryKey(), s: enumeration('status', ['open', 'closed']) }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        s: enumeration('status', ['open', 'closed', 'fresh']),
        r: enumeration('status', ['open', 'closed', 'fresh']).notNull().serverDefault('open'),
      }),
    rows,
  },
];
