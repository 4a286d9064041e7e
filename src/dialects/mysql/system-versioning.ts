/**
 * Tables that keep what their rows were before (MariaDB 10.3+), as options: `systemVersioning: true`, or the two columns that
 * hold the times, where they were named; `columnUnversioned a: true` for a column whose changes make no history. The
 * columns of the period are not among those of the table: they come and go with its history, and the server puts
 * the second of them behind every key. https://mariadb.com/kb/en/system-versioned-tables/
 */
import type { Row } from '../../engine/connection.js';
import type { TableOptions } from '../../schema/table.js';
import { flagOf, textOf, textOrNull } from '../row.js';
import { quoteIdentifier, quoteList, quoteString } from './sql.js';
import { joinTokens, splitAtCommas, tokenize, unquoteName } from './tokens.js';

const KEY = 'systemVersioning';

const UNVERSIONED = 'columnUnversioned ';

interface PeriodColumn {
  readonly name: string;
  /** `timestamp(6)`, or `bigint(20) unsigned` for numbers of transactions. */
  readonly type: string;
  /** `INVISIBLE`, a comment. */
  readonly rest: string;
}

/** Rows of information_schema.COLUMNS of one table, and whether it is versioned. */
export function readVersioning(isKept: boolean, columns: readonly Row[]): TableOptions {
  if (!isKept) return {};
  const period = columns.filter(isOfPeriod).map((row): PeriodColumn => {
    const comment = textOrNull(row, 'comment') || null;
    const hidden = /\bINVISIBLE\b/i.test(textOf(row, 'extra')) ? ['INVISIBLE'] : [];
    const rest = [...hidden, ...(comment === null ? [] : [`COMMENT ${quoteString(comment)}`])].join(' ');
    return { name: textOf(row, 'name'), type: textOf(row, 'type'), rest };
  });
  const unversioned = columns.filter((row) => /\bWITHOUT SYSTEM VERSIONING\b/i.test(textOf(row, 'extra')));
  return {
    [KEY]: period.length === 0 ? true : printPeriod(period),
    ...Object.fromEntries(unversioned.map((row) => [`${UNVERSIONED}${textOf(row, 'name')}`, true])),
  };
}

/** Rows of information_schema.COLUMNS that are no columns of the table, but of its period. */
export function isOfPeriod(row: Row): boolean {
  return /^ROW (?:START|END)$/.test(textOrNull(row, 'expression') ?? '');
}

/** Rows of information_schema.STATISTICS without what the server puts behind each key. */
export function withoutPeriodEnd(indexes: readonly Row[], columns: readonly Row[]): readonly Row[] {
  const end = columns.find((row) => textOrNull(row, 'expression') === 'ROW END');
  if (end === undefined) return indexes;
  return indexes.filter((row) => flagOf(row, 'non_unique') || textOf(row, 'column_name') !== textOf(end, 'name'));
}

/** The same option in one spelling, as the database shows it. */
export function normaliseVersioning(options: TableOptions): TableOptions {
  const value = options[KEY];
  return typeof value === 'string' ? { ...options, [KEY]: printPeriod(parsePeriod(value)) } : options;
}

/** Lines of CREATE TABLE. */
export function periodLines(options: TableOptions): string[] {
  const period = parsePeriod(options[KEY]);
  return period.length === 0 ? [] : [...definitions(period), periodClause(period)];
}

/** What stands behind the parenthesis of CREATE TABLE. */
export function versioningClause(options: TableOptions): string[] {
  return isVersioned(options) ? ['WITH SYSTEM VERSIONING'] : [];
}

/** The actions of ALTER TABLE that lead from one value of the option to another, a statement each. */
export function versioningActions(from: Value, to: Value): string[] {
  const [before, after] = [parsePeriod(from), parsePeriod(to)];
  const drop = ['DROP SYSTEM VERSIONING', ...before.map(({ name }) => `DROP COLUMN ${quoteIdentifier(name)}`)];
  const columns = definitions(after).map((definition) => `ADD COLUMN ${definition}`);
  const add = [...columns, ...(after.length === 0 ? [] : [`ADD ${periodClause(after)}`]), 'ADD SYSTEM VERSIONING'];
  return [...(isOn(from) ? [drop.join(', ')] : []), ...(isOn(to) ? [add.join(', ')] : [])];
}

type Value = string | boolean | null | undefined;

/** The condition that only rows of the past meet, in a query over all of them. */
export function isPast(options: TableOptions): string {
  const [, end] = parsePeriod(options[KEY]);
  const column = quoteIdentifier(end?.name ?? 'row_end');
  return end?.type.startsWith('bigint') === true ? `${column} < 18446744073709551615` : `${column} < NOW(6)`;
}

export function isVersioned(options: TableOptions): boolean {
  return isOn(options[KEY]);
}

export function isUnversioned(options: TableOptions, column: string): boolean {
  return isVersioned(options) && options[`${UNVERSIONED}${column}`] === true;
}

function isOn(value: Value): boolean {
  return value === true || typeof value === 'string';
}

/** `valid_from, valid_to`, with types and INVISIBLE where they are not the usual ones. */
function parsePeriod(value: Value): PeriodColumn[] {
  if (typeof value !== 'string') return [];
  return splitAtCommas(tokenize(value)).map((tokens) => {
    const at = tokens.findIndex(({ kind }) => kind !== 'space');
    const { kind, text = '' } = tokens[at] ?? {};
    const words = joinTokens(tokens.slice(at + 1)).trim();
    const [, type = '', rest = ''] = /^(.*?)\s*(\b(?:INVISIBLE|COMMENT)\b.*)?$/is.exec(words) ?? [];
    return { name: kind === 'name' ? unquoteName(text) : text, type: type === '' ? 'timestamp(6)' : type, rest };
  });
}

function printPeriod(period: readonly PeriodColumn[]): string {
  return period.map(({ name, type, rest }) => [quoteIdentifier(name), type, rest].join(' ').trim()).join(', ');
}

function definitions(period: readonly PeriodColumn[]): string[] {
  return period.map(({ name, type, rest }, i) =>
    `${quoteIdentifier(name)} ${type} GENERATED ALWAYS AS ROW ${i === 0 ? 'START' : 'END'} ${rest}`.trim(),
  );
}

function periodClause(period: readonly PeriodColumn[]): string {
  return `PERIOD FOR SYSTEM_TIME (${quoteList(period.map(({ name }) => name))})`;
}
