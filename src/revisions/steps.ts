import type { Revision } from './revision.js';

/**
 * One change of one row of the version table. The runner applies exactly this statement and checks that it touched
 * exactly one row; a step carries its changes in the order to apply.
 */
export type RowChange =
  | { readonly kind: 'insert'; readonly id: string }
  | { readonly kind: 'update'; readonly from: string; readonly to: string }
  | { readonly kind: 'delete'; readonly id: string };

/** Runs one revision up or down, and then changes the version rows. */
export interface RevisionStep {
  readonly kind: 'revision';
  readonly direction: 'upgrade' | 'downgrade';
  readonly revision: Revision;
  readonly rows: readonly RowChange[];
}

/** Changes the version rows and runs nothing. */
export interface StampStep {
  readonly kind: 'stamp';
  readonly direction: 'upgrade' | 'downgrade';
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** True when a branch is entered or left, so that a row appears or goes rather than moves. */
  readonly isBranchMove: boolean;
  readonly rows: readonly RowChange[];
}

export type Step = RevisionStep | StampStep;

/** The rows of the version table after the steps, sorted; `currentHeads` are those before. */
export function headsAfter(currentHeads: readonly string[], steps: readonly Step[]): string[] {
  const heads = new Set(currentHeads);
  for (const step of steps) applyRowChanges(heads, step.rows);
  return [...heads].toSorted();
}

/** Applies row changes to a set of heads in place. */
export function applyRowChanges(heads: Set<string>, changes: readonly RowChange[]): void {
  for (const change of changes) {
    if (change.kind === 'insert') heads.add(change.id);
    else if (change.kind === 'delete') heads.delete(change.id);
    else {
      heads.delete(change.from);
      heads.add(change.to);
    }
  }
}

/** One row takes the place of several: the last one is updated, the others are deleted. */
export function replaceRows(from: readonly string[], to: string): RowChange[] {
  const last = from.at(-1);
  if (last === undefined) return [{ kind: 'insert', id: to }];
  return [...from.slice(0, -1).map((id): RowChange => ({ kind: 'delete', id })), { kind: 'update', from: last, to }];
}

/** Several rows take the place of one: it is updated to the last, the others are inserted. */
export function spreadRow(from: string, to: readonly string[]): RowChange[] {
  const last = to.at(-1);
  if (last === undefined) return [{ kind: 'delete', id: from }];
  return [...to.slice(0, -1).map((id): RowChange => ({ kind: 'insert', id })), { kind: 'update', from, to: last }];
}
