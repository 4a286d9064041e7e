/** Runs queries, and makes of their rows what was asked for. */
import type { Expr } from '../../schema/expressions/expr.js';
import { fillRelation, heldOf, holds, isLoaded } from '../loading/fill-relation.js';
import { hydrate, type HydrateOptions, type LoadTarget } from '../loading/hydrate.js';
import { fillJoined, type JoinedRead } from '../loading/joined-loads.js';
import { loadBehind } from '../loading/load-behind.js';
import type { LoadRoot } from '../loading/load-plan.js';
import type { Values } from '../loading/select-text.js';
import { run } from '../loading/sql-text.js';
import { identityKey } from '../mapping/column-values.js';
import type { IdentityKey, ObjectState } from '../mapping/entity.js';
import { isOfCriteria, withCriteria } from './criteria.js';
import type { Active } from '../session/transaction.js';
import { keyQuery, type PreparedSelect, prepareSelect, renderPrepared, repeatsRows } from './prepare-select.js';
import { readerOf } from './read-expression.js';
import type { Select, SelectParts } from './select.js';

/** The rows of a query, with what its loader options load. */
export async function runSelect<T>(
  target: LoadTarget,
  given: Active,
  query: Select<T>,
  options: HydrateOptions,
): Promise<T[]> {
  const active = withCriteria(given, query.parts.options);
  const prepared = prepareSelect(query.parts);
  let reads: readonly JoinedRead[] = [];
  const { rows } = await run(active, (text) => {
    const made = renderPrepared(text, prepared);
    reads = made.reads;
    return made.sql;
  });
  return (await readRows(target, active, prepared, reads, rows, options)) as T[];
}

/** Makes of rows what a query asks for, and loads what comes behind. */
export async function readRows(
  given: LoadTarget,
  active: Active,
  { parts, items }: PreparedSelect,
  reads: readonly JoinedRead[],
  rows: readonly Values[],
  options: HydrateOptions,
): Promise<unknown[]> {
  const { name } = active.dialect;
  const target = parts.options.some(isOfCriteria) ? { ...given, options: parts.options } : given;
  const refresh = options.refresh === true;
  // What is locked is as it is now.
  const how = options.refresh ?? (parts.lock === undefined ? undefined : 'unchanged');
  const found = new Map<LoadRoot, readonly (ObjectState | undefined)[]>();
  const columns = items.map(({ item, root, from, fills }): readonly unknown[] => {
    if (root === undefined) {
      const read = readerOf(item as Expr<unknown>, name);
      return rows.map((row) => read(row[from]));
    }
    const states = hydrate(target, root, rows, name, { refresh: how });
    found.set(root, states);
    if (refresh) expireLoads(root, states);
    if (fills !== undefined) {
      found.get(fills.owner)?.forEach((owner, i) => {
        const entity = states[i]?.entity;
        if (owner !== undefined && holds(owner, fills.relation)) {
          fillRelation(owner, fills.relation, entity === undefined ? [] : [entity]);
        }
      });
    }
    return fills === undefined ? states.map((state) => state?.entity ?? null) : [];
  });
  fillJoined(target, active, reads, rows, found, { refresh });
  for (const { root, fills } of items) {
    if (root === undefined || root.plan.joined.length + root.plan.behind.length === 0) continue;
    const states = (found.get(root) ?? []).filter((state) => state !== undefined);
    await loadBehind(target, active, root.plan, states, {
      refresh,
      owners: fills === undefined ? keyQuery(parts, root) : undefined,
    });
  }
  const made = combine(
    parts,
    columns.filter((_, i) => items[i]?.fills === undefined),
    rows.length,
  );
  if (!items.some(({ root }) => root !== undefined && repeatsRows(root.plan))) return made;
  // A collection that was joined repeats the rows of the query: those that are equal in all they hold come once.
  const seen = new Set<IdentityKey>();
  return made.filter((_, i) => {
    const ids = items.map(({ root, from }) => (root === undefined ? rows[i]?.[from] : found.get(root)?.[i]?.id));
    const { size } = seen;
    return seen.add(identityKey([], ids)).size > size;
  });
}

/** What is loaded anew is read anew. */
function expireLoads({ plan }: LoadRoot, states: readonly (ObjectState | undefined)[]): void {
  for (const { relation } of [...plan.joined, ...plan.behind]) {
    for (const state of states) {
      if (state !== undefined && holds(state, relation) && isLoaded(state, relation)) heldOf(state, relation).expire();
    }
  }
}

function combine({ form, labels }: SelectParts, columns: readonly (readonly unknown[])[], count: number): unknown[] {
  if (form === 'value') return [...(columns[0] ?? [])];
  return Array.from({ length: count }, (_, i) => {
    const values = columns.map((column) => column[i]);
    return form === 'tuple' ? values : Object.fromEntries(values.map((value, at) => [labels[at] ?? '', value]));
  });
}
