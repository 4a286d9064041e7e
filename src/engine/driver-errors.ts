/**
 * The one place where errors of the drivers become ours. The `cause` is a copy without values: pg's `detail` and the
 * messages of MySQL hold rows of the user's data. `hideParameters: false` keeps the original.
 */
import { ConnectionLostError, LockTimeoutError } from '../database-errors.js';
import { AludelError } from '../errors.js';
import type { DialectName } from './connection.js';
import { readDriverError, type DriverErrorFacts } from './driver-error-facts.js';
import { maskMessage } from './redact.js';
import { makeRefusal } from './refusal.js';

/** Whom we tried to reach, as far as it may be shown. */
export interface ConnectTarget {
  readonly dialect: DialectName;
  /** `host:port`, a socket or a file. */
  readonly place: string;
  readonly user: string | undefined;
  readonly database: string | undefined;
}

export interface FailedStatement {
  readonly dialect: DialectName;
  readonly place: string;
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly hideParameters: boolean;
  /** Milliseconds, for the message. */
  readonly lockTimeout: number;
  /** What became of the open transaction, if the connection turns out to be lost; undefined without one. */
  readonly ifLost: 'rolledBack' | 'unknown' | undefined;
}

const CONFIG_HINT = 'check the "url" in migrate.config.ts';

// PostgreSQL: SQLSTATEs. MySQL and MariaDB: error numbers.
const AUTHENTICATION_CODES: ReadonlySet<unknown> = new Set(['28P01', '28000', 1045, 1044, 1698, 1251, 1862]);
const DATABASE_CODES: ReadonlySet<unknown> = new Set(['3D000', 1049]);
const LOCK_CODES: ReadonlySet<unknown> = new Set(['55P03', 1205, 3572]);
const LOST_SQLSTATES = ['57P01', '57P02', '57P05', '25P03', '25P04', '08000', '08003', '08006'];
const LOST_SYMBOLS = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'PROTOCOL_CONNECTION_LOST'];
const LOST_NUMBERS = [1053, 1927];
/** On MySQL the client was idle for too long; on MariaDB a trigger follows one that is not there. */
const IDLE_TOO_LONG = 4031;
const LOST_CODES: ReadonlySet<unknown> = new Set([...LOST_SQLSTATES, ...LOST_SYMBOLS, ...LOST_NUMBERS]);
// pg gives these no code.
const LOST_MESSAGES = /^(?:Connection terminated|Client (?:was closed|has encountered a connection error))/;

