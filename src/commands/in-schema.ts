import type { Connection } from '../engine/connection.js';
import { parseDatabaseUrl } from '../engine/url.js';
import { AludelError } from '../errors.js';

export interface SchemaLocation {
  readonly url: string;
  /** PostgreSQL: where Aludel's own tables are. */
  readonly namespace: string | undefined;
  readonly onConnect: (connection: Connection) => Promise<void>;
}

/**
 * How to connect so that names without a schema mean those of one schema. On PostgreSQL nothing else is in the search path
 * but what is asked for: an `ALTER TABLE users` must not reach the `users` of another schema where the tenant has none.
 * @throws AludelError ALUDEL_USAGE on SQLite.
 */
export function inSchema(url: string, schema: string, searchPath: readonly string[] = []): SchemaLocation {
  const { dialect } = parseDatabaseUrl(url);
  if (dialect === 'sqlite') {
    throw new AludelError('ALUDEL_USAGE', `A SQLite database has no schemas, so there is no "${schema}".`, {
      hint: 'Give each tenant a "url" of its own.',
    });
  }
  if (dialect !== 'postgres') return { url: withDatabase(url, schema), namespace: undefined, onConnect: nothing };
  const path = [schema, ...searchPath].map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  return {
    url,
    namespace: schema,
    onConnect: async (connection) => {
      await connection.execute("SELECT set_config('search_path', $1, false)", [path]);
    },
  };
}

function withDatabase(url: string, database: string): string {
  const target = new URL(url);
  target.pathname = `/${encodeURIComponent(database)}`;
  return target.href;
}

async function nothing(): Promise<void> {}
