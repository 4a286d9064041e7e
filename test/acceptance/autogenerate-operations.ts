/** Operations of both sides as lines that can be compared: what is done to what, without the text of types and expressions. */
import type { Operation } from '../../src/operations/operation.js';
import type { Constraint, TableName } from '../../src/schema/table.js';
import type { AutogenerateCase, CaseOperation } from './autogenerate-cases.js';

const key = ({ namespace, name }: TableName): string => (namespace === null ? name : `${namespace}.${name}`);

export function describeExpected(operations: readonly CaseOperation[], { dialect }: AutogenerateCase): string[] {
  return operations.map((operation) => {
    const schema = operation.schema ?? operation.source_schema ?? null;
    const table = key({
      namespace: schema === 'public' && dialect === 'postgresql' ? null : schema,
      name: operation.table,
    });
    switch (operation.op) {
      case 'createTable':
      case 'dropTable':
      case 'createTableComment':
      case 'dropTableComment':
        return `${operation.op} ${table}`;
      case 'addColumn':
      case 'dropColumn':
        return `${operation.op} ${table}.${operation.column ?? ''}`;
      case 'alterColumn': {
        const aspects = ['type', 'nullable', 'serverDefault', 'comment'].filter((aspect) => aspect in operation);
        return `alterColumn ${table}.${operation.column ?? ''} (${aspects.join(', ')})`;
      }
      case 'createIndex':
      case 'dropIndex':
        return `${operation.op} ${table} ${operation.name ?? ''}`;
      case 'dropConstraint':
        return `dropConstraint ${table} ${(operation.type ?? '').replace('foreignkey', 'foreignKey')} ${operation.name ?? ''}`;
      default:
        return `${operation.op} ${table} ${operation.name ?? (operation.columns ?? []).join(',')}`;
    }
  });
}

/** An index of a new or dropped table is an operation of its own, as Alembic has it. */
export function describeFound(operations: readonly Operation[]): string[] {
  return operations.flatMap((operation): string[] => {
    switch (operation.kind) {
      case 'createTable':
        return [
          `createTable ${key(operation.table)}`,
          ...operation.table.indexes.map(({ name }) => `createIndex ${key(operation.table)} ${name}`),
        ];
      case 'dropTable':
        return [
          ...(operation.existing?.indexes ?? []).map(({ name }) => `dropIndex ${key(operation.table)} ${name}`),
          `dropTable ${key(operation.table)}`,
        ];
      case 'addColumn':
        return [`addColumn ${key(operation.table)}.${operation.column.name}`];
      case 'dropColumn':
        return [`dropColumn ${key(operation.table)}.${operation.column}`];
      case 'alterColumn': {
        const names = { default: 'serverDefault', generation: 'serverDefault' } as Readonly<Record<string, string>>;
        const changed = new Set(Object.keys(operation.changes).map((aspect) => names[aspect] ?? aspect));
        const aspects = ['type', 'nullable', 'serverDefault', 'comment', 'generated'].filter((one) => changed.has(one));
        return [`alterColumn ${key(operation.table)}.${operation.column} (${aspects.join(', ')})`];
      }
      case 'createIndex':
        return [`createIndex ${key(operation.table)} ${operation.index.name}`];
      case 'dropIndex':
        return [`dropIndex ${key(operation.table)} ${operation.name}`];
      // Alembic drops and creates what has another name.
      case 'renameIndex':
        return [
          `dropIndex ${key(operation.table)} ${operation.name}`,
          `createIndex ${key(operation.table)} ${operation.to}`,
        ];
      case 'renameConstraint': {
        const { existing, table, name, to } = operation;
        if (existing === null) return [`renameConstraint ${key(table)} ${name}`];
        return [droppedConstraint(table, existing, name), addedConstraint(table, { ...existing, name: to })];
      }
      case 'addConstraint':
        return [addedConstraint(operation.table, operation.constraint)];
      case 'dropConstraint': {
        const { existing, table, name } = operation;
        return existing === null ? [`dropConstraint ${key(table)}`] : [droppedConstraint(table, existing, name)];
      }
      case 'setTableComment':
        return [`${operation.comment === null ? 'dropTableComment' : 'createTableComment'} ${key(operation.table)}`];
      default:
        return [operation.kind];
    }
  });
}

const METHODS = {
  primaryKey: 'createPrimaryKey',
  unique: 'createUniqueConstraint',
  foreignKey: 'createForeignKey',
  check: 'createCheckConstraint',
  exclusion: 'createExclusionConstraint',
} as const;

function addedConstraint(table: TableName, constraint: Constraint): string {
  const columns = 'columns' in constraint ? constraint.columns.join(',') : '';
  return `${METHODS[constraint.kind]} ${key(table)} ${constraint.name ?? columns}`;
}

function droppedConstraint(table: TableName, { kind }: Constraint, name: string | null): string {
  return `dropConstraint ${key(table)} ${kind} ${name ?? ''}`;
}
