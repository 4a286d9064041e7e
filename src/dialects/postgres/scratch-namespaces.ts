/** Namespaces that are made inside a transaction, to be rolled back with all that is in them. */
import { randomBytes } from 'node:crypto';
import type { Connection } from '../../engine/connection.js';
import type { TableName } from '../../schema/table-name.js';
import type { ScratchNames } from './objects/scratch-names.js';
import type { Settings } from './reflect.js';
import { quoteIdentifier } from './sql.js';

/** Unguessable names, so that they can be told apart in any text; `pg_temp` where no namespace may be created. */
export async function createScratchNamespaces(
  connection: Connection,
  settings: Settings,
  objects: readonly TableName[],
): Promise<ScratchNames> {
  const { defaultNamespace } = settings;
  const homes = [
    ...new Set([defaultNamespace, ...objects.map(({ namespace }) => namespace ?? defaultNamespace)]),
  ].sort();
  const stem = `aludel_${randomBytes(9).toString('hex')}`;
  if (!settings.mayCreate) {
    await connection.execute(`CREATE TEMPORARY TABLE ${quoteIdentifier(stem)} ()`);
    const { rows } = await connection.execute(
      'SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()',
    );
    return new Map(homes.map((home) => [home, String(rows[0]?.['name'])]));
  }
  const names = new Map(homes.map((home, i) => [home, `${stem}_${i}`]));
  for (const name of names.values()) await connection.execute(`CREATE SCHEMA ${quoteIdentifier(name)}`);
  return names;
}

/** Runs statements inside the transaction, which goes on where one fails; gives the error, or null. */
export async function attempt(connection: Connection, statements: readonly string[]): Promise<unknown> {
  await connection.execute('SAVEPOINT aludel_scratch');
  try {
    for (const sql of statements) await connection.execute(sql);
    await connection.execute('RELEASE SAVEPOINT aludel_scratch');
    return null;
  } catch (error) {
    await connection.execute('ROLLBACK TO SAVEPOINT aludel_scratch');
    return error;
  }
}
