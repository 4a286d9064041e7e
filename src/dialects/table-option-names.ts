import type { DialectName } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { SetTableOptions } from '../operations/operation.js';
import { formatTableName } from '../schema/table-name.js';
import type { TableName, TableOptions } from '../schema/table.js';
import { findNearest } from '../util/edit-distance.js';
import { OPTION_WORDS } from './mysql/option-words.js';

const MYSQL: readonly string[] = [
  ...Object.keys(OPTION_WORDS),
  'partitionBy',
  'systemVersioning',
  'columnInvisible ',
  'columnUnversioned ',
  'columnAttributes ',
  'engineOption ',
  'period',
];

/** What the options of a table are called; those that end in a blank go on with a name. */
const NAMES: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: [
    'unlogged',
    'rowSecurity',
    'forceRowSecurity',
    'replicaIdentity',
    'clusterOn',
    'partitionBy',
    'partitionOf',
    'inherits',
    'ofType',
    'method',
    'tablespace',
    'storage ',
    'columnStorage ',
    'columnStatistics ',
    'columnCompression ',
    'columnOptions ',
    'columnNotNullComment ',
    'indexComment ',
    'indexStatistics ',
  ],
  sqlite: ['strict', 'withoutRowid', 'layout '],
  mysql: MYSQL,
  mariadb: MYSQL,
};

/**
 * Refuses options of a model that PostgreSQL or SQLite does not have: they would be passed over in silence. MySQL and
 * MariaDB are told every option in its own word, and refuse themselves.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED
 */
export function refuseUnknownOptions(table: TableName, options: TableOptions, database: DialectName): void {
  if (NAMES[database] !== MYSQL) refuseOthers(table, options, NAMES[database]);
}

/**
 * The same for a revision, which may have been written for another database: what one of them knows is passed over.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED
 */
export function refuseStrangeOptions(table: TableName, options: SetTableOptions['changes']): void {
  refuseOthers(table, options, Object.values(NAMES).flat());
}

function refuseOthers(table: TableName, options: SetTableOptions['changes'], names: readonly string[]): void {
  const unknown = Object.keys(options).find((key) => !isOneOf(names, key));
  if (unknown === undefined) return;
  const nearest = findNearest(unknown, names);
  const label = formatTableName(table);
  const known = [...new Set(names)].map((name) => (name.endsWith(' ') ? `${name}<name>` : name)).join(', ');
  throw new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `Table "${label}" has the option "${unknown}", which is none.`,
    {
      hint: nearest === undefined ? `Name one of these: ${known}.` : `Did you mean "${nearest.trim()}"?`,
      details: { table: label, option: unknown },
    },
  );
}

function isOneOf(names: readonly string[], key: string): boolean {
  return names.some((name) => (name.endsWith(' ') ? key.startsWith(name) : key === name));
}
