/** What only MySQL and MariaDB have: character sets of tables, partitions in the server's words, sequences of MariaDB. */
import {
  check,
  customType,
  foreignKey,
  index,
  integer,
  type MetaData,
  primaryKey,
  sql,
  text,
  timestamp,
  varchar,
} from 'aludel';
import { Expr } from '../../../src/schema/expressions/expr.js';
import type { TableOptions } from '../../../src/schema/table.js';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has nothing of the kind' },
  postgres: { reason: 'PostgreSQL has nothing of the kind' },
};

const onlyMariadb = { ...except, mysql: { reason: 'MySQL has no sequences' } };

const both = (options: TableOptions) => ({ options: { mysql: options, mariadb: options } });

/** A key of text, a reference to it, and a column with a collation of its own. */
function letters(m: MetaData, options: TableOptions, collation: string | null): void {
  const own = varchar(20);
  m.table('codes', { code: varchar(10).primaryKey() }, undefined, both(options));
  m.table(
    'uses',
    {
      id: integer().primaryKey(),
      code: varchar(10).notNull(),
      note: text(),
      own: collation === null ? own : own.collate(collation),
      long: varchar(30).generatedAs(sql`concat(code, '!')`),
    },
    (c) => [foreignKey([c.code], 'codes', ['code'], { name: 'to_code' })],
    both(options),
  );
}

const LETTERS = [
  "INSERT INTO codes (code) VALUES ('é')",
  "INSERT INTO uses (id, code, note, own) VALUES (1, 'é', 'über', 'ß')",
];

const partitioned = (m: MetaData, partitionBy?: string): void =>
  void m.table(
    't',
    { id: integer().notNull(), part: integer().notNull() },
    undefined,
    both(partitionBy === undefined ? {} : { partitionBy }),
  );

const keyed = (m: MetaData, key: string, partitionBy?: string): void => {
  const options = both(partitionBy === undefined ? {} : { partitionBy });
  const part = integer().notNull().serverDefault(1);
  m.table('t', { id: integer().notNull(), [key]: part }, () => [primaryKey(['id', key])], options);
};

const emoji = (m: MetaData, sign: string): void =>
  void m.table(
    't',
    {
      id: integer().primaryKey(),
      a: varchar(20).serverDefault(`${sign}?`),
      b: varchar(20).generatedAs(new Expr({ kind: 'sql', parts: [`concat(a, '${sign}')`] })),
    },
    () => [check('no_sign', new Expr({ kind: 'sql', parts: [`a <> '${sign}'`] }))],
  );

const bytes = (comment: string) => ({
  id: integer().primaryKey(),
  a: customType('varbinary(10)')
    .serverDefault(sql`x'00ff3f'`)
    .comment(comment),
  b: customType('binary(3)')
    .notNull()
    .serverDefault(sql`x'c33f00'`)
    .comment(comment),
});

function followed(m: MetaData, takesNull: boolean): void {
  const time = () => timestamp({ precision: 3, withTimezone: false }).onUpdateNow();
  m.table('t', { id: integer().primaryKey(), changedAt: takesNull ? time() : time().notNull() });
}

