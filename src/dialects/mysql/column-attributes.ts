/**
 * What columns say to engines, as options of their table, in the server's words: `columnAttributes price: 'COLUMN_FORMAT FIXED'`.
 * MODIFY takes off what it does not say.
 */
import type { TableOptions } from '../../schema/table.js';
import type { ShownColumn } from './show-create.js';

const PREFIX = 'columnAttributes ';

export function attributesOf(options: TableOptions, column: string): string {
  const value = options[`${PREFIX}${column}`];
  return typeof value === 'string' ? value : '';
}

export function readAttributes(columns: readonly ShownColumn[]): TableOptions {
  const said = columns.filter(({ attributes }) => attributes !== '');
  return Object.fromEntries(said.map(({ name, attributes }) => [`${PREFIX}${name}`, attributes]));
}
