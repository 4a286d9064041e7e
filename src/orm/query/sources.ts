/** Where the rows of a query come from: the tables that it names and those that it joins, and whether they hang together. */
import { AludelError } from '../../errors.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import { type Expression, leavesOf } from '../../schema/expressions/expression.js';
import type { SqlText } from '../loading/sql-text.js';
import { RelatedExists } from '../mapping/relation-attribute.js';
import { Alias, definitionOf } from './alias.js';
import { findSource, type Source, sourceOf } from './scope.js';
import { type Join, nameOfTable, type Selectable, type SelectParts } from './select.js';

export interface JoinedSource extends Join {
  readonly source: Source;
}

export interface Sources {
  /** Those that nothing joins. */
  readonly base: readonly Source[];
  readonly joined: readonly JoinedSource[];
}

/** @throws AludelError ALUDEL_CARTESIAN_PRODUCT where nothing says which rows of two tables belong together. */
export function planSources(text: SqlText, parts: SelectParts): Sources {
  const joined = parts.joins.map((join) => ({ ...join, source: sourceOf(text, join.target) }));
  const sources = joined.map(({ source }) => source);
  const base: Source[] = [];
  const conditions = [...parts.where, ...parts.having].map(({ node }) => node);
  const mentioned = [
    ...parts.from,
    ...parts.items.flatMap(tablesOfItem),
    ...parts.joins.flatMap(({ along }) => (along === undefined ? [] : [along.source ?? along.table])),
    ...parts.joins.flatMap(({ on }) => (on === undefined ? [] : tablesIn(on.node))),
    ...[...parts.groupBy, ...parts.orderBy].flatMap((each) =>
      tablesIn(each instanceof Expr ? each.node : each.expression.node),
    ),
    ...conditions.flatMap(tablesIn),
  ];
  for (const table of mentioned) {
    if (findSource([...sources, ...base], table) === undefined) base.push(sourceOf(text, table));
  }
  // What a join leads to cannot be what it comes from.
  const itself = joined.find(({ along, source }) => {
    return base.length === 0 || (along !== undefined && isSameSource(source, along.source ?? along.table));
  });
  checkNames([...base, ...sources, ...(itself === undefined ? [] : [itself.source])]);
  checkProduct({ base, joined }, conditions);
  return { base, joined };
}

function tablesOfItem(item: Selectable): object[] {
  if (item instanceof Expr) return tablesIn(item.node);
  return [item instanceof Alias ? item : definitionOf(item)];
}

/** The tables that an expression names. */
function tablesIn(expression: Expression): object[] {
  return leavesOf(expression).flatMap((leaf) => {
    if (leaf.kind !== 'query') return originOf(leaf)?.table ?? [];
    return leaf.query instanceof RelatedExists ? [leaf.query.attribute.source ?? leaf.query.attribute.table] : [];
  });
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
  for (const condition of conditions.flatMap(conjuncts)) tie(tablesIn(condition));
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
