/**
 * Unique values that move from one row to another in one flush: who gives a value up comes before who takes it. Deletes
 * come last otherwise (https://github.com/sqlalchemy/sqlalchemy/issues/2501), so a deleted row goes early or gives its
 * value up by an UPDATE.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { isSame, wholeKey } from '../mapping/column-values.js';
import type { Edge, Remedy } from './sort-rows.js';
import { isChanged, keysBetween, mapperOfState, type Work } from './work.js';
import { getOrMake, groupBy } from '../../util/group-by.js';

export interface UniqueMoves {
  readonly edges: Map<ObjectState, Edge[]>;
  readonly earlyDeletes: Set<ObjectState>;
  readonly presets: Remedy[];
}

export function findUniqueMoves(work: Work): UniqueMoves {
  const moves: UniqueMoves = { edges: new Map(), earlyDeletes: new Set(), presets: [] };
  const deletes = groupBy(work.deletes, (state) => mapperOfState(state).root);
  const updates = groupBy(
    [...work.saves].filter((state) => state.key !== undefined),
    (state) => mapperOfState(state).root,
  );
  if (deletes.size === 0 && updates.size === 0) return moves;
  for (const [mapper, saves] of groupBy(work.saves, mapperOfState)) {
    for (const columns of uniqueKeys(mapper)) {
      const changed = (updates.get(mapper.root) ?? []).filter((state) => hasChanged(state, columns));
      const freed = new Map<unknown, ObjectState>();
      for (const state of [...(deletes.get(mapper.root) ?? []), ...changed]) {
        freed.set(wholeKey(columns, state.committedOf(columns)), state);
      }
      freed.delete(undefined);
      if (freed.size === 0) continue;
      for (const state of saves) {
        if (state.key !== undefined && !hasChanged(state, columns)) continue;
        const values = columns.map(({ property }) => state.row[property]);
        const from = freed.get(wholeKey(columns, values));
        if (from !== undefined && from !== state) noteMove(work, moves, state, from, columns);
      }
    }
  }
  return moves;
}

function noteMove(
  work: Work,
  moves: UniqueMoves,
  taker: ObjectState,
  giver: ObjectState,
  columns: readonly ColumnMap[],
): void {
  const preset = presetFor(giver, columns);
  if (!work.deletes.has(giver)) {
    getOrMake(moves.edges, taker, () => []).push({ to: giver, remedy: preset });
    return;
  }
  const early = collectReferring(work, giver);
  if (early === undefined && preset !== undefined) moves.presets.push(preset);
  else for (const state of early ?? []) moves.earlyDeletes.add(state);
}

/** A row to be deleted and all that refer to it, if all of them are to be deleted too. */
function collectReferring(work: Work, root: ObjectState): Set<ObjectState> | undefined {
  const found = new Set([root]);
  for (const parent of found) {
    const isLinked = [...work.associationDeletes.values()].some(({ cells }) => cells.some((c) => c.state === parent));
    if (isLinked || [...work.associationClears.values()].some((states) => states.includes(parent))) return undefined;
    for (const child of work.saves) if (child.key !== undefined && refersTo(child, parent)) return undefined;
    for (const child of work.deletes) if (refersTo(child, parent)) found.add(child);
  }
  return found;
}

function refersTo(child: ObjectState, parent: ObjectState): boolean {
  return keysBetween(mapperOfState(child), mapperOfState(parent)).some((pairs) =>
    pairs.every((pair) => {
      const value = child.committed(pair.child.property) ?? null;
      return value !== null && isSame(pair.child, value, parent.committed(pair.parent.property));
    }),
  );
}

/** The lists of columns that hold no two equal rows. */
function uniqueKeys(mapper: Mapper): ColumnMap[][] {
  const { table, byName } = mapper;
  const indexes = table.indexes.flatMap((index) => {
    const names = index.parts.map((part) => (part.expression.kind === 'column' ? part.expression.name : ''));
    return index.unique ? [names] : [];
  });
  const lists = [...table.uniques.map((unique) => unique.columns), ...indexes, table.primaryKey?.columns ?? []];
  const keys = lists.map((names) => names.flatMap((name) => byName.get(name) ?? []));
  return keys.filter((columns, i) => columns.length > 0 && columns.length === lists[i]?.length);
}

function hasChanged(state: ObjectState, columns: readonly ColumnMap[]): boolean {
  return columns.some((column) => isChanged(state, column));
}

/** A value that nobody else has, for the time until the row gets its own. */
function presetFor(state: ObjectState, columns: readonly ColumnMap[]): Remedy | undefined {
  for (const column of columns) {
    const value = column.spec.primaryKey ? undefined : placeholder(column);
    if (value !== undefined) return { kind: 'preset', state, values: new Map([[column, value]]) };
  }
  return undefined;
}

function placeholder({ spec }: ColumnMap): unknown {
  if (spec.nullable) return null;
  if (spec.references !== null || spec.conversion !== undefined) return undefined;
  switch (spec.type.kind) {
    case 'text':
      return randomBytes(16).toString('hex');
    case 'char':
    case 'varchar':
      return randomBytes(16)
        .toString('hex')
        .slice(0, spec.type.length ?? 32);
    case 'uuid':
      return randomUUID();
    case 'integer':
    case 'bigint':
      return -randomInt(1, 2 ** 31);
    default:
      return undefined;
  }
}
