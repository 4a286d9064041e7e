/** https://dev.mysql.com/doc/refman/8.4/en/create-table.html, `table_option` */
import type { SetTableOptions } from '../../operations/operation.js';
import type { Table, TableOptions } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { withoutInvisible } from './invisible-columns.js';
import { OPTION_WORDS } from './option-words.js';
import { quoteString, quoteTable } from './sql.js';
import { versioningActions, versioningClause, withoutVersioning } from './system-versioning.js';
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

/** ALTER TABLE: options, then the history and partitions, which may be of it, in statements of their own. */
export function setTableOptions({ table, changes, existing }: SetTableOptions, live: Table | undefined): Statement[] {
  const { charset, collation, partitionBy, ...others } = withoutVersioning(withoutInvisible(changes));
  const history = changes['systemVersioning'];
  const before = existing?.['systemVersioning'] ?? live?.options['systemVersioning'];
  const actions = Object.entries(others).map(([key, value]) => tableOption(key, value ?? usualValue(key)));
  if (charset !== undefined || collation !== undefined) actions.push(characterAction(charset, collation));
  const alter = (action: string): Statement => ({ sql: `ALTER TABLE ${quoteTable(table)} ${action}` });
  return [
    ...(partitionBy === null ? [alter('REMOVE PARTITIONING')] : []),
    ...(actions.length === 0 ? [] : [alter(actions.join(', '))]),
    ...(history === undefined ? [] : versioningActions(before, history).map(alter)),
    ...(partitionBy == null ? [] : [alter(`PARTITION BY ${String(partitionBy)}`)]),
  ];
}

type Value = string | boolean | null | undefined;

/** Only the default of columns to come: each column says its own. */
function characterAction(charset: Value, collation: Value): string {
  if (collation == null) return `DEFAULT CHARACTER SET ${charset == null ? 'DEFAULT' : String(charset)}`;
  return `DEFAULT CHARACTER SET ${String(charset ?? charsetOf(String(collation)))} COLLATE ${String(collation)}`;
}

function tableOption(key: string, value: string | boolean): string {
  const word = OPTION_WORDS[key] ?? key.toUpperCase();
  if (typeof value === 'boolean') return `${word}=${value ? 1 : 0}`;
  return `${word}=${QUOTED.has(key) ? quoteString(value) : value}`;
}

/** The value that stands for saying nothing. */
function usualValue(key: string): string {
  switch (key) {
    case 'engine':
      return 'InnoDB';
    case 'compression':
      return 'NONE';
    case 'encryption':
      return 'N';
    case 'keyBlockSize':
    case 'maxRows':
    case 'minRows':
    case 'avgRowLength':
    case 'checksum':
    case 'delayKeyWrite':
      return '0';
    default:
      return 'DEFAULT';
  }
}

/** CREATE_OPTIONS of information_schema.TABLES: `row_format=COMPRESSED KEY_BLOCK_SIZE=8 partitioned`. */
export function readCreateOptions(text: string): TableOptions {
  const keys = new Map(Object.entries(OPTION_WORDS).map(([key, word]) => [word.toLowerCase(), key]));
  return Object.fromEntries(
    [...text.matchAll(/`?(\w+)`?=(?:'([^']*)'|"([^"]*)"|(\S+))/g)].flatMap(([, word = '', single, double, bare]) => {
      const key = keys.get(word.toLowerCase());
      const value = single ?? double ?? bare ?? '';
      return key === undefined ? [] : [[key, key === 'rowFormat' ? value.toUpperCase() : value]];
    }),
  );
}