/** An error of opening a connection. */
export function wrapConnectError(error: unknown, target: ConnectTarget, hideParameters: boolean): AludelError {
  if (error instanceof AludelError) {
    return error;
  }
  const facts = readDriverError(error);
  const message = hideParameters
    ? maskMessage(facts.message, { ...target, code: facts.code, params: [] })
    : facts.message;
  const cause = hideParameters ? redact(error, message, facts) : error;
  const { place, user, database } = target;
  const details = { place, user, database, driverCode: facts.code };
  const key = facts.number ?? facts.code;
  // Without a password pg stumbles over its own SASL code before the server can say no.
  if (AUTHENTICATION_CODES.has(key) || /password must be a (?:non-empty )?string/i.test(facts.message)) {
    return new AludelError(
      'ALUDEL_AUTHENTICATION_FAILED',
      `The server at "${place}" refused the user "${user ?? ''}".`,
      {
        hint: tlsHint(facts.message, target.dialect) ?? `Check the user name and password: ${CONFIG_HINT}.`,
        details,
        cause,
      },
    );
  }
  if (DATABASE_CODES.has(key)) {
    const name = database ?? user ?? '';
    const quote = target.dialect === 'postgres' ? '"' : '`';
    const quoted = `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
    return new AludelError('ALUDEL_DATABASE_NOT_FOUND', `The database "${name}" does not exist on "${place}".`, {
      hint: `Create it: CREATE DATABASE ${quoted};`,
      details,
      cause,
    });
  }
  return new AludelError('ALUDEL_CONNECTION_FAILED', `Cannot connect to "${place}": ${message || 'no answer'}.`, {
    hint: tlsHint(facts.message, target.dialect) ?? `Start the server, or ${CONFIG_HINT}.`,
    details,
    cause,
  });
}

/** What to do where the two ends disagree about TLS; undefined where that is not what the message is about. */
function tlsHint(message: string, dialect: DialectName): string | undefined {
  const [mode, ca] = dialect === 'postgres' ? ['sslmode=require', 'sslrootcert'] : ['ssl-mode=REQUIRED', 'ssl-ca'];
  if (/no encryption|SSL off|insecure transport/.test(message)) {
    return `The server wants TLS: set "ssl" of the engine, or "${mode}" in the URL.`;
  }
  if (/not support (?:SSL|secure) connection/.test(message)) {
    return 'The server has no TLS: leave "ssl" out where the network is your own, or switch it on there.';
  }
  if (message.includes('altnames')) {
    return 'Connect by a name that the certificate has, or say it: ssl: { ca, servername }.';
  }
  const isUnknown = /self-signed|certificate/.test(message);
  return isUnknown ? `Name the certificate to trust: ssl: { ca }, or "${ca}" in the URL.` : undefined;
}

/** An error of a statement on an open connection. */
export function wrapStatementError(error: unknown, statement: FailedStatement): AludelError {
  if (error instanceof AludelError) {
    return error;
  }
  const { dialect, sql, params, hideParameters } = statement;
  const facts = readDriverError(error);
  const message = hideParameters ? maskMessage(facts.message, { dialect, code: facts.code, params }) : facts.message;
  const cause = hideParameters ? redact(error, message, facts) : error;
  if (isLost(facts, dialect)) {
    return explainLoss(message, facts, statement, cause);
  }
  if (LOCK_CODES.has(facts.number ?? facts.code) || (isSqliteBusy(error) && facts.code !== 'SQLITE_BUSY_SNAPSHOT')) {
    // Two sessions of one program, most likely.
    const isOurs = message.endsWith('of this process');
    return new LockTimeoutError(`A lock in "${statement.place}" was not free in time: ${message}.`, {
      hint: `Let the other transaction finish, or raise "lockTimeout" (now ${statement.lockTimeout} ms).${isOurs ? ' What only reads needs no lock: db({ readOnly: true }).' : ''}`,
      details: { sql, driverCode: facts.code, lockTimeout: statement.lockTimeout },
      cause,
    });
  }
  if (facts.code === 'SQLITE_NOTADB') {
    return new AludelError('ALUDEL_CONNECTION_FAILED', `The file "${statement.place}" is not a SQLite database.`, {
      hint: `Name another file: ${CONFIG_HINT}.`,
      details: { place: statement.place, driverCode: facts.code },
      cause,
    });
  }
  return makeRefusal(message, facts, {
    hint: statementHint(facts, sql),
    details: {
      sql,
      ...(hideParameters ? {} : { params }),
      driverCode: facts.code,
      ...present({
        constraint: facts.constraint,
        table: facts.table,
        column: facts.column,
        position: facts.position,
      }),
    },
    cause,
  });
}

/** What became of the transaction is what the caller must know. */
const OUTCOMES = {
  rolledBack: [' Its transaction was rolled back.', 'Check that the server is running, then run it again.'],
  unknown: [' Whether its transaction was committed is not known.', 'Look for its rows before it is run again.'],
  none: ['', 'Check that the server is running, then run the command again.'],
} as const;

function explainLoss(
  message: string,
  facts: DriverErrorFacts,
  statement: FailedStatement,
  cause: unknown,
): AludelError {
  const { place, sql, ifLost } = statement;
  const [outcome, hint] = OUTCOMES[ifLost ?? 'none'];
  return new ConnectionLostError(`The connection to "${place}" was lost: ${message}.${outcome}`, {
    hint,
    details: { sql, driverCode: facts.code, ...present({ transaction: ifLost }) },
    cause,
  });
}

/** True for errors of SQLite that a later try may not meet: another connection holds the lock. */
export function isSqliteBusy(error: unknown): boolean {
  const code = readDriverError(error).code;
  return code !== undefined && /^SQLITE_(?:BUSY|LOCKED)(?:_|$)/.test(code);
}

function isLost(facts: DriverErrorFacts, dialect: DialectName): boolean {
  if (facts.isFatal || (dialect === 'mysql' && facts.number === IDLE_TOO_LONG)) return true;
  return LOST_CODES.has(facts.number) || LOST_CODES.has(facts.code) || LOST_MESSAGES.test(facts.message);
}

function statementHint(facts: DriverErrorFacts, sql: string): string | undefined {
  if (isSeveralStatements(facts, sql)) return 'Pass one statement per call.';
  if (facts.message.endsWith('equality operator for type json')) {
    return 'PostgreSQL compares no json: declare jsonb(), or leave the column out of distinct(), union() and groupBy().';
  }
  return HINTS.get(facts.number) ?? HINTS.get(facts.code);
}

const hintFor = (codes: readonly unknown[], text: string): [unknown, string][] => codes.map((code) => [code, text]);

/** By SQLSTATE of PostgreSQL, number of MySQL and MariaDB, result code of SQLite. */
const HINTS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ...hintFor(
    ['42501', 1044, 1142, 1143, 1227, 1370],
    'The user of the connection may not do this: grant it the right, or connect as one who may.',
  ),
  ...hintFor(
    ['25006', 1792, 1836, 'SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_READONLY_DBMOVED'],
    'What this connects to takes no writes: it may be a replica, a session that only reads, or a file without the right to write.',
  ),
  ...hintFor(['53100', 1021, 1114, 'SQLITE_FULL'], 'Make room on the disk of the database.'),
  ['25P02', 'A statement before it has failed: roll back, or run what may fail in a savepoint, session.nested(fn).'],
  // https://www.postgresql.org/docs/current/sql-altertype.html, Notes
  ['55P04', 'A new enum value cannot be used before it is committed: move what uses it to a revision of its own.'],
]);

function isSeveralStatements({ message }: DriverErrorFacts, sql: string): boolean {
  // MySQL and MariaDB only quote what they did not expect: here it follows a semicolon.
  const rest = /right syntax to use near '(.+)' at line \d+$/s.exec(message)?.[1];
  const before = rest === undefined ? '' : sql.slice(0, Math.max(0, sql.indexOf(rest)));
  return (
    /more than one statement|multiple commands into a prepared statement/.test(message) ||
    before.trimEnd().endsWith(';')
  );
}

function redact(error: unknown, message: string, facts: DriverErrorFacts): Error {
  const copy = new Error(message);
  copy.name = error instanceof Error ? error.name : 'Error';
  const { code, number, constraint, table, column, position } = facts;
  return Object.assign(copy, present({ code, errno: number, constraint, table, column, position }));
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
