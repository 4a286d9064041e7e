import { tableKey } from '../../schema/table.js';
import type { IdentityKey, ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { wholeKey } from '../mapping/column-values.js';
import { orderTables, type Unit } from './order-tables.js';
import { type Edge, postpone, type Postponed, type Preset, type Remedy, sortRows } from './sort-rows.js';
import { findUniqueMoves } from './unique-moves.js';
import { type Link, mapperOfState, type Work } from './work.js';
import { linkPairsOf } from '../mapping/relation-map.js';

/** The rows of a level: those of one table after the other, which do not need each other. */
export interface SaveLevel {
  readonly mappers: readonly Mapper[];
  readonly rows: readonly ObjectState[];
}

export interface SavePlan {
  readonly earlyDeletes: ReadonlySet<ObjectState>;
  readonly presets: readonly Preset[];
  readonly levels: readonly SaveLevel[];
  readonly postponed: readonly Postponed[];
}

/** The order of inserts and updates: referred rows first, unique values given up before they are taken. */
export function planSaves(work: Work): SavePlan {
  const [first] = work.saves;
  if (first !== undefined && work.saves.size === 1 && work.links.size === 0 && work.deletes.size === 0) {
    // A row alone waits for nothing.
    const levels = [{ mappers: [mapperOfState(first)], rows: [first] }];
    return { earlyDeletes: new Set(), presets: [], levels, postponed: [] };
  }
  const moves = findUniqueMoves(work);
  const remedies: Remedy[] = [...moves.presets];
  const levels: SaveLevel[] = [];
  for (const unit of orderTables(work.saves)) {
    const edges = new Map<ObjectState, Edge[]>();
    const byKey = keysOfNewRows(unit);
    const isFree = work.links.size === 0 && byKey.size === 0 && moves.edges.size === 0;
    for (const row of isFree ? [] : unit.rows) {
      const found = [...linkEdges(work, row), ...keyEdges(work, row, unit, byKey), ...(moves.edges.get(row) ?? [])];
      if (found.length > 0) edges.set(row, found);
    }
    const sorted = sortRows(unit.rows, edges);
    remedies.push(...sorted.remedies);
    for (const rows of sorted.levels) levels.push({ mappers: unit.mappers, rows });
  }
  return {
    earlyDeletes: moves.earlyDeletes,
    presets: remedies.filter((remedy) => remedy.kind === 'preset'),
    levels,
    postponed: remedies.filter((remedy) => remedy.kind === 'postpone'),
  };
}

/** Rows whose keys come from rows that are not there yet. */
function linkEdges(work: Work, row: ObjectState): Edge[] {
  return [...(work.links.get(row)?.values() ?? [])].flatMap((link) =>
    link.parent === null || link.parent.key !== undefined ? [] : [{ to: link.parent, remedy: postpone(row, link) }],
  );
}

interface NewFamily {
  readonly root: Mapper;
  readonly rows: ReadonlyMap<IdentityKey, ObjectState>;
}

/** By table: new rows that brought their keys themselves, where the unit refers to them. */
type NewRows = ReadonlyMap<string, NewFamily>;

function keysOfNewRows({ mappers, rows }: Unit): NewRows {
  const found = new Map<string, NewFamily>();
  const referred = new Set(mappers.flatMap(({ table }) => table.foreignKeys.map((key) => tableKey(key.target))));
  for (const root of new Set(mappers.map((mapper) => mapper.root))) {
    const family = mappers.filter((mapper) => mapper.root === root);
    const tables = family.flatMap(({ parts }) => parts.map((part) => tableKey(part.tableName)));
    if (!tables.some((table) => referred.has(table))) continue;
    const own = new Map<IdentityKey, ObjectState>();
    for (const row of rows) {
      if (row.key !== undefined || mapperOfState(row).root !== root) continue;
      const key = root.keyOf((property) => row.row[property]);
      if (key !== undefined) own.set(key, row);
    }
    if (own.size > 0) for (const table of tables) found.set(table, { root, rows: own });
  }
  return found;
}

/** Keys that were set by hand may refer to new rows as well. */
function keyEdges(work: Work, row: ObjectState, { mappers }: Unit, newRows: NewRows): Edge[] {
  if (newRows.size === 0) return [];
  const mapper = mappers.find((candidate) => candidate.declared === row.declared);
  return (mapper?.table.foreignKeys ?? []).flatMap((key): Edge[] => {
    const target = newRows.get(tableKey(key.target));
    if (mapper === undefined || target === undefined) return [];
    const pairs = linkPairsOf(key, mapper, target.root);
    if (work.linkOf(row, pairs) !== undefined) return [];
    const isToKey = target.root.keys.every((column, i) => pairs[i]?.parent === column);
    const values = pairs.map(({ child }) => row.row[child.property]);
    const wanted = isToKey ? wholeKey(target.root.keys, values) : undefined;
    const parent = wanted === undefined ? undefined : target.rows.get(wanted);
    if (parent === undefined || parent === row) return [];
    const link: Link = { parent, pairs };
    return [{ to: parent, remedy: postpone(row, link) }];
  });
}
