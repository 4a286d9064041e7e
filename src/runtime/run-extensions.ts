import type { Dialect } from '../dialects/dialect.js';
import type { VersionEvent } from '../extensions/callbacks.js';
import type { Operation } from '../operations/operation.js';
import type { OperationMethods } from '../operations/recorder.js';
import type { Schema } from '../schema/table.js';

/** What a project adds to a run. */
export interface RunExtensions {
  /** What `op` gets besides its own methods. */
  readonly methods: OperationMethods;
  /** Hears of each step that has changed the version table; `null` where nobody listens. */
  readonly onVersionApply: ((event: VersionEvent) => Promise<void>) | null;
  /** The dialect that compiles the project's own operations as well. */
  extend(dialect: Dialect): Dialect;
  /** The schema after an operation, in memory. */
  apply(schema: Schema, operation: Operation): Schema;
}
