/** How a database would run a query, in its own words. */
import type { DialectName } from '../engine/connection.js';
import { AludelError } from '../errors.js';

export interface ExplainOptions {
  /** Runs the query, and says what it took; SQLite cannot. Default: false. */
  readonly analyze?: boolean;
}

/** What stands before the query. */
export function explainVerb(dialect: DialectName, { analyze = false }: ExplainOptions): string {
  switch (dialect) {
    case 'postgres':
      return analyze ? 'EXPLAIN (ANALYZE, BUFFERS)' : 'EXPLAIN';
    case 'mysql':
      return analyze ? 'EXPLAIN ANALYZE' : 'EXPLAIN FORMAT=TREE';
    case 'mariadb':
      return analyze ? 'ANALYZE FORMAT=JSON' : 'EXPLAIN FORMAT=JSON';
    case 'sqlite':
      if (!analyze) return 'EXPLAIN QUERY PLAN';
      throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', 'SQLite has no plan of a query that it has run.', {
        hint: 'Leave "analyze" out.',
      });
  }
}

/** The plan as text. SQLite gives steps, each with the one that it belongs to. */
export function readPlan(dialect: DialectName, rows: readonly (readonly unknown[])[]): string {
  if (dialect !== 'sqlite') return rows.map(([line]) => String(line)).join('\n');
  const depths = new Map<unknown, number>();
  const lines = rows.map(([id, parent, , detail]) => {
    const depth = (depths.get(parent) ?? -1) + 1;
    depths.set(id, depth);
    return `${'  '.repeat(depth)}${String(detail)}`;
  });
  return lines.join('\n');
}
