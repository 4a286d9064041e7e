import type { Expression } from './expressions/expression.js';

export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly parts: readonly IndexPart[];
  /** A partial index covers the rows for which this holds. */
  readonly where: Expression | null;
  /** `btree` is `null`, but on MySQL and MariaDB where the statement said it. */
  readonly method: string | null;
  /** The database's whole CREATE INDEX, where it says more than the fields above can. */
  readonly definition: string | null;
  /** PostgreSQL: columns that are carried along. Absent where there is none. */
  readonly include?: readonly string[];
  /** PostgreSQL 15+: two NULLs count as equal. */
  readonly nullsNotDistinct?: true;
  /** PostgreSQL: left behind by a CREATE INDEX CONCURRENTLY that failed; no query uses it. Reflection only. */
  readonly invalid?: true;
  /** PostgreSQL: storage parameters, such as `{ fillfactor: '70' }`. MySQL and MariaDB: `keyBlockSize` and `parser`. */
  readonly storage?: Readonly<Record<string, string>>;
  /** MySQL (INVISIBLE) and MariaDB 10.6+ (IGNORED): kept up to date, and used by no query. */
  readonly invisible?: true;
  /**
   * PostgreSQL: of a partitioned table, made ON ONLY it: not every partition has its part. Those that have one, as SQL:
   * `public.events_2026_at_idx`.
   */
  readonly only?: readonly string[];
  /** PostgreSQL: of a partition, which has it from its table. */
  readonly inherited?: true;
  readonly comment?: string;
}

export interface IndexPart {
  /** A column expression by name, or any other expression. */
  readonly expression: Expression;
  readonly descending: boolean;
  /** MySQL and MariaDB: how many characters of the column are indexed. */
  readonly length: number | null;
  /** PostgreSQL, where NULLs are not on their usual side: last, or first where the order is descending. */
  readonly nulls?: 'first' | 'last';
  /** PostgreSQL: the operator class as SQL, where it is not the usual one of the type. */
  readonly opclass?: string;
  /** PostgreSQL: the collation as SQL, where it is not the column's. */
  readonly collation?: string;
}
