import type { ServerVersion } from '../../engine/connection.js';
import { renameColumn } from '../../operations/apply-rename.js';
import type { Table } from '../../schema/table.js';
import { restateColumn } from './restate-column.js';
import { mentions } from './around-column.js';
import { constraintDefinition, indexDefinition } from './create-table.js';
import { featuresOf } from './features.js';
import { quoteIdentifier } from './sql.js';

export interface ActionsAroundRename {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * The other actions of the ALTER TABLE that renames a column. MySQL refuses the new name while a check, a generated
 * column, a default or an index computes with the old one (errors 3959, 3108, 3766, 3837); MariaDB carries all of them along.
 * https://dev.mysql.com/doc/refman/8.4/en/alter-table.html#alter-table-redefine-column
 */
export function actionsAroundRename(
  table: Table,
  from: string,
  to: string,
  server: ServerVersion,
): ActionsAroundRename {
  if (featuresOf(server).isMariadb) return { before: [], after: [] };
  const renamed = renameColumn(
    { ...table, columns: table.columns.map((column) => (column.name === from ? { ...column, name: to } : column)) },
    from,
    to,
  );
  const checks = table.checks.filter((check) => mentions(check.expression, from));
  const indexes = table.indexes.filter((index) =>
    index.parts.some(({ expression }) => expression.kind !== 'column' && mentions(expression, from)),
  );
  const columns = table.columns.filter(
    ({ generated, default: value }) =>
      (generated !== null && mentions(generated.expression, from)) || (value !== null && mentions(value, from)),
  );
  const among = <T extends { readonly name: string | null }>(all: readonly T[], parts: readonly T[]): T[] =>
    all.filter((known) => parts.some(({ name }) => name === known.name));
  return {
    before: [
      ...indexes.map(({ name }) => `DROP INDEX ${quoteIdentifier(name)}`),
      ...checks.map(({ name }) => `DROP CHECK ${quoteIdentifier(name ?? '')}`),
    ],
    after: [
      ...among(renamed.columns, columns).map((column) => `MODIFY ${restateColumn(column, renamed, server)}`),
      ...among(renamed.checks, checks).map((check) => `ADD ${constraintDefinition(check)}`),
      ...among(renamed.indexes, indexes).map((index) => `ADD ${indexDefinition(index, renamed, server)}`),
    ],
  };
}
