/** Domains and composite types that no ALTER makes into what they are to be, while columns are made of them. */
import { check, customType, index, integer, type MetaData, sql, varchar } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has no types to declare' },
  mysql: { reason: 'MySQL has no types to declare' },
  mariadb: { reason: 'MariaDB has no types to declare' },
} as const;

const domain = (m: MetaData, rest: string): void =>
  void m.object('domain', 'code', { definition: `CREATE DOMAIN code AS ${rest}` });

const composite = (m: MetaData, attributes: string): void =>
  void m.object('compositeType', 'place', { definition: `CREATE TYPE place AS (${attributes})` });

const domainRows = [`INSERT INTO t (id, c) VALUES (1, '17'), (2, NULL), (3, '4')`];

export const SWAPPED_TYPES: readonly SchemaCase[] = [
  {
    name: 'changes what a domain is made of under a column with an index, a check and a view',
    from: (m) => {
      domain(m, "varchar(20) CONSTRAINT said CHECK (VALUE <> '')");
      m.table('t', { id: integer().primaryKey(), c: customType('code') }, () => [
        index('ix_c', ['c']),
        check('ck_c', sql`c::text <> 'x'`),
      ]);
      m.view('v', sql`SELECT id, c FROM t`);
    },
    to: (m) => {
      domain(m, 'bigint CONSTRAINT said CHECK (VALUE > 0)');
      m.table('t', { id: integer().primaryKey(), c: customType('code') }, () => [
        index('ix_c', ['c']),
        check('ck_c', sql`c::text <> 'x'`),
      ]);
      m.view('v', sql`SELECT id, c FROM t`);
    },
    rows: domainRows,
    afterwards: ['INSERT INTO t (id, c) VALUES (11, 900)'],
    except,
  },
  {
    name: 'changes what a domain is made of while one column leaves it, one comes and one has another default',
    from: (m) => {
      domain(m, 'varchar(20)');
      m.table('t', {
        id: integer().primaryKey(),
        c: customType('code').serverDefault(sql`'none'::code`),
        leaves: customType('code'),
        comes: integer(),
        goes: customType('code'),
      });
    },
    to: (m) => {
      domain(m, 'bigint');
      m.table('t', {
        id: integer().primaryKey(),
        c: customType('code').serverDefault(sql`5::bigint`),
        leaves: varchar(20),
        comes: customType('code'),
      });
    },
    rows: [`INSERT INTO t (id, c, leaves, comes, goes) VALUES (1, '17', 'a', 4, 'x'), (2, NULL, NULL, NULL, NULL)`],
    except,
  },
  {
    name: 'reorders the attributes of a composite type under a column, and gives them other types',
    from: (m) => {
      composite(m, 'street text, number integer, town text');
      m.table('t', { id: integer().primaryKey(), p: customType('place') });
      m.view('v', sql`SELECT id, (p).town FROM t`);
    },
    to: (m) => {
      composite(m, 'town text, street varchar(40), number bigint, door integer');
      m.table('t', { id: integer().primaryKey(), p: customType('place') });
      m.view('v', sql`SELECT id, (p).town FROM t`);
    },
    rows: [`INSERT INTO t (id, p) VALUES (1, ROW('Via "A", 1', 7, NULL)), (2, NULL), (3, ROW('b', NULL, 'Roma'))`],
    changedValues: ['t.p'],
    except,
  },
  {
    name: 'gives an attribute of a composite type another type under a column',
    from: (m) => {
      composite(m, 'street text, number integer');
      m.table('t', { id: integer().primaryKey(), p: customType('place') });
    },
    to: (m) => {
      composite(m, 'street text, number bigint');
      m.table('t', { id: integer().primaryKey(), p: customType('place') });
    },
    rows: [`INSERT INTO t (id, p) VALUES (1, ROW('Via "A", 1', 7)), (2, NULL), (3, ROW(NULL, NULL))`],
    except,
  },
];
