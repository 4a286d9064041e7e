/** The named statements of one PostgreSQL connection. */
import { createHash } from 'node:crypto';

/** Each costs the server memory for its plan. */
const LIMIT = 200;

export class PreparedNames {
  /** Text to name; the one unused longest comes first. */
  readonly #names: Map<string, string> = new Map();
  readonly #close: (name: string) => void;

  /** `close` makes the server and the driver forget a name. */
  constructor(close: (name: string) => void) {
    this.#close = close;
  }

  nameOf(sql: string): string {
    const known = this.#names.get(sql);
    if (known !== undefined) {
      this.#names.delete(sql);
      this.#names.set(sql, known);
      return known;
    }
    const [oldest] = this.#names.size >= LIMIT ? this.#names.keys() : [];
    if (oldest !== undefined) {
      this.forget(oldest);
    }
    // A name by content: behind a pooler that shares sessions, the same name of another client is the same statement.
    const name = `aludel_${createHash('sha1').update(sql).digest('hex')}`;
    this.#names.set(sql, name);
    return name;
  }

  forget(sql: string): void {
    const name = this.#names.get(sql);
    if (name !== undefined) {
      this.#names.delete(sql);
      this.#close(name);
    }
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
