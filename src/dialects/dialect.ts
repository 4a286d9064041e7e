/** The contract between the package and a database's SQL: each folder beside this file keeps it for one family. */
import type { Connection, DialectName, ServerVersion } from '../engine/connection.js';
import type { Expression } from '../schema/expressions/expression.js';
import type { Retyping } from '../operations/losses.js';
import type { Operation } from '../operations/operation.js';
import type { DatabaseObject, ObjectKind } from '../schema/objects.js';
import type { Schema, Table, TableName, TableOptions } from '../schema/table.js';
import type { ColumnType } from '../schema/types.js';
import type { ExpressionRules } from './render-expression.js';

/** One SQL statement, and what the runner must know of it. */
export interface Statement {
  readonly sql: string;
  readonly params?: readonly unknown[];
  /** The statement with its values written in, for `--sql`; where it has parameters that can be written. */
  readonly printed?: string;
  /** What the answer must be; anything else stops the revision before its transaction commits. */
  readonly expect?: Expectation;
  /** Of an operation that takes several statements: what this one does by itself. It tells whether it has taken effect. */
  readonly effect?: Operation;
}

export type Expectation =
  /** Each row is a pair `(expected, found)` that must be equal: the counts of a copied table. */
  | { readonly kind: 'equalCounts'; readonly table: string }
  /** No row may come back. With `listed`, those that do say what by `found`, and how many rows by `held`. */
  | { readonly kind: 'noRows'; readonly problem: string; readonly listed?: true };

/** Where an operation runs: in the transaction, outside in its turn, or outside and before all others. */
export type Place = 'inside' | 'outside' | 'first';

export interface CompileContext {
  readonly server: ServerVersion;
  /** The schema just before the operation, for operations of which `needsSchema` is true. */
  readonly before: Schema | null;
}

export interface ReflectOptions {
  /** PostgreSQL: namespaces besides the default one; `all` but the server's own. */
  readonly namespaces: readonly string[] | 'all';
  /** Tables that are never read, counted or compared: Aludel's own. */
  readonly ignoredTables: readonly string[];
  /** PostgreSQL: called when the server has been asked for everything and works on it. */
  readonly onAsked?: (() => void) | undefined;
}

export interface Capabilities {
  /** How old values become new ones where the server has to be told; absent where it never has. */
  readonly castColumn?: (column: string, from: ColumnType, to: ColumnType) => Expression | null;
  /** DDL is undone by ROLLBACK. */
  readonly transactionalDdl: boolean;
  /** Foreign keys can be added to a table that exists; where not, they are written into CREATE TABLE even in a cycle. */
  readonly addForeignKey: boolean;
  /** A foreign key keeps its columns, on both sides, from changing type, collation and counter: it is taken off for that. */
  readonly foreignKeysPinColumns: boolean;
  readonly namespaces: boolean;
  /** Enum types are objects of their own. */
  readonly enumTypes: boolean;
  readonly comments: boolean;
  /** Two names are one column of a table, or one table, where these give the same: letter case may not count. */
  readonly foldColumn: (name: string) => string;
  readonly foldTable: (name: string) => string;
  /** The words of views and triggers follow what is renamed under them. Default: false. */
  readonly rewordsRenamed?: boolean;
  /** What a table is partitioned by cannot be changed. Default: false. */
  readonly partitionsFixed?: boolean;
  /** True when one object becomes the other in place, and back, also where columns are made of it; default: never. */
  readonly canReplace?: (from: DatabaseObject, to: DatabaseObject, isUsed?: boolean) => boolean;
  /** True for types that `replaceObject` swaps under their columns where no ALTER does; default: none. */
  readonly canSwap?: (kind: ObjectKind) => boolean;
  /** Which statements give rows back by RETURNING. */
  readonly returning: { readonly insert: boolean; readonly update: boolean; readonly delete: boolean };
  /**
   * How the keys that the database makes for several rows of one INSERT are matched to the rows: `sorted` by
   * `INSERT ... SELECT ... ORDER BY` (the keys rise with the rows), `returned` in rising order by a plain INSERT, `first`
   * of a gapless run as the driver's insert id; `null`: not at all, row by row.
   */
  readonly batchKeys: 'sorted' | 'returned' | 'first' | null;
  /** `UPDATE ... FROM (VALUES ...)`; where not, CASE says which row gets what. */
  readonly updateFrom: boolean;
  /** Statements cross no network: one that is run for each row takes less time than one for many rows. */
  readonly runsEachRow: boolean;
  /** A connection takes statements while the rows of another one are read. */
  readonly sharesStreams: boolean;
  /** A row that refers to itself may be deleted. */
  readonly deletesOwnReferences: boolean;
  /** Primary keys have names. */
  readonly primaryKeyNames: boolean;
  /** The server's own client cuts a script at every semicolon, unless DELIMITER says otherwise. */
  readonly delimiters: boolean;
  /** The server makes the index that a foreign key needs. */
  readonly indexesForeignKeys: boolean;
  /** What ORDER BY gave finds its rows again: not where enums are ordered by number, nor by an index for several columns. */
  readonly comparesAsOrdered: boolean;
  /** One connection writes at a time in the whole database, and its transaction is the only lock there is. */
  readonly oneWriter: boolean;
  /** A primary key may hold NULL, unless it is an integer's. */
  readonly nullsInKeys: boolean;
  /** SELECT ... FOR UPDATE does not see rows that were committed while it waited for its locks. */
  readonly missesNewRows: boolean;
  /** Parameters of one statement at most. */
  readonly maxParameters: number;
}

