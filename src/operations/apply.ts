import { changedColumn } from './changed-column.js';
import { byObjectKey, type DatabaseObject, objectKey, type ObjectName } from '../schema/objects.js';
import {
  type Check,
  type Constraint,
  constraintsOf,
  type EnumType,
  findTable,
  type ForeignKey,
  type Schema,
  type Table,
  type TableName,
} from '../schema/table.js';
import { withParents } from '../schema/partition-of.js';
import type { ColumnType } from '../schema/types.js';
import {
  carryColumn,
  renameColumn,
  renameConstraint,
  renameEnum,
  renameEnumValue,
  renameIndex,
  renameSequence,
  renameTable,
} from './apply-rename.js';
import type {
  DropConstraint,
  Operation,
  SetComment,
  SetEnumComment,
  SetTableOptions,
  ValidateConstraint,
} from './operation.js';
import { alterInherited, changeParents, isHeir, withoutOrphans } from './inheritance.js';
import { adoptParts, attach, detach } from './partitions.js';
import { withValue } from './reverse.js';

/** The schema after an operation, in memory. What raw SQL, plugins and code do is not known and changes nothing here. */
export function apply(schema: Schema, operation: Operation): Schema {
  switch (operation.kind) {
    case 'createNamespace':
      return { ...schema, namespaces: [...schema.namespaces, operation.name].sort() };
    case 'dropNamespace':
      return { ...schema, namespaces: schema.namespaces.filter((name) => name !== operation.name) };
    case 'createEnum':
      return { ...schema, enums: [...schema.enums, operation.enum].sort(byName) };
    case 'dropEnum':
      return { ...schema, enums: schema.enums.filter((known) => !isNamed(known, operation.enum)) };
    case 'addEnumValue':
      return changeEnum(schema, operation.enum, (values) => withValue(values, operation));
    case 'alterEnum':
      return changeEnum(schema, operation.enum, () => operation.values);
    case 'setEnumComment':
      return { ...schema, enums: schema.enums.map((known) => commentOn(known, operation)) };
    case 'renameEnum':
      return renameEnum(schema, operation);
    case 'renameEnumValue':
      return renameEnumValue(schema, operation);
    case 'createSequence':
      return { ...schema, sequences: [...schema.sequences, operation.sequence].sort(byName) };
    case 'alterSequence': {
      const { sequence, changes } = operation;
      const sequences = schema.sequences.map((known) => (isNamed(known, sequence) ? { ...known, ...changes } : known));
      return { ...schema, sequences };
    }
    case 'dropSequence':
      return { ...schema, sequences: schema.sequences.filter((known) => !isNamed(known, operation.sequence)) };
    case 'renameSequence':
      return renameSequence(schema, operation);
    case 'createTable':
      if (operation.ifNotExists === true && findTable(schema, operation.table) !== undefined) return schema;
      return { ...schema, tables: [...schema.tables, withParents(operation.table, schema.tables)].sort(byName) };
    case 'dropTable':
      return { ...schema, tables: schema.tables.filter((table) => !isNamed(table, operation.table)) };
    case 'renameTable':
      return renameTable(schema, operation.table, operation.to);
    case 'alterColumn': {
      const changed = changeTable(schema, operation.table, (table) =>
        isHeir(table) && !isOwnColumn(table, operation.column)
          ? alterInherited(table, operation, schema.tables)
          : applyToTable(table, operation),
      );
      const { name } = operation.changes;
      return name === undefined ? changed : carryColumn(changed, operation.table, operation.column, name);
    }
    case 'setTableOptions': {
      const joins = typeof operation.changes['partitionOf'] === 'string';
      const { inherits } = operation.changes;
      return changeTable(schema, operation.table, (table) => {
        const parents = typeof inherits === 'string' ? inherits : null;
        const known = inherits === undefined ? table : changeParents(table, parents, schema.tables);
        const changed = applyToTable(known, operation);
        return joins ? attach(changed, schema.tables) : changed;
      });
    }
    case 'createIndex':
    case 'addConstraint': {
      const changed = changeTable(schema, operation.table, (table) => applyToTable(table, operation));
      return { ...changed, tables: adoptParts(changed.tables, operation.table) };
    }
    case 'dropColumn': {
      const changed = changeTable(schema, operation.table, (table) => applyToTable(table, operation));
      return { ...changed, tables: withoutOrphans(changed.tables) };
    }
    case 'setTableComment':
    case 'setComment':
    case 'addColumn':
    case 'dropIndex':
    case 'renameIndex':
    case 'dropConstraint':
    case 'validateConstraint':
    case 'renameConstraint':
      return changeTable(schema, operation.table, (table) => applyToTable(table, operation));
    case 'createObject':
    case 'replaceObject':
      return withObjects(schema, [...withoutObject(schema, operation.object), operation.object]);
    case 'dropObject':
      return withObjects(schema, withoutObject(schema, operation.object));
    case 'backfill':
    case 'bulkInsert':
    case 'deleteRows':
    case 'execute':
    case 'custom':
    case 'opaque':
      return schema;
  }
}

