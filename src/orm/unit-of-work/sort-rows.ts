import { AludelError } from '../../errors.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import { findComponents } from './components.js';
import { isOptional, type Link } from './work.js';
import { getOrMake } from '../../util/group-by.js';

/** A row that has to be written after another one, and what can be done where that leads in a circle. */
export interface Edge {
  readonly to: ObjectState;
  readonly remedy: Remedy | undefined;
}

/** The key stays empty at first, and is set when both rows are there. */
export interface Postponed {
  readonly kind: 'postpone';
  readonly state: ObjectState;
  readonly link: Link;
}

/** A column of a row gets another value before everything else. */
export interface Preset {
  readonly kind: 'preset';
  readonly state: ObjectState;
  readonly values: ReadonlyMap<ColumnMap, unknown>;
}

export type Remedy = Postponed | Preset;

/** A link as a remedy, if its key may stay empty at first. */
export function postpone(state: ObjectState, link: Link): Remedy | undefined {
  return isOptional(link) ? { kind: 'postpone', state, link } : undefined;
}

export interface SortedRows {
  /** The rows of one level do not need each other. */
  readonly levels: readonly (readonly ObjectState[])[];
  readonly remedies: readonly Remedy[];
}

/**
 * Rows in levels, each level after those it needs. Circles are opened where a remedy is known, at the row that most
 * others wait for.
 * @throws AludelError ALUDEL_FLUSH_CYCLE when there is none; nothing has been sent then.
 */
export function sortRows(rows: readonly ObjectState[], edgesOf: ReadonlyMap<ObjectState, readonly Edge[]>): SortedRows {
  if (edgesOf.size === 0) return { levels: rows.length === 0 ? [] : [rows], remedies: [] };
  const place = new Map(rows.map((row, i) => [row, i]));
  const waiting = new Map<ObjectState, Set<Edge>>();
  const dependents = new Map<ObjectState, { readonly row: ObjectState; readonly edge: Edge }[]>();
  for (const row of rows) {
    const edges = (edgesOf.get(row) ?? []).filter((edge) => place.has(edge.to));
    waiting.set(row, new Set(edges));
    for (const edge of edges) {
      getOrMake(dependents, edge.to, () => []).push({ row, edge });
    }
  }
  const remedies = openCircles(rows, waiting, dependents);
  const levels: ObjectState[][] = [];
  const isReady = (row: ObjectState): boolean => waiting.get(row)?.size === 0;
  for (let ready = rows.filter(isReady); ready.length > 0;) {
    levels.push(ready);
    const next: ObjectState[] = [];
    for (const done of ready) {
      for (const { row, edge } of dependents.get(done) ?? []) {
        if (waiting.get(row)?.delete(edge) === true && isReady(row)) next.push(row);
      }
    }
    ready = next.sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0));
  }
  return { levels, remedies };
}

/** Takes edges away until no circle is left, one row of each circle at a time. */
function openCircles(
  rows: readonly ObjectState[],
  waiting: ReadonlyMap<ObjectState, Set<Edge>>,
  dependents: ReadonlyMap<ObjectState, readonly unknown[]>,
): Remedy[] {
  const remedies: Remedy[] = [];
  if (dependents.size === 0) return remedies;
  const needs = (row: ObjectState): ObjectState[] => [...(waiting.get(row) ?? [])].map((edge) => edge.to);
  const isCircle = ([first, ...others]: ObjectState[]): boolean =>
    first !== undefined && (others.length > 0 || needs(first).includes(first));
  for (;;) {
    const circles = findComponents(rows, needs).filter(isCircle);
    if (circles.length === 0) return remedies;
    for (const circle of circles) {
      const inside = new Set(circle);
      const edgesOf = (row: ObjectState): Edge[] => [...(waiting.get(row) ?? [])].filter(({ to }) => inside.has(to));
      const candidates = circle.filter((row) => edgesOf(row).every((edge) => edge.remedy !== undefined));
      const cost = (row: ObjectState): number => edgesOf(row).length + (waiting.get(row)?.size ?? 0);
      const [first] = candidates.sort(
        (one, other) => count(dependents, other) - count(dependents, one) || cost(one) - cost(other),
      );
      if (first === undefined) throw cannotOpen(circle);
      for (const edge of edgesOf(first)) {
        if (edge.remedy !== undefined) remedies.push(edge.remedy);
        waiting.get(first)?.delete(edge);
      }
    }
  }
}

function count(dependents: ReadonlyMap<ObjectState, readonly unknown[]>, row: ObjectState): number {
  return dependents.get(row)?.length ?? 0;
}

function cannotOpen(circle: readonly ObjectState[]): AludelError {
  const names = circle.map((state) => `"${state.modelName}"`).join(', ');
  return new AludelError('ALUDEL_FLUSH_CYCLE', `These objects need each other before they can be written: ${names}.`, {
    hint: 'Let one of the foreign keys between them be nullable: it is set by an UPDATE then.',
    details: { models: circle.map((state) => state.modelName) },
  });
}
