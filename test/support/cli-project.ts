/** Temporary projects with `aludel` in their node_modules, and the command spawned in them. */
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { createFolder, type Files, type Folder } from './folder.js';
import { type RevisionText, revisionSource } from './project.js';
import { type Finished, type Started, startProgram } from './start-program.js';
import { useEach } from './use-each.js';

const root = join(import.meta.dirname, '../..');

/** Another Node than the one that runs the tests. */
const node = process.env['ALUDEL_TEST_NODE'] ?? process.execPath;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A folder below the project's. */
  readonly cwd?: string;
}

export interface CliProject extends Folder {
  /** Starts `aludel` with arguments. */
  start(args: readonly string[], options?: RunOptions): Started;
  /** Runs it to its end, however that is. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Runs it and expects that it succeeds and says nothing on stderr. */
  succeed(args: readonly string[], options?: RunOptions): Promise<string>;
}

/** A project for each test of the block. A function gives the files when what they hold is known. */
export function useCliProject(files: Files | (() => Files) = {}): CliProject {
  return useEach(() => createCliProject(typeof files === 'function' ? files() : files));
}

/** The same for the test that runs. */
export async function openCliProject(files: Files = {}): Promise<CliProject> {
  const project = await createCliProject(files);
  onTestFinished(() => project.remove());
  return project;
}

/** `copied`: Aludel without anything beside it, as npm installs it, so that no driver is found but what the project has. */
export async function createCliProject(
  files: Files = {},
  install: 'linked' | 'copied' = 'linked',
): Promise<CliProject> {
  const project = await createFolder({ 'package.json': '{ "type": "module" }', ...files });
  const modules = project.path('node_modules');
  await mkdir(modules, { recursive: true });
  if (install === 'linked') {
    await symlink(root, join(modules, 'aludel'));
    for (const name of ['better-sqlite3', 'pg', 'mysql2']) {
      await symlink(join(root, 'node_modules', name), join(modules, name));
    }
  } else {
    for (const name of ['bin', 'dist', 'templates', 'package.json']) {
      await cp(join(root, name), join(modules, 'aludel', name), { recursive: true });
    }
  }
  const command = join(modules, 'aludel/bin/aludel.js');
  const start: CliProject['start'] = (args, { env = {}, cwd = '.' } = {}) =>
    startProgram(node, [command, ...args], { cwd: project.path(cwd), env: cleanEnvironment(env) });
  const run: CliProject['run'] = (args, options) => start(args, options).finished;
  return {
    ...project,
    start,
    run,
    succeed: async (args, options) => {
      const result = await run(args, options);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      return result.stdout;
    },
  };
}

/** What a user's shell would have, without what concerns Aludel or colour. */
export function cleanEnvironment(added: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const removed = ['ALUDEL_CONFIG', 'DATABASE_URL', 'NO_COLOR', 'FORCE_COLOR', 'NODE_OPTIONS', 'NODE_V8_COVERAGE'];
  const kept = Object.entries(process.env).filter(([name]) => !removed.includes(name) && !name.startsWith('VITEST'));
  return { ...Object.fromEntries(kept), ...added };
}

/** A config file in JavaScript. */
export function plainConfig(config: Config): Files {
  return { 'migrate.config.js': `export default ${JSON.stringify(config)};\n` };
}

/** A config file for a database, with models. */
export function configFile(url: string, more = ''): Files {
  return {
    'migrate.config.ts': `import { defineConfig } from 'aludel';

export default defineConfig({ url: ${JSON.stringify(url)}, models: './models/**/*.ts', ${more} });
`,
  };
}

/** A revision file. */
export function revisionFile(revision: RevisionText): Files {
  return { [`migrations/${revision.id}.ts`]: revisionSource(revision) };
}

/** A Base and the model `User`, the latter with more columns or lines after it. */
export function modelFiles(columns = '', after = ''): Files {
  return {
    'models/base.ts': `import { declarativeBase } from 'aludel';

export const Base = declarativeBase();
`,
    'models/user.ts': `import * as aludel from 'aludel';
import { Base } from './base.js';

const { integer, varchar } = aludel;

export class User extends Base.table('users', {
  id: integer().primaryKey(),
  email: varchar(255).notNull().unique(),
  ${columns}
}) {}
${after}`,
  };
}
