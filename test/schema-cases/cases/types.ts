import {
  bigint,
  boolean,
  bytes,
  char,
  customType,
  date,
  double,
  enumeration,
  fn,
  integer,
  json,
  jsonb,
  type MetaData,
  numeric,
  real,
  smallint,
  sql,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'aludel';
import type { AnyColumn } from '../../../src/schema/metadata.js';
import type { SchemaCase } from '../schema-case.js';

const EVERY_TYPE = () => ({
  small: smallint(),
  int: integer(),
  big: bigint(),
  bigNumber: bigint({ mode: 'number' }),
  bigText: bigint({ mode: 'string' }),
  real: real(),
  double: double(),
  numeric: numeric(),
  numericP: numeric(8),
  numericPs: numeric(12, 3),
  bool: boolean(),
  char: char(3),
  varchar: varchar(40),
  text: text(),
  bytes: bytes(),
  date: date(),
  time: time(),
  timeP: time({ precision: 3 }),
  timestamp: timestamp(),
  timestampP: timestamp({ precision: 3 }),
  timestampTz: timestamp({ withTimezone: true }),
  timestampTzP: timestamp({ withTimezone: true, precision: 0 }),
  uuid: uuid(),
  json: json(),
  jsonb: jsonb(),
  enumeration: enumeration('colour', ['red', 'green', "it's", 'with,comma']),
  custom: customType<string>({ postgres: 'inet', sqlite: 'ADDRESS', mysql: 'varbinary(16)', mariadb: 'varbinary(16)' }),
});

type Columns = ReturnType<typeof EVERY_TYPE>;

function notNull(columns: Columns): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.notNull()]),
  ) as unknown as Columns;
}

const DEFAULTS = () => ({
  zero: integer().notNull().serverDefault(0),
  negative: integer().notNull().serverDefault(-18),
  small: smallint().notNull().serverDefault(-7),
  big: bigint().notNull().serverDefault(9007199254740993n),
  bigNegative: bigint().notNull().serverDefault(-5n),
  bigNumber: bigint({ mode: 'number' }).serverDefault(12),
  bigText: bigint({ mode: 'string' }).serverDefault('12'),
  real: real().notNull().serverDefault(1.5),
  double: double().notNull().serverDefault(-0.25),
  tiny: double().serverDefault(1e-7),
  huge: double().serverDefault(1e21),
  numeric: numeric(12, 3).notNull().serverDefault('12.500'),
  numericNegative: numeric(12, 3).serverDefault('-3.5'),
  yes: boolean().notNull().serverDefault(true),
  no: boolean().notNull().serverDefault(false),
  word: varchar(40).notNull().serverDefault('open'),
  char: char(3).serverDefault('ab'),
  empty: varchar(40).notNull().serverDefault(''),
  quotes: varchar(40).notNull().serverDefault(`it's "quoted" \`so\``),
  backslash: varchar(40).notNull().serverDefault('C:\\new\\\\tab'),
  dollar: varchar(40).notNull().serverDefault('${x} $1 ? :name'),
  unicode: varchar(40).notNull().serverDefault('naïve ✓ 漢字 \u{1F600}'),
  lines: varchar(40).notNull().serverDefault('a\nb\tc\r\nd'),
  numberText: varchar(40).notNull().serverDefault('42'),
  falseText: varchar(40).notNull().serverDefault('false'),
  nullText: varchar(40).notNull().serverDefault('NULL'),
  nowText: varchar(40).notNull().serverDefault('now()'),
  dashes: varchar(40).serverDefault('-- no comment /* nor this */;'),
  date: date().notNull().serverDefault('2026-01-31'),
  time: time().notNull().serverDefault('12:30:00'),
  timestamp: timestamp().serverDefault(sql`'2026-01-02 03:04:05'`),
  enumeration: enumeration('colour', ['red', "it's"]).notNull().serverDefault("it's"),
  uuid: uuid().serverDefault('00000000-0000-0000-0000-000000000001'),
});

const EXPRESSION_DEFAULTS = () => ({
  now: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()),
  wall: timestamp().serverDefault(fn.now()),
  rawNow: timestamp().serverDefault(sql`now()`),
  clock: timestamp().serverDefault(sql`CURRENT_TIMESTAMP`),
  sum: integer()
    .notNull()
    .serverDefault(sql`(1 + 2)`),
  lower: text().serverDefault(fn.call('lower', 'ABC')),
  interpolated: varchar(20).serverDefault(sql`upper(${"it's"})`),
  bytes: bytes().serverDefault(Buffer.from([0, 255, 16])),
  json: json<unknown>().serverDefault({ a: [1, "it's", null], b: { c: 'x\\y' } }),
  jsonb: jsonb<unknown>().serverDefault([]),
});

type Change = readonly [from: AnyColumn, to: AnyColumn, values: readonly [string, string, string]];

