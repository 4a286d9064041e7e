/** How models declare views, functions, triggers and the like: in words of their own, until a dialect makes a statement of them. */
import type { Expression } from './expressions/expression.js';
import { type ObjectKind, type ObjectName, parseObjectName } from './objects.js';
import type {
  FunctionOptions,
  ObjectDeclaration,
  SqlByDatabase,
  SqlSource,
  TriggerOptions,
  ViewFacts,
} from './object-declaration.js';
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { toIndex } from './build-parts.js';
import type { IndexArg } from './index-arg.js';
import { parseTableName, type TableReference } from './table-name.js';

export type { FunctionOptions, ObjectDeclaration, SqlByDatabase, SqlSource, TriggerOptions };

export interface ViewOptions extends ViewFacts {
  /** Indexes of a materialized view; each needs a name. */
  readonly indexes?: readonly IndexArg[];
}

export interface ObjectOptions {
  readonly table?: TableReference;
  /** The whole CREATE statement, by database where they differ. */
  readonly definition: SqlSource | SqlByDatabase;
  /** PostgreSQL: the argument types, such as `integer, text`, where a comment has to tell functions of one name apart. */
  readonly signature?: string;
  /** PostgreSQL: what is said beside the definition, such as `{ enabled: 'DISABLE' }` for a trigger. MySQL, MariaDB: `sqlMode` of a body. */
  readonly options?: Readonly<Record<string, string>>;
  readonly comment?: string;
}

const VIEW_OPTIONS: KnownOptions<ViewOptions> = {
  comment: true,
  materialized: true,
  checkOption: true,
  securityBarrier: true,
  securityInvoker: true,
  indexes: true,
};
const FUNCTION_OPTIONS: KnownOptions<FunctionOptions> = {
  args: true,
  returns: true,
  language: true,
  attributes: true,
  body: true,
  comment: true,
};
const TRIGGER_OPTIONS: KnownOptions<TriggerOptions> = {
  table: true,
  timing: true,
  events: true,
  forEach: true,
  when: true,
  execute: true,
  body: true,
  comment: true,
};
const OBJECT_OPTIONS: KnownOptions<ObjectOptions> = {
  table: true,
  signature: true,
  definition: true,
  options: true,
  comment: true,
};

export function declareView(
  name: TableReference,
  query: SqlSource | SqlByDatabase,
  options: ViewOptions,
): ObjectDeclaration {
  checkOptions('view', options, VIEW_OPTIONS);
  const indexes = (options.indexes ?? []).map((index) => toIndex(index.indexName ?? '', index));
  const kind: ObjectKind = options.materialized === true ? 'materializedView' : 'view';
  return declare({ ...parseObjectName({ kind, name }) }, query, { kind: 'view', options, indexes }, options.comment);
}

export function declareFunction(
  kind: 'function' | 'procedure',
  name: TableReference,
  options: FunctionOptions,
): ObjectDeclaration {
  checkOptions(kind, options, FUNCTION_OPTIONS);
  return declare(parseObjectName({ kind, name }), options.body, { kind: 'function', options }, options.comment);
}

export function declareTrigger(name: string, options: TriggerOptions): ObjectDeclaration {
  checkOptions('trigger', options, TRIGGER_OPTIONS);
  const named: ObjectName = { kind: 'trigger', namespace: null, name, table: parseTableName(options.table) };
  const { body = {}, execute } = options;
  const texts = typeof body === 'string' ? { mysql: body, mariadb: body, sqlite: body } : body;
  const all = { ...texts, ...(execute === undefined ? {} : { postgres: execute }) };
  return declare(named, all, { kind: 'trigger', options }, options.comment);
}

export function declareObject(kind: ObjectKind, name: TableReference, options: ObjectOptions): ObjectDeclaration {
  const { table, signature, definition, comment, options: said } = checkOptions(kind, options, OBJECT_OPTIONS);
  const isNamedInTable = kind === 'trigger' || kind === 'policy' || kind === 'rule';
  const named = parseObjectName({
    kind,
    name: isNamedInTable && typeof name === 'string' ? { name } : name,
    ...(table === undefined ? {} : { table }),
    ...(signature === undefined ? {} : { signature }),
  });
  const declaration = declare(named, definition, { kind: 'statement' }, comment);
  return said === undefined ? declaration : { ...declaration, options: said };
}

function declare(
  name: ObjectName,
  body: SqlSource | SqlByDatabase,
  form: ObjectDeclaration['form'],
  comment: string | undefined,
): ObjectDeclaration {
  const texts = typeof body === 'string' || 'node' in body ? toText(body) : byDatabase(body);
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