export const MYSQL_TABLES: readonly SchemaCase[] = [
  {
    name: 'changes the character set of tables: their columns follow, foreign keys among them',
    from: (m) => letters(m, { charset: 'latin1', collation: 'latin1_swedish_ci' }, null),
    to: (m) => letters(m, { charset: 'utf8mb4', collation: 'utf8mb4_bin' }, 'latin1_german1_ci'),
    rows: LETTERS,
    except,
  },
  {
    name: "leaves a table's character set to the database",
    from: (m) => letters(m, { charset: 'latin1', collation: 'latin1_swedish_ci' }, 'latin1_german1_ci'),
    to: (m) => letters(m, { charset: false, collation: false }, null),
    rows: LETTERS,
    except,
  },
  {
    name: 'partitions a table in words of its own, and in other ones',
    from: (m) =>
      partitioned(m, 'range (part) (partition P0 values less than (10), partition p1 values less than (maxvalue))'),
    to: (m) =>
      partitioned(
        m,
        "LIST (`part`) (PARTITION one VALUES IN (1, 2) COMMENT 'it''s ENGINE = x' engine innodb, PARTITION two VALUES IN (NULL, 3) engine = InnoDB)",
      ),
    rows: ['INSERT INTO t (id, part) VALUES (1, 2)'],
    except,
  },
  {
    name: 'partitions a table by hash, with names and comments',
    from: (m) => partitioned(m),
    to: (m) => partitioned(m, "HASH (part) (PARTITION x, PARTITION y COMMENT = 'second')"),
    rows: ['INSERT INTO t (id, part) VALUES (1, 2)'],
    except,
  },
  {
    name: 'subpartitions a table by name, with the algorithm of old servers',
    from: (m) => partitioned(m, 'KEY ALGORITHM = 1 (part) PARTITIONS 2'),
    to: (m) =>
      partitioned(
        m,
        'RANGE (part) SUBPARTITION BY HASH (id) (PARTITION p0 VALUES LESS THAN MAXVALUE (SUBPARTITION s0, SUBPARTITION s1))',
      ),
    rows: ['INSERT INTO t (id, part) VALUES (1, 2)'],
    except,
  },
  {
    name: 'partitions a table by a column that is new and in the new key',
    from: (m) => m.table('t', { id: integer().primaryKey() }),
    to: (m) => keyed(m, 'part', 'RANGE (part) (PARTITION p0 VALUES LESS THAN (10))'),
    rows: ['INSERT INTO t (id) VALUES (1)'],
    except,
  },
  {
    name: 'partitions a table by another column when that takes the place of the first one',
    from: (m) => keyed(m, 'part', 'RANGE (part) (PARTITION p0 VALUES LESS THAN (10))'),
    to: (m) => keyed(m, 'kind', 'LIST (kind) (PARTITION k1 VALUES IN (1, 2))'),
    rows: ['INSERT INTO t (id) VALUES (1)'],
    except,
  },
  {
    name: 'keeps what is in none of the other partitions (MariaDB)',
    from: (m) => partitioned(m),
    to: (m) => partitioned(m, 'LIST (part) (PARTITION p0 VALUES IN (1), PARTITION p1 DEFAULT)'),
    rows: ['INSERT INTO t (id, part) VALUES (1, 2)'],
    except: { ...except, mysql: { reason: 'MySQL has no DEFAULT partition' } },
  },
  {
    name: 'keeps characters beyond U+FFFF in defaults, checks and generated columns',
    from: (m) => emoji(m, '💩'),
    to: (m) => {
      emoji(m, '💩');
      m.table('other', { id: integer().primaryKey() });
    },
    rows: ["INSERT INTO t (id, a) VALUES (1, 'x')"],
    except,
  },
  {
    name: 'takes comments with signs that the servers cannot keep, and keeps bytes that are no text',
    from: (m) => void m.table('t', bytes('old 💩'), undefined, { comment: '💩' }),
    to: (m) =>
      void m.table('t', bytes('new 💩'), (c) => [index('ix_t', [c.b], { comment: 'by 💩' })], { comment: 'a 💩' }),
    rows: ["INSERT INTO t (id, b) VALUES (1, 'x')"],
    except,
  },
  {
    name: 'follows each UPDATE without a default (MariaDB makes one up), and takes NULL then',
    from: (m) => followed(m, false),
    to: (m) => followed(m, true),
    except,
  },
  {
    name: 'adds columns with a value of its own for each row',
    from: (m) => void m.table('t', { id: integer().primaryKey(), a: integer() }),
    to: (m) =>
      void m.table('t', {
        id: integer().primaryKey(),
        a: integer(),
        key: varchar(36)
          .notNull()
          .serverDefault(sql`uuid()`),
        lot: integer().serverDefault(sql`floor(rand() * 10)`),
      }),
    rows: ['INSERT INTO t (id, a) VALUES (1, 5), (2, 6)'],
    afterwards: ['INSERT INTO t (id, a) VALUES (3, 7)'],
    except,
  },
  {
    name: 'makes a sequence that a default counts with, and changes it',
    from: (m) => {
      m.sequence('numbers', { start: 5, increment: 2, comment: "it's" });
      m.table('t', { id: integer().primaryKey() });
    },
    to: (m) => {
      m.sequence('numbers', { start: 5, increment: 3, cache: 10, cycle: true, max: 1_000_000 });
      m.sequence('others', { increment: -1, max: -1 });
      m.table('t', {
        id: integer().primaryKey(),
        number: integer().serverDefault(sql`nextval(numbers)`),
        other: integer().serverDefault(sql`NEXT VALUE FOR others`),
      });
    },
    rows: ['INSERT INTO t (id) VALUES (1)'],
    afterwards: ['INSERT INTO t (id) VALUES (2)'],
    except: onlyMariadb,
  },
  {
    name: 'renames a sequence, and what counts with it',
    from: (m) => {
      m.sequence('numbers');
      m.table('t', { id: integer().primaryKey(), number: integer().serverDefault(sql`nextval(numbers)`) });
    },
    to: (m) => {
      m.sequence('ticket_numbers');
      m.table('t', { id: integer().primaryKey(), number: integer().serverDefault(sql`nextval(ticket_numbers)`) });
    },
    renames: ['sequence numbers:ticket_numbers'],
    rows: ['INSERT INTO t (id, number) VALUES (1, 1)'],
    except: onlyMariadb,
  },
];
