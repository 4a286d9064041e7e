/** What a table says beside its columns and constraints, in PostgreSQL's words. https://www.postgresql.org/docs/current/sql-altertable.html */
import type { SetTableOptions } from '../../operations/operation.js';
import { parsePartitionOf } from '../../schema/partition-of.js';
import type { Table, TableName, TableOptions } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuseStrangeOptions } from '../table-option-names.js';
import { commentOnNotNull, commentOnPart } from './comments.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';

/** What an option begins with that is a storage parameter. */
const STORAGE = 'storage ';

type Value = string | boolean | null | undefined;

/** `UNLOGGED ` before TABLE, and what stands behind the columns. */
export function createClauses(options: TableOptions): { readonly before: string; readonly after: string } {
  const storage = Object.entries(options).flatMap(([key, value]) =>
    key.startsWith(STORAGE) ? [`${key.slice(STORAGE.length)} = ${quoteString(String(value))}`] : [],
  );
  const { partitionBy, method, tablespace, inherits } = options as Readonly<Record<string, Value>>;
  return {
    before: options['unlogged'] === true ? 'UNLOGGED ' : '',
    after: [
      inherits == null ? '' : ` INHERITS (${String(inherits)})`,
      partitionBy == null ? '' : ` PARTITION BY ${String(partitionBy)}`,
      method == null ? '' : ` USING ${quoteIdentifier(String(method))}`,
      storage.length === 0 ? '' : ` WITH (${storage.join(', ')})`,
      tablespace == null ? '' : ` TABLESPACE ${quoteIdentifier(String(tablespace))}`,
    ].join(''),
  };
}

/** What CREATE TABLE cannot say, or says of a partition only. */
export function optionsAfterCreate(table: Table): Statement[] {
  refuseStrangeOptions(table, table.options);
  const rest = Object.entries(table.options).filter(([key]) => !isInCreate(key));
  return rest.flatMap(([key, value]) => setOption(table, key, value, undefined));
}

export function setTableOptions({ table, changes, existing }: Omit<SetTableOptions, 'kind'>): Statement[] {
  refuseStrangeOptions(table, changes);
  const entries = Object.entries(changes);
  const storage = entries.filter(([key]) => key.startsWith(STORAGE));
  const rest = entries.filter(([key]) => !key.startsWith(STORAGE));
  return [
    ...rest.flatMap(([key, value]) => setOption(table, key, value, existing?.[key])),
    ...setStorage(table, Object.fromEntries(storage)),
  ];
}

/** In one statement: the server keeps the order. */
function setStorage(table: TableName, changes: SetTableOptions['changes']): Statement[] {
  const named = Object.entries(changes).map(([key, value]) => [key.slice(STORAGE.length), value] as const);
  const [gone, set] = [named.filter(([, value]) => value === null), named.filter(([, value]) => value !== null)];
  const alter = (action: string): Statement => ({ sql: `ALTER TABLE ${quoteTable(table)} ${action}` });
  return [
    ...(gone.length === 0 ? [] : [alter(`RESET (${gone.map(([name]) => name).join(', ')})`)]),
    ...(set.length === 0
      ? []
      : [alter(`SET (${set.map(([name, value]) => `${name} = ${quoteString(String(value))}`).join(', ')})`)]),
  ];
}

/** Takes a partition out of its table. */
export function detach(table: Table): Statement[] {
  const { partitionOf = null } = table.options;
  return setOption(table, 'partitionOf', null, partitionOf);
}

function isInCreate(key: string): boolean {
  return (
    ['unlogged', 'partitionBy', 'partitionOf', 'method', 'tablespace', 'inherits'].includes(key) ||
    key.startsWith(STORAGE)
  );
}

