import type { Dialect } from '../../dialects/dialect.js';
import { type ExpressionRules, renderExpression } from '../../dialects/render-expression.js';
import type { ArrayQuery, ArrayResult } from '../../engine/connection.js';
import { isExpr } from '../../schema/expressions/expr.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { Expr } from '../../schema/expressions/expr.js';
import type { Mapper } from '../mapping/mapper.js';
import type { RowCriteria } from './row-criteria.js';
import type { Active } from '../session/transaction.js';
import { encode } from '../../dialects/codecs.js';

/** As much of a dialect as the text of a statement takes. */
export type TextDialect = Pick<
  Dialect,
  'name' | 'rules' | 'quoteIdentifier' | 'quoteTable' | 'placeholder' | 'renderExpression' | 'arrayType'
>;

/** One statement in the making: its parameters, and the dialect that quotes its names. */
export class SqlText {
  readonly params: unknown[] = [];
  readonly dialect: TextDialect;
  /** Those of WITH that have been written. */
  readonly tables: Set<object> = new Set();
  readonly #criteria: RowCriteria | undefined;
  #isInCriteria = false;
  #last = 0;

  constructor(dialect: TextDialect, criteria?: RowCriteria) {
    this.dialect = dialect;
    this.#criteria = criteria;
  }

  /** The criteria for the rows of a model as text; what they ask of other tables is asked of all their rows. */
  criteria(mapper: Mapper | undefined, table: object, write: (condition: Expr<boolean | null>) => string): string[] {
    if (this.#criteria === undefined || mapper === undefined || this.#isInCriteria) return [];
    this.#isInCriteria = true;
    const written = this.#criteria.of(mapper, table).map((condition) => {
      const sql = write(condition);
      return condition.node.kind === 'or' ? `(${sql})` : sql;
    });
    this.#isInCriteria = false;
    return written;
  }

  /** A parameter as it is. */
  bind(value: unknown): string {
    this.params.push(value);
    return this.dialect.placeholder(this.params.length);
  }

  /** 1, 2 and so on: for names that no other part of the statement has. */
  nextNumber(): number {
    return ++this.#last;
  }

  encode(column: ColumnMap, value: unknown): unknown {
    return encode(column, value, this.dialect.name);
  }

  /** The value of a column as a parameter, or SQL. */
  value(column: ColumnMap, value: unknown): string {
    if (isExpr(value)) return this.expression(value.node);
    return this.bind(encode(column, value, this.dialect.name));
  }

  /** Rows as VALUES takes them. */
  tuples(columns: readonly ColumnMap[], rows: readonly (readonly unknown[])[]): string {
    return rows.map((row) => `(${columns.map((column, i) => this.value(column, row[i])).join(', ')})`).join(', ');
  }

  /**
   * Rows as a source for FROM, its columns called column1, column2 and so on: arrays of columns where the database has
   * them, which makes one text of any number of rows; else a list of values.
   */
  rows(columns: readonly ColumnMap[], rows: readonly (readonly unknown[])[]): string {
    const types = columns.map((column) => this.dialect.arrayType(column.spec.type));
    if (types.includes(undefined)) {
      return `(VALUES ${this.tuples(columns, rows)}) AS v`;
    }
    const arrays = columns.map((column, i) => {
      const values = rows.map((row) => toElement(encode(column, row[i], this.dialect.name)));
      return `${this.bind(values)}::${types[i]}`;
    });
    const names = columns.map((_, i) => `column${i + 1}`);
    return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS v (${[...names, 'n'].join(', ')})`;
  }

  name(column: { readonly name: string }): string {
    return this.dialect.quoteIdentifier(column.name);
  }

  names(columns: readonly { readonly name: string }[]): string {
    return columns.map((column) => this.name(column)).join(', ');
  }

  /** What a statement that writes gives back, if anything. */
  returning(columns: readonly { readonly name: string }[]): string {
    return columns.length === 0 ? '' : ` RETURNING ${this.names(columns)}`;
  }

  /** An expression with its literals as parameters. `names` says what columns and subqueries are in a larger query. */
  expression(expression: Expression, names: Pick<ExpressionRules, 'column' | 'query'> = {}): string {
    const { dialect } = this;
    return renderExpression(expression, {
      ...dialect.rules,
      literal: (value) => (value === null ? 'NULL' : this.bind(restoreDate(value))),
      bytes: (hex) => this.bind(Buffer.from(hex, 'hex')),
      ...names,
    });
  }

  /** An expression over the columns of one table, which stand behind `table`. */
  qualified({ node }: Pick<Expr<unknown>, 'node'>, table: string): string {
    return this.expression(node, { column: (column) => `${table}.${this.name(column)}` });
  }

  /** As `oneOf`, in a text that is the same for any number of rows where the database has arrays: it stays prepared. */
  among(columns: readonly ColumnMap[], rows: readonly (readonly unknown[])[], prefix = ''): string {
    const [only] = columns;
    const isList = only !== undefined && columns.length === 1 && rows.length > 1;
    const type = isList ? this.dialect.arrayType(only.spec.type) : undefined;
    if (only === undefined || type === undefined) return this.oneOf(columns, rows, prefix);
    const values = rows.map((row) => toElement(this.encode(only, row[0])));
    return `${prefix}${this.name(only)} = ANY(${this.bind(values)}::${type})`;
  }

  /** The rows whose columns hold one of these lists of values. */
  oneOf(columns: readonly ColumnMap[], rows: readonly (readonly unknown[])[], prefix = ''): string {
    const [only] = columns;
    if (only !== undefined && columns.length === 1) {
      const name = `${prefix}${this.name(only)}`;
      const values = rows.map((row) => this.value(only, row[0]));
      return values.length === 1 ? `${name} = ${values[0]}` : `${name} IN (${values.join(', ')})`;
    }
    const all = rows.map((row) =>
      columns.map((column, i) => `${prefix}${this.name(column)} = ${this.value(column, row[i])}`).join(' AND '),
    );
    return all.length === 1 ? (all[0] ?? '') : all.map((part) => `(${part})`).join(' OR ');
  }
}

/** What an expression has made of a Date: as a Date again, each driver writes it as its columns hold it. */
const WRITTEN_DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00:00$/;

function restoreDate(value: unknown): unknown {
  return typeof value === 'string' && WRITTEN_DATE.test(value) ? new Date(value.replace(' ', 'T')) : value;
}

/** What pg writes into an array as it writes it alone: it would write a Date in the process's own time zone. */
function toElement(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** Longer statements are as good as never the same again: they are not worth a place among the prepared ones. */
const LONGEST_PREPARED = 32;

/** Builds and runs one statement. Rows are arrays in the order of the columns that the statement names. */
export function run(active: Active, build: (text: SqlText) => string): Promise<ArrayResult> {
  const text = new SqlText(active.dialect, active.criteria);
  const sql = build(text);
  const { params } = text;
  return send(active, { sql, params, prepare: params.length <= LONGEST_PREPARED });
}

/** Builds one statement and runs it with many lists of parameters: SQLite. */
export function runEach(
  active: Active,
  build: (text: SqlText) => { sql: string; each: readonly (readonly unknown[])[] },
): Promise<ArrayResult> {
  return send(active, build(new SqlText(active.dialect)));
}

function send({ connection, send: around }: Active, query: ArrayQuery): Promise<ArrayResult> {
  return around === undefined ? connection.query(query) : around(query);
}

/** Splits a list into parts of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
