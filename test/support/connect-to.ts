import type { Connection, Engine, Row } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';

/** Runs `use` with a connection of a new engine, and closes both. */
export async function connectTo<T>(
  url: string,
  use: (connection: Connection, engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = createEngine(url);
  const connection = await engine.connect();
  try {
    return await use(connection, engine);
  } finally {
    await connection.close();
    await engine.dispose();
  }
}

/** The rows of a query, on a connection of its own. */
export function queryRows(url: string, sql: string): Promise<readonly Row[]> {
  return connectTo(url, async (connection) => (await connection.execute(sql)).rows);
}
