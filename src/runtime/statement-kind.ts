import type { DialectName } from '../engine/connection.js';

/**
 * What running a statement once means:
 * `session` changes the session only and is run again by whoever goes on in a new one; `repeatable` may run any number of
 * times; `atomic` can share a transaction with the log; `single` takes effect by itself, and only the database can tell
 * whether it did.
 */
export type StatementKind = 'session' | 'repeatable' | 'atomic' | 'single';

const SESSION =
  /^(?:SET(?!\s+(?:GLOBAL|PERSIST))|USE|PRAGMA|ATTACH|DETACH|BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|END|SAVEPOINT|RELEASE|LOCK|UNLOCK|LISTEN|UNLISTEN|RESET|DISCARD)\b/i;
const REPEATABLE = /^(?:SHOW|EXPLAIN|DESC|DESCRIBE|VACUUM|ANALYZE|REINDEX|OPTIMIZE|CHECK\s+TABLE|CHECKPOINT|FLUSH)\b/i;
const DATA = /^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH|SELECT|VALUES|TABLE)\b/i;
const DDL = /^(?:CREATE|ALTER|DROP|COMMENT|TRUNCATE|GRANT|REVOKE)\b/i;
/** What PostgreSQL refuses inside a transaction. https://www.postgresql.org/docs/current/sql-commands.html */
const NEVER_INSIDE = /\bCONCURRENTLY\b|^\w+\s+(?:DATABASE|TABLESPACE|SYSTEM|SUBSCRIPTION)\b/i;

export function statementKind(sql: string, dialect: DialectName): StatementKind {
  const text = withoutLeadingComments(sql);
  if (SESSION.test(text)) return 'session';
  if (REPEATABLE.test(text)) return 'repeatable';
  if (DATA.test(text)) return 'atomic';
  const isTransactional = dialect === 'postgres' || dialect === 'sqlite';
  return isTransactional && DDL.test(text) && !NEVER_INSIDE.test(text) ? 'atomic' : 'single';
}

/** True for what leaves every table as it is, but for its rows. */
export function changesDataAlone(sql: string): boolean {
  const text = withoutLeadingComments(sql);
  // SELECT may call anything, and rows may come from SELECT INTO.
  return /^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|ANALYZE|VACUUM)\b/i.test(text);
}

/** True when the rows that a statement gave cannot be had again without changing something once more. */
export function givesRowsOnce(sql: string): boolean {
  const text = withoutLeadingComments(sql);
  return /^CALL\b/i.test(text) || (!/^SELECT\b/i.test(text) && /\bRETURNING\b/i.test(text));
}

/** True for what only gives rows, as far as its first word tells; a transaction that may only read says the rest. */
export function isQuery(sql: string): boolean {
  return /^(?:SELECT|WITH|VALUES|TABLE|SHOW|EXPLAIN|DESC|DESCRIBE|PRAGMA)\b/i.test(withoutLeadingComments(sql));
}

/** What makes a temporary table, which is gone with the session. */
export function isTemporary(sql: string): boolean {
  return /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?\b/i.test(withoutLeadingComments(sql));
}

function withoutLeadingComments(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '');
}