/** A lock that only one runner of a database holds at a time. */
export interface RunnerLock {
  /** @throws AludelError ALUDEL_POOLED_CONNECTION, ALUDEL_CONNECTION_LOST when the lock does not hold any more. */
  verify(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  /** What is locked: the version table's name within this database. */
  readonly key: string;
  /** Called once when the lock is taken and has to be waited for, with a sentence that says by whom. */
  readonly onWait: (holder: string) => void;
  /** Milliseconds to wait for another runner before giving up with ALUDEL_LOCK_TIMEOUT. */
  readonly timeout: number;
  /** Opens a connection that the lock keeps to itself. */
  readonly connect: () => Promise<Connection>;
  /**
   * The connection that the run sends its statements on. It holds a lock as well: when the process is killed, a server may
   * go on with the statement, long after the connection of the first lock has ended.
   */
  readonly worker: Connection;
}

export interface OperationGroups {
  /** The first of the operations, and those of the others that are carried out together with it. */
  find(operations: readonly Operation[]): readonly Operation[];
  compile(group: readonly Operation[], context: CompileContext): readonly Statement[];
}

export interface OtherDatabases {
  /** The name of the database that the connection is in. */
  readonly current: string | null;
  /** Each in the namespace that is its database. */
  readonly tables: readonly Table[];
}

/** `DROP ... CASCADE` in raw SQL: what stands behind DROP. */
export interface CascadeDrop {
  /** A domain is a type, and a view lies among the tables. */
  readonly kind: 'TYPE' | 'TABLE' | 'SCHEMA' | 'EXTENSION' | 'COLLATION' | 'OWNED';
  /** As SQL writes it, quotes included. */
  readonly name: string;
}

export interface TakenAlong {
  /** False where there is nothing of the name. */
  readonly isKnown: boolean;
  /** Tables, and columns of tables that stay. */
  readonly parts: readonly TakenPart[];
}

export interface TakenPart {
  readonly table: TableName;
  /** Null for the whole table. */
  readonly column: string | null;
}

/** A session that another one waits for. */
export interface Blocker {
  /** For messages: its number and what is known of it, but no statement, which may hold values. */
  readonly text: string;
  /** The SQL that ends it. */
  readonly end: string;
}

export interface Dialect {
  readonly name: DialectName;
  readonly capabilities: Capabilities;
  /** The server assumed when SQL is printed without a connection. */
  readonly assumedServer: ServerVersion;

