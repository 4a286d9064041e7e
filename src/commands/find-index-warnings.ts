/** Indexes that are there twice, and those that are missed. They are advice: nothing is wrong with such a schema. */
import type { Dialect } from '../dialects/dialect.js';
import { formatTableName } from '../schema/table-name.js';
import type { Index, Schema, Table } from '../schema/table.js';

export interface SchemaWarning {
  readonly rule: 'redundant-index' | 'foreign-key-without-index';
  /** With its namespace, where it has one. */
  readonly table: string;
  /** The index or the foreign key. */
  readonly name: string;
  /** A sentence. */
  readonly message: string;
}

/**
 * Indexes that repeat the beginning of a primary key or unique key of their table, and foreign keys whose columns begin no
 * index, so that each change of a row that they refer to reads the whole table.
 */
export function findIndexWarnings(schema: Schema, dialect: Dialect): readonly SchemaWarning[] {
  const { indexesForeignKeys } = dialect.capabilities;
  return schema.tables.flatMap((table) => [
    ...findRedundant(table),
    ...(indexesForeignKeys ? [] : findMissing(table, dialect)),
  ]);
}

interface Key {
  /** As a message calls it. */
  readonly text: string;
  readonly columns: readonly string[];
}

function findRedundant(table: Table): SchemaWarning[] {
  const uniqueIndexes = table.indexes.flatMap((index): Key[] => {
    const columns = index.unique ? plainColumns(index) : null;
    return columns === null ? [] : [{ text: `the unique index "${index.name}"`, columns }];
  });
  const keys = [...constraintKeys(table), ...uniqueIndexes];
  return table.indexes.flatMap((index) => {
    const columns = index.unique || index.include !== undefined ? null : plainColumns(index);
    if (columns === null || index.method !== null) return [];
    const key = keys.find((known) => columns.every((column, i) => known.columns[i] === column));
    if (key === undefined) return [];
    const name = formatTableName(table);
    const message = `Index "${index.name}" of "${name}" (${columns.join(', ')}) repeats the beginning of ${key.text} (${key.columns.join(', ')}): writes pay for both, and queries need one.`;
    return [{ rule: 'redundant-index', table: name, name: index.name, message } satisfies SchemaWarning];
  });
}

function constraintKeys(table: Table): Key[] {
  const { primaryKey, uniques } = table;
  const primary = primaryKey === null ? [] : [{ text: 'the primary key', columns: primaryKey.columns }];
  return [
    ...primary,
    ...uniques.map(({ name, columns }) => ({
      text: name === null ? 'a unique constraint' : `the unique constraint "${name}"`,
      columns,
    })),
  ];
}

function findMissing(table: Table, dialect: Dialect): SchemaWarning[] {
  const indexed = [...constraintKeys(table).map(({ columns }) => columns), ...usableIndexes(table, dialect)];
  return table.foreignKeys.flatMap(({ name, columns, target }) => {
    const isCovered = indexed.some((known) => {
      const first = new Set(known.slice(0, columns.length));
      return columns.every((column) => first.has(column));
    });
    if (isCovered) return [];
    const own = formatTableName(table);
    const text = `of "${own}" (${columns.join(', ')}) has no index: a DELETE or UPDATE in "${formatTableName(target)}" reads all of "${own}".`;
    const message = name === null ? `A foreign key ${text}` : `Foreign key "${name}" ${text}`;
    return [{ rule: 'foreign-key-without-index', table: own, name: name ?? columns.join('_'), message } as const];
  });
}

/** The columns that each index leads with, where it finds the rows of a key. */
function usableIndexes(table: Table, dialect: Dialect): (readonly string[])[] {
  return table.indexes.flatMap((index) => {
    const columns = leadingColumns(index);
    const isUsable = index.method === null || (index.method === 'hash' && columns.length === 1);
    return isUsable && coversKey(index, columns, dialect) ? [columns] : [];
  });
}

/** A key that is NULL refers to nothing: a partial index may leave that out, and nothing else. */
function coversKey({ where }: Index, columns: readonly string[], dialect: Dialect): boolean {
  if (where === null) return true;
  const words = dialect
    .renderExpression(where)
    .replaceAll(/[()"`]/gu, '')
    .trim()
    .toLowerCase();
  return columns.length === 1 && words === `${columns[0]?.toLowerCase() ?? ''} is not null`;
}

/** The columns of an index that is nothing but a list of them, in the usual order and for all rows; else null. */
function plainColumns(index: Index): readonly string[] | null {
  const { parts, where, definition } = index;
  if (where !== null || definition !== null) return null;
  const isPlain = parts.every(
    (part) =>
      part.expression.kind === 'column' &&
      !part.descending &&
      part.length === null &&
      part.nulls === undefined &&
      part.opclass === undefined &&
      part.collation === undefined,
  );
  return isPlain ? leadingColumns(index) : null;
}

function leadingColumns({ parts }: Index): string[] {
  const columns: string[] = [];
  for (const { expression, length } of parts) {
    if (expression.kind !== 'column' || length !== null) break;
    columns.push(expression.name);
  }
  return columns;
}
