import type { DialectName } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { formatTableName } from '../schema/table-name.js';
import type { TableName, TableOptions } from '../schema/table.js';
import { findNearest } from '../util/edit-distance.js';

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
    'method',
    'tablespace',
    'storage ',
    'columnStorage ',
    'columnStatistics ',
    'columnCompression ',
    'columnOptions ',
  ],
  sqlite: ['strict', 'withoutRowid', 'layout '],
  mysql: [],
  mariadb: [],
};

/**
 * Refuses options of a model that PostgreSQL or SQLite does not have: they would be passed over in silence. MySQL and
 * MariaDB are told every option in its own word, and refuse themselves.
 * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED
 */
export function refuseUnknownOptions(table: TableName, options: TableOptions, database: DialectName): void {
  const names = NAMES[database];
  if (names.length === 0) return;
  const unknown = Object.keys(options).find((key) => !isOneOf(names, key));
  if (unknown === undefined) return;
  const nearest = findNearest(unknown, names);
  const label = formatTableName(table);
  const known = names.map((name) => (name.endsWith(' ') ? `${name}<name>` : name)).join(', ');
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
