import { tableKey } from '../../schema/table.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import type { TablePart } from '../mapping/table-part.js';
import { wholeKey } from '../mapping/column-values.js';
import { orderTables, type Unit } from './order-tables.js';
import { type Edge, type Preset, sortRows } from './sort-rows.js';
import { keysBetween, mapperOfState } from './work.js';
import { getOrMake, groupBy } from '../../util/group-by.js';

export interface DeletePlan {
  /** Keys to be emptied first, where rows refer to each other in a circle. */
  readonly presets: readonly Preset[];
  /** The same for rows that refer to themselves, which only some databases mind. */
  readonly ownPresets: readonly Preset[];
  /** Rows of one table each. */
  readonly steps: readonly { readonly part: TablePart; readonly rows: readonly ObjectState[] }[];
}

/** The order of deletes: referring rows first. */
export function planDeletes(deletes: Iterable<ObjectState>): DeletePlan {
  const presets: Preset[] = [];
  const own: Preset[] = [];
  const steps: { part: TablePart; rows: ObjectState[] }[] = [];
  for (const unit of orderTables(deletes).reverse()) {
    const sorted = sortRows(unit.rows, referringRows(unit, own));
    presets.push(...sorted.remedies.filter((remedy) => remedy.kind === 'preset'));
    for (const level of sorted.levels) steps.push(...deletesOf(level));
  }
  return { presets, ownPresets: own, steps };
}

/** The rows of a level by table, those of children before those of their parents. */
function deletesOf(level: readonly ObjectState[]): { part: TablePart; rows: ObjectState[] }[] {
  const groups = [...groupBy(level, mapperOfState)].reverse();
  const steps = new Map<string, { part: TablePart; rows: ObjectState[] }>();
  const depth = Math.max(...groups.map(([mapper]) => mapper.parts.length));
  for (let place = depth - 1; place >= 0; place--) {
    for (const [mapper, rows] of groups) {
      const part = mapper.parts[place];
      if (part === undefined) continue;
      getOrMake(steps, tableKey(part.tableName), () => ({ part, rows: [] })).rows.push(...rows);
    }
  }
  return [...steps.values()];
}

/** For each row those that refer to it, by what the database holds; what refers to itself goes to `own`. */
function referringRows({ mappers, rows }: Unit, own: Preset[]): Map<ObjectState, Edge[]> {
  const edges = new Map<ObjectState, Edge[]>();
  const groups = groupBy(rows, mapperOfState);
  const between = mappers.flatMap((from) =>
    mappers.flatMap((to) => keysBetween(from, to).map((pairs) => ({ from, to, pairs }))),
  );
  for (const { from, to, pairs } of between) {
    const columns = pairs.map(({ child }) => child);
    const referred = pairs.map(({ parent }) => parent);
    const keyOf = (row: ObjectState, by: readonly ColumnMap[]): unknown => wholeKey(by, row.committedOf(by));
    const parents = new Map((groups.get(to) ?? []).map((row) => [keyOf(row, referred), row]));
    // NULL refers to nothing.
    parents.delete(undefined);
    const canBeEmpty = columns.every(({ spec }) => spec.nullable);
    for (const child of groups.get(from) ?? []) {
      const parent = parents.get(keyOf(child, columns));
      if (parent === undefined) continue;
      const values = new Map(columns.map((column) => [column, null]));
      const remedy: Preset | undefined = canBeEmpty ? { kind: 'preset', state: child, values } : undefined;
      if (parent === child) own.push(...(remedy === undefined ? [] : [remedy]));
      else getOrMake(edges, parent, () => []).push({ to: child, remedy });
    }
  }
  return edges;
}
