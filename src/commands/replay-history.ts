/** The schema that the revisions make, told from their operations alone. */
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import type { Operation } from '../operations/operation.js';
import { planUpgrade } from '../revisions/plan.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';
import { changesDataAlone } from '../runtime/statement-kind.js';
import type { Project } from './project.js';

/** A revision that does more than a replay can know. */
export interface UnknownRevision {
  readonly revision: string;
  readonly file: string | null;
  /** What cannot be known, in words. */
  readonly reason: string;
}

export interface History {
  readonly schema: Schema;
  readonly unknown: readonly UnknownRevision[];
}

/**
 * Applies the operations of the revisions to an empty schema, in memory. Raw SQL that may change a schema is not understood:
 * its revisions are named.
 * @param revisions ids of the revisions to reach; none is the base.
 * @throws AludelError ALUDEL_REVISION_INVALID and what loading revisions throws.
 */
export async function replayHistory(project: Project, revisions: readonly string[]): Promise<History> {
  const { record } = await import('../runtime/offline.js');
  const extensions = await project.runExtensions();
  const { name: rowsIn } = await project.dialect();
  const unknown: UnknownRevision[] = [];
  let schema = EMPTY_SCHEMA;
  const steps = revisions.length === 0 ? [] : planUpgrade(project.graph, revisions, []);
  for (const { revision } of steps) {
    const { context, importRevision: importModule } = project;
    const source = { importModule, context, offline: false, methods: extensions?.methods, rowsIn };
    const { origins, problem } = await record(revision, 'upgrade', source).catch((error: unknown) => {
      throw error instanceof AludelError ? error : unreadable(revision.id, error);
    });
    const operations = origins.map(({ operation }) => operation);
    const known = operations.reduce((before, one) => extensions?.apply(before, one) ?? apply(before, one), schema);
    const reason = problem === null ? findUnknown(operations, known === schema) : 'reads from the database';
    schema = known;
    if (reason !== null) unknown.push({ revision: revision.id, file: revision.file, reason });
  }
  return { schema, unknown };
}

function findUnknown(operations: readonly Operation[], isUnchanged: boolean): string | null {
  for (const operation of operations) {
    if (operation.kind === 'execute' && !changesDataAlone(operation.sql)) return 'runs SQL of its own';
    if (operation.kind === 'opaque') return `runs code at ${operation.at}`;
    // A plugin may say what its operation makes of a schema; one that says nothing may have done anything outside of it.
    if (operation.kind === 'custom' && isUnchanged) return `runs the operation "${operation.name}" of a plugin`;
  }
  return null;
}

function unreadable(revision: string, error: unknown): AludelError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AludelError('ALUDEL_REVISION_INVALID', `Revision "${revision}" cannot be replayed: ${reason}`, {
    hint: 'Correct its upgrade(), which has to run without a database here.',
    details: { revision },
    cause: error,
  });
}
