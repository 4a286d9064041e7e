import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migrator } from 'aludel';
import { expect, it } from 'vitest';

/** The last parameter of a method, where it is an object of options. */
type OptionsOf<F> = F extends (...args: infer A) => unknown
  ? Required<A> extends [...unknown[], infer O]
    ? O extends string | readonly unknown[]
      ? never
      : O
    : never
  : never;

const RUN = {
  dryRun: true,
  strict: true,
  transaction: true,
  resumeAt: true,
  allowLoss: true,
  confirmLoss: true,
  backup: true,
} as const;

/** Every method and every option of it: the compiler misses none. */
const METHODS: { readonly [M in keyof Migrator]: { readonly [K in keyof OptionsOf<Migrator[M]>]-?: true } } = {
  upgrade: { ...RUN, sql: true },
  downgrade: { ...RUN, sql: true },
  upgradeEach: { ...RUN, each: true, concurrency: true, onEvent: true, onTarget: true },
  downgradeEach: { ...RUN, each: true, concurrency: true, onEvent: true, onTarget: true },
  revision: {
    message: true,
    autogenerate: true,
    from: true,
    devUrl: true,
    renames: true,
    drops: true,
    noRenames: true,
    answers: true,
    onQuestion: true,
    backfills: true,
    onBackfill: true,
    head: true,
    splice: true,
    branchLabels: true,
    dependsOn: true,
    versionPath: true,
    revisionId: true,
    sql: true,
    now: true,
  },
  merge: { auto: true, message: true, splice: true, branchLabels: true, revisionId: true, sql: true, now: true },
  rebase: { onto: true },
  squash: { message: true, oldFiles: true, dryRun: true, now: true },
  edit: { editor: true },
  stamp: { purge: true, sql: true },
  ensureVersion: { sql: true },
  importHistory: { dryRun: true, message: true, now: true, revisionId: true, table: true },
  check: { strict: true, locate: true },
  diff: {
    from: true,
    to: true,
    devUrl: true,
    down: true,
    renames: true,
    drops: true,
    noRenames: true,
    onQuestion: true,
  },
  current: { strict: true },
  history: { range: true, indicateCurrent: true },
  heads: { resolveDependencies: true },
  branches: {},
  show: {},
  graph: { format: true },
  reflect: { format: true, split: true, output: true, force: true, include: true, exclude: true, namespaces: true },
  databases: {},
  listTemplates: {},
};

/** These take those of `upgrade` too, and the document says so. */
const inherits = new Set(['upgradeEach', 'downgradeEach']);

it('docs/api.md has every method of a migrator, with all of its options', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
  const documented = new Map<string, readonly string[]>();
  for (const [, cell = ''] of text.split('\n').map((line) => line.split('|'))) {
    let options: readonly string[] = [];
    for (const [, method = '', signature] of cell.matchAll(/`(\w+)(?:\(([^`]*)\))?`/gu)) {
      if (!(method in METHODS)) continue;
      if (signature !== undefined) options = /\{ (.+) \}/u.exec(signature)?.[1]?.split(', ') ?? [];
      documented.set(method, options.toSorted());
    }
  }
  const methods = Object.entries(METHODS).map(([method, options]): [string, string[]] => [
    method,
    Object.keys(options)
      .filter((name) => !inherits.has(method) || !(name in RUN))
      .toSorted(),
  ]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(methods));
});
