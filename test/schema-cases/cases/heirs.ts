/** Tables of PostgreSQL that inherit from others. */
import { bigint, check, index, integer, type MetaData, primaryKey, sql, type TableArg, text, varchar } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has no inheritance of tables' },
  mysql: { reason: 'MySQL has no inheritance of tables' },
  mariadb: { reason: 'MariaDB has no inheritance of tables' },
} as const;

type Columns = Parameters<MetaData['table']>[1];

function notes(m: MetaData, columns: Columns = {}, args?: () => TableArg[]): void {
  m.table(
    'notes',
    { id: integer().serial(), kind: integer().notNull().serverDefault(1), body: text(), ...columns },
    args,
  );
}

function heir(
  m: MetaData,
  name: string,
  columns: Columns = {},
  args?: () => TableArg[],
  inherits = 'public.notes',
): void {
  m.table(name, columns, args, { options: { postgres: { inherits } } });
}

const kept = (m: MetaData): void => void m.table('kept', { id: integer().primaryKey() });

const alone = { options: { postgres: { inherits: false } } };

const rows = [
  `INSERT INTO "notes" ("body") VALUES ('above')`,
  `INSERT INTO "a_note" ("body") VALUES ('first')`,
  `INSERT INTO "z_note" ("body") VALUES ('last')`,
];

