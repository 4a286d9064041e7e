/** Reads what the three drivers put on their errors into one shape. */

export interface DriverErrorFacts {
  readonly message: string;
  /** SQLSTATE on PostgreSQL, the symbolic name on MySQL and SQLite, Node's code for network errors. */
  readonly code: string | undefined;
  /** MySQL's and MariaDB's error number. */
  readonly number: number | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** Where in the statement, counted from 1. */
  readonly position: number | undefined;
  /** True when the driver says that the connection cannot go on. */
  readonly isFatal: boolean;
}

export function readDriverError(error: unknown): DriverErrorFacts {
  const text = readMessage(error);
  const position = Number(readString(error, 'position'));
  return {
    message: text,
    code: readString(error, 'code'),
    number: readNumber(error, 'errno'),
    constraint: readString(error, 'constraint') ?? findConstraint(text),
    table: readString(error, 'table') ?? findSqliteColumn(text)?.[1],
    column: readString(error, 'column') ?? findColumn(text),
    position: Number.isInteger(position) && position > 0 ? position : undefined,
    isFatal: readField(error, 'fatal') === true,
  };
}

/** Node reports several failed addresses as an AggregateError with an empty message. */
function readMessage(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return readMessage(error.errors[0]);
  }
  return error instanceof Error ? error.message : String(error);
}

function readField(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>)[name] : undefined;
}

function readString(error: unknown, name: string): string | undefined {
  const value = readField(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readNumber(error: unknown, name: string): number | undefined {
  const value = readField(error, name);
  return typeof value === 'number' ? value : undefined;
}

/** MySQL, MariaDB and SQLite name constraints in the message only. */
function findConstraint(message: string): string | undefined {
  return (
    // MySQL 8.0.19 and later say "table.key", MariaDB says "key".
    /^Duplicate entry '.*' for key '(?:[^.']+\.)?(.*)'$/s.exec(message)?.[1] ??
    /^Check constraint '(.*)' is violated/.exec(message)?.[1] ??
    /CONSTRAINT `([^`]+)` (?:FOREIGN KEY|failed)/.exec(message)?.[1] ??
    /^CHECK constraint failed: (.+)$/s.exec(message)?.[1]
  );
}

function findColumn(message: string): string | undefined {
  return (
    /^(?:Column|Unknown column|Field) '([^']+)'/.exec(message)?.[1] ??
    // The greedy start skips a value that itself reads "for column".
    /^.* for column (?:`[^`]*`\.`[^`]*`\.)?[`']([^`']+)[`'] at row \d+$/s.exec(message)?.[1] ??
    findSqliteColumn(message)?.[2]
  );
}

/** "UNIQUE constraint failed: users.email, users.name" names the first column. */
function findSqliteColumn(message: string): RegExpExecArray | null {
  return /^(?:UNIQUE|NOT NULL) constraint failed: ([^.]+)\.([^,]+)/.exec(message);
}