function isOwnColumn({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.name === name && column.inherited !== true);
}

/** The schema after a list of operations. */
export function applyAll(schema: Schema, operations: readonly Operation[]): Schema {
  return operations.reduce(apply, schema);
}

/** The table after an operation on one table; other operations leave it as it is. */
export function applyToTable(table: Table, operation: Operation): Table {
  switch (operation.kind) {
    case 'setTableComment':
      return { ...table, comment: operation.comment };
    case 'setTableOptions':
      return setOptions(table, operation);
    case 'setComment':
      return setComment(table, operation);
    case 'addColumn':
      if (operation.ifNotExists === true && hasNamed(table.columns, operation.column.name)) return table;
      return { ...table, columns: [...table.columns, operation.column] };
    case 'dropColumn':
      return dropColumn(table, operation.column);
    case 'alterColumn': {
      const { column, changes } = operation;
      const changed = table.columns.map((known) => (known.name === column ? changedColumn(known, changes) : known));
      const altered = { ...table, columns: changed };
      return changes.name === undefined ? altered : renameColumn(altered, column, changes.name);
    }
    case 'createIndex':
      if (operation.ifNotExists === true && hasNamed(table.indexes, operation.index.name)) return table;
      return { ...table, indexes: [...table.indexes, operation.index].sort(byIndexName) };
    case 'dropIndex':
      return dropIndex(table, operation.name);
    case 'addConstraint':
      return addConstraint(table, operation.constraint);
    case 'dropConstraint':
      return dropConstraint(table, operation);
    case 'validateConstraint':
      return validateConstraint(table, operation);
    case 'renameIndex':
      return renameIndex(table, operation);
    case 'renameConstraint':
      return renameConstraint(table, operation);
    default:
      return table;
  }
}

function withoutObject({ objects = [] }: Schema, name: ObjectName): DatabaseObject[] {
  return objects.filter((known) => objectKey(known) !== objectKey(name));
}

/** The key is absent where nothing is left. */
function withObjects({ objects: _before, ...schema }: Schema, objects: readonly DatabaseObject[]): Schema {
  return objects.length === 0 ? schema : { ...schema, objects: objects.toSorted(byObjectKey) };
}

function setOptions(table: Table, { changes }: SetTableOptions): Table {
  const entries = Object.entries({ ...table.options, ...changes });
  const options = entries.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
  const changed = { ...table, options: Object.fromEntries(options) };
  return changes['partitionOf'] === null ? detach(changed) : changed;
}

function changeTable(schema: Schema, name: TableName, change: (table: Table) => Table): Schema {
  return {
    ...schema,
    tables: schema.tables.map((table) => (isNamed(table, name) ? change(withoutSource(table)) : table)),
  };
}

/** The statements behind a table are not what they were once it has changed. */
function withoutSource(table: Table): Table {
  const { source: _stale, ...rest } = table;
  return rest;
}

function changeEnum(schema: Schema, name: TableName, change: (values: readonly string[]) => readonly string[]): Schema {
  const changed = (known: EnumType): EnumType => ({ ...known, values: change(known.values) });
  const retype = (type: ColumnType): ColumnType =>
    type.kind === 'enum' && isNamed(type, name) ? { ...type, values: change(type.values) } : type;
  return {
    ...schema,
    enums: schema.enums.map((known) => (isNamed(known, name) ? changed(known) : known)),
    tables: schema.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({ ...column, type: retype(column.type) })),
    })),
  };
}

/** A column takes the constraints and indexes that name it along, as every database does it. */
function dropColumn(table: Table, column: string): Table {
  const without = (constraint: { readonly columns: readonly string[] }): boolean =>
    !constraint.columns.includes(column);
  const { exclusions = [], primaryKey, ...rest } = table;
  const left = exclusions.filter(({ elements }) =>
    elements.every(({ expression }) => expression.kind !== 'column' || expression.name !== column),
  );
  return {
    ...rest,
    ...(left.length === 0 ? {} : { exclusions: left }),
    columns: table.columns.filter((known) => known.name !== column),
    primaryKey: primaryKey !== null && without(primaryKey) ? primaryKey : null,
    uniques: table.uniques.filter(without),
    foreignKeys: table.foreignKeys.filter(without),
    indexes: table.indexes.filter(({ parts }) =>
      parts.every(({ expression }) => expression.kind !== 'column' || expression.name !== column),
    ),
  };
}

