/** Where things are: this workspace, the package, scratch folders and scratch databases. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export const BENCH = join(import.meta.dirname, '..');
export const ROOT = join(BENCH, '..');
export const ALUDEL = join(ROOT, 'bin/aludel.js');

/** The server of the PostgreSQL tasks: run.mjs starts one where none is named. */
export const SERVER = process.env['ALUDEL_BENCH_POSTGRES_URL'];

/** A Python that has SQLAlchemy and Alembic: the machine's, or the one named. */
export const PYTHON = process.env['ALUDEL_BENCH_PYTHON'] ?? 'python3';

/** The dialects that are asked for. */
export function dialects(/** @type {string | undefined} */ only) {
  return ['sqlite', 'postgres'].filter((dialect) => only === undefined || only === dialect);
}

const WORK = join(BENCH, '.work');

/**
 * A folder for projects; the packages of this workspace are found from there.
 * @template T
 * @param {(folder: string) => Promise<T>} use
 */
export async function inScratchFolder(use) {
  mkdirSync(WORK, { recursive: true });
  const folder = mkdtempSync(join(WORK, 'run-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let databases = 0;

/**
 * A database of the PostgreSQL server, dropped in the end.
 * @template T
 * @param {(url: string) => Promise<T>} use
 */
export async function inScratchDatabase(use) {
  databases += 1;
  const name = `aludel_bench_${process.pid}_${databases}`;
  const admin = new pg.Client(SERVER);
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(SERVER ?? '');
    url.pathname = `/${name}`;
    return await use(String(url));
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

/**
 * Empties a database without making a new one.
 * @param {string} url
 */
export async function emptyDatabase(url) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
  );
  for (const { nspname } of rows) {
    // One transaction could not lock thousands of tables.
    const { rows: tables } = await client.query(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = $1",
      [nspname],
    );
    for (let start = 0; start < tables.length; start += 500) {
      const names = tables.slice(start, start + 500).map(({ name }) => name);
      await client.query(`DROP TABLE ${names.join(', ')} CASCADE`);
    }
    await client.query(`DROP SCHEMA "${nspname}" CASCADE`);
  }
  await client.query('CREATE SCHEMA public');
  await client.end();
}

/**
 * An empty project that uses Aludel and finds it as npm would link it.
 * @param {string} folder
 * @param {string} url
 */
export function makeAludelProject(folder, url, /** @type {string} */ more = '') {
  mkdirSync(join(folder, 'migrations'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/aludel'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  // The nearest one counts, and that of this repository sends the package's name to its sources.
  writeFileSync(join(folder, 'tsconfig.json'), '{}');
  writeFileSync(
    join(folder, 'migrate.config.ts'),
    `import { defineConfig } from 'aludel';\n\nexport default defineConfig({ url: '${url}',${more} });\n`,
  );
}

/** The version of a package of this workspace; null where it is not installed. */
export function versionOf(/** @type {string} */ name) {
  const file = join(BENCH, 'node_modules', name, 'package.json');
  return existsSync(file) ? String(JSON.parse(readFileSync(file, 'utf8')).version) : null;
}

/** The file that a command of a package runs. */
export function binOf(/** @type {string} */ name, /** @type {string} */ path) {
  return join(BENCH, 'node_modules', name, path);
}
