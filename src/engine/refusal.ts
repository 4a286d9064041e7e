/** Finds the class for what a server refused, by the numbers that its manual gives. */
import {
  CheckViolationError,
  DeadlockError,
  ForeignKeyViolationError,
  NotNullViolationError,
  SerializationError,
  UniqueViolationError,
} from '../database-errors.js';
import { AludelError, type AludelErrorOptions } from '../errors.js';
import type { DriverErrorFacts } from './driver-error-facts.js';

type Kind = 'unique' | 'foreignKey' | 'notNull' | 'check' | 'deadlock' | 'serialization' | 'statementTimeout';

/**
 * SQLSTATEs of PostgreSQL, numbers of MySQL and MariaDB, extended result codes of SQLite:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html, https://mariadb.com/kb/en/mariadb-error-codes/,
 * https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html, https://www.sqlite.org/rescode.html
 */
const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  ...kind('unique', ['23505', 1062, 1169, 1586, 1859]),
  ...kind('unique', ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_ROWID']),
  // 23001 is what PostgreSQL 18 says for ON DELETE RESTRICT.
  ...kind('foreignKey', ['23503', '23001', 1216, 1217, 1451, 1452, 1761, 1762, 'SQLITE_CONSTRAINT_FOREIGNKEY']),
  // 1364 is a column without a default that an INSERT left out: NULL to the other servers. 1263 is NULL for LOAD DATA.
  ...kind('notNull', ['23502', 1048, 1263, 1364, 'SQLITE_CONSTRAINT_NOTNULL']),
  ...kind('check', ['23514', 3819, 4025, 'SQLITE_CONSTRAINT_CHECK']),
  ...kind('deadlock', ['40P01', 1213]),
  // 1020 is how MariaDB refuses to change a row that is newer than the snapshot.
  ...kind('serialization', ['40001', 1020, 'SQLITE_BUSY_SNAPSHOT']),
  ...kind('statementTimeout', ['57014', 1969, 3024]),
]);

function kind(name: Kind, codes: readonly unknown[]): [unknown, Kind][] {
  return codes.map((code) => [code, name]);
}

const RETRY_HINT = 'Run the transaction again: engine.transaction(fn, { retries: 3 }) does so.';

/** The error for a statement that the server refused: of a class of its own, or ALUDEL_STATEMENT_FAILED. */
export function makeRefusal(message: string, facts: DriverErrorFacts, options: AludelErrorOptions): AludelError {
  const { constraint, table } = facts;
  const found = facts.isStaleStatement ? 'serialization' : (KINDS.get(facts.number) ?? KINDS.get(facts.code));
  const names = { constraint, table, columns: facts.columns };
  const details = { ...options.details, ...(facts.columns.length > 0 && { columns: facts.columns }) };
  switch (found) {
    case 'unique':
      return new UniqueViolationError(message, names, { ...options, details });
    case 'foreignKey':
      return new ForeignKeyViolationError(message, names, { ...options, details });
    case 'notNull':
      return new NotNullViolationError(message, names, { ...options, details });
    case 'check':
      return new CheckViolationError(message, names, { ...options, details });
    case 'deadlock':
      return new DeadlockError(message, { ...options, hint: RETRY_HINT });
    case 'serialization':
      return new SerializationError(message, { ...options, hint: serializationHint(facts.code) });
    case 'statementTimeout':
      return new AludelError('ALUDEL_STATEMENT_FAILED', message, {
        ...options,
        hint: 'Raise "statementTimeout", if that is what ended it.',
      });
    case undefined:
      return new AludelError('ALUDEL_STATEMENT_FAILED', message, options);
  }
}

function serializationHint(code: string | undefined): string {
  return code === 'SQLITE_BUSY_SNAPSHOT'
    ? 'Begin a transaction that will write with begin({ mode: "immediate" }).'
    : RETRY_HINT;
}
