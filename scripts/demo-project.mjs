/** The temporary project of the demo: the package as npm would link it, commands run and shown, outputs checked. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPatch } from 'diff';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/**
 * What a command or a file must show.
 * @typedef {{ exitCode?: number, prints?: readonly string[], errors?: readonly string[] }} Expected
 */

export class DemoProject {
  /** The project's folder. */
  folder = mkdtempSync(join(tmpdir(), 'aludel-demo-'));
  /** @type {Set<string>} */
  #seen = new Set();

  constructor() {
    const packages = join(this.folder, 'node_modules');
    mkdirSync(packages);
    symlinkSync(root, join(packages, 'aludel'), 'junction');
    const driver = dirname(require.resolve('better-sqlite3/package.json'));
    symlinkSync(driver, join(packages, 'better-sqlite3'), 'junction');
    const dependencies = { aludel: '*', 'better-sqlite3': '*' };
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  }

  /** @param {string} text */
  say(text) {
    console.log(`# ${text}\n`);
  }

  /**
   * Runs the command `aludel`, shows it as a person would type it, and what it printed.
   * @param {readonly string[]} args
   * @param {Expected} expected
   */
  run(args, { exitCode = 0, prints = [], errors = [] }) {
    const shown = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
    console.log(`$ npx aludel ${shown}`);
    const { ALUDEL_CONFIG: _config, DATABASE_URL: _url, FORCE_COLOR: _colour, ...env } = process.env;
    const result = spawnSync(process.execPath, [join(root, 'bin/aludel.js'), ...args], {
      cwd: this.folder,
      env,
      encoding: 'utf8',
    });
    console.log(`${result.stdout}${result.stderr}`);
    if (result.status !== exitCode) throw new Error(`exit code ${result.status}, expected ${exitCode}`);
    expectAll(result.stdout, prints, 'standard output');
    expectAll(result.stderr, errors, 'standard error');
    if (errors.length === 0 && result.stderr !== '') throw new Error('standard error holds text, expected none');
  }

  /**
   * Shows a file.
   * @param {string} name
   * @param {readonly string[]} holds
   */
  show(name, holds) {
    const text = readFileSync(join(this.folder, name), 'utf8');
    console.log(`$ cat ${name}\n${text}`);
    expectAll(text, holds, `"${name}"`);
  }

  /** Shows the one revision file that was not there before. @param {readonly string[]} holds */
  showNewRevision(holds) {
    const files = readdirSync(join(this.folder, 'migrations')).filter((name) => !this.#seen.has(name));
    const [file] = files;
    if (file === undefined || files.length > 1) throw new Error(`${files.length} new files in migrations/, expected 1`);
    this.#seen.add(file);
    this.show(`migrations/${file}`, holds);
  }

  /**
   * Writes a file and shows the change as a diff.
   * @param {string} name
   * @param {(text: string) => string} edit
   */
  change(name, edit) {
    const file = join(this.folder, name);
    const from = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const to = edit(from);
    if (from === to) throw new Error(`"${name}" did not change`);
    writeFileSync(file, to);
    const patch = createPatch(name, from, to, undefined, undefined, { context: 1 });
    console.log(patch.split('\n').slice(2).join('\n'));
  }

  /**
   * Opens the database beside the tool.
   * @template T
   * @param {(database: import('better-sqlite3').Database) => T} use
   * @returns {T}
   */
  withDatabase(use) {
    const Database = require('better-sqlite3');
    const database = new Database(join(this.folder, 'app.db'));
    try {
      return use(database);
    } finally {
      database.close();
    }
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Builds the package when its sources are newer than what was built. */
export function buildIfNeeded() {
  const built = join(root, 'dist/cli.js');
  const isFresh = existsSync(built) && statSync(built).mtimeMs >= newest(join(root, 'src'), join(root, 'build.mjs'));
  if (isFresh) return;
  const { status } = spawnSync(process.execPath, [join(root, 'build.mjs')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the package could not be built');
}

/** @param {readonly string[]} paths */
function newest(...paths) {
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
      : [path],
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/**
 * @param {string} text
 * @param {readonly string[]} wanted
 * @param {string} where
 */
function expectAll(text, wanted, where) {
  for (const part of wanted)
    if (!text.includes(part)) throw new Error(`${where} does not hold ${JSON.stringify(part)}`);
}
