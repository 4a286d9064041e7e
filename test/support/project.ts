import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { createMigrator } from '../../src/commands/create-migrator.js';
import type { Migrator, MigratorOptions } from '../../src/commands/migrator.js';
import { onTestFinished } from 'vitest';
import { createDatabase, type TestDialect } from './databases.js';
import { useEach } from './use-each.js';

/** A project in a temporary folder, its revisions written by the test. */
export interface TestProject {
  readonly folder: string;
  /** Of its database. */
  readonly url: string;
  readonly config: Config;
  readonly migrator: Migrator;
  /** A migrator with events or another config. */
  open(options?: Partial<MigratorOptions>): Migrator;
  /** Writes a revision; `upgrade` and `downgrade` are the bodies of the functions. Gives the path. */
  write(revision: RevisionText): Promise<string>;
  remove(): Promise<void>;
}

export interface RevisionText {
  readonly id: string;
  readonly down?: string | readonly string[] | null | undefined;
  /** Default: the id. */
  readonly message?: string;
  /** More exports, such as `export const branchLabels = ['x'];`. */
  readonly header?: string;
  readonly upgrade?: string;
  readonly downgrade?: string;
  /** Default: where a body awaits. */
  readonly isAsync?: boolean;
}

/** A project for each test of the block, on an empty database of its own or on the one whose URL is given. */
export function useProject(place: TestDialect | string, extra: Partial<Config> = {}): TestProject {
  return useEach(() => createProject(place, extra));
}

/** The same for the test that runs. */
export async function openProject(place: TestDialect | string, extra: Partial<Config> = {}): Promise<TestProject> {
  const project = await createProject(place, extra);
  onTestFinished(() => project.remove());
  return project;
}

/** The same, to be removed by who asks for it. */
export async function createProject(place: TestDialect | string, extra: Partial<Config> = {}): Promise<TestProject> {
  const database =
    typeof place === 'string' ? { url: place, drop: () => Promise.resolve() } : await createDatabase(place);
  const { url } = database;
  const folder = await mkdtemp(join(tmpdir(), 'aludel-project-'));
  await mkdir(join(folder, 'migrations'));
  const config: Config = { url, migrations: join(folder, 'migrations'), ...extra };
  const open = (options: Partial<MigratorOptions> = {}): Migrator =>
    createMigrator({ config, cwd: folder, ...options });
  return {
    folder,
    url,
    config,
    open,
    migrator: open(),
    write: async (revision) => {
      const file = join(folder, 'migrations', `${revision.id}.ts`);
      await writeFile(file, revisionSource(revision));
      return file;
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      await database.drop();
    },
  };
}

const NAMES =
  'boolean, check, col, column, enumeration, fn, foreignKey, index, integer, json, numeric, primaryKey, sql, text, unique, varchar';

const quote = (down: string | readonly string[] | null): string =>
  typeof down === 'string' ? `'${down}'` : down === null ? 'null' : `[${down.map(quote).join(', ')}]`;

export function revisionSource({
  id,
  down = null,
  message = id,
  header = '',
  upgrade = '',
  downgrade = '',
  isAsync = /\bawait\b/.test(upgrade + downgrade),
}: RevisionText): string {
  const keyword = isAsync ? 'async function' : 'function';
  return [
    `/** ${message} */`,
    `import { ${NAMES}, type Operations } from 'aludel';`,
    '',
    `export const revision = '${id}';`,
    `export const downRevision = ${quote(down)};`,
    ...(header === '' ? [] : [header]),
    '',
    `export ${keyword} upgrade(op: Operations) {\n${upgrade}\n}`,
    `export ${keyword} downgrade(op: Operations) {\n${downgrade}\n}`,
    '',
  ].join('\n');
}
