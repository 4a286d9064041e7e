/** What every command needs of a project, each part made when it is first asked for. */
import { join } from 'node:path';
import type { Config, ConfigFunction } from '../config/config.js';
import { checkConfig, loadConfig, resolveLoaded, type ResolvedConfig } from '../config/load-config.js';
import { loadScript } from '../config/load-module.js';
import { dialectOf, loadDialect } from '../connect.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Engine } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { AludelError } from '../errors.js';
import { readScriptFolder } from '../revisions/script-folder.js';
import { isSqlFile } from '../revisions/sql-file.js';
import type { RevisionGraph } from '../revisions/graph.js';
import type { ConfigExtensions, Extensions } from '../extensions/load-extensions.js';
import type { Environment, MigrationEvent } from '../runtime/environment.js';
import type { RunExtensions } from '../runtime/run-extensions.js';
import type { OwnTables } from '../runtime/version-table.js';
import type { RunContext } from '../util/run-context.js';

export type { MigrationEvent };

export interface ProjectOptions {
  /** A config object, a function that returns one, or the path of a config file. Default: searched for. */
  readonly config?: Config | ConfigFunction | string | undefined;
  /** Which of the config's databases. Default: the only one. */
  readonly name?: string | undefined;
  /** Which of the config's environments. Default: the environment variable ALUDEL_ENV, else none. */
  readonly env?: string | undefined;
  /** Values for a config that is a function, and for revisions: `op.context.x`. Default: none. */
  readonly x?: Readonly<Record<string, string>> | undefined;
  /** Free text for the same readers: `op.context.tag`. */
  readonly tag?: string | undefined;
  /** Where the search begins and relative paths of a config object start. Default: the process's folder. */
  readonly cwd?: string | undefined;
  /** Hears of waiting, steps and statements as they happen. */
  readonly onEvent?: ((event: MigrationEvent) => void) | undefined;
  /** Replaces the config's `url`. */
  readonly url?: string | undefined;
  /** Used instead of an engine for that URL, and left open: for programs that have one, and for `sqlite::memory:`. */
  readonly engine?: Engine | undefined;
  /** PostgreSQL: the one schema to look into, which holds the version table; MySQL and MariaDB: the database. */
  readonly schema?: string | undefined;
  /** PostgreSQL: schemas to look into after `schema`. */
  readonly searchPath?: readonly string[] | undefined;
}

let handles: Promise<unknown> | undefined;

/** Milliseconds that one run waits for another. */
const RUNNER_TIMEOUT = 600_000;

export class Project {
  readonly config: ResolvedConfig;
  /** What revisions read as `op.context`. */
  readonly context: RunContext;
  readonly #options: ProjectOptions;
  #engine: Promise<Engine> | undefined;
  #graph: RevisionGraph | undefined;
  #extensions: Promise<Extensions> | undefined;
  /** Where Aludel's own tables are, if `schema` says so. */
  #namespace: string | undefined;

  private constructor(config: ResolvedConfig, context: RunContext, options: ProjectOptions) {
    this.config = config;
    // A function may have answered to a name that the config does not hold.
    this.context = { ...context, name: config.name ?? context.name };
    this.#options = options;
  }

  /** @throws AludelError ALUDEL_CONFIG_NOT_FOUND, ALUDEL_CONFIG_INVALID, ALUDEL_MODULE_FAILED, ALUDEL_USAGE. */
  static async open(options: ProjectOptions): Promise<Project> {
    const context = contextOf(options);
    const { config, cwd } = options;
    const isFile = typeof config === 'string' || config === undefined;
    const resolved = isFile
      ? await loadConfig({ config, cwd, context })
      : resolveLoaded(await checkConfig(fileFor(cwd), config, context), context);
    return new Project(resolved, context, options);
  }

