import type { RenameConstraint } from '../../operations/operation.js';
import { constraintsOf, type TableName } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse, requireTable } from '../dispatch.js';
import { constraintDefinition } from './create-table.js';
import { featuresOf } from './features.js';
import { keysWithImplicitIndex } from './implicit-index.js';
import { quoteIdentifier, quoteTable } from './sql.js';

/** A unique constraint is an index; other constraints leave and come back under the new name in one statement. */
export function renameConstraint(operation: RenameConstraint, context: CompileContext): Statement[] {
  const { table: name, to } = operation;
  const table = requireTable(name, operation, context);
  const constraint = constraintsOf(table).find((known) => known.name === operation.name);
  if (constraint === undefined) return refuse(operation, 'the table has no such constraint');
  const added = `ADD ${constraintDefinition({ ...constraint, name: to })}`;
  const old = quoteIdentifier(operation.name);
  const alter = (actions: readonly string[]): Statement => ({
    sql: `ALTER TABLE ${quoteTable(name)} ${actions.join(', ')}`,
  });
  switch (constraint.kind) {
    case 'primaryKey':
      return [];
    case 'unique':
      return [{ sql: renameKey(name, operation.name, to) }];
    case 'check':
      return [alter([`${featuresOf(context.server).isMariadb ? 'DROP CONSTRAINT' : 'DROP CHECK'} ${old}`, added])];
    case 'exclusion':
      return refuse(operation, 'this database has no exclusion constraints');
    case 'foreignKey': {
      // InnoDB names the index that it makes for a key like the key.
      const hasIndex = keysWithImplicitIndex(table).includes(constraint);
      const index = hasIndex && constraint.name !== null ? [{ sql: renameKey(name, constraint.name, to) }] : [];
      return [alter([`DROP FOREIGN KEY ${old}`]), ...index, alter([added])];
    }
  }
}

/** https://dev.mysql.com/doc/refman/8.4/en/alter-table.html; MariaDB 10.5.2+. */
export function renameKey(table: TableName, name: string, to: string): string {
  return `ALTER TABLE ${quoteTable(table)} RENAME INDEX ${quoteIdentifier(name)} TO ${quoteIdentifier(to)}`;
}
