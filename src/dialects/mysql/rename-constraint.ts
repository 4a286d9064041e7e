import type { Operation, RenameConstraint } from '../../operations/operation.js';
import { type Check, constraintsOf, type Table, type TableName } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse, requireTable } from '../dispatch.js';
import { constraintDefinition } from './create-table.js';
import { featuresOf } from './features.js';
import { keysWithImplicitIndex } from './implicit-index.js';
import { restateColumn } from './restate-column.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** A unique constraint is an index; other constraints leave and come back under the new name in one statement. */
export function renameConstraint(operation: RenameConstraint, context: CompileContext): Statement[] {
  const { table: name, to } = operation;
  const table = requireTable(name, operation, context);
  const constraint = constraintsOf(table).find((known) => known.name === operation.name);
  if (constraint === undefined) return refuse(operation, 'the table has no such constraint');
  const added = `ADD ${constraintDefinition({ ...constraint, name: to })}`;
  const old = quoteIdentifier(operation.name);
  const alter = (actions: readonly string[], effect?: Operation): Statement => ({
    sql: `ALTER TABLE ${quoteTable(name)} ${actions.join(', ')}`,
    ...(effect === undefined ? {} : { effect }),
  });
  switch (constraint.kind) {
    case 'primaryKey':
      return [];
    case 'unique':
      return [{ sql: renameKey(name, operation.name, to) }];
    case 'check':
      return [alter(checkActions(constraint, operation, table, context))];
    case 'exclusion':
      return refuse(operation, 'this database has no exclusion constraints');
    case 'foreignKey': {
      // InnoDB names the index that it makes for a key like the key.
      const hasIndex = keysWithImplicitIndex(table).includes(constraint);
      const index: Statement[] =
        hasIndex && constraint.name !== null
          ? [
              {
                sql: renameKey(name, constraint.name, to),
                effect: { kind: 'renameIndex', table: name, name: constraint.name, to, existing: null },
              },
            ]
          : [];
      const gone = {
        kind: 'dropConstraint',
        table: name,
        name: operation.name,
        type: 'foreignKey',
        existing: null,
      } as const;
      const made = { kind: 'addConstraint', table: name, constraint: { ...constraint, name: to } } as const;
      return [alter([`DROP FOREIGN KEY ${old}`], gone), ...index, alter([added], made)];
    }
  }
}

/** A check that bears a column's name is that column's own on MariaDB: it is part of what MODIFY says. */
function checkActions(
  check: Check,
  { name, to }: RenameConstraint,
  table: Table,
  { server }: CompileContext,
): string[] {
  const { isMariadb } = featuresOf(server);
  const added = { ...check, name: to };
  if (!isMariadb) return [`DROP CHECK ${quoteIdentifier(name)}`, `ADD ${constraintDefinition(added)}`];
  const restate = (column: string, checks: readonly Check[]): string[] =>
    table.columns
      .filter((known) => known.name === column)
      .map((known) => `MODIFY ${restateColumn(known, { ...table, checks }, server)}`);
  const [left, joined] = [restate(name, []), restate(to, [added])];
  return [
    ...(left.length > 0 ? left : [`DROP CONSTRAINT ${quoteIdentifier(name)}`]),
    ...(joined.length > 0 ? joined : [`ADD ${constraintDefinition(added)}`]),
  ];
}

/** https://dev.mysql.com/doc/refman/8.4/en/alter-table.html; MariaDB 10.5.2+. */
export function renameKey(table: TableName, name: string, to: string): string {
  return `ALTER TABLE ${quoteTable(table)} RENAME INDEX ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`;
}