function setComment(table: Table, { object, name, comment }: SetComment): Table {
  const change = <T extends { readonly name: string | null; readonly comment?: string }>(part: T): T => {
    if (part.name !== name) return part;
    const { comment: _comment, ...rest } = part;
    return (comment === null ? rest : { ...rest, comment }) as T;
  };
  if (object === 'index') return { ...table, indexes: table.indexes.map(change) };
  return {
    ...table,
    primaryKey: table.primaryKey && change(table.primaryKey),
    uniques: table.uniques.map(change),
    foreignKeys: table.foreignKeys.map(change),
    checks: table.checks.map(change),
    ...(table.exclusions === undefined ? {} : { exclusions: table.exclusions.map(change) }),
  };
}

/** The key is absent where there is no comment. */
function commentOn(known: EnumType, { enum: name, comment }: SetEnumComment): EnumType {
  if (!isNamed(known, name)) return known;
  const { comment: _before, ...rest } = known;
  return comment === null ? rest : { ...rest, comment };
}

function addConstraint(table: Table, constraint: Constraint): Table {
  switch (constraint.kind) {
    case 'primaryKey':
      return { ...table, primaryKey: constraint };
    case 'unique':
      return { ...table, uniques: [...table.uniques, constraint].sort(byConstraintName) };
    case 'foreignKey':
      return { ...table, foreignKeys: [...table.foreignKeys, constraint].sort(byConstraintName) };
    case 'check':
      return { ...table, checks: [...table.checks, constraint].sort(byConstraintName) };
    case 'exclusion':
      return { ...table, exclusions: [...(table.exclusions ?? []), constraint].sort(byConstraintName) };
  }
}

/** MySQL and MariaDB: a unique constraint and a unique index are one thing, whichever of the two an operation speaks of. */
function dropIndex(table: Table, name: string): Table {
  if (hasNamed(table.indexes, name)) return { ...table, indexes: table.indexes.filter((index) => index.name !== name) };
  return { ...table, uniques: table.uniques.filter((unique) => unique.name !== name) };
}

function dropConstraint(table: Table, operation: DropConstraint): Table {
  const { existing, name, type } = operation;
  const isMeant = (constraint: Constraint): boolean =>
    name === null
      ? sameMeaning(constraint, existing)
      : constraint.name === name && (type === null || type === constraint.kind);
  if ((type === null || type === 'unique') && !constraintsOf(table).some(isMeant)) {
    return { ...table, indexes: table.indexes.filter((index) => !index.unique || index.name !== name) };
  }
  const dropsKey = type === 'primaryKey' || (table.primaryKey !== null && isMeant(table.primaryKey));
  const { exclusions = [], ...rest } = table;
  const left = exclusions.filter((constraint) => !isMeant(constraint));
  return {
    ...rest,
    primaryKey: dropsKey ? null : table.primaryKey,
    uniques: table.uniques.filter((constraint) => !isMeant(constraint)),
    foreignKeys: table.foreignKeys.filter((constraint) => !isMeant(constraint)),
    checks: table.checks.filter((constraint) => !isMeant(constraint)),
    // The key is absent where nothing is left.
    ...(left.length === 0 ? {} : { exclusions: left }),
  };
}

function validateConstraint(table: Table, { name, isValid }: ValidateConstraint): Table {
  const change = <T extends Check | ForeignKey>(constraint: T): T => {
    if (constraint.name !== name) return constraint;
    const { notValid: _notValid, ...rest } = constraint;
    return (isValid ? rest : { ...rest, notValid: true }) as T;
  };
  return { ...table, checks: table.checks.map(change), foreignKeys: table.foreignKeys.map(change) };
}

function hasNamed(parts: readonly { readonly name: string }[], name: string): boolean {
  return parts.some((part) => part.name === name);
}

/** Unnamed constraints are known by what they say. */
function sameMeaning(constraint: Constraint, existing: Constraint | null): boolean {
  return existing !== null && JSON.stringify(constraint) === JSON.stringify(existing);
}

function isNamed(table: TableName, name: TableName): boolean {
  return table.name === name.name && table.namespace === name.namespace;
}

function byName(a: TableName, b: TableName): number {
  return compareText(a.namespace ?? '', b.namespace ?? '') || compareText(a.name, b.name);
}

function byIndexName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

function byConstraintName(a: Constraint, b: Constraint): number {
  return compareText(a.name ?? '', b.name ?? '');
}

/** Code-unit order: the same on every machine, unlike a locale's. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
