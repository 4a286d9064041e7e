/** The named statements of one PostgreSQL connection. */
import { createHash } from 'node:crypto';
import { RecentMap } from '../../util/recent-map.js';

/** Each costs the server memory for its plan. */
const LIMIT = 200;

export class PreparedNames {
  /** Text to name. */
  readonly #names: RecentMap<string>;

  /** `close` makes the server and the driver forget a name. */
  constructor(close: (name: string) => void) {
    this.#names = new RecentMap(LIMIT, close);
  }

  nameOf(sql: string): string {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    // A name by content: behind a pooler that shares sessions, the same name of another client is the same statement.
    const name = `aludel_${createHash('sha1').update(sql).digest('hex')}`;
    this.#names.set(sql, name);
    return name;
  }

  forget(sql: string): void {
    this.#names.delete(sql);
  }
}

/**
 * True when a named statement is not, or no more, what we hold it for: after DDL (0A000 "cached plan must not change
 * result type", told apart by the routine, as the text is translated), after DISCARD ALL or on another session of a
 * pooler (26000, 42P05).
 */
export function isStaleStatement(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as { readonly code?: unknown; readonly routine?: unknown };
  return code === '26000' || code === '42P05' || (code === '0A000' && routine === 'RevalidateCachedQuery');
}
