/** Pages of a query: by number, with the total, or by the last row of the page before. */
import { AludelError } from '../../errors.js';
import type { DialectName } from '../../engine/connection.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import { Expr, Ordering, sqlOf, toExpression } from '../../schema/expressions/expr.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { Mapper } from '../mapping/mapper.js';
import { mapperOfItem } from './render-select.js';
import { Select } from './select.js';

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
  readonly descending: boolean;
}

/** The query for a page and one row more, each row an object and the values that it is ordered by. */
export function keyQuery<T>(query: Select<T>, { limit, after }: PageByKey, dialect: DialectName): Select<unknown[]> {
  const { parts } = query;
  const [item] = parts.items;
  const mapper = item === undefined ? undefined : mapperOfItem(item);
  if (mapper === undefined || parts.form !== 'value' || parts.limit !== undefined || parts.offset !== undefined) {
    throw new AludelError(
      'ALUDEL_USAGE',
      'Pages by key are of queries for the objects of one model, without a limit.',
      {
        hint: 'Write select(Model), or ask for pages with an offset: { limit, offset }.',
      },
    );
  }
  const keys = keyParts(query, mapper);
  const values = keys.map(({ column }) => new Expr(() => sqlOf(exact(column.node, dialect))));
  const orderBy = keys.map(({ column, descending }) => (descending ? column.desc() : column.asc()));
  const where = after === null || after === undefined ? [] : [isAfter(keys, readCursor(after, keys.length))];
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
function keyParts({ parts }: Select<unknown>, mapper: Mapper): KeyPart[] {
  const given = parts.orderBy.map((each) => {
    const { expression, descending, options } =
      each instanceof Ordering ? each : { expression: each, descending: false, options: {} };
    const property = originOf(expression.node)?.property;
    const column = property === undefined ? undefined : mapper.byProperty.get(property);
    // MySQL orders enumerations by their place and compares them by their text.
    const isOrdered = column !== undefined && !column.spec.nullable && column.spec.type.kind !== 'enum';
    if (!isOrdered || options.nulls !== undefined) {
      throw new AludelError(
        'ALUDEL_USAGE',
        'Pages by key need an order by columns that are never NULL and no enumerations.',
        {
          hint: 'Order by such columns, or ask for pages with an offset: { limit, offset }.',
        },
      );
    }
    return { column: expression, descending };
  });
  const named = given.map(({ column }) => originOf(column.node)?.property);
  const descending = given.at(-1)?.descending ?? false;
  const rest = mapper.keys.filter(({ property }) => !named.includes(property));
  return [
    ...given,
    ...rest.flatMap(({ property }) => {
      const column = mapper.definition.c[property];
      return column === undefined ? [] : [{ column, descending }];
    }),
  ];
}

/** PostgreSQL's timestamps have more digits than a Date: as text they are compared as they stand. */
function exact(node: Expression, dialect: DialectName): Expression {
  return dialect === 'postgres' ? sqlOf('CAST(', node, ' AS text)') : node;
}

/** `(a, b) > (x, y)`, where columns may run in different directions: `a > x OR (a = x AND b > y)`. */
function isAfter(keys: readonly KeyPart[], values: readonly unknown[]): Expr<boolean> {
  return new Expr<boolean>(() => ({
    kind: 'or',
    operands: keys.map(({ column, descending }, i) => ({
      kind: 'and',
      operands: [
        ...keys.slice(0, i).map((each, at) => compare('=', each.column.node, values[at])),
        compare(descending ? '<' : '>', column.node, values[i]),
      ],
    })),
  }));
}

function compare(operator: '=' | '<' | '>', left: Expression, value: unknown): Expression {
  return { kind: 'binary', operator, left, right: toExpression(value) };
}

function writeCursor(values: readonly unknown[]): string {
  const plain = values.map((value) => (typeof value === 'bigint' ? String(value) : value));
  return Buffer.from(JSON.stringify(plain)).toString('base64url');
}

function readCursor(text: string, length: number): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const isValue = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
    if (Array.isArray(values) && values.length === length && values.every(isValue)) return values;
  } catch {
    // Not ours: see below.
  }
  throw new AludelError('ALUDEL_USAGE', 'The page to go on after is none of this query.', {
    hint: 'Pass "next" of the page before as it was given, with the same order; null for the first page.',
  });
}
