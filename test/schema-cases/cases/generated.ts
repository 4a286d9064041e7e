/** Stored generated columns. */
import { check, index, integer, type MetaData, sql, text, unique, varchar } from 'aludel';
import type { AnyColumn } from '../../../src/schema/metadata.js';
import type { SchemaCase } from '../schema-case.js';

const base = { id: integer().primaryKey(), a: integer().notNull(), b: varchar(20) };
const table = (m: MetaData, more: Parameters<MetaData['table']>[1]) => void m.table('t', { ...base, ...more });
const rows = ["INSERT INTO t (id, a, b) VALUES (1, 2, 'x'), (2, 3, NULL)"];
const afterwards = ["INSERT INTO t (id, a, b) VALUES (3, 4, 'y')"];

function standingOn(m: MetaData, doubled: AnyColumn): void {
  m.table('t', { ...base, doubled: doubled.index() }, (c) => [
    check('small', c.doubled.lt(100)),
    unique([c.doubled, c.b]),
    index('both', [c.a, c.doubled.desc()]),
    index('sum', [sql`(doubled + 1)`]),
  ]);
}

/** The same without what MariaDB lacks. */
function standingOnColumn(m: MetaData, doubled: AnyColumn): void {
  m.table('t', { ...base, doubled: doubled.index() }, (c) => [
    check('small', c.doubled.lt(100)),
    unique([c.doubled, c.b]),
    index('both', [c.a, c.doubled]),
  ]);
}

function madeOfEachOther(m: MetaData, virtual: boolean): void {
  const doubled = integer().generatedAs(sql`a * 2`, { virtual });
  const again = integer().generatedAs(sql`doubled * 2`);
  m.table('t', { ...base, doubled, again: again.index() }, (c) => [unique([c.again, c.b])]);
}

export const GENERATED: readonly SchemaCase[] = [
  {
    name: 'drops generated columns that are made of each other',
    from: (m) =>
      table(m, { doubled: integer().generatedAs(sql`a * 2`), again: integer().generatedAs(sql`doubled * 2`) }),
    to: (m) => table(m, {}),
    rows,
    except: { postgres: { reason: 'a generated column is made of plain ones' } },
  },
  {
    name: 'computes at each reading what was stored, of which an indexed column is made',
    from: (m) => madeOfEachOther(m, false),
    to: (m) => madeOfEachOther(m, true),
    rows,
    afterwards,
    except: { postgres: { reason: 'a generated column is made of plain ones' } },
  },
  {
    name: 'adds generated columns',
    from: (m) => table(m, {}),
    to: (m) =>
      table(m, {
        doubled: integer().generatedAs(sql`a * 2`),
        label: text().generatedAs(sql`coalesce(b, ${"it's"})`),
        required: integer()
          .notNull()
          .generatedAs(sql`(a + 1)`),
      }),
    rows,
    afterwards,
  },
  {
    name: 'changes the expression of a generated column',
    from: (m) => table(m, { doubled: integer().generatedAs(sql`a * 2`) }),
    to: (m) => table(m, { doubled: integer().generatedAs(sql`a * 3`) }),
    rows,
    afterwards,
    changedValues: ['t.doubled'],
  },
  {
    name: 'changes the expression of a generated column that much stands on',
    from: (m) =>
      standingOn(
        m,
        integer()
          .comment('twice')
          .generatedAs(sql`a * 2`),
      ),
    to: (m) =>
      standingOn(
        m,
        integer()
          .comment('thrice')
          .generatedAs(sql`a * 3`),
      ),
    rows,
    afterwards,
    changedValues: ['t.doubled'],
    except: { mariadb: { reason: 'no expressions in indexes' } },
  },
  {
    name: 'changes the expression of a generated column that columns of indexes and a check stand on',
    from: (m) => standingOnColumn(m, integer().generatedAs(sql`a * 2`)),
    to: (m) => standingOnColumn(m, integer().generatedAs(sql`a * 3`)),
    rows,
    afterwards,
    changedValues: ['t.doubled'],
  },
  {
    name: 'makes a plain column generated that much stands on',
    from: (m) => standingOn(m, integer()),
    to: (m) => standingOn(m, integer().generatedAs(sql`a * 2`)),
    rows,
    afterwards,
    changedValues: ['t.doubled'],
    except: { mariadb: { reason: 'no expressions in indexes' } },
  },
  {
    name: 'changes the type of a generated column',
    from: (m) => table(m, { label: varchar(20).generatedAs(sql`b`) }),
    to: (m) => table(m, { label: varchar(40).generatedAs(sql`b`) }),
    rows,
    afterwards,
  },
  {
    name: 'makes a generated column plain, and computes it again on the way back',
    from: (m) => table(m, { doubled: integer().generatedAs(sql`a * 2`) }),
    to: (m) => table(m, { doubled: integer() }),
    rows,
    afterwards: ["INSERT INTO t (id, a, b, doubled) VALUES (3, 4, 'y', 8)"],
  },
  {
    name: 'makes a plain column generated',
    from: (m) => table(m, { doubled: integer() }),
    to: (m) => table(m, { doubled: integer().generatedAs(sql`a * 2`) }),
    rows: ["INSERT INTO t (id, a, b, doubled) VALUES (1, 2, 'x', 4)"],
    afterwards,
  },
  {
    name: 'drops a generated column and what it was made of',
    from: (m) => table(m, { c: integer(), doubled: integer().generatedAs(sql`a * 2 + coalesce(c, 0)`) }),
    to: (m) => table(m, {}),
    rows,
    afterwards,
  },
  {
    name: 'indexes a generated column, and alters another column of the table',
    from: (m) => table(m, { doubled: integer().generatedAs(sql`a * 2`) }),
    to: (m) =>
      table(m, {
        b: varchar(30).notNull().serverDefault('none'),
        doubled: integer()
          .generatedAs(sql`a * 2`)
          .index(),
      }),
    rows: ["INSERT INTO t (id, a, b) VALUES (1, 2, 'x')"],
    afterwards,
  },
  {
    name: 'changes the type of a column that others are computed from',
    from: (m) =>
      table(m, {
        g: integer()
          .generatedAs(sql`length(b)`)
          .index(),
      }),
    to: (m) =>
      table(m, {
        b: varchar(200),
        g: integer()
          .generatedAs(sql`length(b)`)
          .index(),
      }),
    rows,
    afterwards,
  },
];
