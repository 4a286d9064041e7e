import { check, date, index, integer, type MetaData, primaryKey, sql, timestamp, unique, varchar } from 'aludel';
import type { TableOptions } from '../../../src/schema/table.js';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has no periods' },
  postgres: { reason: 'PostgreSQL says it with a range' },
  mysql: { reason: 'MySQL has no periods' },
} as const;

const PERIOD: TableOptions = { period: '`validity` (`begins`, `ends`)' };

const overlaps = { storage: { withoutOverlaps: 'validity' } };

const rents = (m: MetaData, options: TableOptions = {}, isKeyed = false): void =>
  void m.table(
    'rents',
    { room: integer().notNull(), begins: date().notNull(), ends: date().notNull(), note: varchar(20) },
    (c) => (isKeyed ? [unique([c.room, c.begins, c.ends], { name: 'uq_rents', ...overlaps })] : []),
    { options: { mariadb: options } },
  );

const ROWS = ["INSERT INTO rents (room, begins, ends, note) VALUES (1, '2026-01-01', '2026-02-01', 'x')"];

/** MariaDB's PERIOD FOR, and keys WITHOUT OVERLAPS. */
export const APPLICATION_PERIODS: readonly SchemaCase[] = [
  {
    name: 'makes a table with a period and a key without overlaps, and drops it',
    from: (m) => void m.table('other', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('other', { id: integer().primaryKey() });
      rents(m, { period: 'validity (begins, ends)' }, true);
    },
    afterwards: ROWS,
    except,
  },
  {
    name: 'gives a table a period and a key without overlaps',
    from: (m) => rents(m, { period: false }),
    to: (m) => rents(m, PERIOD, true),
    rows: ROWS,
    except,
  },
  {
    name: 'gives a table a period over columns that took NULL',
    from: (m) =>
      void m.table('rents', { room: integer(), begins: date(), ends: date(), note: varchar(20) }, undefined, {
        options: { mariadb: { period: false } },
      }),
    to: (m) =>
      void m.table('rents', { room: integer(), begins: date(), ends: date(), note: varchar(20) }, undefined, {
        options: { mariadb: PERIOD },
      }),
    rows: ROWS,
    except,
  },
  {
    name: 'moves a period to other columns, and drops those it was of',
    from: (m) =>
      void m.table(
        'rents',
        {
          room: integer().notNull(),
          begins: date()
            .notNull()
            .serverDefault(sql`'2025-01-01'`),
          ends: date()
            .notNull()
            .serverDefault(sql`'2025-02-01'`),
        },
        (c) => [unique([c.room, c.begins, c.ends], { name: 'uq_rents', ...overlaps })],
        { options: { mariadb: PERIOD } },
      ),
    to: (m) =>
      void m.table(
        'rents',
        {
          room: integer().notNull(),
          since: date()
            .notNull()
            .serverDefault(sql`'2025-01-01'`),
          until: date()
            .notNull()
            .serverDefault(sql`'2025-02-01'`),
        },
        (c) => [unique([c.room, c.since, c.until], { name: 'uq_rents', storage: { withoutOverlaps: 'stay' } })],
        { options: { mariadb: { period: 'stay (since, until)' } } },
      ),
    rows: ['INSERT INTO rents (room) VALUES (1)'],
    except,
  },
  {
    name: 'renames the columns of a period, and changes their type and comment',
    from: (m) => rents(m, PERIOD, true),
    to: (m) =>
      void m.table(
        'rents',
        {
          room: integer().notNull(),
          since: timestamp({ withTimezone: false }).notNull().comment('from when'),
          ends: timestamp({ withTimezone: false }).notNull(),
          note: varchar(20),
        },
        (c) => [unique([c.room, c.since, c.ends], { name: 'uq_rents', ...overlaps })],
        { options: { mariadb: { period: 'validity (since, ends)' } } },
      ),
    renames: ['rents.begins:rents.since'],
    rows: ROWS,
    changedValues: ['rents.since', 'rents.begins', 'rents.ends'],
    except,
  },
  {
    name: 'changes what stands beside a period: it stays, with its history',
    from: (m) => rents(m, { ...PERIOD, systemVersioning: true }, true),
    to: (m) =>
      void m.table(
        'rents',
        {
          room: integer().notNull(),
          begins: date()
            .notNull()
            .serverDefault(sql`'2025-01-01'`),
          ends: date().notNull().comment('the last day'),
          note: varchar(30).notNull().serverDefault('none'),
          rest: integer(),
        },
        (c) => [
          unique([c.room, c.begins, c.ends], { name: 'uq_rents', ...overlaps }),
          index('ix_rents_note', [c.note, c.ends]),
          check('later', sql`ends > begins`),
        ],
        {
          comment: 'Who lives where',
          options: { mariadb: { ...PERIOD, systemVersioning: true, 'columnInvisible note': true } },
        },
      ),
    rows: ROWS,
    except,
  },
  {
    name: 'makes the primary key of a table one without overlaps, sorted from the end, by the beginning of a name',
    from: (m) =>
      void m.table(
        'rents',
        { room: integer(), name: varchar(40), begins: date().notNull(), ends: date().notNull() },
        (c) => [primaryKey([c.room, c.name])],
        { options: { mariadb: PERIOD } },
      ),
    to: (m) =>
      void m.table(
        'rents',
        { room: integer(), name: varchar(40), begins: date().notNull(), ends: date().notNull() },
        (c) => [
          primaryKey([c.room, c.name, c.begins, c.ends], { lengths: { name: 8 }, descending: ['room'], ...overlaps }),
          index('ix_rents', [c.name, c.begins, c.ends], { unique: true, lengths: { name: 4 }, ...overlaps }),
        ],
        { options: { mariadb: PERIOD } },
      ),
    rows: ["INSERT INTO rents (room, name, begins, ends) VALUES (1, 'x', '2026-01-01', '2026-02-01')"],
    except,
  },
  {
    name: 'renames a table with a period, and the key over it',
    from: (m) => rents(m, PERIOD, true),
    to: (m) =>
      void m.table(
        'stays',
        { room: integer().notNull(), begins: date().notNull(), ends: date().notNull(), note: varchar(20) },
        (c) => [unique([c.room, c.begins, c.ends], { name: 'uq_stays', ...overlaps })],
        { options: { mariadb: PERIOD } },
      ),
    renames: ['rents:stays'],
    rows: ROWS,
    except,
  },
];
