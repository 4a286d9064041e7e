/** What only PostgreSQL's constraints can say: elsewhere comments are left out, and the rest is refused by name. */
import { AludelError } from '../errors.js';
import { formatTableName } from '../schema/table-name.js';
import { MYSQL_STORAGE, refuseOverlaps } from './mysql-parts.js';
import {
  type Column,
  type Constraint,
  constraintsOf,
  type Exclusion,
  type Index,
  type PrimaryKey,
  type Schema,
  type Table,
  type TableName,
  type Unique,
} from '../schema/table.js';

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED naming the first constraint that says too much. */
export function withoutPostgresParts(schema: Schema, database: string): Schema {
  return { ...schema, tables: schema.tables.map((table) => withoutComments(table, database)) };
}

function withoutComments(table: Table, database: string): Table {
  for (const constraint of constraintsOf(table)) refuseConstraintParts(constraint, table, database);
  return {
    ...table,
    columns: table.columns.map((column) => plainColumn(asOwn(column), table, database)),
    primaryKey: table.primaryKey && plainKey(withKeyComment(table.primaryKey, database), database),
    uniques: table.uniques.map((unique) => plainKey(withoutComment(unique), database)),
    foreignKeys: table.foreignKeys.map(withoutComment),
    checks: table.checks.map(withoutComment),
    indexes: table.indexes.map((index) => plainIndex(index, table, database)),
  };
}

/** No table inherits from another one elsewhere. */
function asOwn(column: Column): Column {
  const { inherited, ...own } = column;
  return inherited === undefined ? column : own;
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED naming the constraint and what it says too much. */
export function refuseConstraintParts(constraint: Constraint, table: TableName, database: string): void {
  const [part] = partsOf(constraint, database);
  if (part !== undefined) refuse('Constraint', constraint.name, part, `table "${formatTableName(table)}"`, database);
}

/**
 * Before PostgreSQL 18 and elsewhere NOT NULL has no name, and holds for all rows.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED
 */
export function plainColumn(column: Column, table: TableName, database: string): Column {
  const { notNullName, notNullManner, ...plain } = column;
  if (notNullManner !== undefined) {
    refuse(
      'Column',
      column.name,
      `NOT NULL ${notNullManner.toUpperCase()}`,
      `table "${formatTableName(table)}"`,
      database,
    );
  }
  return notNullName === undefined ? column : plain;
}

/** Operator classes, collations and storage tune an index; INCLUDE and NULLS NOT DISTINCT change what it does. */
function plainIndex(index: Index, table: Table, database: string): Index {
  const { comment, storage: _storage, include, nullsNotDistinct, only: _only, inherited: _inherited, ...rest } = index;
  const part = include === undefined ? (nullsNotDistinct ? 'NULLS NOT DISTINCT' : null) : 'INCLUDE';
  if (part !== null) refuse('Index', index.name, part, `table "${formatTableName(table)}"`, database);
  return {
    ...rest,
    ...mysqlStorage(index, database),
    // SQLite has collations, and MySQL and MariaDB have comments.
    ...(comment === undefined || database === 'SQLite' ? {} : { comment }),
    parts: index.parts.map(({ expression, descending, length, collation }) => ({
      expression,
      descending,
      length,
      ...(collation === undefined || database !== 'SQLite' ? {} : { collation }),
    })),
  };
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED */
export function refuseExclusion(constraint: Exclusion, database: string): never {
  return refuse('Constraint', constraint.name, 'an exclusion constraint', 'its table', database);
}

/** MySQL and MariaDB keep the comment of a primary key as that of an index. */
function withKeyComment(key: PrimaryKey, database: string): PrimaryKey {
  return database === 'SQLite' ? withoutComment(key) : key;
}

function withoutComment<T extends { readonly comment?: string }>(part: T): T {
  const { comment: _comment, ...rest } = part;
  return rest as T;
}

/** Storage parameters tune the index of a key, and partitions have parts of it. */
function plainKey<T extends PrimaryKey | Unique>(key: T, database: string): T {
  const { storage: _storage, only: _only, inherited: _inherited, ...rest } = key;
  return { ...rest, ...mysqlStorage(key, database) } as T;
}

function mysqlStorage(
  key: Pick<Index, 'name' | 'storage'> | PrimaryKey | Unique,
  database: string,
): Pick<Index, 'storage'> {
  const { storage = {} } = key;
  if (database !== 'MariaDB') refuseOverlaps(key, database);
  if (database === 'SQLite') return {};
  const known = Object.entries(storage).filter(([word]) => MYSQL_STORAGE[word] !== undefined);
  return known.length === 0 ? {} : { storage: Object.fromEntries(known) };
}

function partsOf(constraint: Constraint, database: string): string[] {
  switch (constraint.kind) {
    case 'exclusion':
      return ['an exclusion constraint'];
    case 'check':
      return [
        ...(constraint.notValid ? ['NOT VALID'] : []),
        ...(constraint.noInherit ? ['NO INHERIT'] : []),
        ...(constraint.notEnforced && database !== 'MySQL' ? ['NOT ENFORCED'] : []),
      ];
    case 'foreignKey':
      return [
        ...(constraint.notValid ? ['NOT VALID'] : []),
        ...(constraint.notEnforced ? ['NOT ENFORCED'] : []),
        ...(constraint.match ? ['MATCH FULL'] : []),
        ...(constraint.period ? ['PERIOD'] : []),
        ...(constraint.onDeleteColumns ? ['columns behind ON DELETE'] : []),
      ];
    default:
      return [
        ...(constraint.deferrable === undefined ? [] : ['DEFERRABLE']),
        ...(constraint.include === undefined ? [] : ['INCLUDE']),
        ...(constraint.period ? ['WITHOUT OVERLAPS'] : []),
        ...(constraint.kind === 'unique' && constraint.nullsNotDistinct ? ['NULLS NOT DISTINCT'] : []),
      ];
  }
}

function refuse(what: string, name: string | null, part: string, table: string, database: string): never {
  const named = name === null ? what : `${what} "${name}"`;
  throw new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `${named} of ${table} says ${part}, which ${database} has not.`,
    { hint: 'Leave it out for this database.' },
  );
}
