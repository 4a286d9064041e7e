/** The public surface of Aludel: named re-exports only. */
import './metadata-actions.js';
import './orm/query/view-query.js';
import './revision-handles.js';

export { createMigrator } from './commands/create-migrator.js';
export type { Migrator, MigratorOptions } from './commands/migrator.js';
export type { RenameCandidate, RenameQuestion } from './autogenerate/renames/find-renames.js';
export type { CheckReport, SchemaWarning, TablePlace } from './commands/check.js';
export type { DiffOptions, DiffReport } from './commands/diff.js';
export type { UnknownRevision } from './commands/replay-history.js';
export type { ImportReport } from './commands/import.js';
export type { InitReport } from './commands/init.js';
export type { RenameOptions } from './commands/decide-renames.js';
export type { RevisionReport } from './commands/revision.js';
export type { EnsureVersionReport, StampReport } from './commands/stamp.js';
export type { EditReport } from './commands/edit.js';
export type { GraphFormat, GraphReport } from './commands/graph.js';
export type { TemplateEntry } from './commands/list-templates.js';
export type { RebaseReport } from './commands/rebase.js';
export type { ReflectFormat, ReflectReport } from './commands/reflect.js';
export type { SquashReport } from './commands/squash.js';
export type { RevisionEntry } from './commands/revision-entry.js';
export type { BranchEntry, ShowEntry } from './commands/show.js';
export type { CurrentReport } from './commands/status.js';
export type {
  CheckEachOptions,
  CurrentEachOptions,
  EachReport,
  MigrateEachOptions,
  MigrateEachReport,
  StampEachOptions,
  TargetError,
  TargetResult,
} from './commands/migrate-each.js';
export type { MigrateReport, ReportedStep } from './commands/upgrade.js';
export {
  type Config,
  type ConfigFunction,
  type DatabaseConfig,
  defineConfig,
  type EnvironmentConfig,
  type RunContext,
  type Target,
  type TargetSource,
} from './config/config.js';
export { createEngine } from './engine/create-engine.js';
export type {
  ArrayQuery,
  ArrayResult,
  BeginOptions,
  Connection,
  ConnectOptions,
  DialectName,
  DisposeOptions,
  EchoEvent,
  Engine,
  EngineEventSource,
  EngineOptions,
  IsolationLevel,
  PoolEvent,
  PoolEventName,
  PoolOptions,
  QueryEvent,
  QueryResult,
  Row,
  ServerVersion,
  SlowQueryOptions,
  TransactionMode,
  TlsOptions,
  TransactionOptions,
} from './engine/connection.js';
export type { QueryTrace } from './engine/engine-events.js';
export {
  CheckViolationError,
  ConnectionLostError,
  ConstraintViolationError,
  DeadlockError,
  ForeignKeyViolationError,
  LockTimeoutError,
  NotNullViolationError,
  PoolTimeoutError,
  SerializationError,
  UniqueViolationError,
  type ViolatedNames,
} from './database-errors.js';
export { isRetryable, type RetryOptions, withRetries } from './engine/retries.js';
export { AludelError, ERROR_CODES, type ErrorCode } from './errors.js';
export { defineOperation } from './extensions/define-operation.js';
export type {
  CompileOperationContext,
  DefinedOperation,
  OperationDefinition,
  OperationMethod,
  OperationSql,
} from './extensions/define-operation.js';
export { definePlugin } from './extensions/plugin.js';
export type { CommandContext, CommandOption, Plugin, PluginCommand } from './extensions/plugin.js';
export { Rewriter, type Rewritten } from './extensions/rewriter.js';
export type {
  Comparator,
  CompareColumn,
  CompareColumnContext,
  CompareContext,
  DirectivesContext,
  Include,
  IncludeContext,
  IncludedObject,
  IncludedType,
  OnVersionApply,
  ProcessRevisionDirectives,
  RevisionDirectives,
  StatementRunner,
  VersionEvent,
} from './extensions/callbacks.js';
export type { HookCommand, HookTool, PostWriteHook } from './extensions/post-write-hook.js';
export type { RenderedItem, RenderItem, RenderItemContext } from './autogenerate/render/render-item.js';
export type { CustomOperations } from './operations/custom-operations.js';
export { column, type ColumnArg, type ColumnOptions } from './operations/column-arg.js';
export type { CustomOperation, OnlineDdl, Operation, OperationKind, OperationOf } from './operations/operation.js';
export { Operations } from './operations/recorder.js';
export type {
  AddColumnOptions,
  AddEnumValueOptions,
  AlterColumnOptions,
  BulkInsertOptions,
  ConcurrentOptions,
  CreateIndexOptions,
  CreateTableOptions,
  DropConstraintOptions,
  DropOptions,
  PinnedOptions,
} from './operations/recorder-options.js';
export { declarativeBase, type DeclarativeBase } from './orm/mapping/declarative.js';
export type { ChildOptions, ModelOptions } from './orm/mapping/declarative.js';
export { computed } from './orm/mapping/computed.js';
export { hybrid } from './orm/mapping/hybrid.js';
export { mapClass, type Mapping } from './orm/mapping/map-class.js';
export type {
  ChildClass,
  Entity,
  EntityInit,
  EntityInitByObjects,
  ModelClass,
  ParentModel,
} from './orm/mapping/model-class.js';
export type { Many } from './orm/mapping/related-many.js';
export type { One } from './orm/mapping/related-one.js';
export { NotLoadedError } from './orm/mapping/not-loaded.js';
export { many, maybeOne, one, type Relation, type RelationOptions } from './orm/mapping/relation.js';
export { toObject } from './orm/mapping/inspect-object.js';
export { alias, type Alias } from './orm/query/alias.js';
export type { ExplainOptions } from './dialects/explain.js';
export type { TablesOf } from './orm/query/kysely-tables.js';
export type { Subquery } from './orm/query/subquery.js';
export {
  type Delete,
  deleteFrom,
  type Insert,
  insert,
  type InsertRow,
  type NewValues,
  type OnConflict,
  type Update,
  update,
} from './orm/query/write.js';
export { exists, type LockOptions, type Select, select, type SelectedValue } from './orm/query/select.js';
export {
  defer,
  joined,
  lazy,
  loadOnly,
  type LoadOption,
  type QueryOption,
  selectin,
  subquery,
  throwOn,
} from './orm/loading/loaders.js';
export { criteria, type Criteria, type CriteriaSkip, skipCriteria } from './orm/query/criteria.js';
export { fromJoin } from './orm/query/from-join.js';
export type { KeyPage, OffsetPage, PageByKey, PageByOffset } from './orm/query/page.js';
export type {
  AttributeChange,
  EventSource,
  QueryListener,
  RowContext,
  RowListener,
  SessionQuery,
} from './orm/session/event-source.js';
export type { AttributeEvent, RowEvent, SessionEvent } from './orm/session/event-registry.js';
export { type History, inspect, type Inspection } from './orm/session/inspect.js';
export type { SessionMaker, BeginSessionOptions } from './orm/session/session-maker.js';
export type { RefreshOptions, SessionOptions, StreamOptions } from './orm/session/session-options.js';
export type { Session } from './orm/session/session.js';
export {
  RollbackNeededError,
  RowCountError,
  StaleRowError,
  UnsavedChangesError,
} from './orm/session/session-errors.js';
export type { TestSession } from './orm/session/test-session.js';
export { sessionMaker, testSession } from './sessions.js';
export type { RelationAttribute } from './orm/mapping/relation-attribute.js';
export type { RevisionSession } from './revision-session.js';
export type { BatchProgress } from './runtime/revision-host.js';
export type { BatchOptions } from './runtime/run-batch.js';
export type { EditedRevision } from './runtime/edited-files.js';
export type { MigrationEvent } from './runtime/environment.js';
export {
  type ColumnBuilder,
  type Conversion,
  type IdentityOptions,
  type ReferenceOptions,
} from './schema/column-builder.js';
export {
  bigint,
  boolean,
  bytes,
  char,
  customType,
  type CustomType,
  date,
  double,
  enumeration,
  integer,
  json,
  jsonb,
  numeric,
  real,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
  version,
} from './schema/columns.js';
export type { SequenceOptions, SequenceOwner } from './schema/sequence.js';
export { and, type Condition, not, or } from './schema/expressions/conditions.js';
export {
  Expr,
  type MatchOptions,
  type Ordering,
  type QueryOf,
  type ValueType,
  type Window,
} from './schema/expressions/expr.js';
export { col, sql } from './schema/expressions/sql-template.js';
export { type Case, when } from './schema/expressions/case.js';
export { type AnyFunctions, type CountOptions, fn, type KnownFunctions } from './schema/expressions/functions.js';
export type { DatePart, Interval } from './schema/expressions/portable.js';
export type { Expression } from './schema/expressions/expression.js';
export { MetaData, type MetaDataOptions, type TableDefinition } from './schema/metadata.js';
export type {
  FunctionOptions,
  ObjectDeclaration,
  ObjectOptions,
  SqlByDatabase,
  SqlSource,
  TriggerOptions,
  ViewOptions,
} from './schema/declare-objects.js';
export type { DatabaseObject, ObjectDefinition, ObjectKind, ObjectName, ObjectReference } from './schema/objects.js';
export type { ColumnNaming, NamingConvention } from './schema/naming.js';
export {
  check,
  type CheckOptions,
  exclusion,
  type ExclusionOptions,
  type KeyOptions,
  type PrimaryKeyOptions,
  type UniqueOptions,
  type CheckArg,
  type ConstraintArg,
  foreignKey,
  type ForeignKeyArg,
  type ForeignKeyOptions,
  primaryKey,
  type TableArg,
  unique,
} from './schema/table-args.js';
export { index, type IndexArg, type IndexOptions } from './schema/index-arg.js';
export type { TableReference } from './schema/table-name.js';
export type { Column, Schema, Sequence, Table } from './schema/table.js';
