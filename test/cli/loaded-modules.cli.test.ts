import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, modelFiles, revisionFile } from '../support/cli-project.js';
import { useOnce } from '../support/use-each.js';

/** What the command itself needs, whichever it is. */
const COMMAND = ['bin/aludel.js', 'dist/cli.js', 'dist/output.js', 'dist/package-root.js', 'dist/program.js'];
/** What a run needs of Aludel on SQLite. Commander is in `program`. */
const UPGRADE = [
  ...COMMAND,
  // Shared with the other commands that run or look at revisions.
  'dist/edited-files.js',
  'dist/migrate.js',
  'dist/rolldown-runtime.js',
  'dist/refuse-long-ids.js',
  'dist/shared.js',
  'dist/sqlite.js (dialect)',
  'dist/sqlite.js (driver)',
  'dist/upgrade.js',
];
/** What importing `aludel` loads: a config that asks for no more than `defineConfig` is given that. */
const PUBLIC = ['dist/index.js', 'dist/public.js'];
/** What finds and reads the files that import more than Aludel; on Node 20 in a thread of its own. */
const HOOKS = ['dist/typescript-hooks-entry.js'];

const config = `import { defineConfig } from 'aludel';\nexport default defineConfig({ url: 'sqlite:./app.db', models: './models/*.ts' });\n`;

let root: string;
const project = useOnce(() => createCliProject({ 'migrate.config.ts': config, 'js.config.mjs': config }));
beforeAll(async () => {
  await project.write({ ...modelFiles(), ...revisionFile({ id: 'aaaa' }) });
  root = await realpath(project.path('node_modules/aludel'));
  await project.write({ 'more.config.mjs': `import 'node:path';\n${config}` });
  await project.succeed(['upgrade']);
});

/**
 * The files that Node compiles for a command, threads included, as V8's coverage lists them:
 * https://nodejs.org/api/cli.html#node_v8_coveragedir
 */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const folder = project.path(`coverage-${args.join('-').replaceAll(/\W/g, '')}`);
  await project.succeed(args, { env: { NODE_V8_COVERAGE: folder } });
  const urls = new Set<string>();
  for (const name of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
      readonly result: readonly { readonly url: string }[];
    };
    for (const { url } of result) if (url.startsWith('file:')) urls.add(url.replace(/\?.*/, ''));
  }
  return Promise.all([...urls].map((url) => nameOf(fileURLToPath(url)))).then((names) => names.toSorted());
}

/** A stable name: without the hash of a chunk, of which some share a name, and packages as a whole. */
async function nameOf(file: string): Promise<string> {
  const name = relative(root, file).replaceAll('\\', '/');
  const inPackage = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1];
  if (inPackage !== undefined) return `package ${inPackage}`;
  if (name.startsWith('..')) return relative(project.folder, file);
  if (name === 'dist/typescript-hooks.js') return 'dist/typescript-hooks-entry.js';
  const stable = name.replace(/-[\w-]{8}\.js$/, '.js');
  if (stable !== 'dist/sqlite.js') return stable;
  return `${stable} (${(await readFile(file, 'utf8')).includes('better-sqlite3') ? 'driver' : 'dialect'})`;
}

/** Of other packages, the driver alone, with what finds its binary (12 has two packages for that, 13 none). */
const DRIVER = ['package better-sqlite3'];
const FINDS_BINARY = new Set(['package bindings', 'package file-uri-to-path']);
const unique = (names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => !FINDS_BINARY.has(name)).toSorted();

describe('the modules that are loaded', () => {
  it('by --version are two and the command itself', async () => {
    expect(await loadedBy(['--version'])).toEqual(['bin/aludel.js', 'dist/cli.js', 'dist/package-root.js']);
  });

  it('by help are the parser and its descriptions', async () => {
    expect(await loadedBy(['upgrade', '--help'])).not.toContain('dist/upgrade.js');
  });

  it('by an upgrade with nothing to do are those of the run, one dialect and one driver', async () => {
    // What TypeScript becomes is kept from the first run.
    for (const file of ['migrate.config.ts', 'js.config.mjs']) {
      await project.succeed(['upgrade', '-c', file]);
      expect(unique(await loadedBy(['upgrade', '-c', file]))).toEqual(unique([...UPGRADE, ...DRIVER, file]));
    }
    await project.succeed(['upgrade', '-c', 'more.config.mjs']);
    const more = await loadedBy(['upgrade', '-c', 'more.config.mjs']);
    expect(unique(more)).toEqual(unique([...UPGRADE, ...PUBLIC, ...HOOKS, ...DRIVER, 'more.config.mjs']));
  });
});
