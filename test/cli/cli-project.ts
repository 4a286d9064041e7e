/** Temporary projects with `aludel` in their node_modules, and the command spawned in them. */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type Finished, startProgram } from '../support/start-program.js';

const root = join(import.meta.dirname, '../..');

/** Another Node than the one that runs the tests. */
const node = process.env['ALUDEL_TEST_NODE'] ?? process.execPath;

export type Files = Readonly<Record<string, string>>;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A folder below the project's. */
  readonly cwd?: string;
}

export interface CliProject {
  readonly folder: string;
  path(name: string): string;
  write(files: Files): Promise<void>;
  read(name: string): Promise<string>;
  list(folder: string): Promise<string[]>;
  /** Runs `aludel` with arguments. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Runs it and expects that it succeeds and says nothing on stderr. */
  succeed(args: readonly string[], options?: RunOptions): Promise<string>;
  remove(): Promise<void>;
}

/** `copied`: Aludel without anything beside it, as npm installs it, so that no driver is found but what the project has. */
export async function createCliProject(
  files: Files = {},
  install: 'linked' | 'copied' = 'linked',
): Promise<CliProject> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'aludel-cli-')));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  if (install === 'linked') {
    await symlink(root, join(modules, 'aludel'));
    await symlink(join(root, 'node_modules/better-sqlite3'), join(modules, 'better-sqlite3'));
  } else {
    for (const name of ['bin', 'dist', 'templates', 'package.json']) {
      await cp(join(root, name), join(modules, 'aludel', name), { recursive: true });
    }
  }
  const command = join(modules, 'aludel/bin/aludel.js');
  const path = (name: string): string => join(folder, name);
  const run: CliProject['run'] = (args, { env = {}, cwd = '.' } = {}) =>
    startProgram(node, [command, ...args], { cwd: path(cwd), env: cleanEnvironment(env) }).finished;
  const project: CliProject = {
    folder,
    path,
    run,
    write: async (added) => {
      for (const [name, text] of Object.entries(added)) {
        await mkdir(dirname(path(name)), { recursive: true });
        await writeFile(path(name), text);
      }
    },
    read: (name) => readFile(path(name), 'utf8'),
    list: async (name) => (await readdir(path(name))).toSorted(),
    succeed: async (args, options) => {
      const result = await run(args, options);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      return result.stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await project.write({ 'package.json': '{ "type": "module" }', ...files });
  return project;
}

/** What a user's shell would have, without what concerns Aludel or colour. */
export function cleanEnvironment(added: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const removed = ['ALUDEL_CONFIG', 'DATABASE_URL', 'NO_COLOR', 'FORCE_COLOR', 'NODE_OPTIONS', 'NODE_V8_COVERAGE'];
  const kept = Object.entries(process.env).filter(([name]) => !removed.includes(name) && !name.startsWith('VITEST'));
  return { ...Object.fromEntries(kept), ...added };
}

/** A config file for a database. */
export function configFile(url: string, more = ''): Files {
  return {
    'migrate.config.ts': `import { defineConfig } from 'aludel';

export default defineConfig({ url: ${JSON.stringify(url)}, models: './models/**/*.ts', ${more} });
`,
  };
}

/** A revision file; bodies as source text. */
export function revisionFile(id: string, down: string | readonly string[] | null, up = '', downgrade = ''): Files {
  const parent = typeof down === 'object' && down !== null ? `[${down.map((name) => `'${name}'`).join(', ')}]` : down;
  return {
    [`migrations/${id}.ts`]: `import type { Operations } from 'aludel';

export const revision = '${id}';
export const downRevision = ${typeof parent === 'string' && !parent.startsWith('[') ? `'${parent}'` : parent};

export async function upgrade(op: Operations): Promise<void> {
  ${up}
}

export async function downgrade(op: Operations): Promise<void> {
  ${downgrade}
}
`,
  };
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
