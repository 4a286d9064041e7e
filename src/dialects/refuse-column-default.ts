import { AludelError } from '../errors.js';
import { columnsOf } from '../schema/expressions/expression.js';
import { formatTableName } from '../schema/table-name.js';
import type { Column, Table } from '../schema/table.js';

/** @throws AludelError ALUDEL_MODELS_INVALID for a default that reads other columns, which MySQL and MariaDB alone know. */
export function refuseColumnDefault({ name, default: value }: Column, table: Table): void {
  const [read] = value === null ? [] : columnsOf(value);
  if (read === undefined) return;
  const label = formatTableName(table);
  throw new AludelError(
    'ALUDEL_MODELS_INVALID',
    `The default of column "${name}" in table "${label}" reads the column "${read}".`,
    {
      hint: 'A default sees no other column: use .generatedAs(...) for a value that follows it, or .default(...) for one that begins as it.',
      details: { table: label, column: name },
    },
  );
}
