/** Runs queries, and makes of their rows what was asked for. */
import type { Expr } from '../../schema/expressions/expr.js';
import { hydrate, type HydrateOptions, type LoadTarget } from '../loading/hydrate.js';
import { loadRelation } from '../loading/load-relation.js';
import type { Values } from '../loading/select-rows.js';
import { run } from '../loading/sql-text.js';
import { type ObjectState, stateOf } from '../mapping/entity.js';
import { type Mapper, mapperOfTable } from '../mapping/mapper.js';
import { RelatedMany } from '../mapping/related-many.js';
import type { RelatedOne } from '../mapping/related-one.js';
import type { Active } from '../session/transaction.js';
import { readerOf } from './read-expression.js';
import { mapperOfItem, renderSelect } from './render-select.js';
import type { Select, SelectIn, SelectParts } from './select.js';

/** The rows of a query, with what its loader options load. */
export async function runSelect<T>(
  target: LoadTarget,
  active: Active,
  query: Select<T>,
  given: HydrateOptions,
): Promise<T[]> {
  const { parts } = query;
  const options: HydrateOptions = parts.lock === undefined ? given : { refresh: 'unchanged', ...given };
  const { rows } = await run(active, (text) => renderSelect(text, query));
  const loaded: (readonly ObjectState[])[] = [];
  let start = 0;
  const columns = parts.items.map((item): readonly unknown[] => {
    const from = start;
    const mapper = mapperOfItem(item);
    start += mapper?.selected.length ?? 1;
    if (mapper === undefined) {
      const read = readerOf(item as Expr<unknown>, active.dialect.name);
      return rows.map((row) => read(row[from]));
    }
    const states = objectsAt(target, active, mapper, rows, from, options);
    loaded.push(states.filter((state) => state !== undefined));
    return states.map((state) => state?.entity ?? null);
  });
  for (const states of loaded) await loadOptions(target, active, states, parts.options);
  return combine(parts, columns, rows.length) as T[];
}

/** The objects of one model in the rows of a query; undefined where a left join has found none. */
function objectsAt(
  target: LoadTarget,
  active: Active,
  mapper: Mapper,
  rows: readonly Values[],
  from: number,
  options: HydrateOptions,
): (ObjectState | undefined)[] {
  const { name } = active.dialect;
  const width = mapper.selected.length;
  if (from === 0 && rows[0]?.length === width) return hydrate(target, mapper, rows, name, options);
  const key = mapper.selected.indexOf(mapper.keys[0] as (typeof mapper.keys)[number]);
  const parts = rows.map((row) => row.slice(from, from + width));
  const there = parts.filter((part) => (part[key] ?? null) !== null);
  const states = hydrate(target, mapper, there, name, options);
  let next = 0;
  return parts.map((part) => ((part[key] ?? null) === null ? undefined : states[next++]));
}

function combine({ form, labels }: SelectParts, columns: readonly (readonly unknown[])[], count: number): unknown[] {
  if (form === 'value') return [...(columns[0] ?? [])];
  return Array.from({ length: count }, (_, i) => {
    const values = columns.map((column) => column[i]);
    return form === 'tuple' ? values : Object.fromEntries(values.map((value, at) => [labels[at] ?? '', value]));
  });
}

async function loadOptions(
  target: LoadTarget,
  active: Active,
  states: readonly ObjectState[],
  options: readonly SelectIn[],
): Promise<void> {
  for (const { attribute, inner } of options) {
    const relation = mapperOfTable(attribute.table).relation(attribute.property);
    const { property } = attribute;
    // Among objects of several classes some may lack the relation.
    const having = states.filter(({ declared }) => declared.names.includes(property));
    const held = having.map((state) => state.declared.of(state, attribute.property) as RelatedMany | RelatedOne);
    const lacking = having.filter((_, i) => !isLoaded(held[i]));
    await loadRelation(target, active, relation, lacking);
    if (inner.length === 0) continue;
    const related = held.flatMap((each) =>
      each instanceof RelatedMany ? [...each.peek()] : [each.peek() ?? []].flat(),
    );
    await loadOptions(target, active, [...new Set(related)].map(stateOf), inner);
  }
}

export function isLoaded(held: RelatedMany | RelatedOne | undefined): boolean {
  return held instanceof RelatedMany ? held.isLoaded : held?.peek() !== undefined;
}