  quoteIdentifier(name: string): string;
  quoteTable(table: TableName): string;
  /** `$1` or `?`: the placeholder of the parameter at an index from 1. */
  placeholder(index: number): string;
  renderExpression(expression: Expression): string;
  /** How expressions become text; values and columns may be written in other ways. */
  readonly rules: ExpressionRules;
  /** The type of a parameter that is an array of such values, for `unnest`; undefined where there are no arrays. */
  arrayType(type: ColumnType): string | undefined;

  /**
   * The schema in this database's terms: types it knows, expressions as text, its own way to count up.
   * @throws AludelError ALUDEL_TYPE_UNSUPPORTED naming the column.
   */
  normalise(schema: Schema, server: ServerVersion): Schema;
  /** The namespace that names without one mean; `null` where a database has no namespaces. */
  defaultNamespace(connection: Connection): Promise<string | null>;
  /**
   * Reads the whole database in a fixed number of statements. MySQL and MariaDB need one more for each table and object:
   * much of what was written is in SHOW CREATE alone.
   */
  reflect(connection: Connection, options: ReflectOptions): Promise<Schema>;
  /** MySQL and MariaDB: the tables of other databases of the server that one of the names says, with their columns. */
  readOtherDatabases?(connection: Connection, names: readonly string[]): Promise<OtherDatabases>;
  /** MariaDB: behind the name of a versioned table, what makes a query see its past too, and the condition of the past. */
  selectHistory?(options: TableOptions): { readonly from: string; readonly isPast: string };
  /**
   * The condition, in SQL, under which a new type of a column changes a value without an error; null where it changes none.
   * `column` is quoted.
   */
  changedValues(column: string, retyping: Retyping, server: ServerVersion): string | null;
  /** PostgreSQL: which tables and columns go along with what is dropped. */
  readCascade?(connection: Connection, drop: CascadeDrop): Promise<TakenAlong>;
  /**
   * The wanted schema with those expressions that differ from the live ones in the database's own spelling. Nothing
   * of it stays in the database.
   */
  canonicalise(connection: Connection, wanted: Schema, live: Schema): Promise<Schema>;

  /** True when `compile` needs to know the schema just before the operation. */
  needsSchema(operation: Operation): boolean;
  /** SQLite: true when the operation drops a table, which foreign keys must not see. */
  needsForeignKeysOff(operation: Operation): boolean;
  /** PostgreSQL: where the operation at an index runs. Unless `isComplete`, more may follow. Without it: inside. */
  placeOf?(operations: readonly Operation[], index: number, isComplete: boolean): Place;
  /** A sentence for a person whose operation failed, `driverCode` being the driver's word for why; or nothing. */
  failureAdvice?(operation: Operation, driverCode: unknown): string | undefined;
  /** The statements of one operation, in order. */
  compile(operation: Operation, context: CompileContext): readonly Statement[];
  /** Where several alterations of a table are carried out at once: SQLite, which rebuilds it for them. */
  readonly groups?: OperationGroups;

  /** Takes the lock of all runners, or waits for it. */
  acquireLock(options: LockOptions): Promise<RunnerLock>;
  /**
   * Where DDL commits by itself: a digest of what the tables named in a statement look like. It differs once the
   * statement has taken effect.
   */
  readTableStates?(connection: Connection, sql: string): Promise<string>;

  /** The server's name for a session; null where there are none. */
  sessionOf(connection: Connection): Promise<string | null>;
  /** The SQL that ends the statement of a session; only where the server's own timeout does not cover every statement. */
  readonly endStatement?: (session: string) => string;
  /** Who keeps a session waiting for a lock; none where nobody does, or nobody may know. */
  findBlockers(observer: Connection, session: string): Promise<readonly Blocker[]>;
}
