/** The text of a query, its parameters bound on the way. */
import { AludelError } from '../../errors.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { Expression } from '../../schema/expressions/expression.js';
import { renderOrder, selectFrom } from '../loading/select-text.js';
import type { SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { type Mapper, mapperOf } from '../mapping/mapper.js';
import { RelatedExists } from '../mapping/relation-attribute.js';
import { Alias, AliasedExpression, definitionOf } from './alias.js';
import { collectTables } from './collect-tables.js';
import { relate } from './relate.js';
import { Scope, type Source, sourceOf } from './scope.js';
import { type LockOptions, Select, type Selectable, type SelectParts, tableOf } from './select.js';
import { type JoinedSource, planSources, type Sources } from './sources.js';
import { QueryValue, type Subquery } from './subquery.js';

/** A whole query. `isNumbered`: its columns are called c1, c2 and so on. */
export function renderSelect(text: SqlText, query: Select<unknown>, outer?: Scope, isNumbered = false): string {
  const { parts } = query;
  return withTables(text, parts, () => {
    if (parts.compound !== undefined) return renderCompound(text, parts, outer, isNumbered);
    const { scope, sources } = open(text, parts, outer);
    const [item] = parts.items;
    const isPlain = scope.isAlone && parts.items.length === 1 && parts.distinct === false && !isNumbered;
    const head =
      isPlain && typeof item === 'function' && sources.base[0]?.table === definitionOf(item)
        ? selectFrom(text, mapperOf(item), columnsOf(item, parts), (column) => writeNamed(text, mapperOf(item), column))
        : `SELECT ${renderDistinct(scope, parts)}${renderItems(scope, parts, isNumbered).join(', ')}${renderFrom(scope, sources)}`;
    return `${head}${renderTail(scope, parts, sources)}`;
  });
}

/** The statement that counts the rows of a query. */
export function renderCount(text: SqlText, query: Select<unknown>): string {
  const { parts } = query;
  const isLimited = parts.limit !== undefined || parts.offset !== undefined;
  const counted = new Select({ ...parts, lock: undefined, ...(isLimited ? {} : { orderBy: [] }) });
  if (isLimited || parts.distinct !== false || !isRowByRow(parts)) {
    return `SELECT count(*) FROM (${renderNamed(text, counted)}) AS counted`;
  }
  return withTables(text, parts, () => {
    const { scope, sources } = open(text, counted.parts);
    return `SELECT count(*)${renderFrom(scope, sources)}${renderTail(scope, counted.parts, sources)}`;
  });
}

/** The same query, its columns called c1, c2 and so on: for one around it. */
export function renderNamed(text: SqlText, query: Select<unknown>): string {
  return renderSelect(text, query, undefined, true);
}

/** A statement whose first value is above 0 where the query gives a row. */
export function renderExists(text: SqlText, query: Select<unknown>): string {
  const { parts } = query;
  if (!isRowByRow(parts) || parts.offset !== undefined || parts.limit === 0) return renderCount(text, query);
  return withTables(text, parts, () => renderOne(text, { ...parts, lock: undefined, limit: 1 }));
}

/** 1 for every row. */
function renderOne(text: SqlText, parts: SelectParts, outer?: Scope): string {
  const unordered = { ...parts, orderBy: [] };
  const { scope, sources } = open(text, unordered, outer);
  return `SELECT 1${renderFrom(scope, sources)}${renderTail(scope, unordered, sources)}`;
}

function renderCompound(text: SqlText, parts: SelectParts, outer: Scope | undefined, isNumbered: boolean): string {
  const { operator = 'UNION', queries = [] } = parts.compound ?? {};
  const all = queries.map((query) => {
    const { orderBy, limit, offset, compound } = query.parts;
    const { columns } = parts;
    const each = columns === undefined ? query : new Select({ ...query.parts, columns });
    const sql = renderSelect(text, each, outer, isNumbered);
    const isSimple = orderBy.length === 0 && limit === undefined && offset === undefined && compound === undefined;
    // SQLite takes no brackets here, and not all agree on what binds tighter.
    return isSimple ? sql : `SELECT * FROM (${sql}) AS part${text.nextNumber()}`;
  });
  return `${all.join(` ${operator} `)}${renderTail(new Scope(text, [], renderQuery, outer), parts, { base: [], joined: [] })}`;
}

/** WITH and its tables, unless a query around this one brings them. */
function withTables(text: SqlText, parts: SelectParts, write: () => string): string {
  const tables = collectTables(parts, new Set()).filter((table) => !text.tables.has(table));
  if (tables.length === 0) return write();
  for (const table of tables) text.tables.add(table);
  const written = tables.map((table) => {
    const names = Object.keys(table.c).map((name) => text.name({ name }));
    return `${text.name(table)} (${names.join(', ')}) AS (${renderSelect(text, table.query() as Select<unknown>)})`;
  });
  const isRecursive = tables.some(({ kind }) => kind === 'recursive');
  const sql = `WITH ${isRecursive ? 'RECURSIVE ' : ''}${written.join(', ')} ${write()}`;
  for (const table of tables) text.tables.delete(table);
  return sql;
}

/** One row for each of the tables: an expression may be an aggregate. */
function isRowByRow({ items, groupBy, having, compound }: SelectParts): boolean {
  const isRow = (item: Selectable): boolean => !(item instanceof Expr) || item.node.kind === 'column';
  return groupBy.length === 0 && having.length === 0 && compound === undefined && items.every(isRow);
}

function open(text: SqlText, parts: SelectParts, outer?: Scope): { scope: Scope; sources: Sources } {
  // Tables are written when the scope is known: those of LATERAL see it.
  const write = (table: Subquery<unknown> | Alias<unknown>): string => renderTable(scope, table, outer);
  const sources = planSources(text, parts, write, outer);
  const all = [...sources.base, ...sources.joined.map(({ source }) => source)];
  const scope = new Scope(text, all, renderQuery, outer);
  return { scope, sources };
}

/** A query in FROM. */
function renderTable(scope: Scope, table: Subquery<unknown> | Alias<unknown>, outer: Scope | undefined): string {
  const { text } = scope;
  const name = text.name(table);
  if (table instanceof Alias) return `(${renderSelect(text, table.query as Select<unknown>, outer)}) AS ${name}`;
  if (table.kind === 'cte' || table.kind === 'recursive') return name;
  const isLateral = table.kind === 'lateral';
  if (isLateral && !text.dialect.rules.syntax.lateral)
    throw unsupported('LATERAL', text, 'a subquery in the condition, or ');
  const query = renderSelect(text, table.query() as Select<unknown>, isLateral ? scope : outer);
  return `${isLateral ? 'LATERAL ' : ''}(${query}) AS ${name}`;
}

function unsupported(what: string, { dialect }: SqlText, instead = ''): AludelError {
  return new AludelError('ALUDEL_OPERATION_UNSUPPORTED', `${what} of a query is nothing that ${dialect.name} knows.`, {
    hint: `Use ${instead}a window function: fn.rowNumber().over(...).`,
  });
}

function renderDistinct(scope: Scope, { distinct }: SelectParts): string {
  if (typeof distinct === 'boolean') return distinct ? 'DISTINCT ' : '';
  if (!scope.text.dialect.rules.syntax.distinctOn) throw unsupported('DISTINCT ON', scope.text);
  return `DISTINCT ON (${distinct.map(scope.write).join(', ')}) `;
}

/** The model of an item that gives objects. */
export function mapperOfItem(item: Selectable): Mapper | undefined {
  if (item instanceof Expr) return undefined;
  return mapperOf(item instanceof Alias ? item.model : item);
}

/** The columns that are read for the objects of an item: all, or what the options of the query leave. */
function columnsOf(item: Selectable, { columns }: SelectParts): readonly ColumnMap[] {
  return columns?.get(item) ?? mapperOfItem(item)?.selected ?? [];
}

/** What is selected, each part of a row. */
export function renderItems(scope: Scope, parts: SelectParts, isNumbered: boolean): string[] {
  const { items, labels } = parts;
  const { text } = scope;
  const all = items.flatMap((item, i) => {
    const name = isNumbered ? '' : (labels[i] ?? '');
    const label = name === '' ? '' : ` AS ${text.name({ name })}`;
    if (item instanceof Expr) return `${scope.write(item)}${label}`;
    const { qualifier, mapper } = scope.source(item instanceof Alias ? item : definitionOf(item));
    return columnsOf(item, parts).map((column) => {
      if (column.computedBy === undefined && scope.isAlone) return text.name(column);
      return (isNumbered ? writeColumn : writeNamed)(text, mapper as Mapper, column, qualifier);
    });
  });
  return isNumbered ? all.map((column, i) => `${column} AS c${i + 1}`) : all;
}

function renderFrom(scope: Scope, { base, joined }: Sources): string {
  if (base.length + joined.length === 0) return '';
  // Tables that a condition ties stand first, where the ON of every join sees them.
  const [first = '', ...others] = base.map(({ text }) => text());
  const crossed = others.map((text) => ` CROSS JOIN ${text}`);
  return ` FROM ${first}${crossed.join('')}${joined.map((join, i) => renderJoin(scope, join, i)).join('')}`;
}

function renderJoin(scope: Scope, { type, source, along, on }: JoinedSource, index: number): string {
  if (type === 'cross') return ` CROSS JOIN ${source.text()}`;
  const join = type === 'left' ? ' LEFT JOIN ' : ' JOIN ';
  const table = source.text();
  const criteria = (): string[] => criteriaOf(scope, source);
  if (along === undefined)
    return `${join}${table} ON ${renderConditions(scope, on === undefined ? [] : [on], criteria)}`;
  const { link, toOwner, toTarget } = relate(scope, along, source, `link${index + 1}`);
  const toSource = renderConditions(scope, [], criteria, toTarget);
  if (link === undefined) return `${join}${table} ON ${toSource}`;
  return `${join}${link} ON ${toOwner.join(' AND ')}${join}${table} ON ${toSource}`;
}

/** What the session lets be seen of the rows of a table. */
function criteriaOf(scope: Scope, { mapper, table }: Source): string[] {
  return scope.text.criteria(mapper, table, scope.write);
}

/** The same for a model that stands in a statement without a query, its columns behind `qualifier`. */
export function conditionsOn(text: SqlText, mapper: Mapper, qualifier: string): string[] {
  const scope = ownScope(text, mapper, qualifier);
  return criteriaOf(scope, scope.source(mapper.definition));
}

/** A column of a model that is called `qualifier` in a statement, or what the database works out in its place. */
export function writeColumn(
  text: SqlText,
  mapper: Mapper,
  column: ColumnMap,
  qualifier: string = mapper.qualifier(text.dialect),
): string {
  if (column.computedBy === undefined) return `${qualifier}.${text.name(column)}`;
  return ownScope(text, mapper, qualifier).write(column.computedBy.expression);
}

/** The same with its name: what is computed has none. */
function writeNamed(text: SqlText, mapper: Mapper, column: ColumnMap, qualifier?: string): string {
  const sql = writeColumn(text, mapper, column, qualifier);
  return column.computedBy === undefined ? sql : `${sql} AS ${text.name(column)}`;
}

function ownScope(text: SqlText, mapper: Mapper, qualifier: string): Scope {
  const source: Source = { table: mapper.definition, mapper, text: () => '', qualifier };
  // Within another scope columns are always qualified.
  return new Scope(text, [source], renderQuery, new Scope(text, [], renderQuery));
}

function renderTail(scope: Scope, parts: SelectParts, { base, joined }: Sources): string {
  const { where, groupBy, having, orderBy, limit, offset } = parts;
  const place = (each: Expr<unknown>): string => placeOf(each, parts) ?? scope.write(each);
  // A bare name behind ORDER BY means what is selected under it first, whether or not we have given that name.
  const isNamed = parts.items.some((item) => item instanceof Expr && item.node.kind !== 'column');
  const orderPlace = (each: Expr<unknown>): string => {
    const table = isNamed ? originOf(each.node)?.table : undefined;
    const isBare = table !== undefined && scope.isAlone;
    return isBare ? `${scope.source(table).qualifier}.${scope.write(each)}` : place(each);
  };
  const { noLimit } = scope.text.dialect.rules.syntax;
  const crossed = joined.filter(({ type }) => type === 'cross').map(({ source }) => source);
  const criteria = (): string[] => [...base, ...crossed].flatMap((source) => criteriaOf(scope, source));
  const conditions = renderConditions(scope, where, criteria);
  return [
    conditions === '' ? '' : ` WHERE ${conditions}`,
    groupBy.length === 0 ? '' : ` GROUP BY ${groupBy.map(place).join(', ')}`,
    having.length === 0 ? '' : ` HAVING ${renderConditions(scope, having)}`,
    orderBy.length === 0 ? '' : ` ORDER BY ${renderOrder(scope.text, orderBy, orderPlace)}`,
    limit === undefined && offset === undefined ? '' : ` LIMIT ${limit ?? noLimit}`,
    offset === undefined ? '' : ` OFFSET ${offset}`,
    parts.lock === undefined ? '' : renderLock(scope, parts.lock),
  ].join('');
}

/** What must hold, in the order of the text; a condition with OR stands in brackets where others stand beside it. */
export function renderConditions(
  scope: Scope,
  conditions: readonly Expr<boolean | null>[],
  behind: () => readonly string[] = () => [],
  before: readonly string[] = [],
): string {
  const all = [...before, ...conditions.map(scope.write), ...behind()];
  const isOr = (i: number): boolean => all.length > 1 && conditions[i - before.length]?.node.kind === 'or';
  return all.map((sql, i) => (isOr(i) ? `(${sql})` : sql)).join(' AND ');
}

/** SQLite has no locks of rows: sessions that write have locked the database. */
function renderLock(scope: Scope, { mode = 'update', wait, of = [] }: LockOptions): string {
  const { shareLock, locksTables } = scope.text.dialect.rules.syntax;
  if (shareLock === undefined) return '';
  const tables = of.map((table) => scope.source(tableOf(table)).qualifier);
  const named = tables.length === 0 || !locksTables ? '' : ` OF ${tables.join(', ')}`;
  return ` ${mode === 'update' ? 'FOR UPDATE' : shareLock}${named}${wait === undefined ? '' : wait === 'nowait' ? ' NOWAIT' : ' SKIP LOCKED'}`;
}

/**
 * What is selected already is named by its place: written again, its parameters would be others, and PostgreSQL would not
 * see that it is the same. Of queries that are put together, only places are known.
 */
function placeOf(expression: Expr<unknown>, parts: SelectParts): string | undefined {
  const { items, compound } = parts;
  const origin = originOf(expression.node);
  if (compound === undefined && origin !== undefined) return undefined;
  const isMeant = (node: Expression): boolean => {
    const other = originOf(node);
    return other !== undefined && other.table === origin?.table && other.property === origin.property;
  };
  let place = 0;
  for (const item of items) {
    const width = item instanceof Expr ? 1 : columnsOf(item, parts).length;
    if (item === expression || (item instanceof Expr && isMeant(item.node))) return String(place + 1);
    const table = item instanceof Expr ? undefined : item instanceof Alias ? item : definitionOf(item);
    const at = (item instanceof Expr ? [] : columnsOf(item, parts)).findIndex(
      ({ property }) => property === origin?.property,
    );
    if (compound !== undefined && table !== undefined && table === origin?.table && at !== -1)
      return String(place + at + 1);
    place += width;
  }
  if (compound === undefined) return undefined;
  throw new AludelError(
    'ALUDEL_USAGE',
    'Queries that are put together are ordered by what the first of them selects.',
    {
      hint: "Select it, or make a table of all: query.as('t').",
    },
  );
}

/** A value of a row that a conflict has kept out. */
export class ProposedColumn {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export function renderQuery(query: object, scope: Scope): string {
  const { text } = scope;
  const { conflictClause, limitInSubquery } = text.dialect.rules.syntax;
  if (query instanceof RelatedExists) return renderRelated(query, scope);
  if (query instanceof ProposedColumn) {
    // VALUES() is the only word that MySQL and MariaDB share.
    return conflictClause === 'ON CONFLICT' ? `excluded.${text.name(query)}` : `VALUES(${text.name(query)})`;
  }
  if (query instanceof AliasedExpression) {
    const { alias, expression } = query;
    const source = { ...scope.source(alias), table: alias.definition };
    return `(${new Scope(text, [source], renderQuery, scope).write(expression)})`;
  }
  if (query instanceof QueryValue) {
    const inner = query.query as Select<unknown>;
    if (query.kind === 'scalar' || !isRowByRow(inner.parts)) {
      return `${query.kind === 'exists' ? 'EXISTS ' : ''}(${renderSelect(text, inner, scope)})`;
    }
    return `EXISTS (${withTables(text, inner.parts, () => renderOne(text, inner.parts, scope))})`;
  }
  if (!(query instanceof Select)) throw new Error('unreachable: there is no other subquery');
  const sql = renderSelect(text, query, scope);
  // One step further in it is taken everywhere.
  return limitInSubquery || query.parts.limit === undefined
    ? `(${sql})`
    : `(SELECT * FROM (${sql}) AS part${text.nextNumber()})`;
}

/** `any()` and `has()`: the rows of the relation that meet the conditions. */
function renderRelated(query: RelatedExists, outer: Scope): string {
  const { text } = outer;
  const { attribute, conditions } = query;
  const number = text.nextNumber();
  const target = sourceOf(text, definitionOf(attribute.relation.target), `related${number}`);
  const { link, toOwner, toTarget } = relate(outer, attribute, target, `link_to${number}`);
  const inner = new Scope(text, [target], renderQuery, outer);
  const from = link === undefined ? target.text() : `${link} JOIN ${target.text()} ON ${toTarget.join(' AND ')}`;
  const ties = link === undefined ? toTarget : toOwner;
  const where = renderConditions(inner, conditions, () => criteriaOf(inner, target), ties);
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${where})`;
}
