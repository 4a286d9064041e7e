/** What a project takes in: megabytes and packages of each library with all that it brings, the drivers left aside. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH, ROOT, versionOf } from './support/places.mjs';
import { printRow } from './support/report.mjs';

/** Migrations and queries, as one would install them. */
const SETS = {
  Knex: ['knex'],
  'Kysely, kysely-ctl': ['kysely', 'kysely-ctl'],
  'node-pg-migrate': ['node-pg-migrate'],
  'Drizzle, drizzle-kit': ['drizzle-orm', 'drizzle-kit'],
  TypeORM: ['typeorm'],
  'Sequelize, umzug': ['sequelize', 'umzug'],
  MikroORM: ['@mikro-orm/core', '@mikro-orm/cli', '@mikro-orm/migrations', '@mikro-orm/postgresql'],
  Prisma: ['prisma', '@prisma/client', '@prisma/adapter-pg'],
};
const DRIVERS = new Set(['pg', 'mysql2', 'better-sqlite3', 'sqlite3', 'mariadb', '@types/pg']);

export async function measureInstall() {
  const { bytes, dependencies } = packAludel();
  const own = closureOf(dependencies);
  const sizes = [
    { name: 'aludel', packages: own.size + 1, bytes: bytes + sizeOf(own) },
    ...Object.entries(SETS).map(([name, packages]) => {
      const found = closureOf(packages);
      return { name: `${name} ${versionOf(packages[0] ?? '') ?? ''}`, packages: found.size, bytes: sizeOf(found) };
    }),
  ];
  const results = sizes.map(({ name, packages, bytes: size }) => ({
    contender: name,
    ms: size / 1e6,
    ratio: size / (sizes[0]?.bytes ?? Number.NaN),
    runs: 1,
    statements: packages,
    note: null,
  }));
  const row = { task: 'installed', on: 'without drivers', base: 'aludel', unit: 'MB', counted: 'packages', results };
  printRow(row);
  return [row];
}

/** What npm would publish. */
function packAludel() {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  // npm 11 gives a list, later ones an object by name.
  const [packed] = Object.values(JSON.parse(stdout));
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return { bytes: Number(packed.unpackedSize), dependencies: Object.keys(manifest.dependencies ?? {}) };
}

/**
 * The folders of some packages and of all that they depend on, found as Node finds them.
 * @param {readonly string[]} names
 */
function closureOf(names) {
  /** @type {Set<string>} */
  const found = new Set();
  const visit = (/** @type {string} */ name, /** @type {string} */ from) => {
    if (DRIVERS.has(name)) return;
    const folder = resolve(name, from);
    if (folder === null || found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) visit(dependency, folder);
  };
  for (const name of names) visit(name, BENCH);
  return found;
}

/**
 * @param {string} name
 * @param {string} from
 * @returns {string | null}
 */
function resolve(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return from === BENCH ? null : resolve(name, join(from, '..'));
}

/** @param {Iterable<string>} folders */
function sizeOf(folders) {
  let bytes = 0;
  const add = (/** @type {string} */ path) => {
    const entry = lstatSync(path);
    if (!entry.isDirectory()) bytes += entry.size;
    // What lies in a package's own node_modules is counted for itself.
    else for (const name of readdirSync(path)) if (name !== 'node_modules') add(join(path, name));
  };
  for (const folder of folders) add(folder);
  return bytes;
}
