/** The functions that a config or a plugin may bring, and what they are told. */
import type { DialectName, QueryResult, ServerVersion } from '../engine/connection.js';
import type { Operation } from '../operations/operation.js';
import type { Column, Constraint, EnumType, Index, Schema, Sequence, Table } from '../schema/table.js';

/** What `include` decides about. */
export type IncludedObject = Table | Column | Index | Constraint | Sequence | EnumType;

export type IncludedType =
  | 'table'
  | 'column'
  | 'index'
  | 'unique'
  | 'foreignKey'
  | 'check'
  | 'exclusion'
  | 'sequence'
  | 'enum';

export interface IncludeContext {
  readonly type: IncludedType;
  /** `null` for a constraint without a name. */
  readonly name: string | null;
  /** Of the table, sequence or enum; `null`: the default one. */
  readonly namespace: string | null;
  /** The table that the object belongs to; itself for a table; `null` for sequences and enums. */
  readonly table: string | null;
  /** True for what only the database has. */
  readonly reflected: boolean;
  /** The database's side of what the models have too. */
  readonly compareTo: IncludedObject | null;
}

/** False leaves an object out of the comparison, on both sides. */
export type Include = (object: IncludedObject, context: IncludeContext) => boolean;

export interface CompareColumnContext {
  readonly table: string;
  readonly namespace: string | null;
  readonly column: string;
  /** As the database has it. */
  readonly from: Column;
  /** As the models say, in the database's terms. */
  readonly to: Column;
}

/** True: they differ; false: they are the same; `undefined`: as Aludel finds. */
export type CompareColumn = (context: CompareColumnContext) => boolean | undefined;

/** A revision that is about to be written. */
export interface RevisionDirectives {
  readonly id: string;
  readonly message: string;
  readonly upgrade: readonly Operation[];
  /** Left as it was given while `upgrade` changes: made anew from it. */
  readonly downgrade: readonly Operation[];
}

export interface DirectivesContext {
  readonly command: 'revision' | 'merge';
  readonly autogenerate: boolean;
  /** The parents. */
  readonly down: readonly string[];
}

/** The revision to write; `null`: none; nothing: as it is. */
export type ProcessRevisionDirectives = (
  directives: RevisionDirectives,
  context: DirectivesContext,
) => RevisionDirectives | null | undefined | void | Promise<RevisionDirectives | null | undefined | void>;

/** A connection that runs statements, in the transaction that is open. */
export interface StatementRunner {
  execute(sql: string, params?: readonly unknown[]): Promise<QueryResult>;
}

/** A step that has changed the version table. */
export interface VersionEvent {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp';
  /** The revision that ran; for a stamp, where the rows went, `base` for none. */
  readonly revision: string;
  readonly message: string | null;
  /** The rows before and after. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly dialect: DialectName;
  /** The run's own connection: what it runs is committed, or undone, with the step. */
  readonly connection: StatementRunner;
}

export type OnVersionApply = (event: VersionEvent) => void | Promise<void>;

export interface CompareContext {
  readonly dialect: DialectName;
  readonly server: ServerVersion;
  readonly connection: StatementRunner;
  /** The database. */
  readonly from: Schema;
  /** The models, in the database's terms. */
  readonly to: Schema;
  /** Everything that the model files export, each once: where a plugin finds what it declares. */
  readonly models: readonly unknown[];
}

/** Finds what differs between models and database of what Aludel does not know, and gives the operations for it. */
export interface Comparator {
  /** Whether the operations go before Aludel's own or after them. Default: after. */
  readonly position?: 'before' | 'after';
  /** The databases it is for. Default: all. */
  readonly dialects?: readonly DialectName[];
  compare(
    context: CompareContext,
  ): Iterable<Operation> | AsyncIterable<Operation> | Promise<Iterable<Operation> | AsyncIterable<Operation>>;
}
