/** Every option of `createMigrator` and its methods: one that is misspelled, `dryrun` for example, would let a run go ahead. */
import { AludelError } from '../errors.js';
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
const TENANTS = { each: true, concurrency: true, onEvent: true, onTarget: true } as const;
const { sql: _sql, ...MIGRATE_EACH } = { ...MIGRATE, ...TENANTS } as const;
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
  stampEach: { purge: true, ...TENANTS },
  ensureVersion: { sql: true },
  importHistory: { dryRun: true, message: true, now: true, revisionId: true, table: true },
  check: { strict: true, locate: true },
  checkEach: { strict: true, locate: true, ...TENANTS },
  diff: { ...RENAMES, from: true, to: true, devUrl: true, down: true },
  current: { strict: true },
  currentEach: { strict: true, ...TENANTS },
  history: { range: true, indicateCurrent: true },
  heads: { resolveDependencies: true },
  graph: { format: true },
  reflect: { format: true, split: true, output: true, force: true, include: true, exclude: true, namespaces: true },
  edit: { editor: true },
};

/**
 * Gives back what stands where a method takes text, several texts where `many`. What is optional is undefined.
 * @throws AludelError ALUDEL_USAGE
 */
export function takeText<T>(method: keyof Migrator, what: string, given: T, kind: 'one' | 'many' = 'one'): T {
  const isText = (value: unknown): boolean => typeof value === 'string';
  if (isText(given) || (kind === 'many' && Array.isArray(given) && given.every(isText))) return given;
  const odd: unknown = Array.isArray(given) && kind === 'many' ? given.find((item) => !isText(item)) : given;
  const found = `${odd === given ? '' : 'a list that holds '}${describeGiven(odd)}`;
  throw new AludelError('ALUDEL_USAGE', `${method}() takes ${what} as text, found ${found}.`, {
    hint: `Write it in quotes: ${method}('${typeof odd === 'number' ? odd : '...'}').`,
  });
}

function describeGiven(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${String(value)}`;
  return value === null ? 'null' : `a value of type ${typeof value}`;
}

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
