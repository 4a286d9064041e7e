/** What every command needs of a project, each part made when it is first asked for. */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { loadConfig, resolveConfig, type ResolvedConfig } from '../config/load-config.js';
import { loadScript } from '../config/load-module.js';
import { validateConfig } from '../config/validate-config.js';
import { dialectOf, loadDialect } from '../connect.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Engine } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { AludelError } from '../errors.js';
import { readScriptFolder } from '../revisions/script-folder.js';
import type { RevisionGraph } from '../revisions/graph.js';
import type { Environment, MigrationEvent } from '../runtime/environment.js';
import type { OwnTables } from '../runtime/version-table.js';

export type { MigrationEvent };

export interface ProjectOptions {
  /** A config object, or the path of a config file. Default: searched for. */
  readonly config?: Config | string | undefined;
  /** Where the search begins and relative paths of a config object start. Default: the process's folder. */
  readonly cwd?: string | undefined;
  /** Hears of waiting, steps and statements as they happen. */
  readonly onEvent?: ((event: MigrationEvent) => void) | undefined;
  /** Replaces the config's `url`. */
  readonly url?: string | undefined;
}

/** Milliseconds that one run waits for another. */
const RUNNER_TIMEOUT = 600_000;

export class Project {
  readonly config: ResolvedConfig;
  readonly #options: ProjectOptions;
  #engine: Promise<Engine> | undefined;
  #graph: RevisionGraph | undefined;

  private constructor(config: ResolvedConfig, options: ProjectOptions) {
    this.config = config;
    this.#options = options;
  }

  /** @throws AludelError ALUDEL_CONFIG_NOT_FOUND, ALUDEL_CONFIG_INVALID, ALUDEL_MODULE_FAILED. */
  static async open(options: ProjectOptions): Promise<Project> {
    const { config, cwd } = options;
    if (typeof config !== 'object') return new Project(await loadConfig({ config, cwd }), options);
    const file = join(cwd ?? process.cwd(), 'migrate.config.ts');
    return new Project(resolveConfig(file, validateConfig(file, config)), options);
  }

  get names(): OwnTables {
    const { versionTable, logTable, versionTableNamespace } = this.config;
    return { version: versionTable, log: logTable, namespace: versionTableNamespace ?? null };
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

  async environment(): Promise<Environment> {
    const { names, graph } = this;
    return {
      engine: await this.engine(),
      graph,
      names,
      runnerTimeout: RUNNER_TIMEOUT,
      lockTimeout: this.config.lockTimeout,
      importModule: importRevision,
      dialectOf,
      reflect: (dialect, connection) =>
        // A revision may be about any namespace, and a type may have users in all of them.
        dialect.reflect(connection, { namespaces: 'all', ignoredTables: [names.version, names.log] }),
      onEvent: (event) => this.#options.onEvent?.(event),
    };
  }

  /** Closes what was opened. */
  async close(): Promise<void> {
    await (await this.#engine?.catch(() => undefined))?.dispose();
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
    const { echo, lockTimeout } = this.config;
    const url = this.#options.url ?? (await this.config.url());
    return createEngine(url, { echo, lockTimeout });
  }
}

/** Imports a revision through the one loader of the process. */
export function importRevision(file: string): Promise<Record<string, unknown>> {
  return loadScript(file);
}