export const HEIRS: readonly SchemaCase[] = [
  {
    name: 'makes tables that say of inherited columns what those above do not',
    from: kept,
    to: (m) => {
      kept(m);
      notes(m, {}, () => [check('short', sql`length(body) < 100`)]);
      m.table('tags', { tag: text().serverDefault('none'), kind: integer().serverDefault(1) });
      heir(m, 'a_default', { kind: integer().serverDefault(4).inherited() });
      heir(m, 'b_none', {
        kind: integer()
          .serverDefault(sql`NULL`)
          .inherited(),
        id: integer()
          .serverDefault(sql`NULL`)
          .inherited(),
      });
      heir(m, 'c_comment', { body: text().comment('What it says').inherited() });
      heir(m, 'd_required', { body: text().notNull().inherited(), kind: integer().notNull().inherited() });
      heir(m, 'e_named', { body: text().notNull('body_is_there').inherited() });
      heir(m, 'f_both', { kind: integer(), body: text().serverDefault('empty'), own: integer() }, () => [
        check('short', sql`length(body) < 100`),
        check('shorter', sql`length(body) < 10`),
      ]);
      heir(m, 'g_two', { tag: text().serverDefault('two').inherited() }, undefined, 'public.notes, public.tags');
      heir(m, 'h_grandchild', { body: text().comment('Below').inherited() }, undefined, 'public.a_default');
      heir(m, 'i_keyed', {}, () => [primaryKey(['id'])]);
      heir(m, 'j_keyed', { id: integer().notNull().inherited() }, () => [primaryKey(['id']), index('ix_j', ['kind'])]);
      m.table('k_stored', {}, undefined, {
        options: {
          postgres: { inherits: 'public.notes', 'columnStorage body': 'EXTERNAL', 'columnStatistics kind': '50' },
        },
      });
    },
    except,
  },
  {
    name: 'changes what a table says of inherited columns',
    from: (m) => {
      notes(m);
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited(), body: text().notNull().inherited() });
      heir(m, 'z_note', { body: text().comment('old').inherited() });
    },
    to: (m) => {
      notes(m);
      heir(m, 'a_note', { kind: integer().serverDefault(5).comment('five').inherited() });
      heir(m, 'z_note', {
        kind: integer()
          .serverDefault(sql`NULL`)
          .inherited(),
        body: text()
          .notNull()
          .serverDefault(sql`upper('x')`)
          .inherited(),
      });
    },
    rows,
    except,
  },
  {
    name: 'lets what changes above reach the tables below but for what they say themselves',
    from: (m) => {
      notes(m);
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited() });
      heir(m, 'below', { body: text().comment('Below').inherited() }, undefined, 'public.a_note');
      heir(m, 'z_note', { body: text().serverDefault('mine').inherited() });
    },
    to: (m) => {
      m.table('notes', {
        id: integer().serial(),
        kind: integer().serverDefault(2),
        body: text().notNull().serverDefault('theirs'),
      });
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited() });
      heir(m, 'below', { body: text().comment('Below').inherited() }, undefined, 'public.a_note');
      heir(m, 'z_note', { body: text().serverDefault('mine').inherited() });
    },
    rows,
    except,
  },
  {
    name: 'gives a column of tables above and below a new type, and keeps the defaults of each',
    from: (m) => {
      notes(m);
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited() });
      heir(m, 'z_note', { body: text().comment('last').inherited() });
    },
    to: (m) => {
      m.table('notes', { id: integer().serial(), kind: bigint().notNull().serverDefault(1n), body: varchar(200) });
      heir(m, 'a_note', { kind: bigint().serverDefault(4n).inherited() });
      heir(m, 'z_note', { body: varchar(200).comment('last').inherited() });
    },
    rows,
    except,
  },
  {
    name: 'adds and drops columns above, of which those below say something',
    from: (m) => {
      notes(m, { old: integer().serverDefault(1) });
      heir(m, 'a_note', { old: integer().serverDefault(3).inherited() });
      heir(m, 'z_note', { old: integer(), mine: integer() });
    },
    to: (m) => {
      notes(m, { fresh: integer().serverDefault(1) });
      heir(m, 'a_note', { fresh: integer().serverDefault(3).comment('three').inherited() });
      heir(m, 'z_note', { mine: integer(), fresh: integer() });
    },
    rows,
    dumpDiffersOn: { postgres: 'the server puts new columns last' },
    except,
  },
  {
    name: 'renames a column above of which a table below says something',
    from: (m) => {
      notes(m);
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited() });
      heir(m, 'z_note');
      heir(m, 'below', { kind: integer().comment('Below').inherited() }, undefined, 'public.z_note');
    },
    to: (m) => {
      m.table('notes', { id: integer().serial(), sort: integer().notNull().serverDefault(1), body: text() });
      heir(m, 'a_note', { sort: integer().serverDefault(4).inherited() });
      heir(m, 'z_note');
      heir(m, 'below', { sort: integer().comment('Below').inherited() }, undefined, 'public.z_note');
    },
    renames: ['notes.kind:notes.sort'],
    rows,
    except,
  },
  {
    name: 'adds and drops a check that tables above and below have both',
    from: (m) => {
      notes(m, {}, () => [check('old', sql`kind < 100`)]);
      heir(m, 'a_note', {}, () => [check('old', sql`kind < 100`)]);
      heir(m, 'z_note');
    },
    to: (m) => {
      notes(m, {}, () => [check('fresh', sql`kind < 50`)]);
      heir(m, 'a_note', {}, () => [check('fresh', sql`kind < 50`)]);
      heir(m, 'z_note', {}, () => [check('mine', sql`kind < 50`)]);
    },
    rows,
    except,
  },
  {
    name: 'takes a table from those above it, with its rows and columns',
    from: (m) => {
      notes(m, {}, () => [check('short', sql`length(body) < 100`)]);
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited(), mine: text() });
      heir(m, 'z_note');
    },
    to: (m) => {
      m.table(
        'a_note',
        { id: integer().notNull(), kind: integer().notNull().serverDefault(4), body: text(), mine: text() },
        () => [check('short', sql`length(body) < 100`)],
        alone,
      );
      notes(m, {}, () => [check('short', sql`length(body) < 100`)]);
      heir(m, 'z_note');
    },
    rows,
    dumpDiffersOn: { postgres: 'NOT NULL keeps the name of that above' },
    returnDiffersOn: { postgres: 'what was inherited has become the own of the table' },
    except,
  },
  {
    name: 'puts a table below another one, with its rows',
    from: (m) => {
      notes(m, {}, () => [check('short', sql`length(body) < 100`)]);
      m.table('a_note', { id: integer().notNull(), kind: integer().notNull(), body: text() });
      m.table('z_note', { id: integer().notNull(), kind: integer(), body: text(), mine: text() });
    },
    to: (m) => {
      notes(m, {}, () => [check('short', sql`length(body) < 100`)]);
      heir(m, 'a_note');
      heir(m, 'z_note', { mine: text() });
    },
    rows: [`INSERT INTO "a_note" VALUES (1, 2, 'first')`, `INSERT INTO "z_note" VALUES (2, 3, 'last', 'mine')`],
    dumpDiffersOn: { postgres: "columns and checks that were there before remain the table's own" },
    except,
  },
  {
    name: 'drops a table and keeps those that inherited from it',
    from: (m) => {
      notes(m);
      heir(m, 'a_note', { kind: integer().serverDefault(4).inherited() });
      heir(m, 'z_note', { mine: text() });
    },
    to: (m) => {
      m.table('a_note', { id: integer().notNull(), kind: integer().notNull().serverDefault(4), body: text() });
      m.table('z_note', { id: integer().notNull(), body: text(), mine: text() });
    },
    rows,
    dumpDiffersOn: { postgres: 'NOT NULL keeps the name of that above' },
    returnDiffersOn: { postgres: 'what was inherited has become the own of the table' },
    except,
  },
];
