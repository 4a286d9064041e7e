/** https://dev.mysql.com/doc/refman/8.4/en/create-table.html, `table_option` */
import type { TableOptions } from '../../schema/table.js';
import { withoutInvisible } from './invisible-columns.js';
import { OPTION_WORDS } from './option-words.js';
import { quoteString } from './sql.js';
import { versioningClause, withoutVersioning } from './system-versioning.js';
import { charsetOf } from './types.js';

/** Options whose values are strings. */
const QUOTED: ReadonlySet<string> = new Set(['compression', 'encryption']);

/** What a table has other than the database's own defaults, its history and partitions last. */
export function tableOptions(options: TableOptions): string[] {
  const { charset, collation, partitionBy, ...others } = withoutVersioning(withoutInvisible(options));
  const text = typeof collation === 'string' ? collation : undefined;
  const characters = charset ?? (text === undefined ? undefined : charsetOf(text));
  return [
    ...Object.entries({ ...others, ...(characters === undefined ? {} : { charset: characters }) }),
    ...(text === undefined ? [] : [['collation', text] as const]),
  ]
    .map(([key, value]) => tableOption(key, value))
    .concat(versioningClause(options), partitionBy === undefined ? [] : [`PARTITION BY ${String(partitionBy)}`]);
}

/** `ENGINE=MyISAM` */
export function tableOption(key: string, value: string | boolean): string {
  const word = OPTION_WORDS[key] ?? key.toUpperCase();
  if (typeof value === 'boolean') return `${word}=${value ? 1 : 0}`;
  return `${word}=${QUOTED.has(key) ? quoteString(value) : value}`;
}

/** CREATE_OPTIONS of information_schema.TABLES: `row_format=COMPRESSED KEY_BLOCK_SIZE=8 partitioned`. */
export function readCreateOptions(text: string, engine: string): TableOptions {
  const keys = new Map(Object.entries(OPTION_WORDS).map(([key, word]) => [word.toLowerCase(), key]));
  return Object.fromEntries(
    [...text.matchAll(/`?(\w+)`?=(?:'([^']*)'|"([^"]*)"|(\S+))/g)].flatMap(([, word = '', single, double, bare]) => {
      const key = keys.get(word.toLowerCase());
      const value = single ?? double ?? bare ?? '';
      // Every table of Aria shows it.
      if (key === 'transactional' && value === '1' && engine === 'Aria') return [];
      return key === undefined ? [] : [[key, key === 'rowFormat' ? value.toUpperCase() : value]];
    }),
  );
}
