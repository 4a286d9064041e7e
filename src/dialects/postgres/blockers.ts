import type { Connection } from '../../engine/connection.js';
import type { Blocker } from '../dialect.js';
import { textOf } from '../row.js';

export async function sessionOf(connection: Connection): Promise<string> {
  const { rows } = await connection.execute('SELECT pg_backend_pid() AS pid');
  return textOf(rows[0] ?? {}, 'pid');
}

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION (pg_blocking_pids) */
export async function findBlockers(observer: Connection, session: string): Promise<readonly Blocker[]> {
  const { rows } = await observer.execute(
    `SELECT a.pid::text AS pid, coalesce(nullif(a.application_name, ''), 'unnamed application') AS application,
       coalesce(a.usename, 'unknown') AS account, coalesce(a.state, 'unknown') AS state
     FROM unnest(pg_blocking_pids($1::int)) AS b(pid) JOIN pg_stat_activity a ON a.pid = b.pid ORDER BY a.pid`,
    [session],
  );
  return rows.map((row) => {
    const pid = textOf(row, 'pid');
    return {
      text: `session ${pid} (${textOf(row, 'application')}, user ${textOf(row, 'account')}, ${textOf(row, 'state')})`,
      end: `SELECT pg_terminate_backend(${pid});`,
    };
  });
}
