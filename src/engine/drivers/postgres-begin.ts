import type { QueryConfig, QueryResult, Submittable } from 'pg';

type Pg = typeof import('pg');

/** What `@types/pg` leaves out of its `Query`. */
interface QueryInternals extends Submittable {
  prepare(connection: Wire): void;
}

interface Wire {
  parse(message: { readonly text: string; readonly name: string }): void;
  bind(message: object): void;
  execute(message: object): void;
}

/** True where this version of `pg` builds its messages as we know it. */
export function canBeginTogether({ Query }: Pg): boolean {
  return typeof (Query.prototype as Partial<QueryInternals> | undefined)?.prepare === 'function';
}

/**
 * A query that begins a transaction first, in the same round trip: the server answers both at the one Sync behind them.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export function makeBeginningQuery({ Query }: Pg, begin: string, config: QueryConfig): Submittable {
  const query = new Query(config) as unknown as QueryInternals;
  const { prepare } = query;
  query.prepare = (connection) => {
    connection.parse({ text: begin, name: '' });
    connection.bind({});
    connection.execute({});
    prepare.call(query, connection);
  };
  return query;
}

/** The answer to the statement behind BEGIN: `pg` gives a list of both. */
export function lastResult<T>(results: T | readonly T[]): T {
  return Array.isArray(results) ? (results.at(-1) as T) : (results as T);
}

export type RowsResult = QueryResult<Record<string, unknown>>;
