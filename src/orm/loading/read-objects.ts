/** Reads objects of one model by a condition, and what a plan joins to them. */
import type { Ordering } from '../../schema/expressions/expr.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Active } from '../session/transaction.js';
import { hydrate, type HydrateOptions, type LoadTarget } from './hydrate.js';
import { fillJoined, type JoinedRead, renderJoins } from './joined-loads.js';
import type { LoadPlan, LoadRoot } from './load-plan.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { conditionsOn, writeColumn } from '../query/render-select.js';
import { orderName, renderOrder, selectFrom, type Values, type Write } from './select-text.js';
import { run, type SqlText } from './sql-text.js';

export interface ObjectQuery {
  readonly where: () => string;
  /** What stands behind FROM, where more than the model does; its columns are qualified then. */
  readonly from?: string;
  /** Columns of other tables, behind those of the model. */
  readonly extra?: readonly string[];
  readonly orderBy?: unknown;
}

export interface ObjectsRead {
  /** One for each row: with a collection joined, an object comes more than once. None where the key holds NULL. */
  readonly states: readonly (ObjectState | undefined)[];
  readonly rows: readonly Values[];
}

/** Runs statements that differ in their values alone. */
export async function readObjects(
  target: LoadTarget,
  active: Active,
  plan: LoadPlan,
  queries: readonly ((text: SqlText) => ObjectQuery)[],
  options: HydrateOptions = {},
): Promise<ObjectsRead> {
  const rows: Values[] = [];
  const root: LoadRoot = { plan, from: 0 };
  let reads: readonly JoinedRead[] = [];
  for (const build of queries) {
    const result = await run(active, (text) => {
      const made = render(text, root, build(text));
      reads = made.reads;
      return made.sql;
    });
    for (const row of result.rows) rows.push(row);
  }
  const states = hydrate(target, root, rows, active.dialect.name, options);
  fillJoined(target, active, reads, rows, new Map([[root, states]]), options);
  return { states, rows };
}

function render(
  text: SqlText,
  root: LoadRoot,
  { where, from, extra = [], orderBy }: ObjectQuery,
): { readonly sql: string; readonly reads: readonly JoinedRead[] } {
  const { plan } = root;
  const { mapper, columns } = plan;
  const table = mapper.qualifier(text.dialect);
  const write = (column: ColumnMap): string => writeColumn(text, mapper, column, table);
  // Parameters are counted in the order of the text: what stands first is written first.
  const tail = (): string => {
    const given = where();
    const criteria = conditionsOn(text, mapper, table);
    return ` WHERE ${[criteria.length > 0 ? `(${given})` : given, ...criteria].join(' AND ')}`;
  };
  if (plan.joined.length === 0) {
    const head =
      from === undefined
        ? selectFrom(text, mapper, columns, write)
        : `SELECT ${[...columns.map(write), ...extra].join(', ')} FROM ${from}`;
    const writeOrder: Write | undefined = from === undefined ? undefined : (each) => text.qualified(each, table);
    return {
      sql: `${head}${tail()}${orderBy === undefined ? '' : ` ORDER BY ${renderOrder(text, orderBy, writeOrder)}`}`,
      reads: [],
    };
  }
  const orders = [orderBy ?? []].flat() as (Expr<unknown> | Ordering)[];
  const start = columns.length + extra.length;
  const inner = (): string => {
    const selected = [...columns.map(write), ...extra];
    const values = orders.map((each) => text.qualified(each instanceof Expr ? each : each.expression, table));
    const parts = [...selected, ...values].map((part, i) => `${part} AS c${i + 1}`);
    return `SELECT ${parts.join(', ')} FROM ${from ?? mapper.source(text.dialect)}${tail()}`;
  };
  const order = orders.map((each, i) => orderName(text, each, `base.c${start + i + 1}`));
  return renderJoins(text, inner, start + orders.length, [root], order);
}
