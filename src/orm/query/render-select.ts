/** The text of a query, its parameters bound on the way. */
import { Expr } from '../../schema/expressions/expr.js';
import { renderOrder, selectFrom } from '../loading/select-rows.js';
import type { SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { type Mapper, mapperFor, mapperOf } from '../mapping/mapper.js';
import { RelatedExists, type RelationAttribute } from '../mapping/relation-attribute.js';
import type { RelationMap } from '../mapping/relation-map.js';
import { Alias, definitionOf } from './alias.js';
import { Scope, type Source, sourceOf } from './scope.js';
import { Select, type Selectable, type SelectParts } from './select.js';
import { type JoinedSource, planSources, type Sources } from './sources.js';

export function renderSelect(text: SqlText, { parts }: Select<unknown>): string {
  const { scope, sources } = open(text, parts);
  const [item] = parts.items;
  const isPlain =
    scope.isAlone && parts.items.length === 1 && !parts.distinct && !(item instanceof Expr || item instanceof Alias);
  const head = isPlain
    ? selectFrom(text, mapperOf(item), columnsOf(item as Selectable, parts))
    : `SELECT ${parts.distinct ? 'DISTINCT ' : ''}${renderItems(scope, parts).join(', ')}${renderFrom(scope, sources)}`;
  return `${head}${renderTail(scope, parts, sources)}`;
}

/** The statement that counts the rows of a query. */
export function renderCount(text: SqlText, { parts }: Select<unknown>): string {
  const isLimited = parts.limit !== undefined || parts.offset !== undefined;
  const counted: SelectParts = isLimited ? parts : { ...parts, orderBy: [] };
  const { scope, sources } = open(text, counted);
  if (!isLimited && !parts.distinct && isRowByRow(parts)) {
    return `SELECT count(*)${renderFrom(scope, sources)}${renderTail(scope, counted, sources)}`;
  }
  return `SELECT count(*) FROM (${renderNamed(text, new Select(counted))}) AS counted`;
}

/** The same query, its columns called c1, c2 and so on: for one around it. */
export function renderNamed(text: SqlText, { parts }: Select<unknown>): string {
  const { scope, sources } = open(text, parts);
  const items = renderItems(scope, { ...parts, labels: [] }).map((item, i) => `${item} AS c${i + 1}`);
  const head = `SELECT ${parts.distinct ? 'DISTINCT ' : ''}${items.join(', ')}${renderFrom(scope, sources)}`;
  return `${head}${renderTail(scope, parts, sources)}`;
}

/** A statement whose first value is above 0 where the query gives a row. */
export function renderExists(text: SqlText, query: Select<unknown>): string {
  const { parts } = query;
  if (!isRowByRow(parts) || parts.offset !== undefined || parts.limit === 0) {
    return renderCount(text, query);
  }
  const { scope, sources } = open(text, { ...parts, orderBy: [] });
  return `SELECT 1${renderFrom(scope, sources)}${renderTail(scope, { ...parts, orderBy: [], limit: 1 }, sources)}`;
}

/** One row for each of the tables: an expression may be an aggregate. */
function isRowByRow({ items, groupBy, having }: SelectParts): boolean {
  const isRow = (item: Selectable): boolean => !(item instanceof Expr) || item.node.kind === 'column';
  return groupBy.length === 0 && having.length === 0 && items.every(isRow);
}

function open(text: SqlText, parts: SelectParts): { scope: Scope; sources: Sources } {
  const sources = planSources(text, parts);
  const all = [...sources.base, ...sources.joined.map(({ source }) => source)];
  return { scope: new Scope(text, all, renderQuery), sources };
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

function renderItems(scope: Scope, parts: SelectParts): string[] {
  const { items, labels } = parts;
  const { text } = scope;
  return items.flatMap((item, i) => {
    const name = labels[i] ?? '';
    const label = name === '' ? '' : ` AS ${text.name({ name })}`;
    if (item instanceof Expr) return `${scope.write(item)}${label}`;
    const { qualifier } = scope.source(item instanceof Alias ? item : definitionOf(item));
    return columnsOf(item, parts).map((column) =>
      scope.isAlone ? text.name(column) : `${qualifier}.${text.name(column)}`,
    );
  });
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
  const given = on === undefined ? [] : [scope.write(on)];
  const criteria = criteriaOf(scope, source);
  const isOr = on?.node.kind === 'or' && criteria.length > 0;
  if (along === undefined) {
    return `${join}${table} ON ${[...given.map((sql) => (isOr ? `(${sql})` : sql)), ...criteria].join(' AND ')}`;
  }
  const { link, toOwner, toTarget } = relate(scope, along, source, `link${index + 1}`);
  const toSource = [...toTarget, ...criteria].join(' AND ');
  if (link === undefined) return `${join}${table} ON ${toSource}`;
  return `${join}${link} ON ${toOwner.join(' AND ')}${join}${table} ON ${toSource}`;
}

interface Related {
  /** The association table, under the name that was given for it. */
  readonly link: string | undefined;
  readonly toOwner: readonly string[];
  readonly toTarget: readonly string[];
}

/** The conditions that tie the rows of a relation. */
function relate(scope: Scope, along: RelationAttribute<never, unknown>, target: Source, linkName: string): Related {
  const { text } = scope;
  const { dialect } = text;
  const owner = scope.source(along.source ?? along.table);
  const { pairs, secondary } = relationOf(along);
  const ownerColumn = (name: string): string => `${owner.qualifier}.${dialect.quoteIdentifier(name)}`;
  const targetColumn = (name: string): string => `${target.qualifier}.${dialect.quoteIdentifier(name)}`;
  if (secondary === undefined) {
    const toTarget = pairs.map((pair) => `${targetColumn(pair.target.name)} = ${ownerColumn(pair.owner.name)}`);
    return { link: undefined, toOwner: [], toTarget };
  }
  const linkColumn = (name: string): string => `${dialect.quoteIdentifier(linkName)}.${dialect.quoteIdentifier(name)}`;
  return {
    link: `${dialect.quoteTable(secondary.table)} AS ${dialect.quoteIdentifier(linkName)}`,
    toOwner: secondary.owner.map(({ name, refers }) => `${linkColumn(name)} = ${ownerColumn(refers.name)}`),
    toTarget: secondary.target.map(({ name, refers }) => `${targetColumn(refers.name)} = ${linkColumn(name)}`),
  };
}

function relationOf({ relation, property, table }: RelationAttribute<never, unknown>): RelationMap<Mapper> {
  const mapper = mapperFor(table);
  if (mapper === undefined)
    throw new Error(`unreachable: "${property}" leads to "${relation.target.name}" from no model`);
  return mapper.relation(property);
}

/** What the session lets be seen of the rows of a table. */
function criteriaOf(scope: Scope, { mapper, table }: Source): string[] {
  return scope.text.criteria(mapper, table, scope.write);
}

/** The same for a model that stands in a statement without a query, its columns behind `qualifier`. */
export function conditionsOn(text: SqlText, mapper: Mapper, qualifier: string): string[] {
  const { definition } = mapper;
  const source: Source = { table: definition, definition, mapper, text: () => '', qualifier };
  // Within another scope columns are always qualified.
  return criteriaOf(new Scope(text, [source], renderQuery, new Scope(text, [], renderQuery)), source);
}

function renderTail(scope: Scope, parts: SelectParts, { base, joined }: Sources): string {
  const { where, groupBy, having, orderBy, limit, offset } = parts;
  const place = (each: Expr<unknown>): string => placeOf(each, parts) ?? scope.write(each);
  const { name } = scope.text.dialect;
  const crossed = joined.filter(({ type }) => type === 'cross').map(({ source }) => source);
  const given = where.length === 0 ? [] : [renderConditions(scope, where)];
  const criteria = [...base, ...crossed].flatMap((source) => criteriaOf(scope, source));
  const isOr = where.length === 1 && where[0]?.node.kind === 'or' && criteria.length > 0;
  const conditions = [...given.map((sql) => (isOr ? `(${sql})` : sql)), ...criteria];
  return [
    conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`,
    groupBy.length === 0 ? '' : ` GROUP BY ${groupBy.map(place).join(', ')}`,
    having.length === 0 ? '' : ` HAVING ${renderConditions(scope, having)}`,
    orderBy.length === 0 ? '' : ` ORDER BY ${renderOrder(scope.text, orderBy, place)}`,
    limit === undefined && offset === undefined ? '' : ` LIMIT ${limit ?? noLimit(name)}`,
    offset === undefined ? '' : ` OFFSET ${offset}`,
  ].join('');
}

export function renderConditions(scope: Scope, conditions: readonly Expr<boolean | null>[]): string {
  const all = conditions.map((condition) => {
    const sql = scope.write(condition);
    return condition.node.kind === 'or' && conditions.length > 1 ? `(${sql})` : sql;
  });
  return all.join(' AND ');
}

/**
 * What is selected already is named by its place: written again, its parameters would be others, and PostgreSQL would not
 * see that it is the same.
 */
function placeOf(expression: Expr<unknown>, parts: SelectParts): string | undefined {
  const { items } = parts;
  const index = items.indexOf(expression);
  if (index === -1 || expression.node.kind === 'column') return undefined;
  const before = items.slice(0, index).map((item) => (item instanceof Expr ? 1 : columnsOf(item, parts).length));
  return String(before.reduce((sum, width) => sum + width, 1));
}

/** Only PostgreSQL takes OFFSET alone, and knows a word for no limit. */
function noLimit(dialect: string): string {
  if (dialect === 'postgres') return 'ALL';
  return dialect === 'sqlite' ? '-1' : '18446744073709551615';
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
  if (query instanceof RelatedExists) return renderRelated(query, scope);
  if (query instanceof ProposedColumn) {
    // VALUES() is the only word that MySQL and MariaDB share.
    const isMysql = text.dialect.name === 'mysql' || text.dialect.name === 'mariadb';
    return isMysql ? `VALUES(${text.name(query)})` : `excluded.${text.name(query)}`;
  }
  throw new Error('unreachable: there is no other subquery');
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
  const given = conditions.length === 0 ? [] : [renderConditions(inner, [...conditions])];
  const wrapped = conditions.length === 1 && conditions[0]?.node.kind === 'or' ? given.map((sql) => `(${sql})`) : given;
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${[...ties, ...wrapped, ...criteriaOf(inner, target)].join(' AND ')})`;
}
