/** What `diff` compares: each source ends as a schema that the database itself has read back. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadModels } from '../config/load-models.js';
import { loadSqlObjects } from '../config/load-sql-objects.js';
import type { Dialect } from '../dialects/dialect.js';
import { splitSql } from '../dialects/split-sql.js';
import type { Connection, ServerVersion } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { parseDatabaseUrl } from '../engine/url.js';
import { maskUrl } from '../util/mask-url.js';
import { AludelError } from '../errors.js';
import { resolveRevisions } from '../revisions/resolve.js';
import { buildSchema } from '../schema/build-schema.js';
import { leaveOutNamespace } from '../schema/default-namespace.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';
import { collectMetadata, withSqlObjects } from './compare-models.js';
import { createSchema } from './history-database.js';
import type { Project } from './project.js';
import { replayHistory, type UnknownRevision } from './replay-history.js';
import { type Collation, readCollation, withEngine, withScratchDatabase } from './scratch-database.js';

export type SchemaSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'models' | 'empty' }
  | { readonly kind: 'sql'; readonly path: string }
  | { readonly kind: 'revision'; readonly revision: string };

/** A URL, `models`, `empty`, the path of an SQL file or folder, or else a revision. */
export async function parseSource(text: string, cwd: string): Promise<SchemaSource> {
  if (text === 'models' || text === 'empty') return { kind: text };
  // A scheme of one letter is a drive of Windows.
  if (/^[a-z][a-z0-9+.-]+:/iu.test(text)) return { kind: 'url', url: text };
  const path = resolve(cwd, text);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true || (found !== null && path.endsWith('.sql'))) return { kind: 'sql', path };
  if (/\.sql$|[/\\]/u.test(text)) {
    throw new AludelError('ALUDEL_USAGE', `"${path}" is no SQL file, and no folder of such files.`, {
      hint: 'Name a file that ends in ".sql", or a folder.',
    });
  }
  return { kind: 'revision', revision: text };
}

/** A source in messages and headings, without a password. */
export function nameSource(source: SchemaSource): string {
  switch (source.kind) {
    case 'url':
      return maskUrl(source.url);
    case 'sql':
      return source.path;
    case 'revision':
      return source.revision;
    default:
      return source.kind;
  }
}

export interface LoadedSource {
  readonly schema: Schema;
  /** Null for what needed no database. */
  readonly server: { readonly dialect: Dialect; readonly version: ServerVersion } | null;
  readonly unknown: readonly UnknownRevision[];
}

export interface LoadContext {
  /** Opens the project, for sources that are part of one. */
  readonly project: () => Promise<Project>;
  /** Where scratch databases are made; asked for only where one is needed. */
  readonly scratchUrl: () => string;
  /** That of scratch databases on MySQL and MariaDB, where the other side has one. */
  readonly collation: Collation | null;
  /** Tables that are left out. */
  readonly ignoredTables: readonly string[];
  /** The namespaces that are looked into. */
  readonly namespaces: readonly string[] | 'all';
}

/** @throws AludelError what connecting, loading models and replaying revisions throw; ALUDEL_STATEMENT_FAILED. */
export async function loadSource(source: SchemaSource, context: LoadContext): Promise<LoadedSource> {
  switch (source.kind) {
    case 'empty':
      return { schema: EMPTY_SCHEMA, server: null, unknown: [] };
    case 'url':
      await refuseMissingFile(source.url);
      return withEngine(createEngine(source.url), (connection, dialect) => read(connection, dialect, context));
    case 'sql': {
      const texts = await readSqlFiles(source.path);
      return inScratch(context, async (connection, dialect) => {
        for (const { file, text } of texts) await runFile(connection, dialect, file, text);
      });
    }
    case 'models': {
      const { config } = await context.project();
      const built = buildSchema(collectMetadata(await loadModels(config)));
      const declared = withSqlObjects(
        built,
        await loadSqlObjects(config),
        parseDatabaseUrl(context.scratchUrl()).dialect,
      );
      return inScratch(context, async (connection, dialect) => {
        const own = leaveOutNamespace(declared, await dialect.defaultNamespace(connection));
        await createSchema(connection, dialect, dialect.normalise(own, connection.server));
      });
    }
    case 'revision': {
      const project = await context.project();
      const revisions = resolveRevisions(project.graph, source.revision).map(({ id }) => id);
      const { schema, unknown } = await replayHistory(project, revisions);
      const loaded = await inScratch(context, (connection, dialect) => createSchema(connection, dialect, schema));
      return { ...loaded, unknown };
    }
  }
}

/** Opening a SQLite file that is not there would make it. */
async function refuseMissingFile(url: string): Promise<void> {
  const target = parseDatabaseUrl(url);
  if (target.dialect !== 'sqlite' || target.file === ':memory:') return;
  if ((await stat(target.file).catch(() => null)) !== null) return;
  throw new AludelError('ALUDEL_DATABASE_NOT_FOUND', `The SQLite file "${resolve(target.file)}" does not exist.`, {
    hint: 'Correct the path, or name "empty" for a schema without anything.',
  });
}

function inScratch(
  context: LoadContext,
  fill: (connection: Connection, dialect: Dialect) => Promise<void>,
): Promise<LoadedSource> {
  return withScratchDatabase(
    context.scratchUrl(),
    async (connection, dialect) => {
      await fill(connection, dialect);
      return read(connection, dialect, context);
    },
    context.collation,
  );
}

async function read(connection: Connection, dialect: Dialect, context: LoadContext): Promise<LoadedSource> {
  const { namespaces, ignoredTables } = context;
  const schema = await dialect.reflect(connection, { namespaces, ignoredTables });
  return { schema, server: { dialect, version: connection.server }, unknown: [] };
}

/** The usual collation of a database; null where there is no such thing. */
export async function collationOf(url: string): Promise<Collation | null> {
  const { dialect } = parseDatabaseUrl(url);
  if (dialect === 'sqlite' || dialect === 'postgres') return null;
  return withEngine(createEngine(url), readCollation);
}

interface SqlFile {
  readonly file: string;
  readonly text: string;
}

/** The files of a folder, and of those in it, run in the order of their paths. */
async function readSqlFiles(path: string): Promise<readonly SqlFile[]> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? await readdir(path, { recursive: true }) : [''];
  const files = isFolder ? names.filter((name) => name.endsWith('.sql')).map((name) => join(path, name)) : [path];
  if (files.length === 0) {
    throw new AludelError('ALUDEL_USAGE', `The folder "${path}" holds no file that ends in ".sql".`, {
      hint: 'Name another folder, or "empty" for a schema without anything.',
    });
  }
  return Promise.all(files.toSorted().map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
}

async function runFile(connection: Connection, dialect: Dialect, file: string, text: string): Promise<void> {
  for (const { sql, start } of splitSql(text, dialect.name)) {
    try {
      await connection.execute(sql);
    } catch (error) {
      if (!(error instanceof AludelError)) throw error;
      const line = text.slice(0, start).split('\n').length;
      throw new AludelError(error.code, `"${file}" line ${line}: ${error.message}`, {
        hint: error.hint ?? 'Correct the file, and run the command again.',
        details: { ...error.details, file, line },
        cause: error,
      });
    }
  }
}
