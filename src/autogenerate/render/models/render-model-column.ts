/** A column as builders of models say it: `integer().notNull().references('users.id')`. */
import { columnNameFor, conventionalName } from '../../../schema/naming.js';
import { formatTableName } from '../../../schema/table-name.js';
import {
  type Column,
  type ForeignKey,
  type Generation,
  type Index,
  type Table,
  tableKey,
  type Unique,
} from '../../../schema/table.js';
import type { ColumnType } from '../../../schema/types.js';
import { isIntegerKind } from '../../../schema/types.js';
import { call, chain, type Doc, type Group, object, quote } from '../document.js';
import { renderGeneration, renderType } from '../render-column.js';
import { renderActions } from '../render-constraint.js';
import { renderDefault, renderExpr } from '../render-expression.js';
import type { ModelContext } from './context.js';
import { nameParts } from './infer-naming.js';
import { hasDot } from './model-plan.js';

/** Which constraints and indexes of a table are said at their columns; all others stand in `tableArgs`. */
export interface ColumnParts {
  readonly isKey: boolean;
  readonly uniques: ReadonlyMap<string, Unique>;
  readonly indexes: ReadonlyMap<string, Index>;
  readonly foreignKeys: ReadonlyMap<string, ForeignKey>;
}

/** The first of each kind that says no more than a column can; a column says each once. */
export function columnParts(table: Table, context: ModelContext): ColumnParts {
  const uniques = new Map<string, Unique>();
  const indexes = new Map<string, Index>();
  const foreignKeys = new Map<string, ForeignKey>();
  const own = new Set(table.columns.map((column) => column.name));
  for (const unique of table.uniques) {
    const [column, ...others] = unique.columns;
    const { kind: _kind, name, columns: _columns, ...rest } = unique;
    if (column === undefined || !own.has(column)) continue;
    if (others.length + Object.keys(rest).length > 0 || uniques.has(column)) continue;
    if (name !== null || context.naming.unique === null) uniques.set(column, unique);
  }
  for (const index of table.indexes) {
    const { name: _name, unique, parts, where, method, definition, ...rest } = index;
    const [part, ...others] = parts;
    if (part?.expression.kind !== 'column' || others.length > 0 || unique || where !== null || method !== null)
      continue;
    const { expression, descending, length, ...said } = part;
    if (definition !== null || descending || length !== null || !own.has(expression.name)) continue;
    if (Object.keys(rest).length + Object.keys(said).length > 0 || indexes.has(expression.name)) continue;
    indexes.set(expression.name, index);
  }
  for (const key of table.foreignKeys) {
    const [column = ''] = key.columns;
    if (own.has(column) && isSaidAtColumn(key, table, context) && !foreignKeys.has(column)) {
      foreignKeys.set(column, key);
    }
  }
  return { isKey: isKeySaidAtColumns(table, context), uniques, indexes, foreignKeys };
}

function isSaidAtColumn(key: ForeignKey, table: Table, context: ModelContext): boolean {
  const { target, targetColumns, match, period, notValid, notEnforced, onDeleteColumns, comment, name } = key;
  if (key.columns.length !== 1 || targetColumns.length !== 1) return false;
  if ([match, period, notValid, notEnforced, onDeleteColumns, comment].some((part) => part !== undefined)) return false;
  if (target.namespace === null && table.namespace !== null) return false;
  if (name === null && context.naming.foreignKey !== null) return false;
  return !hasDot(target) && targetColumns.every((column) => !column.includes('.'));
}

/** Columns name a key in their own order, and by the convention. */
function isKeySaidAtColumns(
  { primaryKey, columns, name: table }: Table,
  { naming, keysHaveNames }: ModelContext,
): boolean {
  if (primaryKey === null) return false;
  const { kind: _kind, name, columns: key, ...rest } = primaryKey;
  const inOrder = columns.filter((column) => key.includes(column.name)).map((column) => column.name);
  const usual = conventionalName(naming, 'primaryKey', nameParts({ name: table }, key));
  const takesNull = columns.some((column) => key.includes(column.name) && column.nullable);
  return (
    !takesNull &&
    Object.keys(rest).length === 0 &&
    inOrder.join('\0') === key.join('\0') &&
    (!keysHaveNames || name === usual)
  );
}

