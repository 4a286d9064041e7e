/** What a run on a database needs to know of the project. */
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, DialectName, Engine } from '../engine/connection.js';
import type { RevisionGraph } from '../revisions/graph.js';
import type { RevisionStep } from '../revisions/steps.js';
import type { Schema } from '../schema/table.js';
import type { Loss } from './data-loss.js';
import type { EditedRevision } from './edited-files.js';
import type { UnfinishedStep } from './log-table.js';
import type { ImportModule } from './revision-module.js';
import type { BatchProgress } from './revision-host.js';
import type { RunExtensions } from './run-extensions.js';
import type { OwnTables } from './version-table.js';
import type { RunContext } from '../util/run-context.js';

export type MigrationEvent =
  | { readonly kind: 'waiting'; readonly holder: string }
  | { readonly kind: 'stepStarted'; readonly step: RevisionStep }
  | { readonly kind: 'resumed'; readonly step: RevisionStep; readonly statement: number }
  | { readonly kind: 'statement'; readonly step: RevisionStep; readonly sql: string }
  | ({ readonly kind: 'batchEnded'; readonly step: RevisionStep } & BatchProgress)
  | { readonly kind: 'blocked'; readonly step: RevisionStep; readonly holder: string }
  | { readonly kind: 'retrying'; readonly step: RevisionStep; readonly reason: string }
  | { readonly kind: 'stepEnded'; readonly step: RevisionStep; readonly milliseconds: number }
  /** One transaction a run was asked for, and the database commits DDL by itself. */
  | { readonly kind: 'noRunTransaction'; readonly dialect: DialectName }
  | { readonly kind: 'backedUp'; readonly file: string; readonly command: string }
  | { readonly kind: 'losses'; readonly losses: readonly Loss[] }
  | { readonly kind: 'edited'; readonly revisions: readonly EditedRevision[] }
  | { readonly kind: 'unfinished'; readonly step: UnfinishedStep };

export interface Environment {
  readonly engine: Engine;
  readonly graph: RevisionGraph;
  readonly names: OwnTables;
  readonly importModule: ImportModule;
  /** What revisions read as `op.context`. */
  readonly context: RunContext;
  /** Milliseconds that another run is waited for. */
  readonly runnerTimeout: number;
  /** Milliseconds that a statement waits for a lock. */
  readonly lockTimeout: number;
  /** Milliseconds that a statement of a revision may run; `undefined`: no limit. */
  readonly statementTimeout: number | undefined;
  dialectOf(connection: Connection): Promise<Dialect>;
  /** Reads the schema that operations may need to know. */
  reflect(dialect: Dialect, connection: Connection): Promise<Schema>;
  onEvent(event: MigrationEvent): void;
  /** Loaded only where a revision is about to run; `null` where the project adds nothing. */
  extensions(): Promise<RunExtensions | null>;
}
