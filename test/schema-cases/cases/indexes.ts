import { boolean, customType, index, integer, json, jsonb, type MetaData, sql, text, timestamp, varchar } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const columns = {
  id: integer().primaryKey(),
  a: integer(),
  b: varchar(50),
  c: varchar(50),
  gone: boolean().notNull().serverDefault(false),
  at: timestamp(),
};
const rows = ["INSERT INTO t (id, a, b, c) VALUES (1, 1, 'x', 'X'), (2, 2, 'y', NULL)"];
const noPartial = { mysql: { reason: 'no partial indexes' }, mariadb: { reason: 'no partial indexes' } };
const noExpression = { mariadb: { reason: 'no expressions in indexes' } };
const t = <S extends Parameters<MetaData['table']>[1]>(m: MetaData, own: S, args: Parameters<typeof m.table<S>>[2]) =>
  void m.table('t', own, args);

export const INDEXES: readonly SchemaCase[] = [
  {
    name: 'adds, changes and drops plain, unique and composite indexes',
    from: (m) =>
      t(m, columns, (c) => [index('goes', [c.a]), index('changes', [c.a, c.b]), index('turns_unique', [c.b])]),
    to: (m) =>
      t(m, columns, (c) => [
        index(c.a, c.at),
        index('changes', [c.b, c.a]),
        index('turns_unique', [c.b], { unique: true }),
        index('down', [c.a.desc(), c.b, c.at.desc()]),
      ]),
    rows,
  },
  {
    name: 'adds, changes and drops partial indexes',
    from: (m) =>
      t(m, columns, (c) => [
        index('goes', [c.a], { where: c.gone.eq(false) }),
        index('changes', [c.b], { where: c.a.gt(1) }),
      ]),
    to: (m) =>
      t(m, columns, (c) => [
        index('changes', [c.b], { where: c.a.gt(2), unique: true }),
        index('nasty', [c.b], { where: sql`b <> ${"it's"} AND c IS NOT NULL` }),
        index('several', [c.a], { where: c.a.isNotNull().and(c.b.in(['x', 'y'])) }),
      ]),
    rows,
    except: noPartial,
  },
  {
    name: 'adds, changes and drops expression indexes',
    from: (m) => t(m, columns, () => [index('goes', [sql`lower(b)`]), index('changes', [sql`lower(c)`])]),
    to: (m) =>
      t(m, columns, (c) => [
        index('changes', [sql`upper(c)`]),
        index('mixed', [c.a, sql`lower(b)`.desc()], { unique: true }),
        index('sum', [sql`(a + 1)`]),
        index('call', [sql`coalesce(b, ${"it's"})`]),
      ]),
    rows,
    except: { ...noExpression, mysql: { reason: 'expressions in indexes stand in brackets of their own' } },
  },
  {
    name: 'keeps indexes of every kind while a column of theirs is altered',
    from: (m) =>
      t(m, columns, (c) => [
        index('one', [c.b]),
        index('two', [c.a.desc(), c.b]),
        index('three', [c.b], { where: c.a.gt(1) }),
        index('four', [sql`lower(b)`]),
      ]),
    to: (m) =>
      t(m, { ...columns, b: varchar(80).notNull().serverDefault('none') }, (c) => [
        index('one', [c.b]),
        index('two', [c.a.desc(), c.b]),
        index('three', [c.b], { where: c.a.gt(1) }),
        index('four', [sql`lower(b)`]),
      ]),
    rows,
    except: noPartial,
  },
  {
    name: 'drops a column with partial, expression and composite indexes on it',
    from: (m) =>
      t(m, columns, (c) => [
        index('plain', [c.c]),
        index('composite', [c.a, c.c]),
        index('partial', [c.a], { where: c.c.isNotNull() }),
        index('expression', [sql`lower(c)`]),
      ]),
    to: (m) => {
      const { c: _, ...rest } = columns;
      t(m, rest, () => []);
    },
    rows,
    except: noPartial,
  },
  {
    name: 'indexes by methods of PostgreSQL',
    from: (m) => t(m, { id: integer().primaryKey(), doc: jsonb(), name: text() }, () => []),
    to: (m) =>
      t(m, { id: integer().primaryKey(), doc: jsonb(), name: text() }, (c) => [
        index('by_doc', [c.doc], { method: 'gin' }),
        index('by_name', [c.name], { method: 'hash' }),
        index(c.id).using('brin').name('by_block'),
      ]),
    except: {
      sqlite: { reason: 'has one kind of index: the method is dropped' },
      mysql: { reason: 'other methods' },
      mariadb: { reason: 'other methods' },
    },
  },
  {
    name: 'ignores the method of an index on SQLite',
    from: (m) => t(m, { id: integer().primaryKey(), doc: json() }, () => []),
    to: (m) => t(m, { id: integer().primaryKey(), doc: json() }, (c) => [index('by_id', [c.id], { method: 'hash' })]),
    except: { mysql: { reason: 'other methods' }, mariadb: { reason: 'other methods' } },
  },
  {
    name: "indexes a column of a type in the database's words",
    from: (m) => t(m, { id: integer().primaryKey() }, () => []),
    to: (m) =>
      t(
        m,
        {
          id: integer().primaryKey(),
          ip: customType<string>({
            postgres: 'cidr',
            sqlite: 'TEXT',
            mysql: 'varchar(45)',
            mariadb: 'varchar(45)',
          }).index(),
        },
        () => [],
      ),
    rows: ['INSERT INTO t (id) VALUES (1)'],
  },
];
