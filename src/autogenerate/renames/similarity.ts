import { editDistance } from '../../util/edit-distance.js';
import type { Column, Table } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';

/** How alike two names are, from 0 to 1: letters in common, or one name within the other. */
export function nameSimilarity(from: string, to: string): number {
  const [left, right] = [from.toLowerCase(), to.toLowerCase()];
  const longer = Math.max(left.length, right.length, 1);
  const letters = 1 - editDistance(left, right) / longer;
  const [leftWords, rightWords] = [left, right].map((name) => new Set(name.split(/[^a-z0-9]+/).filter(Boolean)));
  const shared = [...(leftWords ?? [])].filter((word) => rightWords?.has(word)).length;
  const words = shared / Math.max(leftWords?.size ?? 1, rightWords?.size ?? 1, 1);
  const isWithin = Math.min(left.length, right.length) > 2 && (left.includes(right) || right.includes(left));
  return Math.max(letters, words, isWithin ? 0.6 : 0);
}

/** 1 for one type, 0.6 for types whose values go over into each other, else 0. */
function typeSimilarity(from: ColumnType, to: ColumnType): number {
  if (JSON.stringify(from) === JSON.stringify(to)) return 1;
  if (from.kind === to.kind && from.kind !== 'custom') return 0.8;
  return FAMILIES.some((family) => family.has(from.kind) && family.has(to.kind)) ? 0.6 : 0;
}

const FAMILIES: readonly ReadonlySet<ColumnType['kind']>[] = [
  new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double']),
  new Set(['char', 'varchar', 'text', 'enum', 'uuid']),
  new Set(['json', 'jsonb', 'text']),
  new Set(['date', 'timestamp']),
  new Set(['boolean', 'smallint']),
];

/** How likely one column became the other: type first, then name, place, constraints and the rest. From 0 to 1. */
export function columnSimilarity(from: Column, to: Column, tables: readonly [from: Table, to: Table]): number {
  const type = typeSimilarity(from.type, to.type);
  if (type === 0) return 0;
  const [left, right] = [rolesOf(from.name, tables[0]), rolesOf(to.name, tables[1])];
  const places = [placeOf(from.name, tables[0]), placeOf(to.name, tables[1])];
  const isSamePlace = places[0] === places[1];
  const isAlike =
    from.nullable === to.nullable &&
    (from.default === null) === (to.default === null) &&
    (from.generation === null) === (to.generation === null) &&
    (from.generated === null) === (to.generated === null);
  return (
    0.4 * type +
    0.3 * nameSimilarity(from.name, to.name) +
    (isSamePlace ? 0.1 : 0) +
    (left === right ? 0.1 : 0) +
    (isAlike ? 0.1 : 0)
  );
}

/** What the column is part of, and what it refers to. */
function rolesOf(column: string, table: Table): string {
  const has = (keys: readonly { readonly columns: readonly string[] }[]): boolean =>
    keys.some(({ columns }) => columns.includes(column));
  const targets = table.foreignKeys.filter(({ columns }) => columns.includes(column)).map(({ target }) => target.name);
  const isIndexed = table.indexes.some(({ parts }) =>
    parts.some(({ expression }) => expression.kind === 'column' && expression.name === column),
  );
  const isKey = table.primaryKey?.columns.includes(column) === true;
  return [isKey, has(table.uniques), isIndexed, ...targets.sort()].join();
}

/** The name of the column before. */
function placeOf(column: string, table: Table): string {
  const at = table.columns.findIndex(({ name }) => name === column);
  return table.columns[at - 1]?.name ?? '';
}

/** The share of columns that two tables have in common, by name; those of other types count by how alike these are. */
export function sharedColumns(from: Table, to: Table): number {
  const known = new Map(from.columns.map((column) => [column.name, column.type]));
  const alike = to.columns.map(({ name, type }) => {
    const before = known.get(name);
    return before === undefined ? 0 : before.kind === type.kind ? 1 : typeSimilarity(before, type);
  });
  return (2 * alike.reduce((sum, share) => sum + share, 0)) / Math.max(from.columns.length + to.columns.length, 1);
}
