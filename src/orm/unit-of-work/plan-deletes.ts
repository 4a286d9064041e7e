import { tableKey } from '../../schema/table.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { TablePart } from '../mapping/table-part.js';
import { identityKey } from '../mapping/column-values.js';
import { orderTables, type Unit } from './order-tables.js';
import { type Edge, type Remedy, sortRows } from './sort-rows.js';
import { groupBy, mapperOfState } from './work.js';

export interface DeletePlan {
  /** Keys to be emptied first, where rows refer to each other in a circle. */
  readonly presets: readonly Extract<Remedy, { kind: 'preset' }>[];
  /** The same for rows that refer to themselves, which only some databases mind. */
  readonly ownPresets: readonly Extract<Remedy, { kind: 'preset' }>[];
  /** Rows of one table each. */
  readonly steps: readonly { readonly part: TablePart; readonly rows: readonly ObjectState[] }[];
}

/** The order of deletes: referring rows first. */
export function planDeletes(deletes: Iterable<ObjectState>): DeletePlan {
  const presets: Remedy[] = [];
  const own: Remedy[] = [];
  const steps: { part: TablePart; rows: ObjectState[] }[] = [];
  for (const unit of orderTables(deletes).reverse()) {
    const sorted = sortRows(unit.rows, referringRows(unit, own));
    presets.push(...sorted.remedies);
    for (const level of sorted.levels) {
      steps.push(...deletesOf(level));
    }
  }
  return { presets: presets.filter(isPreset), ownPresets: own.filter(isPreset), steps };
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
      const step = steps.get(tableKey(part.tableName));
      if (step === undefined) steps.set(tableKey(part.tableName), { part, rows: [...rows] });
      else step.rows.push(...rows);
    }
  }
  return [...steps.values()];
}

function isPreset(remedy: Remedy): remedy is Extract<Remedy, { kind: 'preset' }> {
  return remedy.kind === 'preset';
}

/** For each row those that refer to it, by what the database holds; what refers to itself goes to `own`. */
function referringRows({ mappers, rows }: Unit, own: Remedy[]): Map<ObjectState, Edge[]> {
  const edges = new Map<ObjectState, Edge[]>();
  const groups = groupBy(rows, mapperOfState);
  for (const mapper of mappers) {
    for (const key of mapper.table.foreignKeys) {
      const targets = mappers.filter((candidate) => candidate.isIn(key.target));
      const columns = columnsOf(mapper, key.columns);
      const parents = new Map(
        targets.flatMap((target) => {
          const referred = columnsOf(target, key.targetColumns);
          return (groups.get(target) ?? []).map((row): [unknown, ObjectState] => [valuesOf(row, referred), row]);
        }),
      );
      for (const child of groups.get(mapper) ?? []) {
        const parent = parents.get(valuesOf(child, columns));
        if (parent === undefined) continue;
        const values = new Map(columns.map((column): [ColumnMap, unknown] => [column, null]));
        const canBeEmpty = columns.every(({ spec }) => spec.nullable);
        const remedy: Remedy | undefined = canBeEmpty ? { kind: 'preset', state: child, values } : undefined;
        if (parent === child) {
          if (remedy !== undefined) own.push(remedy);
          continue;
        }
        const known = edges.get(parent) ?? [];
        known.push({ to: child, remedy });
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
  return values.some((value) => value === null || value === undefined) ? Symbol('none') : identityKey(columns, values);
}
