/** Pages of a query: by number, with the total, or by the last row of the page before. */
import { AludelError } from '../../errors.js';
import type { DialectName } from '../../engine/connection.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr, Ordering } from '../../schema/expressions/expr.js';
import { sqlOf } from '../../schema/expressions/sql-parts.js';
import { toExpression } from '../../schema/expressions/to-expression.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { ColumnSpec } from '../../schema/column-builder.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { type Mapper, mapperFor } from '../mapping/mapper.js';
import { Alias } from './alias.js';
import { mapperOfItem } from './render-select.js';
import { isFamily } from './scope.js';
import { Select, type SelectParts } from './select.js';

export interface PageByOffset {
  /** Rows a page. */
  readonly limit: number;
  /** Rows before the page. Default: 0. */
  readonly offset?: number;
}

export interface PageByKey {
  /** Rows a page. */
  readonly limit: number;
  /** `next` of the page before; null or undefined for the first page. */
  readonly after: string | null | undefined;
}

export interface OffsetPage<T> {
  readonly items: T[];
  /** The rows of all pages. */
  readonly total: number;
}

export interface KeyPage<T> {
  readonly items: T[];
  /** What the next page begins after; null where there is none. It holds values of the columns that the rows are ordered by. */
  readonly next: string | null;
}

interface KeyPart {
  readonly column: Expr<unknown>;
  readonly spec: ColumnSpec;
  readonly descending: boolean;
  /** How it was said where NULL goes. */
  readonly options: Ordering['options'];
  /** Where NULL goes; undefined where there is none. */
  readonly nulls: 'first' | 'last' | undefined;
}

/** The query for a page and one row more, each row an object and the values that it is ordered by. */
export function keyQuery<T>(query: Select<T>, { limit, after }: PageByKey, dialect: DialectName): Select<unknown[]> {
  const { parts } = query;
  const [item] = parts.items;
  const mapper = item === undefined ? undefined : mapperOfItem(item);
  const isOne = parts.form === 'value' && parts.compound === undefined;
  if (mapper === undefined || !isOne || parts.limit !== undefined || parts.offset !== undefined) {
    throw new AludelError(
      'ALUDEL_USAGE',
      'Pages by key are of queries for the objects of one model, without a limit.',
      {
        hint: 'Write select(Model), or ask for pages with an offset: { limit, offset }.',
      },
    );
  }
  const own = item instanceof Alias ? item : mapper.definition;
  const keys = keyParts(query, own, mapper, dialect);
  const values = keys.map((key) => new Expr(() => sqlOf(exact(key, dialect))));
  const orderBy = keys.map(({ column, descending, options }) => new Ordering(column, descending, options));
  const where = after === null || after === undefined ? [] : [isAfter(keys, readCursor(after, keys))];
  return new Select<unknown[]>({
    ...parts,
    items: [...parts.items, ...values],
    form: 'tuple',
    labels: ['', ...keys.map((_, i) => `page_key${i + 1}`)],
    orderBy,
    where: [...parts.where, ...where],
  }).limit(limit + 1);
}

/** A page from the rows of `keyQuery`. */
export function keyPage<T>(rows: readonly unknown[][], limit: number): KeyPage<T> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map(([object]) => object as T), next: last === undefined ? null : writeCursor(last.slice(1)) };
}

/** What the rows are ordered by, and the key of the model, so that no two rows are at the same place. */
function keyParts(
  { parts }: Select<unknown>,
  own: Alias<unknown> | TableDefinition,
  mapper: Mapper,
  dialect: DialectName,
): KeyPart[] {
  // PostgreSQL takes NULL for the largest value, the others for the smallest.
  const usual = (descending: boolean): 'first' | 'last' => ((dialect === 'postgres') === descending ? 'first' : 'last');
  const given = parts.orderBy.map((each) => {
    const { expression, descending, options } =
      each instanceof Ordering ? each : { expression: each, descending: false, options: {} };
    const place = placeOf(expression, parts, own);
    // MySQL orders enumerations by their place and compares them by their text.
    if (place === undefined || place.spec.type.kind === 'enum') {
      throw new AludelError('ALUDEL_USAGE', 'Pages by key need an order by columns that are no enumerations.', {
        hint: 'Order by columns of the model or of what is joined to it, or ask for pages with an offset: { limit, offset }.',
      });
    }
    const nulls = place.spec.nullable ? (options.nulls ?? usual(descending)) : undefined;
    return { column: expression, spec: place.spec, descending, options, nulls, place };
  });
  const named = given.flatMap(({ place }) => (place.source === own ? [place.property] : []));
  const descending = given.at(-1)?.descending ?? false;
  const rest = mapper.keys.filter(({ property }) => !named.includes(property));
  const columns = own.c as Readonly<Record<string, Expr<unknown>>>;
  return [
    ...given,
    ...rest.flatMap(({ property, spec }) => {
      const column = columns[property];
      return column === undefined ? [] : [{ column, spec, descending, options: {}, nulls: undefined }];
    }),
  ];
}

