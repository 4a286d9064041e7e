import type { CheckOptions, CheckReport } from './check.js';
import type { DiffOptions, DiffReport } from './diff.js';
import type { ImportOptions, ImportReport } from './import.js';
import type { ProjectOptions } from './project.js';
import type { RevisionOptions, RevisionReport } from './revision.js';
import type { EnsureVersionReport, StampOptions, StampReport } from './stamp.js';
import type { EditOptions, EditReport } from './edit.js';
import type { GraphOptions, GraphReport } from './graph.js';
import type { TemplateEntry } from './list-templates.js';
import type { MergeOptions } from './merge.js';
import type { RebaseOptions, RebaseReport } from './rebase.js';
import type { ReflectOptions, ReflectReport } from './reflect.js';
import type { RevisionEntry } from './revision-entry.js';
import type { BranchEntry, ShowEntry } from './show.js';
import type { SquashOptions, SquashReport } from './squash.js';
import type { CurrentOptions, CurrentReport, HeadsOptions, HistoryOptions } from './status.js';
import type {
  CheckEachOptions,
  CurrentEachOptions,
  EachReport,
  MigrateEachOptions,
  MigrateEachReport,
  StampEachOptions,
} from './migrate-each.js';
import type { MigrateOptions, MigrateReport } from './upgrade.js';

export type MigratorOptions = ProjectOptions;

/** What a call for many takes beside the options of the project. */
type Each<O> = Omit<O, Exclude<keyof ProjectOptions, 'onEvent'>>;

/** The commands on one project. Each opens what it needs and closes it again; two migrators share nothing. */
export interface Migrator {
  /** Target: `head` by default. */
  upgrade(target?: string, options?: Omit<MigrateOptions, keyof ProjectOptions>): Promise<MigrateReport>;
  downgrade(target: string, options?: Omit<MigrateOptions, keyof ProjectOptions>): Promise<MigrateReport>;
  /** Runs the revisions up in many schemas or databases; what fails in one is in the report. */
  upgradeEach(target?: string, options?: Each<MigrateEachOptions>): Promise<MigrateEachReport>;
  downgradeEach(target: string, options?: Each<MigrateEachOptions>): Promise<MigrateEachReport>;
  revision(options?: Omit<RevisionOptions, keyof ProjectOptions>): Promise<RevisionReport>;
  /** Revisions: the heads by default. */
  merge(
    revisions?: string | readonly string[],
    options?: Omit<MergeOptions, keyof ProjectOptions>,
  ): Promise<RevisionReport>;
  rebase(revision: string, options: Pick<RebaseOptions, 'onto'>): Promise<RebaseReport>;
  /** Puts revisions `first:last` into one that does the same. */
  squash(range: string, options?: Omit<SquashOptions, keyof ProjectOptions>): Promise<SquashReport>;
  /** Writes the version rows and runs no revision. */
  stamp(
    revisions: string | readonly string[],
    options?: Omit<StampOptions, keyof ProjectOptions>,
  ): Promise<StampReport>;
  /** The same in many schemas or databases, as `upgradeEach`. */
  stampEach(revisions: string | readonly string[], options?: Each<StampEachOptions>): Promise<EachReport<StampReport>>;
  /** Creates the version table and the log. */
  ensureVersion(options?: Pick<StampOptions, 'sql'>): Promise<EnsureVersionReport>;
  /** Turns the history of another tool into a baseline revision and stamps the database with it. */
  importHistory(
    tool: string,
    folder: string,
    options?: Omit<ImportOptions, keyof ProjectOptions>,
  ): Promise<ImportReport>;
  check(options?: Pick<CheckOptions, 'strict' | 'locate'>): Promise<CheckReport>;
  checkEach(options?: Each<CheckEachOptions>): Promise<EachReport<CheckReport>>;
  /** The way from one schema to another, whatever they are. */
  diff(options: Omit<DiffOptions, keyof ProjectOptions>): Promise<DiffReport>;
  current(options?: Pick<CurrentOptions, 'strict'>): Promise<CurrentReport>;
  currentEach(options?: Each<CurrentEachOptions>): Promise<EachReport<CurrentReport>>;
  history(options?: Pick<HistoryOptions, 'range' | 'indicateCurrent'>): Promise<readonly RevisionEntry[]>;
  heads(options?: Pick<HeadsOptions, 'resolveDependencies'>): Promise<readonly RevisionEntry[]>;
  branches(): Promise<readonly BranchEntry[]>;
  show(revision: string): Promise<readonly ShowEntry[]>;
  graph(options?: Pick<GraphOptions, 'format'>): Promise<GraphReport>;
  /** Models, SQL, JSON or a diagram of the database as it is. */
  reflect(options?: Omit<ReflectOptions, keyof ProjectOptions>): Promise<ReflectReport>;
  /** Opens an editor and waits for it. */
  edit(revision: string, options?: Pick<EditOptions, 'editor'>): Promise<EditReport>;
  /** The names of the config's databases in its order, for `createMigrator({ name })`; none where it is about one. */
  databases(): Promise<readonly string[]>;
  listTemplates(): Promise<readonly TemplateEntry[]>;
}
