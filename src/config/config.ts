/** What `migrate.config.ts` exports. The doc comments are those of the option table in `options.ts`; a test compares. */
import type { ObjectKind } from '../schema/objects.js';
import type { RunContext } from '../util/run-context.js';

export type { RunContext };

import type { RenderItem } from '../autogenerate/render/render-item.js';
import type { TransactionMode } from '../engine/connection.js';
import type { CompareColumn, Include, OnVersionApply, ProcessRevisionDirectives } from '../extensions/callbacks.js';
import type { Plugin } from '../extensions/plugin.js';
import type { PostWriteHook } from '../extensions/post-write-hook.js';
import type { Rewriter } from '../extensions/rewriter.js';

/** The config file. Every key may be left out or `undefined`. */
export interface Config {
  /**
   * The database: postgresql://, mysql://, mariadb:// or sqlite:, or a function that returns that. `${NAME}` stands for
   * an environment variable. A SQLite path is relative to the folder of the config file.
   */
  readonly url?: string | (() => string | Promise<string>) | undefined;
  /**
   * The files that declare the models: globs relative to the config file, or `() => import(...)`. They are loaded only by
   * commands that compare the models with the database, which need this key.
   */
  readonly models?: string | readonly string[] | (() => Promise<unknown>) | undefined;
  /** The folder of the revision files, relative to the config file. Of several, a new file goes beside its parent. */
  readonly migrations?: string | readonly string[] | undefined;
  /** Whether the folders below are read as well, but for those whose names begin with "." or "_". */
  readonly recursive?: boolean | undefined;
  /** The table that holds the revisions the database is at. */
  readonly versionTable?: string | undefined;
  /** The table that records every step of an upgrade or downgrade. */
  readonly logTable?: string | undefined;
  /** The PostgreSQL schema of these two tables; without it, the connection's default one. */
  readonly versionTableNamespace?: string | undefined;
  /** How long to wait for a lock that another process holds, in milliseconds. */
  readonly lockTimeout?: number | undefined;
  /**
   * How long a statement may run, in milliseconds; then it is ended and the revision fails. PostgreSQL and MariaDB see to it
   * themselves. MySQL does for SELECTs alone, so that the statements of a revision are ended by KILL QUERY there. SQLite cannot
   * end a statement, and the key is refused there. Without it, no limit.
   */
  readonly statementTimeout?: number | undefined;
  /**
   * How far one transaction reaches: "revision", "run" (all revisions of an upgrade or downgrade, or none of them) or
   * "none". MySQL and MariaDB commit each DDL statement by itself, whatever is said here.
   */
  readonly transaction?: TransactionMode | undefined;
  /**
   * Globs of the tables to compare, as `table` or, on PostgreSQL, `namespace.table`; empty means all. Or a function of an
   * object and `{ type, name, namespace, table, reflected, compareTo }` that gives false for what is to be left alone.
   */
  readonly include?: readonly string[] | Include | undefined;
  /** Globs of tables to leave alone, whatever `include` says. */
  readonly exclude?: readonly string[] | undefined;
  /** PostgreSQL schemas to look at besides those of the models. */
  readonly namespaces?: readonly string[] | undefined;
  /**
   * The kinds of views, functions, triggers and the like that are compared besides those that the models declare; "all" for
   * every kind but privileges. What is compared and not declared is dropped.
   */
  readonly objects?: readonly ObjectKind[] | 'all' | undefined;
  /**
   * SQL files with CREATE VIEW, FUNCTION, PROCEDURE, TRIGGER and the like, which are compared as if the models declared them:
   * globs relative to the config file.
   */
  readonly sqlObjects?: string | readonly string[] | undefined;
  /**
   * Whether types of columns are compared, or a function of `{ table, namespace, column, from, to }`: true where they
   * differ, false where they do not, undefined to have them compared as usual.
   */
  readonly compareType?: boolean | CompareColumn | undefined;
  /** The same for server defaults. */
  readonly compareServerDefault?: boolean | CompareColumn | undefined;
  /** A function that gives the source of a part of a new revision file, or undefined to have it written as usual. */
  readonly renderItem?: RenderItem | undefined;
  /** A function, or a Rewriter, that changes a revision before it is written; null writes none. */
  readonly processRevisionDirectives?: ProcessRevisionDirectives | Rewriter | undefined;
  /** A function that hears of each step that has changed the version table, inside its transaction. */
  readonly onVersionApply?: OnVersionApply | undefined;
  /**
   * What runs on each revision file that was written: "prettier", "oxfmt", "biome", "eslint", `{ command, args }` with
   * `{file}` for the file, or a function of its path. Programs are those of the project; there is no shell.
   */
  readonly postWrite?: readonly PostWriteHook[] | undefined;
  /** Plugins, or the names of packages that export one. A package is loaded when there is something for it to do. */
  readonly plugins?: readonly (Plugin | string)[] | undefined;
  /**
   * How a new revision gets its id: "hex" (twelve random digits), "timestamp" (20261121104500), "sequence" (0001, 0002),
   * or a function of `{ message, down, date, existing }`.
   */
  readonly revisionIds?:
    | 'hex'
    | 'timestamp'
    | 'sequence'
    | ((context: {
        readonly message: string;
        readonly down: readonly string[];
        readonly date: Date;
        readonly existing: readonly string[];
      }) => string | Promise<string>)
    | undefined;
  /**
   * The name of a new revision file, without its ending. Tokens: {rev} (needed), {slug}, {year}, {month}, {day}, {hour},
   * {minute} and {second}. With `recursive` it may hold folders: {year}/{rev}_{slug}.
   */
  readonly fileTemplate?: string | undefined;
  /** What new revisions are written as: "module", in the language of the config file, or "sql". */
  readonly revisionFormat?: 'module' | 'sql' | undefined;
  /** The time zone of the date and time in new revision files. */
  readonly timezone?: string | undefined;
  /** At how many characters {slug}, made of a revision's message, is cut. */
  readonly truncateSlugLength?: number | undefined;
  /**
   * For `--each-target`: a function that yields the tenants, each `{ name, url }` for a database of its own or
   * `{ schema }` for a schema of this one; `searchPath` names more schemas to look into on PostgreSQL.
   */
  readonly targets?: TargetSource | undefined;
  /** Whether every statement is printed as it runs. */
  readonly echo?: boolean | undefined;
  /**
   * Several databases by name, each with the keys in which it differs from those beside `databases`. `-n NAME` chooses
   * one, `--all` takes them in this order.
   */
  readonly databases?: Readonly<Record<string, DatabaseConfig>> | undefined;
  /**
   * Environments by name, each with the keys in which it differs, `databases` among them. `-e NAME`, else ALUDEL_ENV,
   * chooses one; without either, none of them counts.
   */
  readonly environments?: Readonly<Record<string, EnvironmentConfig>> | undefined;
}

