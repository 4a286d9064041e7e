/** SQLite: no rebuild may leave rows behind that refer to nothing. */
import type { Connection } from '../engine/connection.js';
import { AludelError } from '../errors.js';

/** Thrown where a rebuild comes up in a transaction that began with foreign keys on: what it is for starts over. */
export class ForeignKeysMustBeOff extends Error {}

/** Violations by table and parent; what was there before is not the revision's fault. */
export type Violations = ReadonlyMap<string, number>;

/** https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
export async function countViolations(connection: Connection): Promise<Violations> {
  const { rows } = await connection.execute(
    'SELECT "table" AS child, parent, count(*) AS violations FROM pragma_foreign_key_check GROUP BY 1, 2',
  );
  return new Map(rows.map((row) => [`${String(row['child'])}\0${String(row['parent'])}`, Number(row['violations'])]));
}

/** What a rebuild switched, however it ended. Inside a transaction these pragmas do nothing, silently. */
export async function restorePragmas(connection: Connection): Promise<void> {
  for (const pragma of ['legacy_alter_table = OFF', 'foreign_keys = ON']) {
    await connection.execute(`PRAGMA ${pragma}`).catch(() => undefined);
  }
}

/** @throws AludelError ALUDEL_FOREIGN_KEY_CHECK_FAILED naming tables and numbers of rows. */
export function compareViolations(before: Violations, after: Violations): void {
  const added = [...after].filter(([key, count]) => count > (before.get(key) ?? 0));
  if (added.length === 0) return;
  const list = added.map(([key, count]) => {
    const [child = '', parent = ''] = key.split('\0');
    return `${count - (before.get(key) ?? 0)} rows of "${child}" would refer to nothing in "${parent}"`;
  });
  throw new AludelError('ALUDEL_FOREIGN_KEY_CHECK_FAILED', `${list.join('; ')}.`, {
    hint: 'Delete or mend these rows in the revision, before the table is changed.',
  });
}