interface Place {
  /** The table of the query that holds the column. */
  readonly source: object;
  readonly property: string;
  readonly spec: ColumnSpec;
}

/** Where an expression is a column that every row of the query has. */
function placeOf({ node }: Expr<unknown>, { joins }: SelectParts, own: object): Place | undefined {
  const origin = originOf(node);
  if (origin === undefined) return undefined;
  const { table, property } = origin;
  const sources = [own, ...joins.map(({ target }) => target)];
  const source = sources.find((each) => each === table) ?? sources.find((each) => isFamily(each, table)) ?? table;
  // A left join may find no row of its table.
  if (joins.some(({ target, type }) => target === source && type === 'left')) return undefined;
  const definition = source instanceof Alias ? source.definition : (source as TableDefinition);
  const mapper = mapperFor(definition);
  const column = mapper === undefined ? definition.columns[property] : mapper.byProperty.get(property);
  return column === undefined ? undefined : { source, property, spec: column.spec };
}

/**
 * A value of a column as it must be sent back to meet its row. PostgreSQL's timestamps have more digits than a Date: as
 * text they are compared as they stand. MySQL and MariaDB show six digits of a FLOAT and compare all of them.
 */
function exact({ column: { node }, spec }: KeyPart, dialect: DialectName): Expression {
  if (dialect === 'postgres') return sqlOf('CAST(', node, ' AS text)');
  return dialect !== 'sqlite' && spec.type.kind === 'real' ? sqlOf('CAST(', node, ' AS DOUBLE)') : node;
}

/** `(a, b) > (x, y)`, where columns may run in different directions: `a > x OR (a = x AND b > y)`. */
function isAfter(keys: readonly KeyPart[], values: readonly unknown[]): Expr<boolean> {
  const operands = keys.flatMap((key, i): Expression[] => {
    const behind = follows(key, values[i]);
    const same = keys.slice(0, i).map(({ column: { node } }, at) => compare('=', node, values[at]));
    return behind === undefined ? [] : [{ kind: 'and', operands: [...same, behind] }];
  });
  return new Expr<boolean>(() => ({ kind: 'or', operands }));
}

/** What a column holds in rows behind those with a value; undefined where nothing comes behind it. */
function follows({ column: { node }, descending, nulls }: KeyPart, value: unknown): Expression | undefined {
  if (value === null) return nulls === 'first' ? { kind: 'isNull', operand: node, negated: true } : undefined;
  const beyond = compare(descending ? '<' : '>', node, value);
  return nulls === 'last' ? { kind: 'or', operands: [beyond, compare('=', node, null)] } : beyond;
}

function compare(operator: '=' | '<' | '>', left: Expression, value: unknown): Expression {
  if (value === null) return { kind: 'isNull', operand: left, negated: false };
  return { kind: 'binary', operator, left, right: toExpression(value) };
}

function writeCursor(values: readonly unknown[]): string {
  const plain = values.map((value) => {
    if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString('hex') };
    return typeof value === 'bigint' ? String(value) : value;
  });
  return Buffer.from(JSON.stringify(plain)).toString('base64url');
}

function readCursor(text: string, keys: readonly KeyPart[]): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString(), (_name, value: unknown) =>
      value !== null && typeof value === 'object' && 'hex' in value ? Buffer.from(String(value.hex), 'hex') : value,
    );
    const isValue = (value: unknown, i: number): boolean =>
      ['string', 'number', 'boolean'].includes(typeof value) ||
      value instanceof Uint8Array ||
      (value === null && keys[i]?.nulls !== undefined);
    if (Array.isArray(values) && values.length === keys.length && values.every(isValue)) return values;
  } catch {
    // Not ours: see below.
  }
  throw new AludelError('ALUDEL_USAGE', 'The page to go on after is none of this query.', {
    hint: 'Pass "next" of the page before as it was given, with the same order; null for the first page.',
  });
}
