/** The CREATE TABLE of a rebuild: all operations as edits of the text, with what one alone cannot know. */
import type { Operation } from '../../operations/operation.js';
import { constraintsOf, type Table } from '../../schema/table.js';
import { isNeverNull } from './create-table.js';
import { editTable, replaceConstraint } from './edit-table.js';
import { meaningOf } from './find-constraint.js';
import { layoutOf } from './layout.js';

/** A constraint without a name is dropped as the table has it, however the revision spells what it says. */
export function findUnnamed(operation: Operation, table: Table): Operation {
  if (operation.kind !== 'dropConstraint' || operation.name !== null || operation.existing === null) return operation;
  const { existing } = operation;
  const meaning = meaningOf(existing);
  const known = constraintsOf(table).find(
    (constraint) => constraint.name === null && constraint.kind === existing.kind && meaningOf(constraint) === meaning,
  );
  return known === undefined ? operation : { ...operation, existing: known };
}

/** A key that is laid out without NOT NULL, and takes no NULL all the same, goes on without it. */
function withoutImpliedNull(operation: Operation, after: Table): Operation {
  if (operation.kind !== 'alterColumn' || operation.changes.nullable !== false) return operation;
  const column = after.columns.find(({ name }) => name === operation.column);
  const words = column === undefined ? undefined : layoutOf(after, column.name);
  if (column === undefined || words === undefined || !isNeverNull(column, after)) return operation;
  if (words.some((word) => word.startsWith('not null'))) return operation;
  const { nullable: _implied, ...changes } = operation.changes;
  return { ...operation, changes };
}

/** The statement after all operations, of which `after` is made; what takes the place of a constraint stands where that stood. */
export function editAll(start: string, operations: readonly Operation[], after: Table): string {
  const edits = operations.map((operation) => withoutImpliedNull(operation, after));
  const done = new Set<Operation>();
  return edits.reduce((sql, operation) => {
    if (done.has(operation)) return sql;
    if (operation.kind !== 'dropConstraint') return editTable(sql, operation);
    for (const other of edits) {
      if (other.kind !== 'addConstraint' || done.has(other)) continue;
      const replaced = replaceConstraint(sql, operation, other.constraint);
      if (replaced === undefined) continue;
      done.add(other);
      return replaced;
    }
    return editTable(sql, operation);
  }, start);
}
