import { tableKey } from '../../schema/table.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import { identityKey, type Mapper } from '../mapping/mapper.js';
import { orderTables, type Unit } from './order-tables.js';
import { type Edge, type Remedy, sortRows } from './sort-rows.js';
import { groupBy, mapperOfState } from './work.js';

export interface DeletePlan {
  /** Keys to be emptied first, where rows refer to each other in a circle. */
  readonly presets: readonly Extract<Remedy, { kind: 'preset' }>[];
  /** Rows of one table each. */
  readonly steps: readonly { readonly mapper: Mapper; readonly rows: readonly ObjectState[] }[];
}

/** The order of deletes: referring rows first. */
export function planDeletes(deletes: Iterable<ObjectState>): DeletePlan {
  const presets: Remedy[] = [];
  const steps: { mapper: Mapper; rows: ObjectState[] }[] = [];
  for (const unit of orderTables(deletes).reverse()) {
    const sorted = sortRows(unit.rows, referringRows(unit));
    presets.push(...sorted.remedies);
    for (const level of sorted.levels) {
      for (const [mapper, rows] of [...groupBy(level, mapperOfState)].reverse()) steps.push({ mapper, rows });
    }
  }
  return { presets: presets.filter((remedy) => remedy.kind === 'preset'), steps };
}

/** For each row those that refer to it, by what the database holds. */
function referringRows({ mappers, rows }: Unit): Map<ObjectState, Edge[]> {
  const edges = new Map<ObjectState, Edge[]>();
  const groups = groupBy(rows, mapperOfState);
  for (const mapper of mappers) {
    for (const key of mapper.table.foreignKeys) {
      const target = mappers.find((candidate) => tableKey(candidate.table) === tableKey(key.target));
      if (target === undefined) continue;
      const columns = columnsOf(mapper, key.columns);
      const referred = columnsOf(target, key.targetColumns);
      const parents = new Map((groups.get(target) ?? []).map((row) => [valuesOf(row, referred), row]));
      for (const child of groups.get(mapper) ?? []) {
        const parent = parents.get(valuesOf(child, columns));
        if (parent === undefined || parent === child) continue;
        const canBeEmpty = columns.every(({ spec }) => spec.nullable);
        const values = new Map(columns.map((column): [ColumnMap, unknown] => [column, null]));
        const known = edges.get(parent) ?? [];
        known.push({ to: child, remedy: canBeEmpty ? { kind: 'preset', state: child, values } : undefined });
        edges.set(parent, known);
      }
    }
  }
  return edges;
}

function columnsOf(mapper: Mapper, names: readonly string[]): ColumnMap[] {
  return names.flatMap((name) => mapper.byName.get(name) ?? []);
}

function valuesOf(state: ObjectState, columns: readonly ColumnMap[]): unknown {
  const values = columns.map(({ property }) => state.committed(property));
  return values.some((value) => value === null || value === undefined) ? Symbol('none') : identityKey(values);
}
