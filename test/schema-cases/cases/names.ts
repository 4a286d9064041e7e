import { check, enumeration, foreignKey, index, integer, type MetaData, sql, text, unique, varchar } from 'aludel';
import type { AnyColumn } from '../../../src/schema/metadata.js';
import type { SchemaCase } from '../schema-case.js';

const LONG = 'a_very_long_name_of_exactly_sixty_three_characters_in_all_______';
const WORDS = [
  'select',
  'order',
  'table',
  'user',
  'group',
  'default',
  'check',
  'from',
  'desc',
  'index',
  'values',
  'Mixed',
  'UPPER',
];

/** Everything about one table, under awkward names. */
function awkward(m: MetaData, name: string, column: string, more: Record<string, AnyColumn> = {}): void {
  const reference = { name };
  m.table(
    reference,
    { id: integer().primaryKey(), x: integer().notNull().serverDefault(1).name(column), up: integer(), ...more },
    (c) => [
      unique([c.x, c.id], { name: `uq ${name}` }),
      check('positive', c.x.gt(0)),
      index(`ix ${name}`, [c.x.desc(), c.id]),
      foreignKey([c.up], reference, ['id'], { name: `fk ${name}`, onDelete: 'cascade' }),
    ],
    { comment: `${name} holds ${column}` },
  );
}

function awkwardCase(what: string, name: string, column: string, more: Partial<SchemaCase> = {}): SchemaCase {
  const quoted = (raw: string) => `"${raw.replaceAll('"', '""')}"`;
  return {
    name: `names: ${what}`,
    from: (m) => awkward(m, name, column),
    to: (m) => {
      awkward(m, name, column, {
        extra: varchar(20).unique(`un ${column}`),
        other: text().name(`${column}2`).comment('two'),
      });
      m.table('child', { id: integer().primaryKey(), ref: integer() }, (c) => [foreignKey([c.ref], { name }, ['id'])]);
    },
    rows: [`INSERT INTO ${quoted(name)} (id, ${quoted(column)}) VALUES (1, 5), (2, 6)`],
    ...more,
  };
}

const noBackticks = {
  mysql: { reason: 'the rows are written with double quotes' },
  mariadb: { reason: 'the rows are written with double quotes' },
};

export const NAMES: readonly SchemaCase[] = [
  awkwardCase('spaces', 'my table', 'a column'),
  awkwardCase('upper case', 'MyTable', 'aColumn'),
  awkwardCase('quotes', 'say "hi"', `it's "x"`, { except: noBackticks }),
  awkwardCase('backticks and dollars', 'a`b${c}', '`${x}`\\', { except: noBackticks }),
  awkwardCase('dots', 'a.b.c', 'd.e'),
  awkwardCase('reserved words', 'order', 'select'),
  awkwardCase('letters of the world', 'größe', '長さ'),
  awkwardCase('brackets and semicolons', 'a[0];--', '(x), /* y */'),
  {
    name: 'names: reserved words as columns in every place',
    from: (m) =>
      void m.table('group', {
        id: integer().primaryKey(),
        ...Object.fromEntries(WORDS.map((word) => [word, integer().name(word)])),
      }),
    to: (m) =>
      void m.table(
        'group',
        {
          id: integer().primaryKey(),
          ...Object.fromEntries(WORDS.map((word) => [word, integer().notNull().serverDefault(0).name(word).index()])),
        },
        () => WORDS.slice(0, 3).flatMap((word) => [unique([word])]),
      ),
  },
  {
    name: 'names: 63 characters, and conventions that would be longer',
    from: (m) =>
      void m.table(LONG.slice(0, 63), {
        id: integer().primaryKey(),
        v: integer().name(LONG.replace('a_', 'b_').slice(0, 63)),
      }),
    to: (m) => {
      m.table(LONG.slice(0, 63), {
        id: integer().primaryKey(),
        v: integer()
          .name(LONG.replace('a_', 'b_').slice(0, 63))
          .index()
          .unique()
          .references(`${LONG.slice(0, 63)}.id`),
      });
      m.table(LONG.replace('a_', 'c_').slice(0, 63), {
        id: integer().primaryKey().serial(),
        e: enumeration(LONG.replace('a_', 'e_').slice(0, 63), ['x']),
      });
    },
    except: {
      mysql: { reason: 'the name of a foreign key index differs' },
      mariadb: { reason: 'the name of a foreign key index differs' },
    },
  },
  {
    name: 'names: a counter of a long table is taken off and put on',
    from: (m) => void m.table(`t${LONG.slice(0, 62)}`, { id: integer().primaryKey().serial() }),
    to: (m) => void m.table(`t${LONG.slice(0, 62)}`, { id: integer().primaryKey().autoincrement(false) }),
  },
  {
    name: 'names: two letter cases of one word',
    from: (m) => void m.table('t', { id: integer().primaryKey(), Name: text().name('Name') }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), Name: text().name('Name'), name: text().name('name') }),
    except: {
      sqlite: { reason: 'column names do not differ by letter case' },
      mysql: { reason: 'column names do not differ by letter case' },
      mariadb: { reason: 'column names do not differ by letter case' },
    },
  },
  {
    name: 'names: expressions that mention awkward columns',
    from: (m) =>
      void m.table('t', { id: integer().primaryKey(), order: integer().name('order'), q: varchar(9).name('my "q"') }),
    to: (m) =>
      void m.table(
        't',
        {
          id: integer().primaryKey(),
          order: integer().name('order'),
          q: varchar(9).name('my "q"'),
          g: integer()
            .name('g g')
            .generatedAs(sql`"order" + 1`),
        },
        (c) => [check('one', c.order.gt(0).and(c.q.ne("it's"))), check('two', sql`${c.order} < ${c.id} + ${100}`)],
      ),
    except: noBackticks,
  },
];
