/** What is known of one tool whose history can be imported: its files, its table, and how the two belong together. */
import type { Row } from '../engine/connection.js';
import type { ToolName } from './history-tables.js';

/** A migration as its file says it. */
export interface MigrationFile {
  /** The file or folder, for messages. */
  readonly name: string;
  /** What the tool's table calls it. */
  readonly key: string;
  /** The checksums that the tool would write for this file; one of them is enough. Empty where it keeps none. */
  readonly checksums: readonly string[];
  /** The keys of those that must have run before; only where the table holds the newest alone. */
  readonly requires: readonly string[];
}

/** A migration as the database says it. */
export interface AppliedMigration {
  readonly key: string;
  /** Null where the tool keeps none. */
  readonly checksum: string | null;
  /** False for one that began and failed. */
  readonly isComplete: boolean;
}

/** Each tool's file in this folder keeps it. */
export interface Importer {
  readonly tool: ToolName;
  /**
   * The migrations of a folder as its user names it, in any order.
   * @throws AludelError ALUDEL_USAGE when the folder is none of this tool's.
   */
  readFiles(folder: string): Promise<readonly MigrationFile[]>;
  /** What the rows of the tool's table say. */
  readApplied(rows: readonly Row[], files: readonly MigrationFile[]): readonly AppliedMigration[];
  /** The id that the baseline takes over, so that other databases at the same place are at it already. */
  readonly baselineId?: (rows: readonly Row[]) => string | null;
}

/** A file of a tool that keeps no checksums. */
export function plainFile(name: string, key: string = name): MigrationFile {
  return { name, key, checksums: [], requires: [] };
}

/** A row of a tool that keeps no checksums and no failures. */
export function plainApplied(key: string): AppliedMigration {
  return { key, checksum: null, isComplete: true };
}
