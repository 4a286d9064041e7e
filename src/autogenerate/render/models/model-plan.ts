/** What each table becomes in the models: its class or constant, the properties of its columns, its relations. */
import { columnNameFor } from '../../../schema/naming.js';
import { type ForeignKey, type Schema, type Table, type TableName, tableKey } from '../../../schema/table.js';
import { camelCase, freeName, pascalCase, singularOf, withLast, wordsOf } from './words.js';

export interface ModelPlan {
  readonly table: Table;
  /** Tables without a primary key, and those that only hold pairs of keys, have no objects. */
  readonly kind: 'class' | 'table';
  /** The class, or the constant. */
  readonly name: string;
  /** Properties by column name. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Words that mean something in JavaScript, and functions of Aludel that the files import. */
const RESERVED_CONSTANTS: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof undefined var void while with yield ' +
    'smallint integer bigint real double numeric boolean char varchar text bytes date time timestamp uuid json jsonb ' +
    'enumeration custom primaryKey unique foreignKey check exclusion index sql fn col one maybeOne many metadata'
  ).split(' '),
);

const RESERVED_CLASSES: ReadonlySet<string> = new Set(
  (
    'Base Array ArrayBuffer BigInt Boolean Buffer DataView Date Error Event File Function Generator Infinity Intl Iterator Map ' +
    'Math NaN Number Object Promise Proxy Reflect RegExp Request Response Set String Symbol URL WeakMap WeakSet Node Blob'
  ).split(' '),
);

/** Objects have these already. */
const RESERVED_PROPERTIES: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
  'then',
  'toJSON',
]);

/** A plan for each table, in their order. */
export function planModels(schema: Schema): ModelPlan[] {
  const taken = new Set<string>();
  const byKey = new Map(schema.tables.map((table) => [tableKey(table), table]));
  return schema.tables.map((table) => {
    const isPlain = table.primaryKey === null || associationOf(table, byKey) !== null;
    const kind = isPlain ? 'table' : 'class';
    const name = kind === 'class' ? className(table, taken) : constantName(table, taken);
    taken.add(name.toLowerCase());
    return { table, kind, name, properties: planProperties(table) };
  });
}

/** The two foreign keys of a table that holds nothing but pairs of keys of two tables with one; else `null`. */
export function associationOf(
  table: Table,
  tables: ReadonlyMap<string, Table>,
): readonly [ForeignKey, ForeignKey] | null {
  const [first, second, ...others] = table.foreignKeys;
  if (first === undefined || second === undefined || others.length > 0) return null;
  const columns = [...first.columns, ...second.columns];
  if (new Set(columns).size !== columns.length || columns.length !== table.columns.length) return null;
  const keys = [table.primaryKey, ...table.uniques].map((key) => key?.columns ?? []);
  if (!keys.some((key) => key.length === columns.length)) return null;
  const hasObjects = ({ target }: ForeignKey): boolean => {
    const known = tables.get(tableKey(target));
    return known !== undefined && known !== table && known.primaryKey !== null;
  };
  if (tableKey(first.target) === tableKey(second.target)) return null;
  if (!hasObjects(first) || !hasObjects(second) || hasDot(table)) return null;
  return [first, second];
}

/** A name that cannot be written as `namespace.name`. */
export function hasDot({ namespace, name }: TableName): boolean {
  return name.includes('.') || namespace?.includes('.') === true;
}

function className(table: Table, taken: ReadonlySet<string>): string {
  const words = wordsOf(table.name);
  const singular = pascalCase(withLast(words, singularOf));
  const candidates = [singular, pascalCase(words), pascalCase([...wordsOf(table.namespace ?? ''), ...words])];
  const isTaken = (name: string): boolean => taken.has(name.toLowerCase());
  const usable = candidates.map((name) => (RESERVED_CLASSES.has(name) ? `${name}Model` : name));
  return usable.find((name) => !isTaken(name)) ?? freeName(usable[0] ?? singular, isTaken);
}

function constantName(table: Table, taken: ReadonlySet<string>): string {
  const words = wordsOf(table.name);
  const plain = camelCase(words);
  const wanted = RESERVED_CONSTANTS.has(plain) ? `${plain}Table` : plain;
  const candidates = [wanted, camelCase([...wordsOf(table.namespace ?? ''), ...words, 'table'])];
  const isTaken = (name: string): boolean => taken.has(name.toLowerCase());
  return candidates.find((name) => !isTaken(name)) ?? freeName(wanted, isTaken);
}

/** The constant of anything that is no table. */
export function planConstant(name: TableName, taken: Set<string>): string {
  const plain = camelCase(wordsOf(name.name));
  const wanted = RESERVED_CONSTANTS.has(plain) ? `${plain}Type` : plain;
  const found = freeName(wanted, (one) => taken.has(one.toLowerCase()));
  taken.add(found.toLowerCase());
  return found;
}

function planProperties(table: Table): Map<string, string> {
  const taken = new Set<string>();
  const properties = new Map<string, string>();
  for (const { name } of table.columns) {
    const plain = propertyFor(name);
    const wanted = RESERVED_PROPERTIES.has(plain) ? `${plain}_` : plain;
    const property = freeName(wanted, (one) => taken.has(one));
    taken.add(property);
    properties.set(name, property);
  }
  return properties;
}

/** The property that the usual naming leads back to the column, where there is one; else one that looks like it. */
function propertyFor(column: string): string {
  const camel = column.replace(/(?<=[a-z0-9])_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (/^[a-z_$][\w$]*$/i.test(camel) && columnNameFor('snake_case', camel) === column) return camel;
  if (/^[a-z_$][\w$]*$/i.test(column) && columnNameFor('snake_case', column) === column) return column;
  return camelCase(wordsOf(column));
}

export function isReservedProperty(name: string): boolean {
  return RESERVED_PROPERTIES.has(name);
}
