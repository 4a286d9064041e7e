import type { ServerVersion } from '../../engine/connection.js';
import type { SetTableOptions } from '../../operations/operation.js';
import { isTextType } from '../../schema/is-text-type.js';
import type { Column, Table, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';
import { periodOf, printPeriod } from './application-period.js';
import { featuresOf } from './features.js';
import { restateColumn } from './restate-column.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';
import { versioningActions } from './system-versioning.js';
import { tableOption, usualOptions } from './table-options.js';
import { charsetOf } from './types.js';

/** ALTER TABLE: options, then the history and partitions, which may be of it, in statements of their own. */
export function setTableOptions(
  operation: SetTableOptions,
  live: Table | undefined,
  server: ServerVersion,
): Statement[] {
  const { table, changes, existing } = operation;
  if (changes['dataDirectory'] !== undefined || changes['indexDirectory'] !== undefined) {
    refuse(operation, 'only a table that is made anew lies in another directory');
  }
  const { charset, collation, partitionBy, ...others } = usualOptions(changes);
  const history = changes['systemVersioning'];
  const before = { ...live?.options, ...existing };
  const actions = Object.entries(others).map(([key, value]) => tableOption(key, value ?? usualValue(key)));
  const alter = (action: string): Statement => ({ sql: `ALTER TABLE ${quoteTable(table)} ${action}` });
  const isText = charset !== undefined || collation !== undefined;
  const following = isText ? heirs(live, server) : [];
  const isUsualText = isText && charset == null && collation == null;
  if (isText && !isUsualText) actions.push(characterAction(charset, collation), ...following);
  return [
    ...(partitionBy === null ? [alter('REMOVE PARTITIONING')] : []),
    ...(actions.length === 0 ? [] : [alter(actions.join(', '))]),
    ...(isUsualText ? takeUsualText(table, following, server) : []),
    ...periodActions(before['period'], changes['period']).map(alter),
    ...(history === undefined ? [] : versioningActions(before['systemVersioning'], history).map(alter)),
    ...(partitionBy == null ? [] : [alter(`PARTITION BY ${String(partitionBy)}`)]),
  ];
}

type Value = string | boolean | null | undefined;

function periodActions(from: Value, to: Value): string[] {
  if (to === undefined) return [];
  const [known, wanted] = [from, to].map((period) => (typeof period === 'string' ? periodOf({ period }) : null));
  const drop = known == null ? [] : [`DROP PERIOD FOR ${quoteIdentifier(known.name)}`];
  const add = wanted == null ? [] : [`ADD PERIOD FOR ${printPeriod(wanted)}`];
  return [[...drop, ...add].join(', ')].filter((action) => action !== '');
}

/** The table's own words are for columns to come: one that says nothing follows when it is said again. */
function heirs(live: Table | undefined, server: ServerVersion): string[] {
  if (live === undefined) return [];
  const isHeir = ({ type, collation }: Column): boolean =>
    collation === null && isTextType(type) && !(type.kind === 'uuid' && featuresOf(server).uuid);
  return live.columns.filter(isHeir).map((column) => `MODIFY ${restateColumn(column, live, server)}`);
}

function characterAction(charset: Value, collation: Value): string {
  if (collation == null) return `DEFAULT CHARACTER SET ${String(charset)}`;
  return `DEFAULT CHARACTER SET ${String(charset ?? charsetOf(String(collation)))} COLLATE ${String(collation)}`;
}

/** Only the database knows its own collation, and MySQL has no word for it here. */
function takeUsualText(table: TableName, following: readonly string[], server: ServerVersion): Statement[] {
  const rest = following.map((action) => `, ${action}`).join('');
  const head = quoteString(`ALTER TABLE ${quoteTable(table)} DEFAULT COLLATE `);
  const statement = `CONCAT(${head}, @@collation_database${rest === '' ? '' : `, ${quoteString(rest)}`})`;
  if (featuresOf(server).isMariadb) return [{ sql: `EXECUTE IMMEDIATE ${statement}` }];
  return [
    { sql: `SET @aludel_sql = ${statement}` },
    { sql: 'PREPARE aludel_statement FROM @aludel_sql' },
    { sql: 'EXECUTE aludel_statement' },
    { sql: 'DEALLOCATE PREPARE aludel_statement' },
  ];
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
    case 'engineAttribute':
    case 'secondaryEngineAttribute':
    case 'connection':
      return '';
    case 'secondaryEngine':
      return 'NULL';
    case 'tablespace':
      return 'innodb_file_per_table';
    case 'insertMethod':
      return 'NO';
    case 'union':
      return '()';
    case 'keyBlockSize':
    case 'maxRows':
    case 'minRows':
    case 'avgRowLength':
    case 'checksum':
    case 'delayKeyWrite':
    case 'autoextendSize':
      return '0';
    default:
      return 'DEFAULT';
  }
}
