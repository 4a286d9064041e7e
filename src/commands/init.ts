import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { AludelError } from '../errors.js';
import { packageRoot } from '../util/package-root.js';

export interface InitOptions {
  /** `generic` (TypeScript), `javascript`, `multi-database` or `sql`. Default: `generic`. */
  readonly template?: string | undefined;
  /** Default: the process's folder. */
  readonly cwd?: string | undefined;
}

export interface InitReport {
  readonly template: string;
  readonly folder: string;
  /** Paths relative to the folder. */
  readonly created: readonly string[];
  /** Files that were there already and stay as they are. */
  readonly kept: readonly string[];
  /** npm packages that the project's package.json does not name yet. */
  readonly missingPackages: readonly string[];
}

/**
 * Writes a config, a Base, an example model and the migration folder. Never writes over a file.
 * @throws AludelError ALUDEL_USAGE for an unknown template.
 */
export async function init(directory = '.', options: InitOptions = {}): Promise<InitReport> {
  const { template = 'generic', cwd = process.cwd() } = options;
  const folder = resolve(cwd, directory);
  const source = join(packageRoot(), 'templates', template);
  await checkTemplate(template);
  const created: string[] = [];
  const kept: string[] = [];
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const name = relative(source, file);
    const list = (await copyNew(file, join(folder, name))) ? created : kept;
    list.push(name);
  }
  for (const name of MIGRATION_FOLDERS[template] ?? ['migrations/']) {
    const isNew = (await mkdir(join(folder, name), { recursive: true })) !== undefined;
    (isNew ? created : kept).push(name);
  }
  return { template, folder, created, kept, missingPackages: await missingPackages(folder) };
}

const MIGRATION_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'multi-database': ['migrations/main/', 'migrations/analytics/'],
};

async function checkTemplate(template: string): Promise<void> {
  const known = await readdir(join(packageRoot(), 'templates'));
  if (known.includes(template)) return;
  throw new AludelError('ALUDEL_USAGE', `There is no template "${template}".`, {
    hint: `Choose one of: ${known.sort().join(', ')}.`,
  });
}

async function copyNew(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** What the template needs to run: Aludel itself, and the driver of the database that its config will use. */
async function missingPackages(folder: string): Promise<string[]> {
  const named = await readDependencies(folder);
  const scheme = /^[a-z]+/i.exec(process.env['DATABASE_URL'] ?? '')?.[0].toLowerCase() ?? '';
  return ['aludel', DRIVERS[scheme] ?? 'better-sqlite3'].filter((name) => !named.has(name));
}

const DRIVERS: Readonly<Record<string, string>> = {
  postgresql: 'pg',
  postgres: 'pg',
  mysql: 'mysql2',
  mariadb: 'mysql2',
};

async function readDependencies(folder: string): Promise<Set<string>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const { dependencies, devDependencies } = manifest as Record<string, Record<string, string> | undefined>;
    return new Set([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
  } catch {
    return new Set();
  }
}
