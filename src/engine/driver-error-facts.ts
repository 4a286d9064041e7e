/** Reads what the three drivers put on their errors into one shape. */
import { isStaleStatement } from './drivers/prepared-statements.js';

export interface DriverErrorFacts {
  readonly message: string;
  /** SQLSTATE on PostgreSQL, the symbolic name on MySQL and SQLite, Node's code for network errors. */
  readonly code: string | undefined;
  /** MySQL's and MariaDB's error number. */
  readonly number: number | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** The columns of the constraint or the row that was refused; empty where the driver tells none. */
  readonly columns: readonly string[];
  /** Where in the statement, counted from 1. */
  readonly position: number | undefined;
  /** True when the driver says that the connection cannot go on. */
  readonly isFatal: boolean;
  /** The statement was right, and would be again: only its prepared form was not. PostgreSQL only. */
  readonly isStaleStatement: boolean;
}

export function readDriverError(error: unknown): DriverErrorFacts {
  const text = readMessage(error);
  const column = readString(error, 'column') ?? findColumn(text);
  const columns = findColumns(error, text);
  const position = Number(readString(error, 'position'));
  return {
    message: text,
    code: readString(error, 'code'),
    number: readNumber(error, 'errno'),
    constraint: readString(error, 'constraint') ?? findConstraint(text),
    table: readString(error, 'table') ?? findTable(text),
    column,
    columns: columns.length === 0 && column !== undefined ? [column] : columns,
    position: Number.isInteger(position) && position > 0 ? position : undefined,
    isFatal: readField(error, 'fatal') === true,
    isStaleStatement: isStaleStatement(error),
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
    /^CHECK constraint failed: (.+)$/s.exec(message)?.[1] ??
    /^UNIQUE constraint failed: index '(.+)'$/s.exec(message)?.[1]
  );
}

function findTable(message: string): string | undefined {
  return (
    findSqliteColumn(message)?.[1] ??
    // MySQL 8.0.19 and later: "for key 'table.key'". MariaDB: "failed for `database`.`table`".
    /^Duplicate entry '.*' for key '([^.']+)\.[^']*'$/s.exec(message)?.[1] ??
    /a foreign key constraint fails \(`[^`]+`\.`([^`]+)`/.exec(message)?.[1] ??
    /^CONSTRAINT `[^`]+` failed for `[^`]+`\.`([^`]+)`/.exec(message)?.[1]
  );
}

/** Names alone: what follows them is data. */
function findColumns(error: unknown, message: string): readonly string[] {
  // PostgreSQL, whatever its language: Key (a, "B")=(1, 2) already exists.
  const isOfKeys = ['23505', '23503', '23001'].includes(readString(error, 'code') ?? '');
  const detail = isOfKeys ? /^[^(]*\((.+?)\)=\(/s.exec(readString(error, 'detail') ?? '')?.[1] : undefined;
  const foreignKey = /CONSTRAINT `[^`]+` FOREIGN KEY \(([^)]+)\)/.exec(message)?.[1];
  if (detail !== undefined || foreignKey !== undefined) {
    return splitNames(detail ?? foreignKey ?? '');
  }
  const sqlite = /^UNIQUE constraint failed: ([^'].*)$/s.exec(message)?.[1];
  return sqlite === undefined ? [] : sqlite.split(', ').map((name) => name.slice(name.indexOf('.') + 1));
}

/** `a, "b c", lower(d, 'x')` by its outer commas, without the quotes of names. */
function splitNames(list: string): string[] {
  const parts = list.match(/(?:"(?:[^"]|"")*"|`[^`]*`|'[^']*'|\((?:[^()]|\([^()]*\))*\)|[^,("'`])+/g) ?? [];
  return parts.map((part) => {
    const name = part.trim();
    const quoted = /^"((?:[^"]|"")*)"$|^`([^`]*)`$/.exec(name);
    return quoted?.[1]?.replaceAll('""', '"') ?? quoted?.[2] ?? name;
  });
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