/** Columns of one table that change from one type to another under three rows. */
function changes(name: string, columns: Readonly<Record<string, Change>>, more: Partial<SchemaCase> = {}): SchemaCase {
  const declare = (side: 0 | 1) => (m: MetaData) =>
    void m.table('t', {
      id: integer().primaryKey(),
      ...Object.fromEntries(Object.entries(columns).map(([column, change]) => [column, change[side]])),
    });
  const names = Object.keys(columns);
  const row = (i: 0 | 1 | 2) => names.map((column) => columns[column]?.[2][i] ?? 'NULL').join(', ');
  return {
    name: `changes types: ${name}`,
    from: declare(0),
    to: declare(1),
    rows: ([0, 1, 2] as const).map((i) => `INSERT INTO t (id, ${names.join(', ')}) VALUES (${i + 1}, ${row(i)})`),
    ...more,
  };
}

const tz = { withTimezone: true } as const;

export const TYPES: readonly SchemaCase[] = [
  {
    name: 'adds every type, nullable to a table and required in another',
    from: (m) => void m.table('t', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('t', { id: integer().primaryKey(), ...EVERY_TYPE() });
      m.table('u', { id: integer().primaryKey(), ...notNull(EVERY_TYPE()) });
    },
    rows: ['INSERT INTO t (id) VALUES (1), (2)'],
  },
  {
    name: 'makes every type required and nullable again',
    from: (m) => void m.table('t', { id: integer().primaryKey(), ...EVERY_TYPE() }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), ...notNull(EVERY_TYPE()) }),
  },
  {
    name: 'creates a table with a default of every kind',
    from: (m) => void m.table('t', { id: integer().primaryKey(), ...DEFAULTS() }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), ...DEFAULTS(), more: integer() }),
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
  {
    name: 'adds columns with a default of every kind to a table with rows',
    from: (m) => void m.table('t', { id: integer().primaryKey() }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), ...DEFAULTS() }),
    rows: ['INSERT INTO t (id) VALUES (1), (2)'],
  },
  {
    name: 'adds columns with expressions as defaults to a table with rows',
    from: (m) => void m.table('t', { id: integer().primaryKey() }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), ...EXPRESSION_DEFAULTS() }),
    rows: ['INSERT INTO t (id) VALUES (1), (2)'],
  },
  {
    name: 'adds a column with a moment as default',
    from: (m) => void m.table('t', { id: integer().primaryKey() }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        at: timestamp({ withTimezone: true }).serverDefault(new Date('2026-01-02T03:04:05.678Z')),
      }),
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
  {
    // Old MySQL servers give the first such column a default of its own, and ON UPDATE.
    name: 'keeps a required moment without a default as it is, while others come',
    from: (m) => void m.table('t', { id: integer().primaryKey(), at: timestamp({ withTimezone: true }).notNull() }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
        seenAt: timestamp({ withTimezone: true }),
      }),
    rows: ["INSERT INTO t (id, at) VALUES (1, '2026-01-02 03:04:05')"],
    afterwards: ["INSERT INTO t (id, at) VALUES (2, '2026-01-02 03:04:05')"],
  },
  {
    name: 'drops the defaults of all columns',
    from: (m) => void m.table('t', { id: integer().primaryKey(), ...DEFAULTS(), ...EXPRESSION_DEFAULTS() }),
    to: (m) => void m.table('t', { id: integer().primaryKey(), ...withoutDefaults() }),
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
  {
    name: 'changes defaults',
    from: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: integer().serverDefault(1),
        b: varchar(20).serverDefault('x'),
        c: varchar(20).serverDefault('x'),
        d: timestamp({ withTimezone: true }),
        e: boolean().notNull().serverDefault(false),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: integer().serverDefault(2),
        b: varchar(20).serverDefault("y'z"),
        c: varchar(20).serverDefault(sql`lower('ABC')`),
        d: timestamp({ withTimezone: true }).serverDefault(fn.now()),
        e: boolean().notNull().serverDefault(true),
      }),
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
  changes('texts', {
    wider: [varchar(10), varchar(200), ["'abc'", "''", 'NULL']],
    to_text: [varchar(10), text(), ["'abc'", "'it''s'", 'NULL']],
    from_text: [text(), varchar(100), ["'abc'", "'NULL'", 'NULL']],
    from_char: [char(3), varchar(10), ["'abc'", "'a'", 'NULL']],
    with_default: [varchar(10).serverDefault('a'), text(), ["'abc'", "'b'", 'NULL']],
  }),
  changes(
    'a length taken off',
    { v: [varchar(10), varchar(), ["'abc'", "''", 'NULL']] },
    {
      except: { mysql: { reason: 'VARCHAR needs a length' }, mariadb: { reason: 'VARCHAR needs a length' } },
    },
  ),
  changes('numbers', {
    a: [smallint(), integer(), ['1', '-32768', 'NULL']],
    b: [integer(), bigint(), ['1', '-2147483648', 'NULL']],
    c: [bigint(), integer(), ['1', '-2147483648', 'NULL']],
    d: [integer().serverDefault(5), bigint().serverDefault(5n), ['1', '2', 'NULL']],
    e: [real(), double(), ['1.5', '-0.25', 'NULL']],
    f: [integer(), numeric(10, 2), ['15', '-3', 'NULL']],
    g: [numeric(8, 2), numeric(12, 4), ['1.25', '-3.50', 'NULL']],
    h: [integer().notNull().serverDefault(5), bigint().notNull().serverDefault(-6n), ['1', '2', '3']],
  }),
  changes('numbers and texts', {
    a: [text(), integer(), ["'12'", "'-3'", 'NULL']],
    b: [integer(), text(), ['12', '-3', 'NULL']],
    c: [integer().notNull().serverDefault(5), varchar(20).notNull().serverDefault('5'), ['1', '2', '3']],
    d: [varchar(20), numeric(8, 3), ["'1.5'", "'-3'", 'NULL']],
  }),
  changes('where no server has a cast', {
    a: [uuid(), integer(), ['NULL', 'NULL', 'NULL']],
    b: [date(), uuid(), ['NULL', 'NULL', 'NULL']],
    c: [jsonb(), timestamp(), ['NULL', 'NULL', 'NULL']],
    d: [bytes(), bigint(), ['NULL', 'NULL', 'NULL']],
    e: [boolean(), date(), ['NULL', 'NULL', 'NULL']],
    f: [uuid(), enumeration('kind', ['a', 'b']), ['NULL', 'NULL', 'NULL']],
  }),
  changes(
    'booleans',
    {
      a: [boolean(), integer(), ['true', 'false', 'NULL']],
      b: [integer(), boolean(), ['1', '0', 'NULL']],
      c: [boolean().notNull().serverDefault(false), smallint().notNull().serverDefault(0), ['true', 'false', 'true']],
      d: [boolean(), bigint(), ['true', 'false', 'NULL']],
      e: [varchar(10), boolean(), ["'1'", "'0'", 'NULL']],
    },
    { changedValues: ['t.e'] },
  ),
  changes(
    'moments',
    {
      a: [
        timestamp({ precision: 0 }),
        timestamp({ precision: 6 }),
        ["'2026-01-02 03:04:05'", "'2026-01-02 00:00:00'", 'NULL'],
      ],
      b: [timestamp(), timestamp(tz), ["'2026-01-02 03:04:05'", "'2026-07-02 00:00:00'", 'NULL']],
      c: [time(), time({ precision: 3 }), ["'12:30:00'", "'00:00:00'", 'NULL']],
      d: [varchar(10), date(), ["'2026-01-31'", "'2024-02-29'", 'NULL']],
      e: [date(), timestamp(), ["'2026-01-31'", "'2024-02-29'", 'NULL']],
    },
    { changedValues: ['t.b', 't.e'] },
  ),
  changes(
    'json to jsonb',
    { v: [json(), jsonb(), [`'{"a":[1,2]}'`, `'[]'`, 'NULL']] },
    { sameOn: ['sqlite', 'mysql', 'mariadb'] },
  ),
  changes('documents and ids', {
    a: [text(), json(), [`'{"a":[1,2]}'`, `'[]'`, 'NULL']],
    b: [
      varchar(36),
      uuid(),
      ["'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'", 'NULL'],
    ],
  }),
  changes('enumerations and texts', {
    a: [enumeration('mood', ['sad', 'glad']), varchar(20), ["'sad'", "'glad'", 'NULL']],
    b: [varchar(20), enumeration('colour', ['red', "it's"]), ["'red'", "'it''s'", 'NULL']],
    c: [
      varchar(20).notNull().serverDefault('low'),
      enumeration('level', ['low', 'high']).notNull().serverDefault('high'),
      ["'low'", "'high'", "'low'"],
    ],
    d: [enumeration('size', ['s', 'm']).serverDefault('m'), varchar(20).serverDefault('x'), ["'s'", "'m'", 'NULL']],
    e: [
      enumeration('left', ['one', 'two']).serverDefault('one'),
      enumeration('right', ['one', 'two', 'three']).serverDefault('three'),
      ["'one'", "'two'", 'NULL'],
    ],
  }),
  changes('everything about a column at once', {
    v: [integer().comment('before'), bigint().notNull().serverDefault(3n).comment('after'), ['1', '2', '3']],
  }),
];

function withoutDefaults(): Record<string, AnyColumn> {
  const all = { ...DEFAULTS(), ...EXPRESSION_DEFAULTS() } as Record<string, AnyColumn>;
  return Object.fromEntries(
    Object.entries(all).map(([name, column]) => [
      name,
      Object.assign(Object.create(Object.getPrototypeOf(column)), { spec: { ...column.spec, serverDefault: null } }),
    ]),
  );
}
