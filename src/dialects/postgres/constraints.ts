/** https://www.postgresql.org/docs/current/sql-altertable.html, `table_constraint` */
import type { ValidateConstraint } from '../../operations/operation.js';
import {
  type Check,
  type Constraint,
  constraintsOf,
  type Deferrable,
  type Exclusion,
  type ExclusionElement,
  type ForeignKey,
  type PrimaryKey,
  type TableName,
  type Unique,
} from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { refuse, requireTable } from '../dispatch.js';
import { commentOnPart } from './comments.js';
import { render } from './expressions.js';
import { attachParts, partDefinition, storageClause } from './indexes.js';
import { quoteIdentifier, quoteList, quoteTable } from './sql.js';

/** ALTER TABLE ... ADD, and the comment. */
export function addConstraint(table: TableName, constraint: Constraint): Statement[] {
  const notValid = isNotValid(constraint) ? ' NOT VALID' : '';
  const key = 'only' in constraint ? constraint : undefined;
  return [
    {
      sql: `ALTER TABLE ${key === undefined ? '' : 'ONLY '}${quoteTable(table)} ADD ${constraintDefinition(constraint)}${notValid}`,
    },
    ...(key === undefined ? [] : attachParts(table, key)),
    ...commentOnConstraint(table, constraint),
  ];
}

/** The way back makes the constraint anew, in one statement that looks at no row. */
export function validateConstraint(operation: ValidateConstraint, context: CompileContext): Statement[] {
  const { table, isValid } = operation;
  const [alter, name] = [`ALTER TABLE ${quoteTable(table)}`, quoteIdentifier(operation.name)];
  if (isValid) return [{ sql: `${alter} VALIDATE CONSTRAINT ${name}` }];
  const known = operation.existing ?? findConstraint(operation, context);
  if (known.kind !== 'check' && known.kind !== 'foreignKey') {
    return refuse(operation, 'only foreign keys and checks can leave rows out');
  }
  const constraint = { ...known, notValid: true as const };
  return [
    { sql: `${alter} DROP CONSTRAINT ${name}, ADD ${constraintDefinition(constraint)} NOT VALID` },
    ...commentOnConstraint(table, constraint),
  ];
}

function findConstraint(operation: ValidateConstraint, context: CompileContext): Constraint {
  const constraints = constraintsOf(requireTable(operation.table, operation, context));
  return (
    constraints.find(({ name }) => name === operation.name) ?? refuse(operation, 'the table has no such constraint')
  );
}

/** True for a constraint that rows from before need not meet: only ALTER TABLE can say so. */
export function isNotValid(constraint: Constraint): boolean {
  return 'notValid' in constraint;
}

export function commentOnConstraint(table: TableName, { name, comment }: Constraint): Statement[] {
  return comment === undefined || name === null ? [] : [commentOnPart('constraint', table, name, comment)];
}

/** `CONSTRAINT "name" UNIQUE (...)`; a constraint without a name gets the server's. */
export function constraintDefinition(constraint: Constraint): string {
  const name = constraint.name === null ? '' : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  return name + definitionOf(constraint);
}

function definitionOf(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'primaryKey':
      return `PRIMARY KEY (${keyColumns(constraint)})${indexClauses(constraint)}`;
    case 'unique': {
      const nulls = constraint.nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : '';
      return `UNIQUE${nulls} (${keyColumns(constraint)})${indexClauses(constraint)}`;
    }
    case 'check':
      return `CHECK (${render(constraint.expression)})${constraint.noInherit === true ? ' NO INHERIT' : ''}${enforcement(constraint)}`;
    case 'exclusion': {
      const elements = constraint.elements.map(exclusionElement).join(', ');
      const where = constraint.where === null ? '' : ` WHERE (${render(constraint.where)})`;
      return `EXCLUDE USING ${quoteIdentifier(constraint.method)} (${elements})${indexParts(constraint)}${where}${deferral(constraint.deferrable)}`;
    }
    case 'foreignKey':
      return foreignKeyDefinition(constraint);
  }
}

function foreignKeyDefinition(key: ForeignKey): string {
  const target = `${quoteTable(key.target)} (${periodColumns(key, key.targetColumns)})`;
  const match = key.match === undefined ? '' : ` MATCH ${key.match.toUpperCase()}`;
  const only = key.onDeleteColumns === undefined ? '' : ` (${quoteList(key.onDeleteColumns)})`;
  const onDelete = key.onDelete === 'no action' ? '' : ` ON DELETE ${key.onDelete.toUpperCase()}${only}`;
  const onUpdate = key.onUpdate === 'no action' ? '' : ` ON UPDATE ${key.onUpdate.toUpperCase()}`;
  const rest = `${match}${onDelete}${onUpdate}${deferral(key.deferrable ?? undefined)}${enforcement(key)}`;
  return `FOREIGN KEY (${periodColumns(key, key.columns)}) REFERENCES ${target}${rest}`;
}

/** https://www.postgresql.org/docs/18/sql-createtable.html: the range comes last. */
function keyColumns({ columns, period }: PrimaryKey | Unique): string {
  return `${quoteList(columns)}${period === true ? ' WITHOUT OVERLAPS' : ''}`;
}

function periodColumns({ period }: ForeignKey, columns: readonly string[]): string {
  if (period !== true) return quoteList(columns);
  return [
    ...columns.slice(0, -1).map(quoteIdentifier),
    ...columns.slice(-1).map((name) => `PERIOD ${quoteIdentifier(name)}`),
  ].join(', ');
}

function indexClauses(key: PrimaryKey | Unique): string {
  return indexParts(key) + deferral(key.deferrable);
}

function indexParts({ include, storage }: PrimaryKey | Unique | Exclusion): string {
  const carried = include === undefined ? '' : ` INCLUDE (${quoteList(include)})`;
  return carried + storageClause(storage, 'USING INDEX TABLESPACE');
}

/** https://www.postgresql.org/docs/18/sql-createtable.html */
function enforcement({ notEnforced }: ForeignKey | Check): string {
  return notEnforced === true ? ' NOT ENFORCED' : '';
}

function deferral(deferrable: Deferrable | undefined): string {
  return deferrable === undefined ? '' : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
}

function exclusionElement({ operator, descending, ...part }: ExclusionElement): string {
  return `${partDefinition({ ...part, descending: descending === true, length: null })} WITH ${operator}`;
}
