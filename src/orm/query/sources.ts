/** Where the rows of a query come from: the tables that it names and those that it joins, and whether they hang together. */
import { AludelError } from '../../errors.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import { type Expression, leavesOf } from '../../schema/expressions/expression.js';
import type { SqlText } from '../loading/sql-text.js';
import { RelatedExists } from '../mapping/relation-attribute.js';
import { Alias, AliasedExpression, definitionOf } from './alias.js';
import { findSource, type Scope, type Source, sourceOf, type WriteTable } from './scope.js';
import { type Join, nameOfTable, Select, type Selectable, type SelectParts } from './select.js';
import { QueryValue } from './subquery.js';

export interface JoinedSource extends Join {
  readonly source: Source;
}

export interface Sources {
  /** Those that nothing joins. */
  readonly base: readonly Source[];
  readonly joined: readonly JoinedSource[];
}

/** @throws AludelError ALUDEL_CARTESIAN_PRODUCT where nothing says which rows of two tables belong together. */
export function planSources(text: SqlText, parts: SelectParts, write: WriteTable, outer?: Scope): Sources {
  const open = (table: object): Source => sourceOf(text, table, undefined, write);
  const joined = parts.joins.map((join) => ({ ...join, source: open(join.target) }));
  const sources = joined.map(({ source }) => source);
  const base: Source[] = [];
  const conditions = [...parts.where, ...parts.having].map(({ node }) => node);
  const own = ownTables(parts);
  // What only its conditions name may be of the query around it.
  const named = namedIn(parts).filter((table) => outer?.find(table) === undefined);
  for (const table of [...own, ...named]) {
    if (findSource([...sources, ...base], table) === undefined) base.push(open(table));
  }
  // What a join leads to cannot be what it comes from.
  const itself = joined.find(({ along, source }) => {
    return base.length === 0 || (along !== undefined && isSameSource(source, along.source ?? along.table));
  });
  checkNames([...base, ...sources, ...(itself === undefined ? [] : [itself.source])]);
  checkProduct({ base, joined }, conditions);
  return { base, joined };
}

/** The tables of what is selected, said by from(), or joined from. */
function ownTables(parts: SelectParts): object[] {
  const owners = parts.joins.flatMap(({ along }) => (along === undefined ? [] : [along.source ?? along.table]));
  return [...parts.from, ...parts.items.flatMap(tablesOfItem), ...owners];
}

function namedIn(parts: SelectParts): object[] {
  return restOf(parts).flatMap(tablesIn);
}

/** Every expression but what is selected. */
function restOf({ joins, groupBy, orderBy, where, having }: SelectParts): Expression[] {
  const ons = joins.flatMap(({ on }) => on ?? []);
  const orders = orderBy.map((each) => (each instanceof Expr ? each : each.expression));
  return [...ons, ...groupBy, ...orders, ...where, ...having].map(({ node }) => node);
}

/** Everything that a query stands on: tables, and the queries within its expressions. */
export function partsOf(parts: SelectParts): { readonly tables: object[]; readonly queries: object[] } {
  const selected = parts.items.flatMap((item) => (item instanceof Expr ? [item.node] : []));
  const leaves = [...selected, ...restOf(parts)].flatMap(leavesOf);
  return {
    tables: [...ownTables(parts), ...parts.joins.map(({ target }) => target), ...namedIn(parts)],
    queries: leaves.flatMap((leaf) => (leaf.kind === 'query' ? [leaf.query] : [])),
  };
}

function tablesOfItem(item: Selectable): object[] {
  if (item instanceof Expr) return tablesIn(item.node);
  return [item instanceof Alias ? item : definitionOf(item)];
}

/** The tables that an expression names. */
function tablesIn(expression: Expression): object[] {
  return leavesOf(expression).flatMap((leaf) => {
    if (leaf.kind !== 'query') return originOf(leaf)?.table ?? [];
    if (leaf.query instanceof AliasedExpression) return [leaf.query.alias];
    return leaf.query instanceof RelatedExists ? [leaf.query.attribute.source ?? leaf.query.attribute.table] : [];
  });
}

/** The same, with those that the queries within it name: they tie tables of the query around them. */
function tablesTied(expression: Expression): object[] {
  const within = leavesOf(expression).flatMap((leaf) => {
    if (leaf.kind !== 'query') return [];
    const query = leaf.query instanceof QueryValue ? leaf.query.query : leaf.query;
    return query instanceof Select ? namedIn(query.parts) : [];
  });
  return [...tablesIn(expression), ...within];
}

function isSameSource(source: Source, table: object): boolean {
  return findSource([source], table) !== undefined;
}

function checkNames(sources: readonly Source[]): void {
  const twice = sources.find(({ qualifier }, i) => sources.findIndex((each) => each.qualifier === qualifier) < i);
  if (twice === undefined) return;
  const name = nameOfTable(twice.table);
  throw new AludelError('ALUDEL_USAGE', `The query has two tables called "${name}".`, {
    hint: `Give one another name: const other = alias(Model, 'other_${name}'), and join that.`,
    details: { table: name },
  });
}

/** Every table must be tied to the others by a join or by a condition over both. */
function checkProduct({ base, joined }: Sources, conditions: readonly Expression[]): void {
  const sources = [...base, ...joined.map(({ source }) => source)];
  const groups = new Map(sources.map((source, i) => [source, i]));
  const tie = (tables: readonly object[]): void => {
    const tied = tables.flatMap((table) => groups.get(findSource(sources, table) as Source) ?? []);
    for (const [source, group] of groups) if (tied.includes(group)) groups.set(source, Math.min(...tied));
  };
  for (const { type, along, on, target } of joined) {
    if (type === 'cross') tie(sources.map(({ table }) => table).filter((table) => isBefore(sources, table, target)));
    if (along !== undefined) tie([along.source ?? along.table, target]);
    // A condition in the database's own words is taken at its word.
    const named = on === undefined ? [] : tablesIn(on.node);
    if (on !== undefined) tie(named.length === 0 ? sources.map(({ table }) => table) : named);
  }
  for (const condition of conditions.flatMap(conjuncts)) tie(tablesTied(condition));
  const apart = [...groups].find(([, group]) => group !== 0);
  if (apart === undefined) return;
  const [first, other] = [nameOfTable((sources[0] as Source).table), nameOfTable(apart[0].table)];
  throw new AludelError(
    'ALUDEL_CARTESIAN_PRODUCT',
    `The query takes every row of "${first}" with every row of "${other}": no condition ties them.`,
    {
      hint: 'Join along a relation, .join(Ticket.c.creator), or on a condition; .crossJoin(Model) if every pair is meant.',
      details: { tables: [first, other] },
    },
  );
}

/** What is crossed on purpose is tied to what stands before it. */
function isBefore(sources: readonly Source[], table: object, target: object): boolean {
  return sources.findIndex((each) => each.table === table) <= sources.findIndex((each) => each.table === target);
}

function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? expression.operands.flatMap(conjuncts) : [expression];
}