  get names(): OwnTables {
    const { versionTable, logTable, versionTableNamespace } = this.config;
    return { version: versionTable, log: logTable, namespace: this.#namespace ?? versionTableNamespace ?? null };
  }

  /** Tables that are never read, counted or compared. */
  get ownTableNames(): readonly string[] {
    const { versionTable, logTable, otherOwnTables } = this.config;
    return [versionTable, logTable, ...otherOwnTables];
  }

  /** The folder that the first revision goes into. */
  get folder(): string {
    return this.config.migrations[0] ?? join(this.config.folder, 'migrations');
  }

  /**
   * The revisions of the migration folders.
   * @throws AludelError ALUDEL_CONFIG_INVALID when a folder does not exist; what reading a graph throws.
   */
  get graph(): RevisionGraph {
    this.#graph ??= this.#readGraph();
    return this.#graph;
  }

  /** The database's URL, with its password. */
  async url(): Promise<string> {
    const { schema, searchPath, url = await this.config.url() } = this.#options;
    if (schema === undefined) return url;
    const { inSchema } = await import('./in-schema.js');
    return inSchema(url, schema, searchPath).url;
  }

  engine(): Promise<Engine> {
    this.#engine ??= this.#openEngine();
    return this.#engine;
  }

  /** The dialect that the URL names, without a connection. */
  async dialect(): Promise<Dialect> {
    return loadDialect((await this.engine()).dialect);
  }

  /** Runs `use` with a connection and its dialect, and closes it. */
  async connected<T>(use: (connection: Connection, dialect: Dialect) => Promise<T>): Promise<T> {
    const engine = await this.engine();
    const connection = await engine.connect({ dedicated: true });
    try {
      return await use(connection, await dialectOf(connection));
    } finally {
      await connection.close();
    }
  }

  /** Imports a revision: a module through the one loader of the process, an SQL file as this database reads it. */
  readonly importRevision = async (file: string): Promise<Record<string, unknown>> => {
    // What `op` gives of rows and sessions: not before there is something to run.
    await (handles ??= import('../revision-handles.js'));
    if (!isSqlFile(file)) return loadScript(file);
    const { loadSqlRevision } = await import('../runtime/sql-revision.js');
    return loadSqlRevision(file, (await this.dialect()).name);
  };

  async environment(): Promise<Environment> {
    const engine = await this.engine();
    const { names, graph } = this;
    return {
      engine,
      graph,
      names,
      runnerTimeout: RUNNER_TIMEOUT,
      lockTimeout: this.config.lockTimeout,
      statementTimeout: this.config.statementTimeout,
      importModule: this.importRevision,
      context: this.context,
      dialectOf,
      reflect: (dialect, connection) =>
        // A revision may be about any namespace, and a type may have users in all of them; but a tenant is alone.
        dialect.reflect(connection, {
          namespaces: this.#options.schema === undefined ? 'all' : [],
          ignoredTables: this.ownTableNames,
        }),
      onEvent: (event) => this.#options.onEvent?.(event),
      extensions: () => this.runExtensions(),
    };
  }

  /**
   * What the config and its plugins add, loaded when it is first needed; `null` where they add nothing.
   * @throws AludelError ALUDEL_EXTENSION_INVALID, ALUDEL_EXTENSION_FAILED, ALUDEL_MODULE_FAILED.
   */
  async extensions(): Promise<Extensions | null> {
    const { extensions } = this.config;
    if (extensions === null) return null;
    this.#extensions ??= this.#loadExtensions(extensions);
    return this.#extensions;
  }

  /** The part of them that a run needs. */
  async runExtensions(): Promise<RunExtensions | null> {
    const extensions = await this.extensions();
    if (extensions === null) return null;
    const { operations } = extensions;
    return {
      methods: operations.methods,
      onVersionApply: extensions.onVersionApply.length === 0 ? null : (event) => extensions.notifyVersionApply(event),
      extend: (dialect) => operations.extend(dialect),
      apply: (schema, operation) => operations.apply(schema, operation),
    };
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    const engine = await this.#engine?.catch(() => undefined);
    if (engine !== this.#options.engine) await engine?.dispose();
  }

  async #loadExtensions(extensions: ConfigExtensions): Promise<Extensions> {
    const { loadExtensions } = await import('../extensions/load-extensions.js');
    return loadExtensions(extensions, async (name) => {
      const { loadPlugin } = await import('../config/load-plugin.js');
      return loadPlugin(name, extensions.file, extensions.folder);
    });
  }

  #readGraph(): RevisionGraph {
    const { graph, missing } = readScriptFolder(this.config.migrations, { recursive: this.config.recursive });
    const [first] = missing;
    if (first === undefined) return graph;
    throw new AludelError('ALUDEL_CONFIG_INVALID', `The migration folder "${first}" does not exist.`, {
      hint: `Create it, or correct "migrations" in "${this.config.file}".`,
    });
  }

  async #openEngine(): Promise<Engine> {
    const { echo, lockTimeout, statementTimeout } = this.config;
    const { schema, searchPath, engine } = this.#options;
    if (engine !== undefined && schema === undefined) return engine;
    const url = this.#options.url ?? (await this.config.url());
    const options = { echo, lockTimeout, ...(statementTimeout === undefined ? {} : { statementTimeout }) };
    if (schema === undefined) return createEngine(url, options);
    const { inSchema } = await import('./in-schema.js');
    const { namespace, ...target } = inSchema(url, schema, searchPath);
    this.#namespace = namespace;
    return createEngine(target.url, { ...options, onConnect: target.onConnect });
  }
}

/** What a run is started with, from a command's options. */
export function contextOf({ name, env, x, tag }: ProjectOptions): RunContext {
  return { name: name ?? null, env: env ?? (process.env['ALUDEL_ENV'] || null), x: x ?? {}, tag: tag ?? null };
}

/** Where relative paths of a config that is no file start. */
export function fileFor(cwd: string = process.cwd()): string {
  return join(cwd, 'migrate.config.ts');
}
