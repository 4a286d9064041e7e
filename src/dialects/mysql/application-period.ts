/**
 * Two columns that say from when to when a row holds (MariaDB 10.4+), as an option of their table: ``period: '`validity` (`a`, `b`)'``.
 * A key that takes no two rows for one time has the name of the period in its storage, `withoutOverlaps`, and these two
 * columns behind its own. https://mariadb.com/kb/en/application-time-periods/
 */
import type { Row } from '../../engine/connection.js';
import type { Column, Index, PrimaryKey, Table, TableOptions } from '../../schema/table.js';
import { textOf } from '../row.js';
import { quoteIdentifier, quoteList } from './sql.js';
import { type Token, tokenize, unquoteName } from './tokens.js';

export interface ApplicationPeriod {
  readonly name: string;
  /** The two columns. */
  readonly columns: readonly string[];
}

/** The period of a table in the words of its option, with or without quotes, or `null`. */
export function periodOf({ period }: TableOptions): ApplicationPeriod | null {
  return typeof period === 'string' ? parsePeriod(tokenize(period)) : null;
}

/** A name, and columns in brackets. */
export function parsePeriod(tokens: readonly Token[]): ApplicationPeriod | null {
  const [name, ...columns] = tokens.flatMap(({ kind, text }) =>
    kind === 'name' ? [unquoteName(text)] : kind === 'word' ? [text] : [],
  );
  return name === undefined || columns.length !== 2 ? null : { name, columns };
}

export function printPeriod({ name, columns }: ApplicationPeriod): string {
  return `${quoteIdentifier(name)} (${quoteList(columns)})`;
}

/** The option in one spelling, as the database shows it. */
export function normalisePeriod(options: TableOptions): TableOptions {
  const period = periodOf(options);
  return period === null ? options : { ...options, period: printPeriod(period) };
}

/** What the server does to the columns of a period. */
export function withoutNulls(columns: readonly Column[], options: TableOptions): readonly Column[] {
  const period = periodOf(options);
  if (period === null) return columns;
  return columns.map((column) => (period.columns.includes(column.name) ? { ...column, nullable: false } : column));
}

/** The check that the catalog shows for a period bears its name, as another one may. */
export function withoutPeriodCheck(checks: readonly Row[], period: ApplicationPeriod | null): readonly Row[] {
  if (period === null) return checks;
  const clause = period.columns.map(quoteIdentifier).join(' < ');
  const at = checks.findIndex((row) => textOf(row, 'name') === period.name && textOf(row, 'expression') === clause);
  return at === -1 ? checks : checks.toSpliced(at, 1);
}

/** The parts of a key that are its own, and the period behind them, if any. */
export function splitOverlaps<T>(
  parts: readonly T[],
  { storage = {} }: Pick<PrimaryKey | Index, 'storage'>,
): [T[], string | null] {
  const { withoutOverlaps } = storage;
  if (withoutOverlaps === undefined) return [[...parts], null];
  return [parts.slice(0, -2), `${quoteIdentifier(withoutOverlaps)} WITHOUT OVERLAPS`];
}

/** The other column of a period, which has to be of one type with it: it changes in the same statement. */
export function partnerOf({ options, columns }: Pick<Table, 'options' | 'columns'>, name: string): Column | null {
  const known = periodOf(options)?.columns ?? [];
  const other = known.includes(name) ? known.find((column) => column !== name) : undefined;
  return columns.find((column) => column.name === other) ?? null;
}
