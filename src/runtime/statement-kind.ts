import { tokenizeSql } from '../dialects/tokenize-sql.js';
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
  if (REPEATABLE.test(text)) return isQuery(text) && !readsAlone(text, dialect) ? 'atomic' : 'repeatable';
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
function isQuery(sql: string): boolean {
  return /^(?:SELECT|WITH|VALUES|TABLE|SHOW|EXPLAIN|DESC|DESCRIBE|PRAGMA)\b/i.test(withoutLeadingComments(sql));
}

/** True for a query that changes no row by its words; what the functions that it calls do cannot be told. */
export function readsAlone(sql: string, dialect: DialectName): boolean {
  const text = withoutLeadingComments(sql);
  if (!isQuery(text)) return false;
  const [first, isExplained] = [/^\w+/.exec(text)?.[0].toUpperCase(), /^EXPLAIN\b/i.test(text)];
  if (first !== 'WITH' && !isExplained) return true;
  const tokens = tokenizeSql(text, dialect).filter(({ kind }) => kind !== 'comment');
  // A statement begins behind a parenthesis there, but for the one that EXPLAIN names; FOR UPDATE and functions do not.
  return !tokens.some(
    (token, at) =>
      token.kind === 'word' &&
      CHANGE.test(token.text) &&
      tokens[at + 1]?.text !== '(' &&
      (['(', ')'].includes(tokens[at - 1]?.text ?? '') ||
        (isExplained && !/^(?:FOR|KEY|\.)$/i.test(tokens[at - 1]?.text ?? ''))),
  );
}

const CHANGE = /^(?:INSERT|UPDATE|DELETE|MERGE|REPLACE)$/i;

/**
 * True for what commits the open transaction of MySQL and MariaDB before it runs.
 * https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
 */
export function commitsByItself(sql: string): boolean {
  return COMMITTING.test(withoutLeadingComments(sql)) && !isTemporary(sql);
}

const COMMITTING =
  /^(?:ALTER|ANALYZE\s+(?:\w+\s+)?TABLE|BEGIN|CACHE|CHECK|CREATE|DROP(?!\s+TEMPORARY)|FLUSH|GRANT|INSTALL|LOAD\s+INDEX|LOCK|OPTIMIZE|RENAME|REPAIR|RESET|REVOKE|SET\s+PASSWORD|START|STOP|TRUNCATE|UNINSTALL|UNLOCK)\b/i;

/** True for what undoes the whole transaction. */
export function rollsBack(sql: string): boolean {
  return /^ROLLBACK\b/i.test(withoutLeadingComments(sql));
}

/** What makes a temporary table, which is gone with the session. */
export function isTemporary(sql: string): boolean {
  return /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?\b/i.test(withoutLeadingComments(sql));
}

function withoutLeadingComments(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '');
}
