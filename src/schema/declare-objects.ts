/** How models declare views, functions, triggers and the like: in words of their own, until a dialect makes a statement of them. */
import { Expr } from './expressions/expr.js';
import type { Expression } from './expressions/expression.js';
import { type ObjectKind, type ObjectName, parseObjectName } from './objects.js';
import { type IndexArg, toIndex } from './table-args.js';
import type { Index } from './table.js';
import { parseTableName, type TableReference } from './table-name.js';

/** SQL text, or an expression such as sql`...`. */
export type SqlSource = string | Expr<unknown>;

/** SQL that differs from database to database. Where one is left out, the object is not made there. */
export interface SqlByDatabase {
  readonly postgres?: SqlSource;
  readonly mysql?: SqlSource;
  readonly mariadb?: SqlSource;
  readonly sqlite?: SqlSource;
}

export interface ViewOptions {
  readonly comment?: string;
  /** PostgreSQL: the rows are kept, and read again by REFRESH MATERIALIZED VIEW. Default: false. */
  readonly materialized?: boolean;
  /** Indexes of a materialized view; each needs a name. */
  readonly indexes?: readonly IndexArg[];
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

export interface ObjectOptions {
  readonly table?: TableReference;
  /** The whole CREATE statement, by database where they differ. */
  readonly definition: SqlSource | SqlByDatabase;
  readonly comment?: string;
}

/** An object as declared. Texts are by database; `null` in place of one: not made there. */
export interface ObjectDeclaration extends ObjectName {
  readonly comment?: string;
  readonly body: Expression | Readonly<Record<string, Expression | undefined>>;
  readonly form:
    | { readonly kind: 'statement' }
    | { readonly kind: 'view'; readonly options: ViewOptions; readonly indexes: readonly Index[] }
    | { readonly kind: 'function'; readonly options: FunctionOptions }
    | { readonly kind: 'trigger'; readonly options: TriggerOptions };
}

export function declareView(
  name: TableReference,
  query: SqlSource | SqlByDatabase,
  options: ViewOptions,
): ObjectDeclaration {
  const indexes = (options.indexes ?? []).map((index) => toIndex(index.indexName ?? '', index));
  const kind: ObjectKind = options.materialized === true ? 'materializedView' : 'view';
  return declare({ ...parseObjectName({ kind, name }) }, query, { kind: 'view', options, indexes }, options.comment);
}

export function declareFunction(
  kind: 'function' | 'procedure',
  name: TableReference,
  options: FunctionOptions,
): ObjectDeclaration {
  return declare(parseObjectName({ kind, name }), options.body, { kind: 'function', options }, options.comment);
}

export function declareTrigger(name: string, options: TriggerOptions): ObjectDeclaration {
  const named: ObjectName = { kind: 'trigger', namespace: null, name, table: parseTableName(options.table) };
  const { body = {}, execute } = options;
  const texts = typeof body === 'string' ? { mysql: body, mariadb: body, sqlite: body } : body;
  const all = { ...texts, ...(execute === undefined ? {} : { postgres: execute }) };
  return declare(named, all, { kind: 'trigger', options }, options.comment);
}

export function declareObject(kind: ObjectKind, name: TableReference, options: ObjectOptions): ObjectDeclaration {
  const { table, definition, comment } = options;
  const isNamedInTable = kind === 'trigger' || kind === 'policy' || kind === 'rule';
  const named = parseObjectName({
    kind,
    name: isNamedInTable && typeof name === 'string' ? { name } : name,
    ...(table === undefined ? {} : { table }),
  });
  return declare(named, definition, { kind: 'statement' }, comment);
}

function declare(
  name: ObjectName,
  body: SqlSource | SqlByDatabase,
  form: ObjectDeclaration['form'],
  comment: string | undefined,
): ObjectDeclaration {
  const texts = typeof body === 'string' || body instanceof Expr ? toText(body) : byDatabase(body);
  return { ...name, body: texts, form, ...(comment === undefined ? {} : { comment }) };
}

function byDatabase(body: SqlByDatabase): Readonly<Record<string, Expression>> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([database, source]: [string, SqlSource | undefined]) =>
      source === undefined ? [] : [[database, toText(source)]],
    ),
  );
}

function toText(source: SqlSource): Expression {
  return typeof source === 'string' ? { kind: 'sql', parts: [source] } : source.node;
}
