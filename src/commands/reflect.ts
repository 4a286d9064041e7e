/** `reflect`: an existing database as models, SQL, JSON or a picture. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { TextFile } from '../autogenerate/render/models/render-models.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { isHistoryTable, leaveOutTables } from '../import/history-tables.js';
import { EMPTY_SCHEMA, type Schema, tableKey, type TableName } from '../schema/table.js';
import { matchesWildcard } from '../util/wildcard.js';
import { filterSchema } from './compare-models.js';
import { Project, type ProjectOptions } from './project.js';

export type ReflectFormat = 'models' | 'sql' | 'json' | 'mermaid' | 'svg' | 'html';

const FORMATS: readonly ReflectFormat[] = ['models', 'sql', 'json', 'mermaid', 'svg', 'html'];

export interface ReflectOptions extends ProjectOptions {
  /** Default: `models`. */
  readonly format?: ReflectFormat | (string & {}) | undefined;
  /** Models: one file a table, into the folder `output`. Default: false. */
  readonly split?: boolean | undefined;
  /** The file, or with `split` the folder, that is written; relative to the process's folder. Default: nothing is written. */
  readonly output?: string | undefined;
  /** Overwrites files that exist. Default: false. */
  readonly force?: boolean | undefined;
  /** Globs of tables, besides those of the config: only these. Default: all. */
  readonly include?: readonly string[] | undefined;
  /** Globs of tables, besides those of the config: all but these. */
  readonly exclude?: readonly string[] | undefined;
  /** PostgreSQL: only tables of these namespaces. Default: all but the server's own. */
  readonly namespaces?: readonly string[] | undefined;
}

export interface ReflectReport {
  readonly format: ReflectFormat;
  /** What was rendered; paths are relative to the folder of `output`. */
  readonly files: readonly TextFile[];
  /** The files on disk; empty without `output`. */
  readonly written: readonly string[];
  readonly tables: number;
  /** What the models do not say, a sentence each. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a database and gives its source. Models that are written so and compared with the database give no difference.
 * With `url` no config file is needed. The same database gives the same bytes. Models leave out the tables in which other
 * migration tools keep their history, unless `include` says otherwise: a table that a model declares would be made on every
 * database.
 * @throws AludelError ALUDEL_USAGE for an unknown format and options that do not go together; ALUDEL_FILE_EXISTS.
 * @see https://github.com/agronholm/sqlacodegen for the idea.
 */
export async function reflect(options: ReflectOptions = {}): Promise<ReflectReport> {
  const { format = 'models', split = false, output } = options;
  if (!isFormat(format)) {
    throw new AludelError('ALUDEL_USAGE', `There is no format "${format}" of a database.`, {
      hint: `Choose one of: ${FORMATS.join(', ')}.`,
    });
  }
  if (split && (format !== 'models' || output === undefined)) {
    throw new AludelError('ALUDEL_USAGE', 'Several files are written for models only, and need a folder.', {
      hint: 'Run "aludel reflect --split -o src/models".',
    });
  }
  const project = await openProject(options);
  try {
    const { schema, history, text } = await project.connected(async (connection, dialect) => {
      const found = await readSchema(project, connection, dialect, options);
      const other =
        format === 'models'
          ? found.tables.filter((table) => isHistoryTable(table) && !fits(table, options.include ?? []))
          : [];
      const shown = leaveOutTables(found, (table) => other.includes(table));
      return { schema: shown, history: other, text: await render(shown, format, split, connection, dialect) };
    });
    const written =
      output === undefined ? [] : await write(text.files, output, { split, force: options.force === true });
    const leftOut = [...text.leftOut, ...history.map((table) => `table "${tableKey(table)}": another tool's history`)];
    return { format, files: text.files, written, tables: schema.tables.length, leftOut };
  } finally {
    await project.close();
  }
}

/** A URL is enough; a config that is there gives its filters. */
async function openProject(options: ReflectOptions): Promise<Project> {
  try {
    return await Project.open(options);
  } catch (error) {
    const { url, config } = options;
    const isMissing = error instanceof AludelError && error.code === 'ALUDEL_CONFIG_NOT_FOUND';
    if (!isMissing || url === undefined || config !== undefined) throw error;
    return Project.open({ ...options, config: { url } });
  }
}

function fits(table: TableName, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesWildcard(tableKey(table), pattern));
}

