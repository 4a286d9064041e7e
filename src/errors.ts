/**
 * Every error a user can meet. The code is stable, the message says what happened with the names involved, the hint is
 * the next command to type. No stack is printed without `--verbose`; parameters and passwords never appear.
 */

/** The stable codes with their meaning; `docs/errors.md` documents each, and a test compares the two lists. */
export const ERROR_CODES = {
  ALUDEL_AUTHENTICATION_FAILED: 'The database refused the user name or the password.',
  ALUDEL_BACKFILL_UNANSWERED: 'A column becomes required, and nobody said what its rows are filled with.',
  ALUDEL_BACKUP_FAILED: 'The copy of the database that was asked for could not be made.',
  ALUDEL_BACKUP_UNAVAILABLE: 'A backup was asked for that cannot be made from here.',
  ALUDEL_CARTESIAN_PRODUCT: 'A query takes rows of several tables that no condition ties.',
  ALUDEL_CHECK_VIOLATION: 'A row breaks a CHECK constraint.',
  ALUDEL_CONFIG_INVALID: 'The config file holds an unknown key or a value of the wrong kind.',
  ALUDEL_CONFIG_NOT_FOUND: 'No config file was found.',
  ALUDEL_CONNECTION_FAILED: 'The database could not be reached.',
  ALUDEL_CONNECTION_LOST: 'The connection was closed while it was in use.',
  ALUDEL_DATABASE_NOT_FOUND: 'The server answered, but the database does not exist.',
  ALUDEL_DATA_LOSS: 'Rows would be taken away for good, and nobody said that they may.',
  ALUDEL_DEADLOCK: 'Two transactions waited for each other, and the server ended this one.',
  ALUDEL_DIFFERENCES_FOUND: 'The models and the database differ.',
  ALUDEL_DRIVER_MISSING: 'The npm package that talks to this database is not installed.',
  ALUDEL_EXTENSION_FAILED:
    'A callback of the config or something that a plugin brings threw, or gave what cannot be used.',
  ALUDEL_EXTENSION_INVALID: 'A plugin cannot be found or used.',
  ALUDEL_FILE_EXISTS: 'A file that would be written exists already.',
  ALUDEL_FLUSH_CYCLE: 'Rows need each other in a circle that no nullable column opens.',
  ALUDEL_FOREIGN_KEY_CHECK_FAILED: 'A SQLite table rebuild would have left rows that refer to nothing.',
  ALUDEL_FOREIGN_KEY_VIOLATION: 'A row refers to one that is not there, or one that others refer to would go.',
  ALUDEL_HOOK_FAILED: 'A program that was to run on a new revision file failed.',
  ALUDEL_IMPORT_DISAGREES: "The migration files of another tool and that tool's table in the database disagree.",
  ALUDEL_IRREVERSIBLE: 'An operation does not hold enough to be reversed.',
  ALUDEL_LOCK_TIMEOUT: 'Another process holds the lock that was waited for.',
  ALUDEL_MODELS_EMPTY: 'The models declare no table although the database has some.',
  ALUDEL_MODELS_INVALID: 'A model is declared in a way that cannot work.',
  ALUDEL_MODULE_FAILED: 'A TypeScript or JavaScript file could not be loaded.',
  ALUDEL_MULTIPLE_HEADS: 'The request needs one head, and the revision graph has several.',
  ALUDEL_NEEDS_CONNECTION: 'A revision reads from the database, and there is no connection in this mode.',
  ALUDEL_NOT_AT_HEAD: 'The database is not at the newest revision.',
  ALUDEL_NOT_LOADED: 'A relation was read that holds nothing yet.',
  ALUDEL_NOT_NULL_VIOLATION: 'A column that needs a value was given none.',
  ALUDEL_OBJECT_STATE: 'An object, or a session, is not in the state that the call needs.',
  ALUDEL_OPERATION_UNSUPPORTED: 'The database cannot carry out this operation.',
  ALUDEL_POOLED_CONNECTION: 'A transaction pooler sits between Aludel and the server; session locks do not hold there.',
  ALUDEL_POOL_TIMEOUT: 'No connection of the pool came free in time.',
  ALUDEL_REBUILD_REFUSED: 'A SQLite table holds something that a rebuild could not carry over.',
  ALUDEL_RENAME_UNANSWERED: 'A drop has a plausible partner, and nobody said whether it is a rename.',
  ALUDEL_RESUME_REFUSED: 'A revision that was cut off half way cannot go on by itself.',
  ALUDEL_RESUME_UNKNOWN: 'Whether a statement took effect before its run was cut off cannot be told.',
  ALUDEL_REVISION_APPLIED: 'A revision that the database has applied would be changed.',
  ALUDEL_REVISION_CYCLE: 'Revisions depend on each other in a circle.',
  ALUDEL_REVISION_DUPLICATE: 'Two files declare the same revision id or branch label.',
  ALUDEL_REVISION_EDITED: 'The file of an applied revision has changed since, and the run was to be strict.',
  ALUDEL_REVISION_FAILED: 'A statement of a revision failed.',
  ALUDEL_REVISION_INVALID: 'A revision file lacks its header or holds a syntax error.',
  ALUDEL_REVISION_MISSING_PARENT: 'A revision names a parent or dependency that no file declares.',
  ALUDEL_REVISION_NOT_FOUND: 'No revision answers to this identifier.',
  ALUDEL_REVISION_OVER: 'A handle of a revision was used after its transaction had ended.',
  ALUDEL_REVISION_RANGE: 'A revision range or step count does not fit the graph.',
  ALUDEL_REVISION_SQUASHED: 'The database is at a revision in the middle of those that were squashed into one.',
  ALUDEL_REVISION_UNFINISHED: 'Another revision was cut off half way, and has to be ended first.',
  ALUDEL_REVISION_UNKNOWN_IN_DATABASE: 'The database is at a revision that the folder does not hold.',
  ALUDEL_ROLLBACK_NEEDED: 'A flush has failed, and its transaction must be rolled back first.',
  ALUDEL_ROW_COUNT: 'A query that needs one row gave none, or several.',
  ALUDEL_SERIALIZATION_FAILURE: 'Others changed what the transaction had read; it must be run again.',
  ALUDEL_STALE_ROW: 'A row was changed or deleted by somebody else in the meantime.',
  ALUDEL_STATEMENT_FAILED: 'The database refused a statement.',
  ALUDEL_TRANSACTION_MODE: 'A revision cannot run in the one transaction that was asked for.',
  ALUDEL_TYPE_UNSUPPORTED: 'The database has no such column type.',
  ALUDEL_UNIQUE_VIOLATION: 'A row with this key exists already.',
  ALUDEL_UNSAVED_CHANGES: 'A refresh would throw changes away.',
  ALUDEL_URL_INVALID: 'The database URL cannot be understood.',
  ALUDEL_USAGE: 'The command line or an argument cannot be understood.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface AludelErrorOptions {
  /** The next command to type. */
  readonly hint?: string | undefined;
  /** Plain facts for programs: names, revision ids, file paths. Never values or secrets. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** The error class of the package, with subclasses where a caller will catch one; see `ERROR_CODES` for what each code means. */
export class AludelError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AludelErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AludelError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

type RefusalCode =
  | Extract<ErrorCode, `ALUDEL_${string}_VIOLATION`>
  | 'ALUDEL_DEADLOCK'
  | 'ALUDEL_SERIALIZATION_FAILURE'
  | 'ALUDEL_STATEMENT_FAILED';

const REFUSALS: readonly RefusalCode[] = [
  'ALUDEL_CHECK_VIOLATION',
  'ALUDEL_DEADLOCK',
  'ALUDEL_FOREIGN_KEY_VIOLATION',
  'ALUDEL_NOT_NULL_VIOLATION',
  'ALUDEL_SERIALIZATION_FAILURE',
  'ALUDEL_STATEMENT_FAILED',
  'ALUDEL_UNIQUE_VIOLATION',
];

/** True when the database refused a statement, whatever for: ALUDEL_STATEMENT_FAILED and the codes that say more. */
export function isRefusedStatement(error: unknown): error is AludelError & { readonly code: RefusalCode } {
  return error instanceof AludelError && REFUSALS.some((code) => code === error.code);
}
