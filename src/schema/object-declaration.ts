/** What models say of views, functions, triggers and the like. */
import type { Expression } from './expressions/expression.js';
import type { ObjectName } from './objects.js';
import type { Index } from './table-index.js';
import type { TableReference } from './table-name.js';

/** SQL text, an expression such as sql`...`, or a query as `select()` makes it. */
export type SqlSource = string | { readonly node: Expression };

/** SQL that differs from database to database. Where one is left out, the object is not made there. */
export interface SqlByDatabase {
  readonly postgres?: SqlSource;
  readonly mysql?: SqlSource;
  readonly mariadb?: SqlSource;
  readonly sqlite?: SqlSource;
}

export interface ViewFacts {
  readonly comment?: string;
  /** PostgreSQL: the rows are kept, and read again by REFRESH MATERIALIZED VIEW. Default: false. */
  readonly materialized?: boolean;
  /** A row that is written through the view must be one that it shows. */
  readonly checkOption?: 'local' | 'cascaded';
  /** PostgreSQL: no function of a query sees a row before the view has let it through. Default: false. */
  readonly securityBarrier?: boolean;
  /** The rights of whoever asks count, not those of the owner (PostgreSQL 15+, MySQL, MariaDB). Default: false. */
  readonly securityInvoker?: boolean;
}

export interface FunctionOptions {
  /** Parameters as SQL: `a integer, b text DEFAULT 'x'`. Default: none. */
  readonly args?: string;
  /** The type of the result as SQL; a procedure has none. */
  readonly returns?: string;
  /** PostgreSQL. Default: `sql`. */
  readonly language?: string;
  /** What else is said, as SQL: `IMMUTABLE STRICT`, `DETERMINISTIC`. */
  readonly attributes?: string;
  /** What it does: text between dollar quotes on PostgreSQL, a statement on MySQL and MariaDB. */
  readonly body: string | SqlByDatabase;
  readonly comment?: string;
}

export interface TriggerOptions {
  /** The table or view. */
  readonly table: TableReference;
  readonly timing: 'before' | 'after' | 'instead of';
  /** Such as `insert`, `delete`, or `update of email`. */
  readonly events: readonly string[];
  /** PostgreSQL. Default: `row`. */
  readonly forEach?: 'row' | 'statement';
  /** A condition as SQL (PostgreSQL and SQLite). */
  readonly when?: string;
  /** PostgreSQL: the call of a trigger function, `touch()`. */
  readonly execute?: string;
  /** MySQL, MariaDB and SQLite: the statement, or several between BEGIN and END. */
  readonly body?: string | SqlByDatabase;
  readonly comment?: string;
}

/** An object as declared. Texts are by database; `null` in place of one: not made there. */
export interface ObjectDeclaration extends ObjectName {
  readonly comment?: string;
  /** What is said beside the definition, as `DatabaseObject` has it. */
  readonly options?: Readonly<Record<string, string>>;
  readonly body: Expression | Readonly<Record<string, Expression | undefined>>;
  readonly form:
    | { readonly kind: 'statement' }
    | { readonly kind: 'view'; readonly options: ViewFacts; readonly indexes: readonly Index[] }
    | { readonly kind: 'function'; readonly options: FunctionOptions }
    | { readonly kind: 'trigger'; readonly options: TriggerOptions };
}
