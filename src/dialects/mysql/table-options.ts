/** https://dev.mysql.com/doc/refman/8.4/en/create-table.html, `table_option` */
import { columnOfOption, type TableOptions } from '../../schema/table.js';
import { maskUrl } from '../../util/mask-url.js';
import { OPTION_WORDS } from './option-words.js';
import { quoteIdentifier, quoteString } from './sql.js';
import { tokenize, unquoteName, unquoteString } from './tokens.js';
import { versioningClause } from './system-versioning.js';
import { charsetOf } from './types.js';

/** Options whose values are strings. */
const QUOTED: ReadonlySet<string> = new Set([
  'compression',
  'encryption',
  'engineAttribute',
  'secondaryEngineAttribute',
  'dataDirectory',
  'indexDirectory',
  'connection',
]);

/** An option that Aludel has no word of its own for, in the server's: ``engineOption foo: "'bar'"``. */
const OTHERS = 'engineOption ';

/** What a table has other than the database's own defaults, its history and partitions last. */
export function tableOptions(options: TableOptions): string[] {
  const { charset, collation, partitionBy, ...others } = usualOptions(options);
  const text = typeof collation === 'string' ? collation : undefined;
  const characters = charset ?? (text === undefined ? undefined : charsetOf(text));
  return [
    ...Object.entries({ ...others, ...(characters === undefined ? {} : { charset: characters }) }),
    ...(text === undefined ? [] : [['collation', text] as const]),
  ]
    .map(([key, value]) => tableOption(key, value))
    .concat(versioningClause(options), partitionBy === undefined ? [] : [`PARTITION BY ${String(partitionBy)}`]);
}

/** The same options in one spelling, as the database shows them: the tables that a MERGE table unites. */
export function normaliseOptions(options: TableOptions): TableOptions {
  const { union } = options;
  if (typeof union !== 'string') return options;
  const names = tokenize(union).flatMap(({ kind, text }) =>
    kind === 'word' ? [quoteIdentifier(text)] : kind === 'space' ? [] : [text],
  );
  return { ...options, union: names.join('') };
}

/** What is said of the whole table, as `WORD=value`: not its columns, periods and history. */
export function usualOptions<T extends object>(options: T): T {
  const { period: _period, systemVersioning: _history, ...others } = options as Record<string, unknown>;
  return Object.fromEntries(Object.entries(others).filter(([key]) => columnOfOption(key) === null)) as T;
}

/** `ENGINE=MyISAM` */
export function tableOption(key: string, value: string | boolean): string {
  const word = key.startsWith(OTHERS) ? key.slice(OTHERS.length) : (OPTION_WORDS[key] ?? key.toUpperCase());
  if (/[a-z]/.test(word)) return `${quoteIdentifier(word)}=${String(value)}`;
  if (key === 'tablespace' && typeof value === 'string') return `${word} ${quoteIdentifier(value)}`;
  if (typeof value === 'boolean') return `${word}=${value ? 1 : 0}`;
  return `${word}=${QUOTED.has(key) ? quoteString(value) : value}`;
}

/**
 * What SHOW CREATE TABLE says behind the columns and CREATE_OPTIONS does not: where a table lies, what a MERGE table unites, and
 * what no version known here has. The password that a table of another server connects with gets into no model and no revision.
 */
export function readShownOptions(tail: string): TableOptions {
  // Partitions stand last; MySQL wraps much in comments by version.
  const [plain = ''] = tail.split(/\n(?: |\/\*!\d+ )PARTITION BY /);
  const text = plain.replace(COMMENTS, (_all, quoted: string | undefined, inside: string) => quoted ?? inside);
  return Object.fromEntries(
    [...text.matchAll(SHOWN)].flatMap(([, tablespace, word = '', value = '']) => {
      if (tablespace !== undefined) return [['tablespace', unquoteName(tablespace)]];
      if (word.startsWith('`') || NO_OPTIONS.has(word)) return [];
      const key = KEYS.get(word.toLowerCase()) ?? `${OTHERS}${word}`;
      if (!SHOWN_ONLY.has(key) && !key.startsWith(OTHERS)) return [];
      const said = QUOTED.has(key) ? unquoteString(value) : value;
      return [[key, key === 'connection' ? maskUrl(said) : said]];
    }),
  );
}

const COMMENTS = /('(?:[^'\\]|''|\\[\s\S])*')|\/\*!\d+ (.*?) ?\*\//gs;

/** A tablespace, or a word or quoted name and its value. */
const SHOWN =
  /\bTABLESPACE (`(?:[^`]|``)*`)|(`(?:[^`]|``)*`|\b[A-Z_]+(?: DIRECTORY)?)\s*=\s*('(?:[^'\\]|''|\\[\s\S])*'|\([^)]*\)|\S+)/g;

const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries(OPTION_WORDS).map(([key, word]) => [word.toLowerCase(), key]),
);

/** What CREATE_OPTIONS does not have, or of Aria whether it was said or not. */
const SHOWN_ONLY: ReadonlySet<string> = new Set([
  'tablespace',
  'autoextendSize',
  'engineAttribute',
  'secondaryEngineAttribute',
  'dataDirectory',
  'indexDirectory',
  'insertMethod',
  'union',
  'connection',
  'transactional',
]);

/** What is read elsewhere, and how far a table has counted, which is no part of the schema. */
const NO_OPTIONS: ReadonlySet<string> = new Set(['COMMENT', 'CHARSET', 'AUTO_INCREMENT']);

/** CREATE_OPTIONS of information_schema.TABLES: `row_format=COMPRESSED KEY_BLOCK_SIZE=8 partitioned`. */
export function readCreateOptions(text: string): TableOptions {
  return Object.fromEntries(
    [...text.matchAll(CREATED)].flatMap(([, word = '', raw = '']) => {
      const name = word.startsWith('`') ? unquoteName(word) : word;
      const key = KEYS.get(name.toLowerCase());
      const value = /^['"]/.test(raw) ? unquoteString(raw) : raw;
      if (key !== undefined && SHOWN_ONLY.has(key)) return [];
      // Quoted names are of engines, or of none.
      if (key === undefined) return word.startsWith('`') ? [[`${OTHERS}${name}`, raw]] : [];
      return [[key, key === 'rowFormat' ? value.toUpperCase() : value]];
    }),
  );
}

const CREATED = /(`(?:[^`]|``)*`|\b\w+(?: DIRECTORY)?)=('(?:[^'\\]|''|\\[\s\S])*'|"[^"]*"|\S+)/g;
