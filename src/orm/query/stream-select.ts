/** Queries whose rows are read a part at a time. */
import { AludelError } from '../../errors.js';
import type { DialectName } from '../../engine/connection.js';
import type { LoadTarget } from '../loading/hydrate.js';
import type { LoadPlan } from '../loading/load-plan.js';
import { SqlText } from '../loading/sql-text.js';
import type { Active } from '../session/transaction.js';
import { keyPage, keyQuery } from './page.js';
import { prepareSelect, renderPrepared, repeatsRows } from './prepare-select.js';
import { withCriteria } from './criteria.js';
import { readRows, runSelect } from './run-select.js';
import type { Select } from './select.js';

/** An open stream. */
export interface RowStream<T> {
  /** The next rows; fewer than asked for at the end alone. */
  next(target: LoadTarget, active: Active, count: number): Promise<T[]>;
  close(): Promise<void>;
}

export async function openStream<T>(given: Active, query: Select<T>): Promise<RowStream<T>> {
  const active = withCriteria(given, query.parts.options);
  const prepared = prepareSelect(query.parts);
  const plans = prepared.items.flatMap(({ root }) => root?.plan ?? []);
  if (plans.some(repeatsRows)) {
    throw new AludelError(
      'ALUDEL_USAGE',
      'A stream cannot join a collection: its objects may be cut between two batches.',
      {
        hint: 'Load it with selectin(), which sends a statement for each batch.',
      },
    );
  }
  if (!active.dialect.capabilities.sharesStreams && plans.some(sendsMore)) {
    const pages = openPages(query, active.dialect.name);
    if (pages !== undefined) return pages;
  }
  const text = new SqlText(active.dialect, active.criteria);
  const { sql, reads } = renderPrepared(text, prepared);
  const cursor = await active.connection.openCursor({ sql, params: text.params });
  return {
    async next(target, now, count) {
      const rows = await cursor.read(count);
      return (await readRows(target, withCriteria(now, query.parts.options), prepared, reads, rows, {})) as T[];
    },
    close: () => cursor.close(),
  };
}

/** True where batches need statements of their own. */
function sendsMore({ behind, joined }: LoadPlan): boolean {
  return behind.length > 0 || joined.some(({ inner }) => sendsMore(inner));
}

/**
 * A connection to MySQL reads its rows to the end before it takes another statement: pages by key stand in for a cursor, and
 * see the same rows, since a transaction there reads of one instant. Undefined where the query has no such pages.
 */
function openPages<T>(query: Select<T>, dialect: DialectName): RowStream<T> | undefined {
  const pageAfter = (after: string | null, limit: number): Select<unknown[]> =>
    keyQuery(query, { limit, after }, dialect);
  try {
    pageAfter(null, 1);
  } catch (error) {
    if (error instanceof AludelError && error.code === 'ALUDEL_USAGE') return undefined;
    throw error;
  }
  let after: string | null | undefined = null;
  return {
    async next(target, active, count) {
      if (after === undefined) return [];
      const page = keyPage<T>(await runSelect(target, active, pageAfter(after, count), {}), count);
      after = page.next ?? undefined;
      return page.items;
    },
    close: () => Promise.resolve(),
  };
}
