/** Every option of `createMigrator` and its methods: one that is misspelled, `dryrun` for example, would let a run go ahead. */
import { checkOptions, type KnownOptions } from '../util/known-options.js';
import type { Migrator } from './migrator.js';
import type { ProjectOptions } from './project.js';

const PROJECT: KnownOptions<ProjectOptions> = {
  config: true,
  name: true,
  env: true,
  x: true,
  tag: true,
  cwd: true,
  onEvent: true,
  url: true,
  engine: true,
  schema: true,
  searchPath: true,
};

/** The options that a method takes beside those of the project. */
type OptionsOf<M extends keyof Migrator> = Extract<
  Exclude<Parameters<Migrator[M]>[number], string | readonly string[]>,
  object
>;

type Method = Exclude<keyof Migrator, 'branches' | 'show' | 'databases' | 'listTemplates'>;

const MIGRATE: KnownOptions<OptionsOf<'upgrade'>> = {
  sql: true,
  dryRun: true,
  strict: true,
  transaction: true,
  resumeAt: true,
  allowLoss: true,
  confirmLoss: true,
  backup: true,
};
const { sql: _sql, ...MIGRATE_EACH } = {
  ...MIGRATE,
  each: true,
  concurrency: true,
  onEvent: true,
  onTarget: true,
} as const;
const RENAMES = { renames: true, drops: true, noRenames: true, onQuestion: true } as const;
const NEW_REVISION = {
  message: true,
  splice: true,
  branchLabels: true,
  revisionId: true,
  sql: true,
  now: true,
} as const;

/** By method, for those that take any. */
export const METHOD_OPTIONS: { readonly [M in Method]: KnownOptions<OptionsOf<M>> } = {
  upgrade: MIGRATE,
  downgrade: MIGRATE,
  upgradeEach: MIGRATE_EACH,
  downgradeEach: MIGRATE_EACH,
  revision: {
    ...RENAMES,
    ...NEW_REVISION,
    dependsOn: true,
    versionPath: true,
    backfills: true,
    onBackfill: true,
    autogenerate: true,
    from: true,
    devUrl: true,
    answers: true,
    head: true,
  },
  merge: { ...NEW_REVISION, auto: true },
  rebase: { onto: true },
  squash: { message: true, oldFiles: true, dryRun: true, now: true },
  stamp: { purge: true, sql: true },
  ensureVersion: { sql: true },
  importHistory: { dryRun: true, message: true, now: true, revisionId: true, table: true },
  check: { strict: true, locate: true },
  diff: { ...RENAMES, from: true, to: true, devUrl: true, down: true },
  current: { strict: true },
  history: { range: true, indicateCurrent: true },
  heads: { resolveDependencies: true },
  graph: { format: true },
  reflect: { format: true, split: true, output: true, force: true, include: true, exclude: true, namespaces: true },
  edit: { editor: true },
};

/** @throws TypeError that names the option, and the known one nearest to it. */
export function checkMigratorOptions(options: ProjectOptions): void {
  checkOptions('createMigrator', options, PROJECT);
}

/**
 * The options of the project with those of one call.
 * @throws TypeError as above
 */
export function withOptions<T extends object>(method: Method, project: ProjectOptions, more?: T): ProjectOptions & T {
  const known: Readonly<Record<string, true>> = { ...PROJECT, ...METHOD_OPTIONS[method] };
  checkOptions<Record<string, unknown>>(method, { ...more }, known);
  return { ...project, ...(more as T) };
}