function setOption(table: TableName, key: string, value: Value, before: Value): Statement[] {
  const alter = (action: string): Statement[] => [{ sql: `ALTER TABLE ${quoteTable(table)} ${action}` }];
  // Each of its partitions and heirs has its own.
  const alterOnly = (action: string): Statement[] => [{ sql: `ALTER TABLE ONLY ${quoteTable(table)} ${action}` }];
  const isOn = value === true;
  const text = value == null ? null : String(value);
  const [, word = '', name = ''] = /^(\S+) (.*)$/s.exec(key) ?? [];
  const column = quoteIdentifier(name);
  switch (word === '' ? key : word) {
    case 'unlogged':
      return alter(isOn ? 'SET UNLOGGED' : 'SET LOGGED');
    case 'rowSecurity':
      return alter(isOn ? 'ENABLE ROW LEVEL SECURITY' : 'DISABLE ROW LEVEL SECURITY');
    case 'forceRowSecurity':
      return alter(isOn ? 'FORCE ROW LEVEL SECURITY' : 'NO FORCE ROW LEVEL SECURITY');
    case 'replicaIdentity':
      return alter(`REPLICA IDENTITY ${text ?? 'DEFAULT'}`);
    case 'method':
      return alter(`SET ACCESS METHOD ${text === null ? 'heap' : quoteIdentifier(text)}`);
    case 'tablespace':
      return alter(`SET TABLESPACE ${text === null ? 'pg_default' : quoteIdentifier(text)}`);
    case 'clusterOn':
      return alter(text === null ? 'SET WITHOUT CLUSTER' : `CLUSTER ON ${quoteIdentifier(text)}`);
    case 'columnStorage':
      return alter(`ALTER COLUMN ${column} SET STORAGE ${text ?? 'DEFAULT'}`);
    case 'columnCompression':
      return alter(`ALTER COLUMN ${column} SET COMPRESSION ${text ?? 'default'}`);
    case 'columnOptions':
      return alter(columnOptions(column, text, before == null ? null : String(before)));
    case 'partitionOf': {
      const [from, to] = [before, value].map((known) => (known == null ? null : parsePartitionOf(String(known))));
      const part = quoteTable(table);
      return [
        ...(from == null ? [] : [{ sql: `ALTER TABLE ${from.parent} DETACH PARTITION ${part}` }]),
        ...(to == null ? [] : [{ sql: `ALTER TABLE ${to.parent} ATTACH PARTITION ${part} ${to.bound}` }]),
      ];
    }
    case 'inherits':
      return [
        ...split(before)
          .filter((parent) => !split(value).includes(parent))
          .flatMap((parent) => alter(`NO INHERIT ${parent}`)),
        ...split(value)
          .filter((parent) => !split(before).includes(parent))
          .flatMap((parent) => alter(`INHERIT ${parent}`)),
      ];
    case 'ofType':
      return alter(text === null ? 'NOT OF' : `OF ${text}`);
    case 'columnStatistics':
      return alterOnly(`ALTER COLUMN ${column} SET STATISTICS ${text ?? '-1'}`);
    case 'columnNotNullComment':
      return [commentOnNotNull(table, name, text)];
    case 'indexComment':
      return [commentOnPart('index', table, name, text)];
    case 'indexStatistics':
      return indexTargets(text, before).map(([at, target]) => ({
        sql: `ALTER INDEX ${quoteTable({ namespace: table.namespace, name })} ALTER COLUMN ${at} SET STATISTICS ${target}`,
      }));
    default:
      return [];
  }
}

/** `1=500, 3=100`: those that are taken back first. */
function indexTargets(text: string | null, before: Value): [at: string, target: string][] {
  const read = (value: Value): Map<string, string> =>
    new Map(split(value).map((target): [string, string] => [target.split('=')[0] ?? '', target.split('=')[1] ?? '']));
  const [known, wanted] = [read(before), read(text)];
  return [
    ...[...known.keys()].filter((at) => !wanted.has(at)).map((at): [string, string] => [at, '-1']),
    ...[...wanted].filter(([at, target]) => known.get(at) !== target),
  ];
}

function columnOptions(column: string, text: string | null, before: string | null): string {
  if (text !== null) return `ALTER COLUMN ${column} SET (${text})`;
  const names = (before ?? '').split(', ').map((option) => option.slice(0, option.indexOf('=')));
  return `ALTER COLUMN ${column} RESET (${names.join(', ')})`;
}

function split(value: Value): string[] {
  return value == null ? [] : String(value).split(', ');
}
