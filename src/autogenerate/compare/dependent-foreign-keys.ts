import type { Capabilities } from '../../dialects/dialect.js';
import type { Operation } from '../../operations/operation.js';
import { isPartition } from '../../operations/partitions.js';
import { dropConstraint } from '../../operations/table-order.js';
import { isTextType } from '../../schema/is-text-type.js';
import { type Column, findTable, type ForeignKey, type Schema, type Table, tableKey } from '../../schema/table.js';
import { sidesOf } from './partition-sides.js';
import { sameButValidity, sameConstraint, sameData, sameIndex, sameType } from '../../schema/same.js';

export interface DependentForeignKeys {
  readonly dropped: readonly Operation[];
  readonly added: readonly Operation[];
}

/**
 * Foreign keys that stay but for comment and validity, and stand on a key that is dropped or made anew, alone or with its table, or in
 * the way of changes to their columns: they are taken off and put back. `anew`: the keys of tables that are dropped and made again.
 */
export function dependentForeignKeys(
  from: Schema,
  to: Schema,
  anew: ReadonlySet<string>,
  { addForeignKey, enumTypes, foreignKeysPinColumns }: Capabilities,
): DependentForeignKeys {
  if (!addForeignKey) return { dropped: [], added: [] };
  const found = from.tables.flatMap((table) => {
    if (anew.has(tableKey(table))) return [];
    const wanted = findTable(to, table);
    return table.foreignKeys
      .filter((key) => wanted?.foreignKeys.some((known) => sameButValidity(known, key)) === true)
      .filter((key) => {
        const [before, after] = [findTable(from, key.target), findTable(to, key.target)];
        const isInTheWay =
          changesPinned(key.columns, table, wanted, enumTypes) ||
          changesPinned(key.targetColumns, before, after, enumTypes);
        if (anew.has(tableKey(key.target))) return true;
        return losesItsKey(key, before, after, to.tables) || (foreignKeysPinColumns && isInTheWay);
      })
      .map((key) => ({ table: { namespace: table.namespace, name: table.name }, key }));
  });
  return {
    dropped: found.map(({ table, key }) => dropConstraint(table, key)),
    added: found.map(({ table, key }): Operation => ({ kind: 'addConstraint', table, constraint: key })),
  };
}

/** True when one of the columns changes in what a foreign key may hold fast. */
function changesPinned(
  columns: readonly string[],
  before: Table | undefined,
  after: Table | undefined,
  enumTypes: boolean,
): boolean {
  if (before === after) return false;
  return columns.some((name) => {
    const [known, wanted] = [before, after].map((table) => table?.columns.find((column) => column.name === name));
    if (known === undefined || wanted === undefined) return false;
    const isAlike =
      sameType(known.type, wanted.type, enumTypes) && collationOf(known, before) === collationOf(wanted, after);
    return !isAlike || !sameData(known.generation, wanted.generation);
  });
}

/** A column of text that says nothing follows its table. */
function collationOf({ collation, type }: Column, table: Table | undefined): string | boolean | null {
  if (collation !== null || !isTextType(type)) return collation;
  return table?.options['collation'] ?? table?.options['charset'] ?? null;
}

/** True when a key of just the columns referred to is there before, and not the same afterwards. */
function losesItsKey(
  key: ForeignKey,
  live: Table | undefined,
  wanted: Table | undefined,
  tables: readonly Table[],
): boolean {
  if (live === undefined || wanted === undefined || (live === wanted && !isPartition(wanted))) return false;
  const [before, after] = sidesOf(live, wanted, tables);
  const isMeant = (columns: readonly (string | null)[]): boolean =>
    columns.length === key.targetColumns.length && columns.every((column) => key.targetColumns.includes(column ?? ''));
  const keys = [...(before.primaryKey === null ? [] : [before.primaryKey]), ...before.uniques];
  const kept = [...(after.primaryKey === null ? [] : [after.primaryKey]), ...after.uniques];
  const losesConstraint = keys.some(
    (known) => isMeant(known.columns) && !kept.some((other) => sameConstraint(known, other)),
  );
  const losesIndex = before.indexes.some((index) => {
    const columns = index.parts.map(({ expression }) => (expression.kind === 'column' ? expression.name : null));
    const isUsable = index.unique && index.where === null && isMeant(columns);
    return isUsable && !after.indexes.some((other) => sameIndex(index, other));
  });
  return losesConstraint || losesIndex;
}
