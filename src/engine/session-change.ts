/**
 * Tells by its text whether a statement leaves something in the session that the next holder of the connection would
 * meet. Resetting every session (DISCARD ALL, COM_RESET_CONNECTION) would cost a round trip each time and throw away the
 * prepared statements, so only such sessions are given up.
 */

const CHANGES: RegExp = new RegExp(
  [
    // Until the end of the transaction only: SET LOCAL, SET TRANSACTION, SET CONSTRAINTS.
    /^\s*SET\s+(?!(?:LOCAL|TRANSACTION|CONSTRAINTS)\b)/,
    /^\s*PRAGMA\s+[\w.]+\s*(?:=|\(\s*(?:\d|on\b|off\b))/,
    /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:GLOBAL|LOCAL)\s+)?TEMP(?:ORARY)?\b/,
    /^\s*(?:LISTEN|USE|ATTACH|LOCK\s+TABLES?|PREPARE|LOAD|DISCARD|HANDLER)\b/,
    /\b(?:set_config|pg_(?:try_)?advisory_lock(?:_shared)?|get_lock)\s*\(/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

export function changesSession(sql: string): boolean {
  return CHANGES.test(sql);
}