export function renderModelColumn(
  column: Column,
  property: string,
  table: Table,
  parts: ColumnParts,
  context: ModelContext,
): Doc {
  const { imports, naming } = context;
  const { name, generated } = column;
  const key = parts.isKey && table.primaryKey?.columns.includes(name) === true;
  const unique = parts.uniques.get(name);
  const index = parts.indexes.get(name);
  const reference = parts.foreignKeys.get(name);
  const label = { name: table.name };
  const nameOf = (given: string | null, usual: string | null): string[] =>
    given === null || given === usual ? [] : [quote(given)];
  // Beside a unique constraint, an index without a name says nothing.
  const usualIndex = unique === undefined ? conventionalName(naming, 'index', nameParts(label, [name])) : null;
  const calls: (Group | null)[] = [
    columnNameFor('snake_case', property) === name ? null : call('.name', quote(name)),
    key ? call('.primaryKey') : null,
    ...renderNotNull(column, key),
    ...renderCounter(column, table, parts, context),
    column.default === null ? null : call('.serverDefault', renderModelDefault(column, context)),
    generated === null ? null : call('.generatedAs', renderExpr(generated.expression, imports), ...virtual(generated)),
    column.onUpdate === null ? null : call('.onUpdateNow'),
    column.collation === null ? null : call('.collate', quote(column.collation)),
    unique === undefined
      ? null
      : call('.unique', ...nameOf(unique.name, conventionalName(naming, 'unique', nameParts(label, [name])))),
    index === undefined ? null : call('.index', ...nameOf(index.name, usualIndex)),
    reference === undefined ? null : renderReference(reference, table, context),
    column.comment === null ? null : call('.comment', quote(column.comment)),
    column.inherited === true ? call('.inherited') : null,
  ];
  const said = calls.filter((one) => one !== null);
  return chain(renderModelType(column, table, context), said);
}

/** A name is PostgreSQL's; keys have one too. */
function renderNotNull(column: Column, isKey: boolean): (Group | null)[] {
  const { nullable, notNullName, notNullManner } = column;
  const name = notNullName === undefined ? 'null' : quote(notNullName);
  if (notNullManner !== undefined) return [call('.notNull', name, quote(notNullManner))];
  if (notNullName !== undefined) return [call('.notNull', name)];
  return [isKey || nullable || isNeverNull(column) ? null : call('.notNull')];
}

/** What these calls say by themselves. */
function isNeverNull({ generation }: Column): boolean {
  return generation?.kind === 'serial' || generation?.kind === 'identity';
}

function virtual({ stored }: { readonly stored: boolean }): Doc[] {
  return stored ? [] : [object([['virtual', 'true']])];
}

/** The type, as a constant where several columns are of one enum. */
function renderModelType({ type, name }: Column, table: Table, { enums, used, imports, dialect }: ModelContext): Doc {
  const shared = type.kind === 'enum' ? enums.get(tableKey(type)) : undefined;
  if (shared !== undefined) {
    used.add(shared.name);
    return call(shared.name);
  }
  // Where an enum belongs to its column, the name is for the models alone: no two may be called alike.
  if (type.kind === 'enum' && dialect !== 'postgres') {
    return renderType({ ...type, name: `${table.name}_${name}`.replaceAll('.', '_') }, imports);
  }
  if (type.kind !== 'custom') return renderType(type, imports);
  imports.add('customType');
  const value = customValue(type, dialect);
  const text = typeof type.sql === 'string' ? quote(type.sql) : JSON.stringify(type.sql);
  return call(value === null ? 'customType' : `customType<${value}>`, text);
}

