import {
  type Constraint,
  constraintsOf,
  findObject,
  findTable,
  type Schema,
  type Table,
  type TableName,
} from '../schema/table.js';
import type { AlterColumn, Operation } from './operation.js';

/**
 * What a schema says of an operation: `after` when its effect is there, `before` when it is not, `repeatable` where that
 * cannot be told and running it again does no harm, `unknown` where nothing of it can be seen.
 */
export type Effect = 'before' | 'after' | 'repeatable' | 'unknown';

/** Whether an operation has taken effect, from the schema as it is now. */
export function tookEffect(operation: Operation, schema: Schema): Effect {
  switch (operation.kind) {
    case 'createNamespace':
      return whether(schema.namespaces.includes(operation.name));
    case 'dropNamespace':
      return whether(!schema.namespaces.includes(operation.name));
    case 'createTable':
      return whether(findTable(schema, operation.table) !== undefined);
    case 'dropTable':
      return whether(findTable(schema, operation.table) === undefined);
    case 'renameTable': {
      const to = { namespace: operation.table.namespace, name: operation.to };
      return whether(findTable(schema, to) !== undefined && findTable(schema, operation.table) === undefined);
    }
    case 'createObject':
      return whether(findObject(schema, operation.object) !== null);
    case 'dropObject':
      return whether(findObject(schema, operation.object) === null);
    case 'createSequence':
      return whether(hasSequence(schema, operation.sequence));
    case 'dropSequence':
      return whether(!hasSequence(schema, operation.sequence));
    case 'renameSequence': {
      const { namespace } = operation.sequence;
      return whether(
        hasSequence(schema, { namespace, name: operation.to }) && !hasSequence(schema, operation.sequence),
      );
    }
    // They say the whole of what they change.
    case 'setTableComment':
    case 'setComment':
    case 'alterSequence':
    case 'renameEnumValue':
      return 'repeatable';
    case 'addColumn':
    case 'dropColumn':
    case 'alterColumn':
    case 'createIndex':
    case 'dropIndex':
    case 'renameIndex':
    case 'addConstraint':
    case 'dropConstraint':
    case 'renameConstraint':
    case 'setTableOptions': {
      const table = findTable(schema, operation.table);
      return table === undefined ? 'unknown' : ofTable(operation, table);
    }
    default:
      return 'unknown';
  }
}

function ofTable(operation: Operation, table: Table): Effect {
  switch (operation.kind) {
    case 'addColumn':
      return whether(hasColumn(table, operation.column.name));
    case 'dropColumn':
      return whether(!hasColumn(table, operation.column));
    case 'alterColumn':
      return ofColumn(operation, table);
    case 'createIndex':
      return whether(hasKey(withoutInvalid(table), operation.index.name, 'unique'));
    case 'dropIndex':
      return whether(!hasKey(table, operation.name, 'unique'));
    case 'renameIndex':
    case 'renameConstraint': {
      const kind = operation.kind === 'renameIndex' ? 'unique' : null;
      return whether(hasKey(table, operation.to, kind) && !hasKey(table, operation.name, kind));
    }
    case 'setTableOptions': {
      const isSet = Object.entries(operation.changes).every(([key, value]) => (table.options[key] ?? null) === value);
      return isSet ? 'after' : 'unknown';
    }
    case 'addConstraint':
      return ofConstraint(operation.constraint, table);
    case 'dropConstraint': {
      const type = operation.type ?? operation.existing?.kind ?? null;
      if (type === 'primaryKey') return whether(table.primaryKey === null);
      return operation.name === null ? 'unknown' : whether(!hasKey(table, operation.name, type));
    }
    default:
      return 'unknown';
  }
}

/** A column is restated as a whole, which may be done twice; a new name may not. */
function ofColumn({ column, changes }: AlterColumn, table: Table): Effect {
  const { name = column } = changes;
  if (name !== column) return whether(hasColumn(table, name) && !hasColumn(table, column));
  const live = table.columns.find((known) => known.name === column);
  if (live === undefined) return 'before';
  const keys = Object.keys(changes) as (keyof typeof changes)[];
  return keys.every((key) => JSON.stringify(live[key]) === JSON.stringify(changes[key])) ? 'after' : 'repeatable';
}

function ofConstraint(constraint: Constraint, table: Table): Effect {
  if (constraint.kind === 'primaryKey') return whether(table.primaryKey !== null);
  return constraint.name === null ? 'unknown' : whether(hasKey(table, constraint.name, constraint.kind));
}

function hasColumn(table: Table, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

/** A unique constraint may be read back as an index, and the other way; `null` is any kind. */
/** CREATE INDEX CONCURRENTLY may have left an index that no query uses: it is still to be built. */
function withoutInvalid(table: Table): Table {
  return { ...table, indexes: table.indexes.filter(({ invalid }) => invalid !== true) };
}

function hasKey(table: Table, name: string, kind: Constraint['kind'] | null): boolean {
  const constraints = constraintsOf(table).filter((known) => kind === null || known.kind === kind);
  const indexes = kind === null || kind === 'unique' ? table.indexes : [];
  return [...constraints, ...indexes].some((known) => known.name === name);
}

function hasSequence({ sequences }: Schema, { namespace, name }: TableName): boolean {
  return sequences.some((known) => known.namespace === namespace && known.name === name);
}

function whether(isThere: boolean): Effect {
  return isThere ? 'after' : 'before';
}
