import { leavesOf } from '../../schema/expressions/expression.js';
import { RelatedExists } from '../mapping/relation-attribute.js';
import { Alias, AliasedExpression } from './alias.js';
import { Select, type SelectParts } from './select.js';
import { partsOf } from './sources.js';
import { QueryValue, Subquery } from './subquery.js';

/** The tables in WITH that a query needs, each behind those that it stands on. */
export function collectTables(parts: SelectParts, seen: Set<object>): Subquery<unknown>[] {
  const { tables, queries } = partsOf(parts);
  const inner = (query: object): Subquery<unknown>[] => {
    const whole = query instanceof QueryValue ? query.query : query;
    const isAliased = whole instanceof AliasedExpression;
    if (isAliased || whole instanceof RelatedExists) {
      return (isAliased ? [whole.expression] : whole.conditions).flatMap(({ node }) =>
        leavesOf(node).flatMap((leaf) => (leaf.kind === 'query' ? inner(leaf.query) : [])),
      );
    }
    return whole instanceof Select ? collectTables(whole.parts, seen) : [];
  };
  const named = tables.flatMap((table) => {
    if (table instanceof Alias) return table.query === undefined ? [] : inner(table.query);
    if (!(table instanceof Subquery) || seen.has(table)) return [];
    seen.add(table);
    const below = inner(table.query());
    return table.kind === 'cte' || table.kind === 'recursive' ? [...below, table] : below;
  });
  return [...named, ...queries.flatMap(inner), ...(parts.compound?.queries ?? []).flatMap(inner)];
}
