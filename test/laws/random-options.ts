/** What generated tables say beside their columns: options of the database, partitions, and types that are objects. */
import fc from 'fast-check';
import { ownParts, withInherited } from '../../src/operations/partitions.js';
import { verbatim } from '../../src/schema/expressions/expression.js';
import { type DatabaseObject, relationKey } from '../../src/schema/objects.js';
import { formatTableName } from '../../src/schema/table-name.js';
import type { Column, Table, TableOptions } from '../../src/schema/table.js';
import { type Family, groundOf, isColumnType } from './random-objects.js';

const OPTIONS: Readonly<Record<Family, readonly TableOptions[]>> = {
  postgres: [
    { unlogged: true },
    { rowSecurity: true },
    { rowSecurity: true, forceRowSecurity: true },
    { 'storage fillfactor': '70', forceRowSecurity: true },
    { 'storage fillfactor': '90', 'columnStatistics a': '500' },
    { 'storage fillfactor': '80', 'columnStatistics a': '100' },
    { clusterOn: 'i1' },
    { replicaIdentity: 'USING INDEX "i2"' },
  ],
  mysql: [
    { engine: 'MyISAM' },
    { engine: 'MyISAM', rowFormat: 'FIXED' },
    { rowFormat: 'COMPRESSED' },
    { rowFormat: 'DYNAMIC', collation: 'utf8mb4_bin' },
    { partitionBy: 'HASH (a)\nPARTITIONS 3' },
    { partitionBy: 'KEY (a)\nPARTITIONS 2', collation: 'utf8mb4_bin' },
    { 'columnInvisible a': true, collation: 'utf8mb4_general_ci' },
  ],
  sqlite: [{ strict: true }, { withoutRowid: true }, { strict: true, withoutRowid: true }],
};

const BOUNDS = ['FOR VALUES IN (1)', 'FOR VALUES IN (2, 3)', 'DEFAULT'] as const;

/** The tables with options. On PostgreSQL the first one may have the others for partitions, and columns be of `ground`. */
export function withOptions(
  tables: readonly Table[],
  family: Family,
  ground: readonly DatabaseObject[],
): fc.Arbitrary<Table[]> {
  const choice = fc.record({
    options: fc.option(fc.constantFrom(...OPTIONS[family]), { freq: 2 }),
    bound: fc.option(fc.constantFrom(...BOUNDS), { freq: 2 }),
    made: fc.option(fc.nat(9), { freq: 2 }),
  });
  const partitionBy = fc.constantFrom(null, 'LIST (a)', 'LIST (b)');
  return fc.tuple(fc.tuple(...tables.map(() => choice)), partitionBy).map(([choices, by]) => {
    const [first] = tables;
    return tables.map((table, i): Table => {
      const { options, bound, made } = choices[i] ?? { options: null, bound: null, made: null };
      const own = { ...table, options: hasPartsOf(table, options) ? ofColumn(options ?? {}, table) : {} };
      if (family !== 'postgres' || first === undefined) return own;
      const of = made === null ? undefined : ground[made % Math.max(ground.length, 1)];
      const [column, ...columns] = own.columns;
      const isParted = by !== null && i > 0 && bound !== null;
      // The columns of a partition are those of its table.
      const changed =
        of === undefined || column === undefined || isParted ? own.columns : [madeOf(column, of), ...columns];
      const parted: TableOptions = {
        ...(by !== null && i === 0 ? ofColumn({ partitionBy: by }, table) : {}),
        ...(isParted ? { partitionOf: `${formatTableName(first)} ${bound}` } : {}),
      };
      const full = withClass({ ...own, columns: changed, options: { ...own.options, ...parted } }, of);
      const dependsOn = [...groundOf(full, ground), ...(isParted ? [relationKey(first)] : [])];
      const told = dependsOn.length === 0 ? full : { ...full, dependsOn };
      // What its table has too is no part of its own.
      return isParted ? ownParts(withInherited(told, [first])) : told;
    });
  });
}

/** A table is partitioned by a column that it has: its first one. */
function ofColumn(options: TableOptions, { columns: [column] }: Table): TableOptions {
  const { partitionBy } = options;
  if (typeof partitionBy !== 'string' || column === undefined) return options;
  return { ...options, partitionBy: partitionBy.replace(/\([ab]\)/, `(${column.name})`) };
}

/** An option that names an index or a column is only there beside it. */
function hasPartsOf({ indexes, columns }: Table, options: TableOptions | null): boolean {
  const text = JSON.stringify(options);
  if (/column\w+ a"/.test(text) && !columns.some(({ name }) => name === 'a')) return false;
  return ['i1', 'i2'].every((name) => !text.includes(name) || indexes.some((index) => index.name === name));
}

function madeOf(column: Column, object: DatabaseObject): Column {
  const { kind, name } = object;
  if (isColumnType(object)) return { ...column, type: { kind: 'custom', sql: name }, generated: null };
  if (kind === 'collation') return { ...column, collation: name };
  if (kind === 'function') return { ...column, default: verbatim(`${name}()`), generated: null };
  const isSearch = kind === 'textSearchConfiguration' || kind === 'textSearchDictionary';
  return isSearch ? { ...column, default: verbatim(`search('${name}')`), generated: null } : column;
}

/** An index that orders by an operator class. */
function withClass(table: Table, object: DatabaseObject | undefined): Table {
  const [index, ...indexes] = table.indexes;
  const [part, ...parts] = index?.parts ?? [];
  if (object?.kind !== 'operatorClass' || index === undefined || part === undefined) return table;
  return { ...table, indexes: [{ ...index, parts: [{ ...part, opclass: object.name }, ...parts] }, ...indexes] };
}