async function readSchema(
  project: Project,
  connection: Connection,
  dialect: Dialect,
  { include = [], exclude = [], namespaces }: ReflectOptions,
): Promise<Schema> {
  const wanted = namespaces ?? project.config.namespaces;
  const home = await dialect.defaultNamespace(connection);
  const found = await dialect.reflect(connection, {
    namespaces: wanted.length === 0 ? 'all' : wanted.filter((name) => name !== home),
    ignoredTables: project.ownTableNames,
  });
  const isIn = (namespace: string | null): boolean => namespaces?.includes(namespace ?? home ?? '') ?? true;
  const kept = leaveOutTables(
    filterSchema(found, project),
    (table) => !isIn(table.namespace) || (include.length > 0 && !fits(table, include)) || fits(table, exclude),
  );
  const out = new Set(found.tables.map(tableKey));
  for (const table of kept.tables) out.delete(tableKey(table));
  const objects = (kept.objects ?? []).filter(
    ({ namespace, table }) =>
      isIn((table ?? { namespace }).namespace) && (table === undefined || !out.has(tableKey(table))),
  );
  const { objects: _objects, ...rest } = kept;
  return {
    ...rest,
    ...(objects.length === 0 ? {} : { objects }),
    namespaces: kept.namespaces.filter(isIn),
    enums: kept.enums.filter((type) => isIn(type.namespace)),
    sequences: kept.sequences.filter((sequence) => isIn(sequence.namespace)),
  };
}

interface Rendered {
  readonly files: readonly TextFile[];
  readonly leftOut: readonly string[];
}

async function render(
  schema: Schema,
  format: ReflectFormat,
  split: boolean,
  connection: Connection,
  dialect: Dialect,
): Promise<Rendered> {
  const one = (path: string, text: string): Rendered => ({ files: [{ path, text }], leftOut: [] });
  switch (format) {
    case 'models': {
      const { renderModels } = await import('../autogenerate/render/models/render-models.js');
      return renderModels(schema, {
        dialect: dialect.name,
        keysHaveNames: dialect.capabilities.primaryKeyNames,
        split,
      });
    }
    case 'sql': {
      const { compareSchemas } = await import('../autogenerate/compare/compare-schemas.js');
      const { renderScript } = await import('./render-script.js');
      const operations = compareSchemas(EMPTY_SCHEMA, schema, dialect.capabilities);
      return one('schema.sql', renderScript(operations, { dialect, server: connection.server, schema: EMPTY_SCHEMA }));
    }
    case 'json': {
      const tables = schema.tables.map(({ source: _source, ...table }) => table);
      return one('schema.json', `${JSON.stringify({ ...schema, tables }, null, 2)}\n`);
    }
    case 'mermaid': {
      const { toMermaid } = await import('../autogenerate/render/diagram/to-mermaid.js');
      return one('schema.mmd', toMermaid(schema));
    }
    case 'svg': {
      const { toSvg } = await import('../autogenerate/render/diagram/to-svg.js');
      return one('schema.svg', toSvg(schema));
    }
    case 'html': {
      const { toHtml } = await import('../autogenerate/render/diagram/to-html.js');
      return one('schema.html', toHtml(schema));
    }
  }
}

/** Nothing is written unless everything can be. */
async function write(
  files: readonly TextFile[],
  output: string,
  { split, force }: { readonly split: boolean; readonly force: boolean },
): Promise<string[]> {
  const targets = files.map(({ path, text }) => ({
    path: split ? join(resolve(output), path) : resolve(output),
    text,
  }));
  const existing = targets.find(({ path }) => existsSync(path));
  if (existing !== undefined && !force) {
    throw new AludelError('ALUDEL_FILE_EXISTS', `The file "${existing.path}" exists already.`, {
      hint: 'Run the command again with --force to overwrite it, or choose another path with -o.',
      details: { file: existing.path },
    });
  }
  for (const { path, text } of targets) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return targets.map(({ path }) => path);
}

function isFormat(name: string): name is ReflectFormat {
  return FORMATS.some((format) => format === name);
}
