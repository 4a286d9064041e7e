/** What a query sends: its items with the columns that its options leave, what they add, and what is joined around it. */
import { AludelError } from '../../errors.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { type JoinedRead, renderJoins } from '../loading/joined-loads.js';
import { type LoadPlan, type LoadRoot, planLoads } from '../loading/load-plan.js';
import type { KeyQuery } from '../loading/load-relation.js';
import type { LoadOption, RelationLoad } from '../loading/loaders.js';
import { placeOf } from '../loading/row-reader.js';
import { orderName } from '../loading/select-text.js';
import type { SqlText } from '../loading/sql-text.js';
import { originOfComputed } from '../mapping/computed.js';
import { mapperFor, type Mapper, mapperOfTable } from '../mapping/mapper.js';
import type { RelationMap } from '../mapping/relation-map.js';
import { Alias, definitionOf } from './alias.js';
import { mapperOfItem, renderNamed, renderSelect } from './render-select.js';
import { Select, type Selectable, type SelectParts } from './select.js';

/** An item of a query: an expression, or objects and what is loaded with them. */
export interface PreparedItem {
  readonly item: Selectable;
  readonly root: LoadRoot | undefined;
  readonly from: number;
  /** What these objects are to another item, where `fromJoin()` has added them. */
  readonly fills: { readonly relation: RelationMap<Mapper>; readonly owner: LoadRoot } | undefined;
}

export interface PreparedSelect {
  readonly parts: SelectParts;
  readonly items: readonly PreparedItem[];
  /** The values of a row before those of joined objects. */
  readonly width: number;
}

export function prepareSelect(parts: SelectParts): PreparedSelect {
  const items: PreparedItem[] = [];
  let width = 0;
  const loads = parts.options.filter(
    (option): option is LoadOption => option.kind !== 'criteria' && option.kind !== 'skip',
  );
  const add = (item: Selectable, plan: LoadPlan | undefined, fills?: PreparedItem['fills']): void => {
    items.push({ item, root: plan === undefined ? undefined : { plan, from: width }, from: width, fills });
    width += plan?.columns.length ?? 1;
  };
  for (const item of parts.items) {
    const mapper = mapperOfItem(item);
    add(item, mapper === undefined ? undefined : planLoads(mapper, optionsFor(item, loads)));
  }
  for (const load of loads) {
    refuseUnknown(load, parts.items);
    if (load.kind !== 'relation' || load.how !== 'fromJoin') continue;
    const relation = mapperOfTable(load.attribute.table).relation(load.attribute.property);
    if (relation.kind === 'many') throw refusePart(load, relation);
    const owner = items.find(({ item }) => isOf(item, tableOf(load)))?.root;
    const item = (load.joinedAs ?? relation.target.model) as Selectable;
    if (owner !== undefined) add(item, planLoads(relation.target, load.inner, [], relation), { relation, owner });
  }
  if (parts.compound !== undefined && items.some(({ root, fills }) => fills ?? root?.plan.joined[0])) {
    throw new AludelError('ALUDEL_USAGE', 'No relation is joined to queries that are put together.', {
      hint: 'Load it with selectin().',
    });
  }
  const columns = new Map(items.flatMap(({ item, root }) => (root === undefined ? [] : [[item, root.plan.columns]])));
  return { parts: { ...parts, items: items.map(({ item }) => item), columns }, items, width };
}

/** The statement; a limit counts the rows that were asked for, whatever is joined to them. */
export function renderPrepared(
  text: SqlText,
  { parts, items, width }: PreparedSelect,
): { readonly sql: string; readonly reads: readonly JoinedRead[] } {
  const roots = items.flatMap(({ root }) => (root === undefined || root.plan.joined.length === 0 ? [] : [root]));
  const query = new Select(parts);
  if (roots.length === 0) return { sql: renderSelect(text, query), reads: [] };
  const isLimited = parts.limit !== undefined || parts.offset !== undefined;
  const orders = parts.orderBy.map((each) => (each instanceof Expr ? each : each.expression));
  const inner = new Select({ ...parts, items: [...parts.items, ...orders], orderBy: isLimited ? parts.orderBy : [] });
  const order = parts.orderBy.map((each, i) => orderName(text, each, `base.c${width + i + 1}`));
  return renderJoins(text, () => renderNamed(text, inner), width + orders.length, roots, order);
}

/** The query itself, as a source of the keys of the objects at one place. */
export function keyQuery(parts: SelectParts, { plan, from }: LoadRoot): KeyQuery {
  const query = new Select(parts.limit === undefined && parts.offset === undefined ? { ...parts, orderBy: [] } : parts);
  return (text, columns) => {
    const names = columns.map((column) => `base.c${from + placeOf(plan.columns, column) + 1}`);
    return `(SELECT ${names.join(', ')} FROM (${renderNamed(text, query)}) AS base)`;
  };
}

/** True where a join repeats the rows of the query. */
export function repeatsRows({ joined }: LoadPlan): boolean {
  return joined.some(({ relation, inner }) => relation.direction !== 'toOne' || repeatsRows(inner));
}

function tableOf({ attribute }: Pick<RelationLoad, 'attribute'>): object {
  return attribute.source ?? attribute.table;
}

function tableOfColumn(column: Expr<unknown>): object | undefined {
  return (originOfComputed(column) ?? originOf(column.node))?.table;
}

/** True where a table is that of an item, or of a model that it extends or that extends it. */
function isOf(item: Selectable, table: object | undefined): boolean {
  if (item instanceof Expr || table === undefined) return false;
  if (item instanceof Alias || table instanceof Alias) return item === table;
  return mapperFor(definitionOf(item))?.root === mapperFor(table as TableDefinition)?.root;
}

function optionsFor(item: Selectable, options: readonly LoadOption[]): LoadOption[] {
  return options.flatMap((option): LoadOption[] => {
    if (option.kind === 'columns') {
      const columns = option.columns.filter((column) => isOf(item, tableOfColumn(column)));
      return columns.length === 0 ? [] : [{ ...option, columns }];
    }
    return option.attribute === '*' || isOf(item, tableOf({ attribute: option.attribute })) ? [option] : [];
  });
}

function refuseUnknown(option: LoadOption, items: readonly Selectable[]): void {
  const isKnown = (table: object | undefined): boolean => items.some((item) => isOf(item, table));
  if (option.kind === 'columns') {
    if (option.columns.every((column) => isKnown(tableOfColumn(column)))) return;
    throw new AludelError(
      'ALUDEL_USAGE',
      'loadOnly() or defer() names a column of no model that the query gives objects of.',
      {
        hint: 'Name columns of the selected models; those of related objects go inside the loader that leads to them.',
      },
    );
  }
  if (option.attribute === '*' || isKnown(tableOf({ attribute: option.attribute }))) return;
  const { property, table } = option.attribute;
  const owner = mapperOfTable(table).name;
  throw new AludelError(
    'ALUDEL_USAGE',
    `The query gives no objects of "${owner}", whose relation "${property}" it is to load.`,
    {
      hint: `Put it inside the loader that leads to "${owner}", as in selectin(..., selectin(${owner}.c.${property})).`,
      details: { model: owner, relation: property },
    },
  );
}

function refusePart({ attribute }: RelationLoad, { target }: RelationMap<Mapper>): AludelError {
  return new AludelError('ALUDEL_USAGE', `A join may give a part of the collection "${attribute.property}" alone.`, {
    hint: `Load it with selectin(), and a part of it with criteria(${target.name}, ...) beside that; or select both models.`,
    details: { relation: attribute.property },
  });
}
