/** Renames in memory: what refers to the thing by name follows, as it does in every database. */
import type { Expression } from '../schema/expressions/expression.js';
import { changeText, renameColumnIn, renameColumnInText } from '../schema/expressions/rename-in-text.js';
import { mapExpressions } from '../schema/map-expressions.js';
import { relationKey } from '../schema/objects.js';
import {
  type Constraint,
  type Index,
  indexOfOption,
  type PrimaryKey,
  type Schema,
  type Table,
  type TableName,
  type TableOptions,
} from '../schema/table.js';
import type { ColumnType } from '../schema/types.js';
import type { RenameConstraint, RenameEnum, RenameEnumValue, RenameIndex, RenameSequence } from './operation.js';

export function renameTable(schema: Schema, from: TableName, to: string): Schema {
  const rename = (name: TableName): TableName => (isNamed(name, from) ? { ...name, name: to } : name);
  const tables = schema.tables.map((table): Table => {
    // SQLite: the statements behind any table may name this one.
    const { source: _stale, ...rest } = table;
    const foreignKeys = table.foreignKeys.map((key) => ({ ...key, target: rename(key.target) }));
    const known = isChild(table, from) ? reparent(rest, from, to) : rest;
    if (!isNamed(table, from)) return { ...known, foreignKeys };
    return {
      ...known,
      name: to,
      foreignKeys: foreignKeys.map((key) => ({ ...key, name: generatedName(key.name, from.name, to) })).sort(byName),
      indexes: table.indexes.map((index) => changeDefinition(index, (text) => retable(text, from.name, to))),
    };
  });
  const sequences = schema.sequences.map((sequence) => {
    const { ownedBy } = sequence;
    return ownedBy === null ? sequence : { ...sequence, ownedBy: { ...ownedBy, table: rename(ownedBy.table) } };
  });
  return { ...schema, sequences, tables: tables.sort(byFullName) };
}

/** PostgreSQL: a partition of the table, or one that inherits from it. */
function isChild({ dependsOn = [] }: Table, parent: TableName): boolean {
  return dependsOn.includes(relationKey(parent));
}

/** The same, through others between them. */
function isBelow(table: Table, above: TableName, tables: readonly Table[]): boolean {
  if (isChild(table, above)) return true;
  const { dependsOn = [], options } = table;
  if (options['inherits'] === undefined && options['partitionOf'] === undefined) return false;
  return tables.some((parent) => dependsOn.includes(relationKey(parent)) && isBelow(parent, above, tables));
}

function reparent(table: Table, from: TableName, to: string): Table {
  const rename = (text: string): string =>
    text.replace(NAME, (_name, namespace: string | undefined, name: string) => {
      return (namespace ?? '') + renameColumnInText(name, from.name, to);
    });
  const { partitionOf, inherits } = table.options;
  const keys = table.dependsOn?.map((key) => (key === relationKey(from) ? relationKey({ ...from, name: to }) : key));
  return {
    ...table,
    ...(keys === undefined ? {} : { dependsOn: keys }),
    options: {
      ...table.options,
      ...(typeof partitionOf === 'string' ? { partitionOf: rename(partitionOf) } : {}),
      ...(typeof inherits === 'string' ? { inherits: inherits.split(', ').map(rename).join(', ') } : {}),
    },
  };
}

/** A full name at the start of a text: a namespace with its dot, and the name. */
const NAME = /^((?:"(?:[^"]|"")*"|[^".\s]+)\.)?("(?:[^"]|"")*"|[^".\s]+)/;

/** InnoDB gives a foreign key that was not named a new name with its table: `users_ibfk_1`. */
function generatedName(name: string | null, from: string, to: string): string | null {
  if (name === null || !name.startsWith(`${from}_ibfk_`)) return name;
  const number = name.slice(from.length);
  return /^_ibfk_\d+$/.test(number) ? to + number : name;
}

