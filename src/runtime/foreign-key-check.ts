/** SQLite: no rebuild may leave rows behind that refer to nothing. */
import type { Connection } from '../engine/connection.js';
import { AludelError } from '../errors.js';

/** Thrown where a rebuild comes up in a transaction that began with foreign keys on: what it is for starts over. */
export class ForeignKeysMustBeOff extends Error {}

/** Violations by table and parent (`''`: it cannot be told, the key is no key); what was there before is not the revision's fault. */
export type Violations = ReadonlyMap<string, number>;

const key = (child: string, parent: string): string => `${child}\0${parent}`;

/** https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
export async function countViolations(connection: Connection): Promise<Violations> {
  const ofAll = await violationsOf(connection, '');
  if (ofAll !== null) return new Map(ofAll);
  const { rows } = await connection.execute(
    `SELECT DISTINCT t.name FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) WHERE t.type = 'table' ORDER BY 1`,
  );
  const violations: [string, number][] = [];
  for (const name of rows.map((row) => String(row['name']))) {
    violations.push(...((await violationsOf(connection, name)) ?? [[key(name, ''), 1] as const]));
  }
  return new Map(violations);
}

/** Of one table, or of all; null where a key refers to columns that are not unique, about which SQLite says nothing else. */
async function violationsOf(connection: Connection, table: string): Promise<[string, number][] | null> {
  const [which, params] = table === '' ? ['', []] : ['(?)', [table]];
  try {
    const { rows } = await connection.execute(
      `SELECT "table" AS child, parent, count(*) AS violations FROM pragma_foreign_key_check${which} GROUP BY 1, 2`,
      params,
    );
    return rows.map((row) => [key(String(row['child']), String(row['parent'])), Number(row['violations'])]);
  } catch (error) {
    if (error instanceof Error && error.message.includes('foreign key mismatch')) return null;
    throw error;
  }
}

/** What a rebuild switched, however it ended. Inside a transaction these pragmas do nothing, silently. */
export async function restorePragmas(connection: Connection): Promise<void> {
  for (const pragma of ['legacy_alter_table = OFF', 'foreign_keys = ON']) {
    await connection.execute(`PRAGMA ${pragma}`).catch(() => undefined);
  }
}

/** @throws AludelError ALUDEL_FOREIGN_KEY_CHECK_FAILED naming tables and numbers of rows. */
export function compareViolations(before: Violations, after: Violations): void {
  const added = [...after].filter(([pair, count]) => count > (before.get(pair) ?? 0));
  if (added.length === 0) return;
  const list = added.map(([pair, count]) => {
    const [child = '', parent = ''] = pair.split('\0');
    if (parent === '') return `a foreign key of "${child}" would refer to columns that are not unique`;
    return `${count - (before.get(pair) ?? 0)} rows of "${child}" would refer to nothing in "${parent}"`;
  });
  throw new AludelError('ALUDEL_FOREIGN_KEY_CHECK_FAILED', `${list.join('; ')}.`, {
    hint: 'Delete or mend these rows in the revision, before the table is changed.',
  });
}