const NUMBERS =
  /^(?:tinyint|mediumint|smallint|int|float|double|year)(?:\(\d+(?:,\d+)?\))?(?: unsigned)?(?: zerofill)?$/;
const STRINGS = /^(?:inet|cidr|macaddr8?|tsvector|tsquery|citext|name|xml|set\(.*\)|tinytext|mediumtext|longtext)$/;
const BINARY = /^(?:tinyblob|mediumblob|longblob|binary(?:\(\d+\))?|varbinary\(\d+\))$/;

/** The JavaScript type of a type in the database's words, where the drivers leave no doubt. */
function customValue(
  { sql }: Extract<ColumnType, { kind: 'custom' }>,
  dialect: ModelContext['dialect'],
): string | null {
  const text = typeof sql === 'string' ? sql : '';
  if (dialect === 'postgres') return STRINGS.test(text) ? 'string' : null;
  if (dialect === 'sqlite') return affinityValue(text);
  if (NUMBERS.test(text)) return 'number';
  if (STRINGS.test(text)) return 'string';
  return BINARY.test(text) ? 'Uint8Array' : null;
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
function affinityValue(text: string): string | null {
  if (/INT/i.test(text)) return 'number';
  if (/CHAR|CLOB|TEXT/i.test(text)) return 'string';
  if (/BLOB/i.test(text)) return 'Uint8Array';
  return /REAL|FLOA|DOUB/i.test(text) ? 'number' : null;
}

function renderModelDefault(column: Column, { imports, dialect }: ModelContext): string {
  const { default: known, type } = column;
  if (known === null) return 'null';
  if (type.kind === 'custom') {
    const value = customValue(type, dialect);
    const source = known.kind === 'verbatim' ? known.source : known;
    const isValue = source?.kind === 'literal' && (value === null || typeof source.value === value);
    if (!isValue) return renderExpr(known, imports);
  }
  return renderDefault(known, type, imports);
}

/** How the database counts up, where it is not what the model would do anyway. */
function renderCounter(column: Column, table: Table, parts: ColumnParts, { dialect }: ModelContext): (Group | null)[] {
  const { generation, type, name } = column;
  const isOnlyKey = parts.isKey && table.primaryKey?.columns.length === 1 && table.primaryKey.columns[0] === name;
  const countsByItself =
    isOnlyKey &&
    column.inherited !== true &&
    isIntegerKind(type.kind) &&
    !parts.foreignKeys.has(name) &&
    column.default === null &&
    column.generated === null;
  if (!countsByItself) return counterCalls(generation);
  const isUsual =
    dialect === 'sqlite'
      ? generation === null && type.kind === 'integer'
      : generation?.kind === 'autoincrement' || isUsualIdentity(generation);
  if (isUsual) return [];
  return generation === null ? [call('.autoincrement', 'false')] : counterCalls(generation);
}

function isUsualIdentity(generation: Generation | null): boolean {
  if (generation?.kind !== 'identity') return false;
  const [, entry] = renderGeneration(generation)[0] ?? [];
  return entry === 'true';
}

function counterCalls(generation: Generation | null): (Group | null)[] {
  return renderGeneration(generation).map(([key, value]) =>
    value === null ? null : call(`.${key}`, ...(value === 'true' ? [] : [value])),
  );
}

function renderReference(key: ForeignKey, table: Table, { naming }: ModelContext): Group {
  const { target, targetColumns, deferrable, name } = key;
  const path = target.namespace === table.namespace ? target.name : formatTableName(target);
  const usual = conventionalName(naming, 'foreignKey', nameParts(table, key.columns, target.name));
  const options = object([
    ...renderActions(key),
    ['deferrable', deferrable === null ? null : quote(deferrable)],
    ['name', name === null || name === usual ? null : quote(name)],
  ]);
  const text = quote(`${path}.${targetColumns[0] ?? ''}`);
  return options.items.length === 0 ? call('.references', text) : call('.references', text, options);
}