/** The table in a CREATE INDEX: the last name before the first bracket or USING. */
function retable(sql: string, from: string, to: string): string {
  const [head = ''] = /^.*?\sON\s+[^(]*?(?=\s*(?:USING\b|\())/is.exec(sql) ?? [];
  const start = head.search(/\sON\s/i);
  if (start === -1) return sql;
  const target = head.slice(start).replaceAll('.', ' . ');
  const renamed = renameColumnInText(target.replaceAll(' . ', '\u0001'), from, to);
  return head.slice(0, start) + renamed.replaceAll('\u0001', '.') + sql.slice(head.length);
}

/** What a renamed column takes along outside of its table. */
export function carryColumn(schema: Schema, table: TableName, from: string, to: string): Schema {
  const rename = (column: string): string => (column === from ? to : column);
  return {
    ...schema,
    sequences: schema.sequences.map((sequence) => {
      const { ownedBy } = sequence;
      if (ownedBy === null || !isNamed(ownedBy.table, table)) return sequence;
      return { ...sequence, ownedBy: { ...ownedBy, column: rename(ownedBy.column) } };
    }),
    tables: schema.tables.map((known) => ({
      ...(isBelow(known, table, schema.tables) ? renameOwn(known, from, to) : known),
      foreignKeys: known.foreignKeys.map((key) =>
        isNamed(key.target, table) ? { ...key, targetColumns: key.targetColumns.map(rename) } : key,
      ),
    })),
  };
}

/** The column of a child has the name that its table gives it. */
function renameOwn(table: Table, from: string, to: string): Table {
  const columns = table.columns.map((column) => (column.name === from ? { ...column, name: to } : column));
  return renameColumn({ ...table, columns }, from, to);
}

/** What a renamed column takes along in its table. */
export function renameColumn(table: Table, from: string, to: string): Table {
  const rename = (columns: readonly string[]): string[] => columns.map((column) => (column === from ? to : column));
  const renameKey = <T extends { readonly columns: readonly string[]; readonly include?: readonly string[] }>(
    key: T,
  ): T => ({
    ...key,
    columns: rename(key.columns),
    ...(key.include === undefined ? {} : { include: rename(key.include) }),
  });
  const known = mapExpressions(table, (expression) => renameColumnIn(expression, from, to));
  return {
    ...known,
    options: renameInOptions(table.options, from, to),
    primaryKey: known.primaryKey && renameParts(renameKey(known.primaryKey), rename),
    uniques: known.uniques.map(renameKey),
    foreignKeys: known.foreignKeys.map((key) => ({
      ...key,
      columns: rename(key.columns),
      ...(key.onDeleteColumns === undefined ? {} : { onDeleteColumns: rename(key.onDeleteColumns) }),
    })),
    indexes: known.indexes.map((index) => ({
      ...changeDefinition(index, (text) => renameColumnInText(text, from, to)),
      ...(index.include === undefined ? {} : { include: rename(index.include) }),
    })),
  };
}

function renameParts(key: PrimaryKey, rename: (columns: readonly string[]) => string[]): PrimaryKey {
  const { lengths, descending } = key;
  const renamed = Object.entries(lengths ?? {}).map(([column, length]) => [rename([column])[0], length]);
  return {
    ...key,
    ...(lengths === undefined ? {} : { lengths: Object.fromEntries(renamed) }),
    ...(descending === undefined ? {} : { descending: rename(descending) }),
  };
}

/**
 * `columnStatistics name` is said of a column, and SQLite's `layout foreign key a, b` of the columns of a constraint; the key
 * by which a table is partitioned is SQL, and so is a period.
 */
function renameInOptions(options: TableOptions, from: string, to: string): TableOptions {
  const entries = Object.entries(options).map(([key, value]): [string, TableOptions[string]] => {
    const [, head = '', names = key] = OF_COLUMNS.exec(key) ?? [];
    const renamed = names.split(', ').map((name) => (name === from ? to : name));
    const isKey = (key === 'partitionBy' || key === 'period') && typeof value === 'string';
    return [head === '' ? key : head + renamed.join(', '), isKey ? renameColumnInText(value, from, to) : value];
  });
  return Object.fromEntries(entries);
}

const OF_COLUMNS = /^(column[A-Z]\w+ |layout (?:(?:primary key|unique|foreign key) )?)(.+)$/s;

/** `indexComment name` is said of an index. */
function renameIndexInOptions(options: TableOptions, from: string, to: string): TableOptions {
  if (!Object.keys(options).some((key) => indexOfOption(key) === from)) return options;
  const entries = Object.entries(options).map(([key, value]): [string, TableOptions[string]] => [
    indexOfOption(key) === from ? key.slice(0, -from.length) + to : key,
    value,
  ]);
  return Object.fromEntries(entries);
}

export function renameIndex(table: Table, { name, to }: RenameIndex): Table {
  const change = (index: Index): Index =>
    index.name === name
      ? { ...changeDefinition(index, (text) => renameColumnInText(text, name, to)), name: to }
      : index;
  const options = renameIndexInOptions(table.options, name, to);
  if (table.indexes.some((index) => index.name === name)) {
    return { ...table, options, indexes: table.indexes.map(change).sort(byName) };
  }
  // The index of a unique constraint has its name, and takes it along.
  const uniques = table.uniques.map((unique) => (unique.name === name ? { ...unique, name: to } : unique));
  return { ...table, options, uniques: uniques.sort(byName) };
}

export function renameConstraint(table: Table, { name, to }: RenameConstraint): Table {
  const change = <C extends Constraint>(constraint: C): C =>
    constraint.name === name ? { ...constraint, name: to } : constraint;
  return {
    ...table,
    options: renameIndexInOptions(table.options, name, to),
    primaryKey: table.primaryKey && change(table.primaryKey),
    uniques: table.uniques.map(change).sort(byName),
    foreignKeys: table.foreignKeys.map(change).sort(byName),
    checks: table.checks.map(change).sort(byName),
    ...(table.exclusions === undefined ? {} : { exclusions: table.exclusions.map(change).sort(byName) }),
  };
}

export function renameEnum(schema: Schema, operation: RenameEnum): Schema {
  const { enum: from, to } = operation;
  const retype = (type: ColumnType): ColumnType =>
    type.kind === 'enum' && isNamed(type, from) ? { ...type, name: to } : type;
  const enums = schema.enums.map((known) => (isNamed(known, from) ? { ...known, name: to } : known));
  const tables = changeExpressions(schema.tables, (text) => retypeText(text, from.name, to));
  return {
    ...schema,
    enums: enums.sort(byFullName),
    tables: tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({ ...column, type: retype(column.type) })),
    })),
  };
}

