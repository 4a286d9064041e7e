import { readFile } from 'node:fs/promises';
import { AludelError } from '../errors.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { quoteIds } from '../revisions/revision-errors.js';
import { revisionChecksum } from '../revisions/revision-checksum.js';
import type { RevisionNode } from '../revisions/revision.js';
import { reach } from '../revisions/traverse.js';
import type { LogTable } from './log-table.js';

/** A revision that the database has applied in another form than its file has now. */
export interface EditedRevision {
  readonly revision: string;
  readonly file: string;
  /** ISO 8601, UTC. */
  readonly appliedAt: string;
}

/** The files that are read without `all`: enough for whoever edits, and no wait for whoever has thousands. */
const NEWEST = 500;

/**
 * Finds applied revisions whose tokens have changed since the log says that they ran; comments and white space may
 * change. Of many, only the 500 that ran last are read, unless `all`.
 */
export async function findEdited(
  log: LogTable,
  graph: RevisionGraph,
  rows: readonly string[],
  options: { readonly all: boolean },
): Promise<EditedRevision[]> {
  if (rows.length === 0) return [];
  const heads = rows.flatMap((id) => graph.byId.get(id) ?? []);
  const applied = reach(graph.nodes.length, heads, 'requires');
  const all = await log.readUpgrades();
  const upgrades = all.filter(({ revision }) => {
    const node = graph.byId.get(revision);
    return node !== undefined && applied[node.index] === 1;
  });
  const logged = new Set(all.map(({ revision }) => revision));
  const edited: EditedRevision[] = [];
  for (const { revision, checksum, endedAt } of options.all ? upgrades : upgrades.slice(-NEWEST)) {
    const node = graph.byId.get(revision);
    const file = fileOf(node);
    // The file that ran here was the last of those that were squashed.
    if (node?.revision.replaces?.some((id) => logged.has(id)) === true) continue;
    if (file === null || revisionChecksum(await readFile(file, 'utf8'), file) === checksum) continue;
    edited.push({ revision, file, appliedAt: endedAt });
  }
  return edited;
}

function fileOf(node: RevisionNode | undefined): string | null {
  return node?.revision.file ?? null;
}

/** @throws AludelError ALUDEL_REVISION_EDITED when there are any. */
export function refuseEdited(edited: readonly EditedRevision[]): void {
  const [first] = edited;
  if (first === undefined) return;
  const ids = edited.map(({ revision }) => revision);
  throw new AludelError(
    'ALUDEL_REVISION_EDITED',
    `The file of ${quoteIds(ids)} has changed since the database applied it. Nothing was run.`,
    {
      hint: `Take the change back (git diff "${first.file}") and write it into a new revision, or leave out --strict.`,
      details: { edited },
    },
  );
}
