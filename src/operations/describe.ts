import { describeObject } from '../schema/objects.js';
import { formatTableName } from '../schema/table-name.js';
import type { ColumnChanges, Operation } from './operation.js';
import type { RowGroup } from './row-values.js';

/** One line for a person, imperative and without values: `add column "age" to "users"`. */
export function describe(operation: Operation): string {
  switch (operation.kind) {
    case 'createNamespace':
      return `create namespace "${operation.name}"`;
    case 'dropNamespace':
      return `drop namespace "${operation.name}"`;
    case 'createEnum':
      return `create enum "${formatTableName(operation.enum)}"`;
    case 'dropEnum':
      return `drop enum "${formatTableName(operation.enum)}"`;
    case 'addEnumValue':
      return `add value "${operation.value}" to enum "${formatTableName(operation.enum)}"`;
    case 'alterEnum':
      return `change the values of enum "${formatTableName(operation.enum)}"`;
    case 'renameEnum':
      return `rename enum "${formatTableName(operation.enum)}" to "${operation.to}"`;
    case 'setEnumComment':
      return `set the comment of enum "${formatTableName(operation.enum)}"`;
    case 'renameEnumValue': {
      const { value, to } = operation;
      return `rename value "${value}" of enum "${formatTableName(operation.enum)}" to "${to}"`;
    }
    case 'createSequence':
      return `create sequence "${formatTableName(operation.sequence)}"`;
    case 'alterSequence':
      return `alter sequence "${formatTableName(operation.sequence)}" (${Object.keys(operation.changes).join(', ')})`;
    case 'dropSequence':
      return `drop sequence "${formatTableName(operation.sequence)}"`;
    case 'renameSequence':
      return `rename sequence "${formatTableName(operation.sequence)}" to "${operation.to}"`;
    case 'createTable':
      return `create table "${formatTableName(operation.table)}"`;
    case 'dropTable':
      return `drop table "${formatTableName(operation.table)}"`;
    case 'renameTable':
      return `rename table "${formatTableName(operation.table)}" to "${operation.to}"`;
    case 'setTableComment':
      return `set the comment of table "${formatTableName(operation.table)}"`;
    case 'setTableOptions': {
      const names = Object.keys(operation.changes).join(', ');
      return `set options of table "${formatTableName(operation.table)}" (${names})`;
    }
    case 'createObject':
      return `create ${describeObject(operation.object)}`;
    case 'replaceObject':
      return `replace ${describeObject(operation.object)}`;
    case 'dropObject':
      return `drop ${describeObject(operation.object)}`;
    case 'setComment':
      return `set the comment of ${operation.object} "${operation.name}" of "${formatTableName(operation.table)}"`;
    case 'addColumn':
      return `add column "${operation.column.name}" to "${formatTableName(operation.table)}"`;
    case 'dropColumn':
      return `drop column "${operation.column}" of "${formatTableName(operation.table)}"`;
    case 'alterColumn': {
      const column = `"${operation.column}" of "${formatTableName(operation.table)}"`;
      const { name, ...others } = operation.changes;
      if (name !== undefined && Object.keys(others).length === 0) return `rename column ${column} to "${name}"`;
      return `alter column ${column} (${changedAspects(operation.changes).join(', ')})`;
    }
    case 'createIndex':
      return `create index "${operation.index.name}" on "${formatTableName(operation.table)}"${manner(operation)}`;
    case 'dropIndex':
      return `drop index "${operation.name}" of "${formatTableName(operation.table)}"${manner(operation)}`;
    case 'renameIndex':
      return `rename index "${operation.name}" of "${formatTableName(operation.table)}" to "${operation.to}"`;
    case 'addConstraint': {
      const { kind, name } = operation.constraint;
      return `add ${CONSTRAINTS[kind]} ${quoted(name)} to "${formatTableName(operation.table)}"`;
    }
    case 'dropConstraint': {
      const kind = operation.existing?.kind ?? operation.type;
      const what = kind === null ? 'constraint' : CONSTRAINTS[kind];
      return `drop ${what} ${quoted(operation.name)} of "${formatTableName(operation.table)}"`;
    }
    case 'validateConstraint': {
      const verb = operation.isValid ? 'validate' : 'take back the validation of';
      return `${verb} constraint "${operation.name}" of "${formatTableName(operation.table)}"`;
    }
    case 'renameConstraint': {
      const { name, to, existing, table } = operation;
      const what = existing === null ? 'constraint' : CONSTRAINTS[existing.kind];
      return `rename ${what} "${name}" of "${formatTableName(table)}" to "${to}"`;
    }
    case 'backfill':
      return `fill "${operation.column}" of "${formatTableName(operation.table)}" where it is NULL`;
    case 'bulkInsert':
      return `insert ${countRows(operation.groups)} into "${formatTableName(operation.table)}"`;
    case 'deleteRows':
      return `delete ${countRows(operation.groups)} of "${formatTableName(operation.table)}"`;
    case 'execute':
      return `execute ${firstLine(operation.sql)}`;
    case 'custom':
      return operation.summary ?? `run "${operation.name}"`;
    case 'opaque':
      return `run code at ${operation.at}`;
  }
}

const CONSTRAINTS = {
  primaryKey: 'primary key',
  unique: 'unique constraint',
  foreignKey: 'foreign key',
  check: 'check',
  exclusion: 'exclusion constraint',
} as const;

function countRows(groups: readonly RowGroup[]): string {
  const count = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  return count === 1 ? '1 row' : `${count} rows`;
}

function manner({ concurrently }: { readonly concurrently?: true }): string {
  return concurrently === true ? ' concurrently' : '';
}

function quoted(name: string | null): string {
  return name === null ? '(unnamed)' : `"${name}"`;
}

function changedAspects(changes: ColumnChanges): string[] {
  return Object.keys(changes).map((aspect) => (aspect === 'generated' ? 'generated expression' : aspect));
}

function firstLine(sql: string): string {
  const line = sql.trim().split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
