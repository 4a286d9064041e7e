/** The named statements of one PostgreSQL connection. */
import { createHash } from 'node:crypto';
import { RecentMap } from '../../util/recent-map.js';

/** Each costs the server memory for its plan. */
const LIMIT = 200;

/** A column of a result, as far as it is read. */
export interface WireField {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

export interface PreparedStatement {
  readonly name: string;
  /** What it gives; unset until it has run. */
  fields?: readonly WireField[];
}

export class PreparedStatements {
  /** By text. */
  readonly #statements: RecentMap<PreparedStatement>;

  /** `close` makes the server forget a name. */
  constructor(close: (name: string) => void) {
    this.#statements = new RecentMap(LIMIT, ({ name }) => close(name));
  }

  of(sql: string): PreparedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    // A name by content: behind a pooler that shares sessions, the same name of another client is the same statement.
    const statement = { name: `aludel_${createHash('sha1').update(sql).digest('hex')}` };
    this.#statements.set(sql, statement);
    return statement;
  }

  forget(sql: string): void {
    this.#statements.delete(sql);
  }

  /** Forgets all of them where a statement makes the server do so, by whatever name: they are sent again. */
  heed(sql: string): void {
    if (/^\s*(?:DISCARD|DEALLOCATE)\b/i.test(sql)) this.#statements.clear();
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
