/**
 * The mode of the server decides what it does with a value that does not fit: it refuses it, or cuts it and says so in a warning.
 * It is set for the statements that need another one, and comes back behind them: what else a revision says means what it always did.
 * https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html, https://mariadb.com/kb/en/sql-mode/
 */
import type { ServerVersion } from '../../engine/connection.js';
import { type Operation, tableOf } from '../../operations/operation.js';
import type { ObjectName } from '../../schema/objects.js';
import { type Column, findTable } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { render } from './expressions.js';
import { BODY_MODES, bodyMode } from './objects/body-mode.js';
import { quoteString } from './sql.js';

export function withSqlMode(
  operation: Operation,
  context: CompileContext,
  statements: readonly Statement[],
): readonly Statement[] {
  const { without, also } = modeFor(operation, context, statements);
  if (statements.length === 0 || without.length + also.length === 0) return statements;
  const kept = without.reduce((mode, word) => `REPLACE(${mode}, '${word}', '')`, '@@sql_mode');
  const wanted = also.length === 0 ? kept : `CONCAT(${quoteString(`${also.join(',')},`)}, ${kept})`;
  return [
    { sql: `SET @aludel_sql_mode = @@sql_mode, sql_mode = ${wanted}` },
    ...statements,
    { sql: 'SET sql_mode = @aludel_sql_mode' },
  ];
}

/** The words that the mode must not have, and those that it must. */
interface ModeChange {
  readonly without: readonly string[];
  readonly also: readonly string[];
}

function modeFor(
  operation: Operation,
  { before, server }: CompileContext,
  statements: readonly Statement[],
): ModeChange {
  switch (operation.kind) {
    case 'createObject':
    case 'replaceObject': {
      const own = bodyMode(operation.object);
      if (own !== undefined) return { without: BODY_MODES, also: [own] };
      return { without: keepsMode(operation.object) ? [] : misleadingWords(statements, server), also: [] };
    }
    case 'execute':
    case 'backfill':
    case 'bulkInsert':
    case 'deleteRows':
      // What people wrote means what the mode of the server says.
      return { without: [], also: [] };
    default: {
      const name = tableOf(operation);
      const known = before === null || name === null ? undefined : findTable(before, name);
      const hasZeroDates = [...(known?.columns ?? []), ...columnsIn(operation)].some(hasZeroDate);
      const keepsValues = convertsValues(operation);
      return {
        without: [...misleadingWords(statements, server), ...(hasZeroDates || keepsValues ? ZERO_DATE_MODES : [])],
        also: keepsValues ? KEEPS_VALUES : [],
      };
    }
  }
}

/** True for what the server keeps in the words and with the mode of its statement. A view it keeps in words of its own. */
export function keepsMode({ kind }: ObjectName): boolean {
  return kind !== 'view';
}

/**
 * A column whose default is '0000-00-00', or that holds it, was made where the mode allowed it; the usual one refuses it, even where
 * another column of the table changes. TRADITIONAL stands for these two and others, which are said beside it.
 */
export const ZERO_DATE_MODES: readonly string[] = ['NO_ZERO_IN_DATE', 'NO_ZERO_DATE', 'TRADITIONAL'];

/** Modes in which a statement of Aludel's means something else. */
export const TAKES_OTHERWISE: readonly string[] = [
  // A backslash stands for itself.
  'NO_BACKSLASH_ESCAPES',
  // DATE is DATETIME, and BLOB is LONGBLOB. https://mariadb.com/kb/en/sql_modeoracle/
  'ORACLE',
  // TIMESTAMP is DATETIME.
  'MAXDB',
  // DEFAULT '' is DEFAULT NULL.
  'EMPTY_STRING_IS_NULL',
  // MySQL keeps the default of a CHAR with the spaces.
  'PAD_CHAR_TO_FULL_LENGTH',
];

/** A backslash goes with its mode also where nobody knows what the mode of the server is, as in SQL that is printed. */
function misleadingWords(statements: readonly Statement[], { sqlMode = '' }: ServerVersion): readonly string[] {
  const modes = sqlMode.split(',');
  const hasBackslash = statements.some(({ sql }) => sql.includes('\\'));
  return TAKES_OTHERWISE.filter((word, i) => modes.includes(word) || (i === 0 && hasBackslash));
}

/** Nothing is cut, and a row numbered 0 keeps its number when its column begins to count. */
const KEEPS_VALUES: readonly string[] = ['STRICT_ALL_TABLES', 'NO_AUTO_VALUE_ON_ZERO'];

/** True where rows that are there get other values if theirs do not fit. */
function convertsValues(operation: Operation): boolean {
  switch (operation.kind) {
    case 'alterColumn': {
      const { type, nullable, collation, generation } = operation.changes;
      return type !== undefined || nullable === false || collation !== undefined || generation !== undefined;
    }
    case 'setTableOptions':
      return ['charset', 'collation', 'engine'].some((option) => operation.changes[option] !== undefined);
    case 'addConstraint':
      return operation.constraint.kind === 'primaryKey';
    default:
      return false;
  }
}

function columnsIn(operation: Operation): readonly Pick<Column, 'default'>[] {
  switch (operation.kind) {
    case 'createTable':
      return operation.table.columns;
    case 'addColumn':
      return [operation.column];
    case 'alterColumn':
      return [{ default: operation.existing?.default ?? null }, { default: operation.changes.default ?? null }];
    default:
      return [];
  }
}

function hasZeroDate({ default: value }: Pick<Column, 'default'>): boolean {
  return value !== null && /^'\d{4}-(?:00-\d{2}|\d{2}-00)/.test(render(value));
}
