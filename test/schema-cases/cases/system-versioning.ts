import { bigint, check, foreignKey, index, integer, type MetaData, sql, unique, varchar } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite keeps no history' },
  postgres: { reason: 'PostgreSQL keeps no history' },
  mysql: { reason: 'MySQL keeps no history' },
} as const;

const HISTORY = 'SYSTEM_TIME LIMIT 100\n(PARTITION `p0` HISTORY,\n PARTITION `pn` CURRENT)';

/** MariaDB's tables WITH SYSTEM VERSIONING. */
export const SYSTEM_VERSIONING: readonly SchemaCase[] = [
  {
    name: 'makes a table that keeps its history, and drops it',
    from: (m) => void m.table('other', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('other', { id: integer().primaryKey() });
      prices(m, { systemVersioning: true, 'columnUnversioned note': true });
    },
    afterwards: ["INSERT INTO prices (id, price, note) VALUES (1, 5, 'x')", 'UPDATE prices SET price = 6'],
    except,
  },
  {
    name: 'begins to keep the history of a table, in partitions, but for some columns',
    from: (m) => prices(m),
    to: (m) =>
      prices(m, {
        systemVersioning: true,
        partitionBy: HISTORY,
        'columnUnversioned note': true,
        'columnInvisible note': true,
        'columnUnversioned code': true,
      }),
    rows: ["INSERT INTO prices (id, price, note) VALUES (1, 5, 'x')"],
    except,
  },
  {
    name: 'begins to keep the history of a table, with the times in columns',
    from: (m) => prices(m),
    to: (m) => prices(m, { systemVersioning: 'valid_from, `valid to` timestamp(6) INVISIBLE' }),
    rows: ["INSERT INTO prices (id, price, note) VALUES (1, 5, 'x')"],
    except,
  },
  {
    name: 'changes the columns, keys and indexes of a table that keeps its history',
    from: (m) => {
      m.table('other', { id: integer().primaryKey() });
      prices(m, { systemVersioning: 'a, b', 'columnUnversioned note': true });
    },
    to: (m) => {
      m.table('other', { id: integer().primaryKey() });
      m.table(
        'prices',
        {
          id: integer().primaryKey(),
          price: bigint().notNull(),
          code: varchar(10).notNull().serverDefault('new'),
          extra: varchar(5),
          other: integer(),
        },
        (c) => [
          unique([c.price, c.extra], { name: 'uq' }),
          index('ix', [c.extra]),
          foreignKey([c.other], 'other', ['id'], { name: 'fk' }),
        ],
        {
          options: { mariadb: { systemVersioning: 'a, b', 'columnUnversioned extra': true } },
          comment: 'What it cost',
        },
      );
    },
    rows: ["INSERT INTO prices (id, price, note, code) VALUES (1, 5, 'x', 'k')"],
    changedValues: ['prices.code'],
    except,
  },
];

function prices(m: MetaData, options: Record<string, string | boolean> = {}): void {
  m.table(
    'prices',
    {
      id: integer().primaryKey(),
      price: integer().notNull(),
      note: varchar(20).comment('free').serverDefault('none'),
      code: varchar(10),
    },
    (c) => [unique([c.code], { name: 'uq' }), check('note', sql`note <> ''`), check('positive', sql`price > 0`)],
    { options: { mariadb: options } },
  );
}
