/**
 * Operations of both sides as lines that can be compared: what is done to what, with the columns, the order, the target and the
 * actions. The text of types and expressions, which each tool writes its own way, is left out.
 */
import type { Operation } from '../../src/operations/operation.js';
import type { Constraint, Index, Table, TableName } from '../../src/schema/table.js';
import { type AutogenerateCase, type CaseOperation, readIndexPart } from './autogenerate-cases.js';

export interface OperationLine {
  readonly op: string;
  /** With its namespace, unless that is the default one. */
  readonly table: string;
  /** Of the column, index or constraint; empty for a table, and for what has none. */
  readonly name: string;
  readonly detail: string;
}

export function lineText({ op, table, name, detail }: OperationLine): string {
  return [op, table, name, detail].filter((word) => word !== '').join(' ');
}

export function keyOf({ namespace, name }: TableName): string {
  return namespace === null ? name : `${namespace}.${name}`;
}

/** The default namespace has no name. */
export function homeOf(schema: string | null | undefined, { dialect }: AutogenerateCase): string | null {
  return schema === 'public' && dialect === 'postgresql' ? null : (schema ?? null);
}

export function describeExpected(operations: readonly CaseOperation[], one: AutogenerateCase): OperationLine[] {
  return operations.map((operation) => {
    const namespace = homeOf(operation.schema ?? operation.source_schema, one);
    const table = keyOf({ namespace, name: operation.table });
    const name = operation.column ?? operation.name ?? '';
    return uniqueAsIndex({ op: operation.op, table, name, detail: detailOf(operation, one) }, one);
  });
}

/** On MariaDB a unique constraint is an index, and Alembic calls it by either name. */
function uniqueAsIndex(line: OperationLine, { dialect }: AutogenerateCase): OperationLine {
  if (dialect !== 'mariadb') return line;
  if (line.op === 'createUniqueConstraint') return { ...line, op: 'createIndex', detail: `unique ${line.detail}` };
  const isDropped = line.op === 'dropConstraint' && line.detail === 'unique';
  return isDropped ? { ...line, op: 'dropIndex', detail: '' } : line;
}

function detailOf(operation: CaseOperation, one: AutogenerateCase): string {
  switch (operation.op) {
    case 'createTableComment':
      return JSON.stringify(operation.comment);
    case 'addColumn':
      return nullability(operation.nullable);
    case 'alterColumn':
      return changeWords({
        ...('type' in operation ? { type: null } : {}),
        ...('nullable' in operation ? { nullable: operation.nullable } : {}),
        ...('serverDefault' in operation ? { serverDefault: null } : {}),
        ...('comment' in operation ? { comment: operation.comment } : {}),
      });
    case 'createIndex': {
      const columns = columnsOf(one, operation);
      const parts = (operation.on ?? []).map((part) => {
        const { column, descending, nulls } = readIndexPart(part, columns);
        return partWords(column, descending, nulls !== null && (nulls === 'first') !== descending ? nulls : null);
      });
      return indexWords(operation.unique === true, parts);
    }
    case 'createUniqueConstraint':
      return `(${(operation.columns ?? []).join(', ')})`;
    case 'createForeignKey':
      return foreignKeyWords({
        columns: operation.columns ?? [],
        target: keyOf({ namespace: homeOf(operation.referent_schema, one), name: operation.refTable ?? '' }),
        targetColumns: operation.refColumns ?? [],
        onDelete: operation.ondelete,
        onUpdate: operation.onupdate,
        isDeferrable: operation.deferrable === true || operation.initially?.toLowerCase() === 'deferred',
        isDeferred: operation.initially?.toLowerCase() === 'deferred',
      });
    case 'dropConstraint':
      return (operation.type ?? '').replace('foreignkey', 'foreignKey');
    default:
      return '';
  }
}

