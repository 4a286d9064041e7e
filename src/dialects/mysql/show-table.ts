import { randomBytes } from 'node:crypto';
import type { Connection } from '../../engine/connection.js';
import { isRefusedStatement } from '../../errors.js';
import { verbatim } from '../../schema/expressions/expression.js';
import { textOf } from '../row.js';
import { parseShowCreate, type ShownColumn, type ShownTable } from './show-create.js';
import { isBinaryType } from './spelling.js';
import { quoteIdentifier } from './sql.js';

/** SHOW CREATE TABLE. `tidy` changes its text before it is read; default: not at all. */
export async function showTable(
  connection: Connection,
  name: string,
  tidy: (text: string) => string = (text) => text,
): Promise<ShownTable> {
  const { rows } = await connection.execute(`SHOW CREATE TABLE ${quoteIdentifier(name)}`);
  const shown = parseShowCreate(tidy(textOf(rows[0] ?? {}, 'Create Table')), connection.server);
  const garbled = connection.dialect === 'mariadb' ? shown.columns.filter(isGarbled) : [];
  if (garbled.length === 0) return shown;
  const bytes = await readBytes(connection, name, garbled);
  return {
    ...shown,
    columns: shown.columns.map((column) => {
      const known = bytes.get(column.name);
      return known === undefined ? column : { ...column, default: verbatim(`0x${known}`) };
    }),
  };
}

/** MariaDB shows the default of a BINARY or VARBINARY as text: bytes that are none are question marks by now. */
function isGarbled({ type, default: value }: ShownColumn): boolean {
  return isBinaryType(type) && value?.kind === 'verbatim' && value.text.includes('?');
}

/**
 * Hexadecimal, by the name of the column: a temporary table of the same columns takes a row of defaults. For an account that may make
 * none the defaults stay as they were shown.
 */
async function readBytes(
  connection: Connection,
  table: string,
  columns: readonly ShownColumn[],
): Promise<ReadonlyMap<string, string>> {
  const scratch = quoteIdentifier(`aludel_${randomBytes(9).toString('hex')}`);
  const names = columns.map(({ name }) => quoteIdentifier(name));
  try {
    await connection.execute(
      `CREATE TEMPORARY TABLE ${scratch} AS SELECT ${names.join(', ')} FROM ${quoteIdentifier(table)} LIMIT 0`,
    );
  } catch (error) {
    if (isRefusedStatement(error)) return new Map();
    throw error;
  }
  try {
    await connection.execute(`INSERT INTO ${scratch} VALUES ()`);
    const values = names.map((name, i) => `HEX(${name}) AS value_${i}`);
    const { rows } = await connection.execute(`SELECT ${values.join(', ')} FROM ${scratch}`);
    return new Map(columns.map(({ name }, i) => [name, textOf(rows[0] ?? {}, `value_${i}`)]));
  } finally {
    await connection.execute(`DROP TEMPORARY TABLE ${scratch}`);
  }
}
