/** What a table says beside its columns, constraints and indexes: rows of the catalog as `Table.options`. */
import type { Row } from '../../engine/connection.js';
import type { TableOptions } from '../../schema/table.js';
import { flagOf, textOf, textOrNull, textsOf } from '../row.js';

/**
 * Keys that say nothing special are absent. `columns` is what `readColumnOptions` gives of the table's columns, `keys` are
 * the rows of its indexes and constraints.
 */
export function readTableOptions(table: Row, columns: TableOptions, keys: readonly Row[]): TableOptions {
  const [method, tablespace] = [textOrNull(table, 'method'), textOrNull(table, 'tablespace')];
  const [partitionBy, bound] = [textOrNull(table, 'partition_by'), textOrNull(table, 'bound')];
  const ofType = textOrNull(table, 'of_type');
  const parents = textsOf(table, 'parent_names').join(', ');
  const clustered = keys.find((key) => flagOf(key, 'clustered'));
  const identity = replicaIdentity(textOf(table, 'identity'), keys);
  return {
    ...(textOf(table, 'persistence') === 'u' ? { unlogged: true } : {}),
    ...(flagOf(table, 'row_security') ? { rowSecurity: true } : {}),
    ...(flagOf(table, 'forced') ? { forceRowSecurity: true } : {}),
    ...(partitionBy === null ? {} : { partitionBy }),
    ...(bound === null ? {} : { partitionOf: `${parents} ${bound}` }),
    ...(bound !== null || parents === '' ? {} : { inherits: parents }),
    ...(ofType === null ? {} : { ofType }),
    ...(method === null ? {} : { method }),
    ...(tablespace === null ? {} : { tablespace }),
    ...(clustered === undefined ? {} : { clusterOn: textOf(clustered, 'name') }),
    ...(identity === null ? {} : { replicaIdentity: identity }),
    ...Object.fromEntries(
      textsOf(table, 'storage').map((option) => {
        const at = option.indexOf('=');
        return [`storage ${option.slice(0, at)}`, option.slice(at + 1)];
      }),
    ),
    ...columns,
    ...partOptions('indexComment', 'index_comment', keys),
    ...partOptions('indexStatistics', 'statistics', keys),
  };
}

/** What is said of an index, and is no word of the key that it may belong to. */
function partOptions(option: string, field: string, keys: readonly Row[]): TableOptions {
  return Object.fromEntries(
    keys.flatMap((key): [string, string][] => {
      const value = textOrNull(key, field);
      return value === null ? [] : [[`${option} ${textOf(key, 'name')}`, value]];
    }),
  );
}

/** pg_class.relreplident */
function replicaIdentity(letter: string, keys: readonly Row[]): string | null {
  if (letter === 'f') return 'FULL';
  if (letter === 'n') return 'NOTHING';
  if (letter !== 'i') return null;
  const index = keys.find((key) => flagOf(key, 'replica_identity'));
  return index === undefined ? null : `USING INDEX "${textOf(index, 'name').replaceAll('"', '""')}"`;
}

/** pg_attribute.attstorage and attcompression */
const STORAGE: Readonly<Record<string, string>> = { p: 'PLAIN', e: 'EXTERNAL', x: 'EXTENDED', m: 'MAIN' };
const COMPRESSION: Readonly<Record<string, string>> = { p: 'pglz', l: 'lz4' };

/** What the table's options hold of a column; `rare` is that field of its row. */
export function readColumnOptions(name: string, rare: Row): TableOptions {
  const storage = STORAGE[textOf(rare, 'storage')];
  const compression = COMPRESSION[textOf(rare, 'compression')];
  const statistics = textOrNull(rare, 'statistics');
  const options = textsOf(rare, 'options').join(', ');
  return {
    ...(storage === undefined ? {} : { [`columnStorage ${name}`]: storage }),
    ...(compression === undefined ? {} : { [`columnCompression ${name}`]: compression }),
    ...(statistics === null ? {} : { [`columnStatistics ${name}`]: statistics }),
    ...(options === '' ? {} : { [`columnOptions ${name}`]: options }),
  };
}