/** An index of a new or dropped table is an operation of its own, as Alembic has it; a unique one of MariaDB is an index. */
export function describeFound(operations: readonly Operation[], one: AutogenerateCase): OperationLine[] {
  const lines = operations.flatMap((operation): OperationLine[] => {
    const { kind } = operation;
    const line = (on: TableName, op: string = kind, name = '', detail = ''): OperationLine => ({
      op,
      table: keyOf(on),
      name,
      detail,
    });
    switch (operation.kind) {
      case 'createTable':
        return [line(operation.table), ...operation.table.indexes.map((index) => createdIndex(operation.table, index))];
      case 'dropTable': {
        const gone = operation.existing === null ? [] : indexesOf(operation.existing, one);
        return [...gone.map((name) => line(operation.table, 'dropIndex', name)), line(operation.table)];
      }
      case 'addColumn':
        return [line(operation.table, kind, operation.column.name, nullability(operation.column.nullable))];
      case 'dropColumn':
        return [line(operation.table, kind, operation.column)];
      case 'alterColumn': {
        const { changes } = operation;
        const isDefault = 'default' in changes || 'generation' in changes || 'onUpdate' in changes;
        const detail = changeWords({
          // With SQLAlchemy a collation is a part of the type.
          ...('type' in changes || 'collation' in changes ? { type: null } : {}),
          ...('nullable' in changes ? { nullable: changes.nullable } : {}),
          ...(isDefault ? { serverDefault: null } : {}),
          ...('comment' in changes ? { comment: changes.comment } : {}),
          ...('generated' in changes ? { generated: null } : {}),
        });
        return [line(operation.table, kind, operation.column, detail)];
      }
      case 'createIndex':
        return [createdIndex(operation.table, operation.index)];
      case 'dropIndex':
        return [line(operation.table, kind, operation.name)];
      // Alembic drops and creates what has another name.
      case 'renameIndex': {
        const { existing, table, name, to } = operation;
        if (existing === null) return [line(table, kind, name)];
        return [line(table, 'dropIndex', name), createdIndex(table, { ...existing, name: to })];
      }
      case 'renameConstraint': {
        const { existing, table, name, to } = operation;
        if (existing === null) return [line(table, kind, name)];
        return [line(table, 'dropConstraint', name, existing.kind), addedConstraint(table, { ...existing, name: to })];
      }
      case 'addConstraint':
        return [addedConstraint(operation.table, operation.constraint)];
      case 'dropConstraint':
        return [line(operation.table, kind, operation.name ?? '', operation.existing?.kind ?? '')];
      case 'setTableComment':
        return [
          operation.comment === null
            ? line(operation.table, 'dropTableComment')
            : line(operation.table, 'createTableComment', '', JSON.stringify(operation.comment)),
        ];
      // Alembic makes a type with the table or column that has it.
      case 'createEnum':
        return [];
      default:
        return [{ op: kind, table: '', name: '', detail: '' }];
    }
  });
  return lines.map((line) => uniqueAsIndex(line, one));
}

function columnsOf({ db, model }: AutogenerateCase, { table, schema }: CaseOperation): string[] {
  return [...model, ...db]
    .filter((one) => one.name === table && (one.schema ?? null) === (schema ?? null))
    .flatMap(({ columns }) => columns.map(({ name }) => name));
}

function indexesOf(table: Table, { dialect }: AutogenerateCase): string[] {
  const uniques = dialect === 'mariadb' ? table.uniques.flatMap(({ name }) => name ?? []) : [];
  return [...table.indexes.map(({ name }) => name), ...uniques];
}

function nullability(nullable: boolean | undefined): string {
  return nullable === false ? 'not null' : '';
}

/** What is `null` is changed, to a value that each tool writes its own way. */
function changeWords(changes: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(changes).map(([aspect, value]) =>
    ['nullable', 'comment'].includes(aspect) ? `${aspect} ${JSON.stringify(value ?? null)}` : aspect,
  );
  return `(${words.join(', ')})`;
}

function partWords(column: string | null, descending: boolean, nulls: 'first' | 'last' | null): string {
  return `${column ?? '...'}${descending ? ' desc' : ''}${nulls === null ? '' : ` nulls ${nulls}`}`;
}

function indexWords(unique: boolean, parts: readonly string[]): string {
  return `${unique ? 'unique ' : ''}(${parts.join(', ')})`;
}

function createdIndex(table: TableName, { name, unique, parts }: Index): OperationLine {
  const words = parts.map(({ expression, descending, nulls }) =>
    partWords(expression.kind === 'column' ? expression.name : null, descending, nulls ?? null),
  );
  return { op: 'createIndex', table: keyOf(table), name, detail: indexWords(unique, words) };
}

interface ForeignKeyWords {
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string | undefined;
  readonly onUpdate: string | undefined;
  readonly isDeferrable: boolean;
  readonly isDeferred: boolean;
}

function foreignKeyWords(words: ForeignKeyWords): string {
  const action = (event: string, value = 'no action'): string =>
    value.toLowerCase() === 'no action' ? '' : ` on ${event} ${value.toLowerCase()}`;
  return [
    `(${words.columns.join(', ')}) to ${words.target} (${words.targetColumns.join(', ')})`,
    action('delete', words.onDelete),
    action('update', words.onUpdate),
    words.isDeferrable ? ' deferrable' : '',
    words.isDeferred ? ' deferred' : '',
  ].join('');
}

const METHODS = {
  primaryKey: 'createPrimaryKey',
  unique: 'createUniqueConstraint',
  foreignKey: 'createForeignKey',
  check: 'createCheckConstraint',
  exclusion: 'createExclusionConstraint',
} as const;

function addedConstraint(table: TableName, constraint: Constraint): OperationLine {
  return {
    op: METHODS[constraint.kind],
    table: keyOf(table),
    name: constraint.name ?? '',
    detail: constraintWords(constraint),
  };
}

function constraintWords(constraint: Constraint): string {
  if (constraint.kind === 'unique') return `(${constraint.columns.join(', ')})`;
  if (constraint.kind !== 'foreignKey') return '';
  const { deferrable } = constraint;
  return foreignKeyWords({
    ...constraint,
    target: keyOf(constraint.target),
    isDeferrable: deferrable !== null,
    isDeferred: deferrable === 'deferred',
  });
}
