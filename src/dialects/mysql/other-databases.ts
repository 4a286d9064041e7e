/** What statements can reach into from here: the other databases of the server. */
import type { Connection } from '../../engine/connection.js';
import { EMPTY_TABLE, type Table } from '../../schema/table.js';
import type { OtherDatabases } from '../dialect.js';
import { flagOf, groupRows, textOf } from '../row.js';
import { DATABASES, OTHER_COLUMNS } from './catalog.js';
import { readColumn } from './reflect.js';

/** Their tables with columns and nothing else, where one of the names is that of the database. */
export async function readOtherDatabases(connection: Connection, names: readonly string[]): Promise<OtherDatabases> {
  const databases = (await connection.execute(DATABASES)).rows;
  const here = databases.find((row) => flagOf(row, 'is_current'));
  const current = here === undefined ? null : textOf(here, 'name');
  // Whether a server tells the case of letters or not: one too many is only looked at.
  const said = new Set(names.map((name) => name.toLowerCase()));
  const asked = databases
    .map((row) => textOf(row, 'name'))
    .filter((name) => name !== current && said.has(name.toLowerCase()));
  if (asked.length === 0) return { current, tables: [] };
  const { rows } = await connection.execute(OTHER_COLUMNS(asked.map(() => '?').join(', ')), asked);
  const tables = [...groupRows(rows, 'namespace')].flatMap(([namespace, columns]) =>
    [...groupRows(columns, 'table_name')].map(([name, own]): Table => ({
      ...EMPTY_TABLE,
      namespace,
      name,
      columns: own.map((column) => readColumn(column, null, new Set(), connection.server)),
    })),
  );
  return { current, tables };
}