/** A type stands behind a cast: `'open'::app.ticket_status`. */
function retypeText(text: string, from: string, to: string): string {
  return text.replace(CAST, (cast, quoted: string | undefined, colons: string, namespace: string, name: string) => {
    const renamed = renameColumnInText(name, from, to);
    return renamed === name ? cast : `${quoted ?? ''}${colons}${namespace}${renamed}`;
  });
}

/** A string that may stand before, the colons, a namespace, the name of a type. */
const CAST = /('(?:[^']|'')*')?(::)((?:"(?:[^"]|"")*"|\w+)\.|)("(?:[^"]|"")*"|\w+)/g;

export function renameEnumValue(schema: Schema, operation: RenameEnumValue): Schema {
  const { enum: type, value, to, columns } = operation;
  const rename = (values: readonly string[]): string[] => values.map((known) => (known === value ? to : known));
  const [before, after] = [value, to].map((text) => `'${text.replaceAll("'", "''")}'`);
  const revalue = (text: string): string =>
    text.replace(CAST, (cast, quoted: string | undefined, colons: string, namespace: string, name: string) => {
      const isMeant = quoted === before && renameColumnInText(name, type.name, `${type.name}\u0001`) !== name;
      return isMeant ? `${after}${colons}${namespace}${name}` : cast;
    });
  const isListed = (table: TableName, column: string): boolean =>
    columns.some((known) => known.column === column && isNamed(known.table, table));
  const isType = schema.enums.some((known) => isNamed(known, type));
  const tables = isType ? changeExpressions(schema.tables, revalue) : schema.tables;
  return {
    ...schema,
    enums: schema.enums.map((known) => (isNamed(known, type) ? { ...known, values: rename(known.values) } : known)),
    tables: tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => {
        const known = column.type;
        if (known.kind !== 'enum') return column;
        if (isType)
          return isNamed(known, type) ? { ...column, type: { ...known, values: rename(known.values) } } : column;
        if (!isListed(table, column.name)) return column;
        const isDefault = (text: string): string => (text === before ? (after ?? text) : text);
        const changed = { ...column, type: { ...known, values: rename(known.values) } };
        return { ...changed, default: column.default && changeLiteral(column.default, value, to, isDefault) };
      }),
    })),
  };
}

function changeLiteral(
  expression: Expression,
  value: string,
  to: string,
  change: (text: string) => string,
): Expression {
  if (expression.kind !== 'literal') return changeText(expression, change);
  return expression.value === value ? { kind: 'literal', value: to } : expression;
}

export function renameSequence(schema: Schema, { sequence: from, to }: RenameSequence): Schema {
  const sequences = schema.sequences.map((known) => (isNamed(known, from) ? { ...known, name: to } : known));
  const quoted = (name: string): string => `nextval(\`${name.replaceAll('`', '``')}\`)`;
  const change = (text: string): string =>
    text
      .replace(/nextval\('((?:[^']|'')*)'/g, (_call, name: string) => {
        const dot = name.lastIndexOf('.') + 1;
        return `nextval('${name.slice(0, dot)}${renameColumnInText(name.slice(dot), from.name, to)}'`;
      })
      // As MariaDB writes it.
      .replaceAll(quoted(from.name), () => quoted(to));
  return { ...schema, sequences: sequences.sort(byFullName), tables: changeExpressions(schema.tables, change) };
}

/** Every expression of the tables, text changed. */
function changeExpressions(tables: readonly Table[], change: (text: string) => string): Table[] {
  return tables.map((table) => mapExpressions(table, (expression) => changeText(expression, change)));
}

function changeDefinition(index: Index, change: (text: string) => string): Index {
  return index.definition === null ? index : { ...index, definition: change(index.definition) };
}

function isNamed(table: TableName, name: TableName): boolean {
  return table.name === name.name && table.namespace === name.namespace;
}

function byFullName(a: TableName, b: TableName): number {
  return compareText(a.namespace ?? '', b.namespace ?? '') || compareText(a.name, b.name);
}

function byName(a: { readonly name: string | null }, b: { readonly name: string | null }): number {
  return compareText(a.name ?? '', b.name ?? '');
}

/** Code-unit order: the same on every machine, unlike a locale's. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
