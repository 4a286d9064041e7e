/**
 * What a session was told changes how the server prints a schema (names in other quotes, tables without their options, rows
 * left out) and how it takes what is said to it. Two databases that are the same would differ, so the schema is
 * read in a session that prints it in full, and what the session was told comes back behind that.
 */
import type { Connection } from '../../engine/connection.js';
import { flagOf, textOf } from '../row.js';
import { SETTINGS } from './catalog.js';
import { BODY_MODES } from './objects/body-mode.js';
import { TAKES_OTHERWISE, ZERO_DATE_MODES } from './sql-mode.js';

/** A session and what it was told. */
export interface SessionModes {
  readonly sqlMode: string;
  /** The collation of the database. */
  readonly collation: string;
  readonly database: string;
  /** Of tables that name none. */
  readonly engine: string;
  /** No table may be without a primary key. */
  readonly needsKey: boolean;
  /** Runs `work` where the server prints everything in full and in its usual words. */
  whileReading<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` where the server takes a statement as it takes those of a generated revision. */
  whileWriting<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` where a body is read with these words of `sql_mode`, of those that decide how. */
  whileIn<T>(words: string, work: () => Promise<T>): Promise<T>;
}

/** One statement; each `while` takes two more where the session was told something that matters. */
export async function readSessionModes(connection: Connection): Promise<SessionModes> {
  const settings = (await connection.execute(SETTINGS)).rows[0] ?? {};
  const [mode, limit] = [textOf(settings, 'mode'), textOf(settings, 'row_limit')];
  const told = tell(mode, limit);
  const within = async <T>(wanted: string, work: () => Promise<T>): Promise<T> => {
    if (wanted === told) return await work();
    await connection.execute(`SET ${wanted}`);
    try {
      return await work();
    } finally {
      await connection.execute(`SET ${told}`);
    }
  };
  return {
    sqlMode: mode,
    collation: textOf(settings, 'collation'),
    database: textOf(settings, 'database'),
    engine: textOf(settings, 'engine'),
    needsKey: flagOf(settings, 'needs_key'),
    whileReading: (work) => within(tell(withoutWords(mode, PRINTS_OTHERWISE), UNLIMITED), work),
    whileWriting: (work) => within(tell(withoutWords(mode, [...TAKES_OTHERWISE, ...ZERO_DATE_MODES]), limit), work),
    whileIn: (words, work) => within(tell(`${withoutWords(mode, BODY_MODES)},${words}`, limit), work),
  };
}

function tell(mode: string, limit: string): string {
  return `sql_mode = '${mode}', sql_select_limit = ${limit}`;
}

function withoutWords(mode: string, words: readonly string[]): string {
  return mode
    .split(',')
    .filter((word) => !words.includes(word))
    .join(',');
}

/** The default of sql_select_limit, and its greatest value. */
const UNLIMITED = '18446744073709551615';

/** Modes in which the servers quote, escape, leave out or pad, and MariaDB's modes that are made of these. */
const PRINTS_OTHERWISE = [
  'ANSI',
  'ANSI_QUOTES',
  'DB2',
  'EMPTY_STRING_IS_NULL',
  'MAXDB',
  'MSSQL',
  'MYSQL323',
  'MYSQL40',
  'NO_BACKSLASH_ESCAPES',
  'NO_FIELD_OPTIONS',
  'NO_KEY_OPTIONS',
  'NO_TABLE_OPTIONS',
  'ORACLE',
  'PAD_CHAR_TO_FULL_LENGTH',
  'POSTGRESQL',
];
