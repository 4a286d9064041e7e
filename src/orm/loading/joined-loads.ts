/** Relations that come in the statement of their owners: it is wrapped, and their tables are joined to it. */
import type { Entity, ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { RelationMap } from '../mapping/relation-map.js';
import type { Active } from '../session/transaction.js';
import { fillRelation, holds, isLoaded, keyOrder } from './fill-relation.js';
import { hydrate, type HydrateOptions, type LoadTarget } from './hydrate.js';
import type { LoadRoot } from './load-plan.js';
import { conditionsOn, writeColumn } from '../query/render-select.js';
import { placeOf } from './row-reader.js';
import { renderOrder, type Values } from './select-text.js';
import type { SqlText } from './sql-text.js';
import { getOrMake } from '../../util/group-by.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { tie } from '../query/relate.js';

/** A relation that a row holds an object of. */
export interface JoinedRead {
  readonly relation: RelationMap<Mapper>;
  readonly owner: LoadRoot;
  readonly target: LoadRoot;
}

/**
 * @param inner a SELECT whose `width` columns are called c1, c2 and so on.
 * @param order how its rows are ordered, by these names.
 */
export function renderJoins(
  text: SqlText,
  inner: () => string,
  width: number,
  roots: readonly LoadRoot[],
  order: readonly string[],
): { readonly sql: string; readonly reads: readonly JoinedRead[] } {
  const { dialect } = text;
  const reads: JoinedRead[] = [];
  // Parameters are counted in the order of the text: what stands first is written first.
  const columns: (() => string)[] = [() => 'base.*'];
  const joins: (() => string)[] = [];
  const orders: (() => string)[] = order.map((name) => () => name);
  let from = width;
  const visit = (owner: LoadRoot, nameAt: (place: number) => string): void => {
    for (const { relation, inner: plan } of owner.plan.joined) {
      const number = text.nextNumber();
      const alias = dialect.quoteIdentifier(`joined${number}`);
      const nameOf = (column: { readonly name: string }): string => `${alias}.${text.name(column)}`;
      const ownerName = (column: ColumnMap): string => nameAt(placeOf(owner.plan.columns, column));
      const { direction, settings } = relation;
      const { link, toOwner, toTarget } = tie(text, relation, ownerName, nameOf, `link${number}`);
      if (link !== undefined) joins.push(() => `LEFT JOIN ${link} ON ${toOwner.join(' AND ')}`);
      joins.push(() => {
        const conditions = [...toTarget, ...conditionsOn(text, plan.mapper, alias)];
        return `LEFT JOIN ${plan.mapper.source(dialect, `joined${number}`)} ON ${conditions.join(' AND ')}`;
      });
      if (direction !== 'toOne') {
        const wanted = settings.orderBy?.() ?? keyOrder(plan.mapper);
        orders.push(() => renderOrder(text, wanted, ({ node }) => text.expression(node, { column: nameOf })));
      }
      const target = { plan, from };
      reads.push({ relation, owner, target });
      columns.push(...plan.columns.map((column) => () => writeColumn(text, plan.mapper, column, alias)));
      from += plan.columns.length;
      visit(target, (place) => nameOf(plan.columns[place] as ColumnMap));
    }
  };
  for (const root of roots) visit(root, (place) => `base.c${root.from + place + 1}`);
  const written = (parts: readonly (() => string)[], between: string): string =>
    parts.map((write) => write()).join(between);
  const head = `SELECT ${written(columns, ', ')} FROM (${inner()}) AS base ${written(joins, ' ')}`;
  return { sql: `${head}${orders.length === 0 ? '' : ` ORDER BY ${written(orders, ', ')}`}`, reads };
}

/** Gives the objects of a statement what came with them. `found`: the objects of each row, by where they stand. */
export function fillJoined(
  target: LoadTarget,
  active: Active,
  reads: readonly JoinedRead[],
  rows: readonly Values[],
  found: Map<LoadRoot, readonly (ObjectState | undefined)[]>,
  { refresh }: HydrateOptions,
): void {
  for (const { relation, owner, target: place } of reads) {
    const children = hydrate(target, place, rows, active.dialect.name, { refresh });
    found.set(place, children);
    const filled = new Set<ObjectState>();
    const lists = new Map<ObjectState, Set<Entity>>();
    (found.get(owner) ?? []).forEach((state, i) => {
      if (state === undefined || !holds(state, relation)) return;
      const child = children[i];
      if (relation.kind === 'many') {
        const list = getOrMake(lists, state, () => new Set());
        if (child !== undefined) list.add(child.entity);
      } else if (!filled.has(state)) {
        filled.add(state);
        fillRelation(state, relation, child === undefined ? [] : [child.entity]);
      }
    });
    for (const [state, list] of lists) {
      if (!isLoaded(state, relation)) fillRelation(state, relation, [...list]);
    }
  }
}
