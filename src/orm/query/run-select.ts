import type { ObjectState } from '../mapping/entity.js';
import { mapperOf, mapperOfTable } from '../mapping/mapper.js';
import { hydrate, type HydrateOptions, type LoadTarget } from '../loading/hydrate.js';
import { loadRelation } from '../loading/load-relation.js';
import { renderOrder, selectFrom } from '../loading/select-rows.js';
import { run, type SqlText } from '../loading/sql-text.js';
import type { Active } from '../session/transaction.js';
import { RelatedMany } from '../mapping/related-many.js';
import type { RelatedOne } from '../mapping/related-one.js';
import { stateOf } from '../mapping/entity.js';
import type { Select, SelectIn } from './select.js';

/** Runs a query, and the loader options after it. */
export async function runSelect<T>(
  target: LoadTarget,
  active: Active,
  query: Select<T>,
  options: HydrateOptions,
): Promise<ObjectState[]> {
  const mapper = mapperOf(query.model);
  const { rows } = await run(active, (text) => renderSelect(text, query));
  const states = hydrate(target, mapper, rows, active.dialect.name, options);
  await loadOptions(target, active, states, query.parts.options);
  return states;
}

/** The text of a query, its parameters bound on the way. */
export function renderSelect<T>(text: SqlText, { model, parts }: Select<T>): string {
  const mapper = mapperOf(model);
  const { dialect } = text;
  const { where, orderBy, limit, offset } = parts;
  const conditions = where.map((condition) => {
    const sql = text.expression(condition.node);
    return condition.node.kind === 'or' && where.length > 1 ? `(${sql})` : sql;
  });
  return [
    selectFrom(text, mapper, mapper.selected),
    conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`,
    orderBy.length === 0 ? '' : ` ORDER BY ${renderOrder(text, orderBy)}`,
    limit === undefined && offset === undefined ? '' : ` LIMIT ${limit ?? noLimit(dialect.name)}`,
    offset === undefined ? '' : ` OFFSET ${offset}`,
  ].join('');
}

/** Only PostgreSQL takes OFFSET alone, and knows a word for no limit. */
function noLimit(dialect: string): string {
  if (dialect === 'postgres') return 'ALL';
  return dialect === 'sqlite' ? '-1' : '18446744073709551615';
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
