import { expect, test } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import type { Dialect } from '../../../src/dialects/dialect.js';
import { mysql } from '../../../src/dialects/mysql/index.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { integer, varchar } from '../../../src/schema/columns.js';
import { type AnyColumn, MetaData } from '../../../src/schema/metadata.js';
import { foreignKey, type ForeignKeyOptions, unique } from '../../../src/schema/table-args.js';
import type { Unique } from '../../../src/schema/table.js';
import { callsOf, planOf, schemaOf } from './plan-of.js';

interface Columns {
  readonly id: AnyColumn;
  readonly pId: AnyColumn;
}

function callsBetween(from: Columns, to: Columns, dialect: Dialect): string[] {
  const [before, after] = [from, to].map(({ id, pId }) => {
    const metadata = new MetaData();
    metadata.table('p', { id: id.primaryKey() });
    metadata.table('c', { id: integer().primaryKey(), pId: pId.references('p.id') });
    return dialect.normalise(buildSchema([metadata]), dialect.assumedServer);
  });
  return before === undefined || after === undefined
    ? []
    : callsOf(compareSchemas(before, after, dialect.capabilities));
}

const short = { id: varchar(10), pId: varchar(10) };
const long = { id: varchar(20), pId: varchar(20) };

const ADDED = "op.createForeignKey('fk_c_p_id_p', 'c', ['p_id'], 'p', ['id']);";

/** The first line of each call. */
const heads = (calls: readonly string[]) => calls.map((call) => call.split('\n')[0]);

test('a foreign key is taken off while its columns change their type, where it would be in the way', () => {
  expect(heads(callsBetween(short, long, mysql))).toEqual([
    expect.stringContaining("op.dropConstraint('fk_c_p_id_p', 'c'"),
    expect.stringContaining("op.alterColumn('c', 'p_id', "),
    expect.stringContaining("op.alterColumn('p', 'id', "),
    ADDED,
  ]);
});

test('a foreign key stays while its columns change their type where it is not in the way', () => {
  expect(heads(callsBetween(short, long, postgres))).toEqual([
    expect.stringContaining("op.alterColumn('c', 'p_id', "),
    expect.stringContaining("op.alterColumn('p', 'id', "),
  ]);
});

test('a foreign key is taken off while the key that it refers to becomes a counter', () => {
  const plain = { id: integer().autoincrement(false), pId: integer() };
  const counter = { id: integer().autoincrement(), pId: integer() };
  expect(heads(callsBetween(plain, counter, mysql))).toEqual([
    expect.stringContaining("op.dropConstraint('fk_c_p_id_p', 'c'"),
    expect.stringContaining("op.alterColumn('p', 'id', "),
    ADDED,
  ]);
});

test('a foreign key stays while its columns get another comment and default', () => {
  const said = { ...short, pId: varchar(10).comment('the other').serverDefault('x') };
  expect(heads(callsBetween(short, said, mysql))).toEqual([expect.stringContaining("op.alterColumn('c', 'p_id', ")]);
});

const children = (key: string, options: ForeignKeyOptions) =>
  schemaOf((metadata) => {
    metadata.table('p', { a: integer() }, () => [unique(['a'], { name: key })]);
    metadata.table('c', { pA: integer() }, () => [foreignKey(['p_a'], 'p', ['a'], { name: 'fk', ...options })]);
  });

test.each([
  ['gets a comment', { comment: 'said' }, { kind: 'setComment', name: 'fk' }],
  ['is no longer valid for old rows', { notValid: true }, { kind: 'validateConstraint', name: 'fk', isValid: false }],
] as const)('a foreign key that %s is changed once it is back on its new key', (_what, options, change) => {
  const from = children('before', {});
  const to = children('after', { ...options });
  const deferred = { ...to, tables: to.tables.map((table) => ({ ...table, uniques: table.uniques.map(late) })) };
  const operations = planOf(from, deferred);
  const kinds = operations.map(({ kind }) => kind);
  expect(kinds.slice(0, 2)).toEqual(['dropConstraint', 'dropConstraint']);
  expect(operations.at(-2)).toMatchObject({ kind: 'addConstraint', constraint: { name: 'fk' } });
  expect(operations.at(-1)).toMatchObject(change);
});

/** Not only another name. */
function late(key: Unique): Unique {
  return { ...key, include: ['a'] };
}

test('a table that is made anew takes its own keys along, and those that refer to it are taken off', () => {
  const parted = (by: string) =>
    schemaOf((metadata) => {
      const options = { options: { postgres: { partitionBy: `${by} (a)` } } };
      const own = () => [unique(['a'], { name: 'key' }), foreignKey(['b'], 'p', ['a'], { name: 'fk_own' })];
      metadata.table('p', { a: integer().notNull(), b: integer() }, own, options);
      metadata.table('c', { pA: integer() }, () => [foreignKey(['p_a'], 'p', ['a'], { name: 'fk' })]);
    });
  const operations = planOf(parted('RANGE'), parted('HASH'));
  expect(operations.map((operation) => [operation.kind, 'name' in operation ? operation.name : null])).toEqual([
    ['dropConstraint', 'fk'],
    ['dropTable', null],
    ['createTable', null],
    ['addConstraint', null],
  ]);
  expect(operations.at(-1)).toMatchObject({ constraint: { name: 'fk' } });
});