/** The keys of one of several databases. */
export type DatabaseConfig = Omit<Config, 'databases' | 'environments'>;

/** The keys of one environment. */
export type EnvironmentConfig = Omit<Config, 'environments'>;

/** A config made from what the command line says. */
export type ConfigFunction = (context: RunContext) => Config | Promise<Config>;

/**
 * Gives a config file its types and changes nothing.
 *
 *     export default defineConfig({ models: './src/models/*.ts' });
 *     export default defineConfig(({ x }) => ({ url: `sqlite:${x.file ?? 'app'}.db` }));
 */
export function defineConfig<Given extends Config | ConfigFunction>(config: Given): Given {
  return config;
}

/** One tenant of a multi-tenant run: a database of its own (`url`), or a schema of the config's database. */
export interface Target {
  /** For messages; no two are the same. Default: the schema's name. */
  readonly name?: string | undefined;
  /** Default: the config's. */
  readonly url?: string | undefined;
  /**
   * PostgreSQL: the schema that names without one mean, and that holds the version table; nothing else is in the search
   * path. MySQL and MariaDB: the database.
   */
  readonly schema?: string | undefined;
  /** PostgreSQL: schemas to look into after that one, such as the one that holds the extensions. Default: none. */
  readonly searchPath?: readonly string[] | undefined;
}

/** What yields the tenants. */
export type TargetSource = () => Iterable<Target> | AsyncIterable<Target> | Promise<Iterable<Target>>;
