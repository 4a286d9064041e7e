/**
 * Views, functions, triggers, domains and whatever else a database keeps beside its tables, as one family: an object is a
 * name and the statement that makes it, in the database's own words. What differs from kind to kind is the dialects' business.
 */
import { formatTableName, parseTableName, type TableName, type TableReference } from './table-name.js';

export type ObjectKind =
  | 'aggregate'
  | 'cast'
  | 'collation'
  | 'compositeType'
  | 'defaultGrant'
  | 'domain'
  | 'event'
  | 'eventTrigger'
  | 'extension'
  | 'function'
  | 'grant'
  | 'materializedView'
  | 'namespaceComment'
  | 'operator'
  | 'operatorClass'
  | 'operatorFamily'
  | 'policy'
  | 'procedure'
  | 'publication'
  | 'rangeType'
  | 'rule'
  | 'statistics'
  | 'textSearchConfiguration'
  | 'textSearchDictionary'
  | 'trigger'
  | 'view'
  | 'viewIndex'
  | 'virtualTable';

/** What tells an object from all others of its database. */
export interface ObjectName extends TableName {
  readonly kind: ObjectKind;
  /** The table or view that a trigger, policy, rule or index belongs to, and that takes it along when it goes. */
  readonly table?: TableName;
  /** The argument types that tell functions of one name apart, as PostgreSQL prints them: `integer, text`. */
  readonly signature?: string;
}

export interface DatabaseObject extends ObjectName {
  /** The CREATE statement. */
  readonly definition: string;
  /** The statement as it was written, where `definition` is brought to a form in which two can be compared. */
  readonly source?: string;
  /** What the definition is made of, where the database changes an object part by part; in the dialect's words. */
  readonly parts?: Readonly<Record<string, string>>;
  /** What is said beside the definition, in statements of its own. Absent where nothing is special. */
  readonly options?: Readonly<Record<string, string>>;
  readonly comment?: string;
  /** The keys (`objectKey`, `relationKey`, `columnKey`) of what it stands on, where the catalog knows. */
  readonly dependsOn?: readonly string[];
}

/** The key of an object in maps; two objects are the same when their keys are. */
export function objectKey({ kind, namespace, name, signature, table }: ObjectName): string {
  const full = formatTableName({ namespace, name });
  const called = signature === undefined ? full : `${full}(${signature})`;
  return table === undefined ? `${kind} ${called}` : `${kind} ${called} on ${formatTableName(table)}`;
}

/** Those of one name may differ in their signatures, which only the server reads. */
export function isOverloaded(kind: ObjectKind): boolean {
  return OVERLOADED.has(kind);
}

const OVERLOADED: ReadonlySet<ObjectKind> = new Set([
  'aggregate',
  'defaultGrant',
  'function',
  'grant',
  'operator',
  'operatorClass',
  'operatorFamily',
  'procedure',
]);

/** The key of a table, as `dependsOn` has it. */
export function relationKey(table: TableName): string {
  return `table ${formatTableName(table)}`;
}

/** The key of a column, as `dependsOn` has it. */
export function columnKey(table: TableName, column: string): string {
  return `column ${formatTableName(table)}.${column}`;
}

/** The key of a constraint, as `dependsOn` has it. */
export function constraintKey(table: TableName, name: string): string {
  return `constraint ${name} on ${formatTableName(table)}`;
}

/** The key of an enum type, as `dependsOn` has it. */
export function enumKey(type: TableName): string {
  return `enum ${formatTableName(type)}`;
}

/** The key of a sequence, as `dependsOn` has it. */
export function sequenceKey(sequence: TableName): string {
  return `sequence ${formatTableName(sequence)}`;
}

const LABELS: { readonly [K in ObjectKind]?: string } = {
  compositeType: 'composite type',
  defaultGrant: 'default privileges',
  eventTrigger: 'event trigger',
  materializedView: 'materialized view',
  namespaceComment: 'comment on namespace',
  operatorClass: 'operator class',
  operatorFamily: 'operator family',
  rangeType: 'range type',
  textSearchConfiguration: 'text search configuration',
  textSearchDictionary: 'text search dictionary',
  viewIndex: 'index',
  virtualTable: 'virtual table',
};

/** For messages: `trigger "touch" of "users"`. */
export function describeObject(object: ObjectName): string {
  const { kind, signature, table } = object;
  const full = formatTableName(object);
  const called = `${LABELS[kind] ?? kind} "${signature === undefined ? full : `${full}(${signature})`}"`;
  return table === undefined ? called : `${called} of "${formatTableName(table)}"`;
}

/** The statement that makes the object. */
export function statementOf({ definition, source }: DatabaseObject): string {
  return source ?? definition;
}

/** The name alone, for an operation that drops the object. */
export function objectName({ kind, namespace, name, signature, table }: ObjectName): ObjectName {
  return {
    kind,
    namespace,
    name,
    ...(signature === undefined ? {} : { signature }),
    ...(table === undefined ? {} : { table }),
  };
}

/** Code-unit order of the keys. */
export function byObjectKey(a: ObjectName, b: ObjectName): number {
  const [first, second] = [objectKey(a), objectKey(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The name of an object as a person writes it. */
export interface ObjectReference {
  readonly kind: ObjectKind;
  readonly name: TableReference;
  /** The table or view that it belongs to. */
  readonly table?: TableReference;
  /** PostgreSQL: the argument types of a function or procedure, such as `integer, text`; `''` for none. */
  readonly signature?: string;
}

/** An object as a person writes it: the whole CREATE statement, and what is said apart from it. */
export interface ObjectDefinition extends ObjectReference {
  readonly definition: string;
  /** What the definition is made of: for objects that are replaced part by part, on both sides. */
  readonly parts?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  readonly comment?: string;
}

export function parseObjectName({ kind, name, table, signature }: ObjectReference): ObjectName {
  return objectName({
    kind,
    ...parseTableName(name),
    ...(table === undefined ? {} : { table: parseTableName(table) }),
    ...(signature === undefined ? {} : { signature }),
  });
}

export function parseObject(written: ObjectDefinition): DatabaseObject {
  const { definition, parts, options, comment } = written;
  return {
    ...parseObjectName(written),
    definition,
    ...(parts === undefined ? {} : { parts }),
    ...(options === undefined ? {} : { options }),
    ...(comment === undefined ? {} : { comment }),
  };
}
