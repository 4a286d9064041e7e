/**
 * `npm run build`: bundles the public module and the command into dist/, with shared chunks, and writes the declarations.
 * Each file that Node imports costs about 0.35 ms, and the bundled libraries would be hundreds. What a user installs beside
 * Aludel (dependencies, optional drivers) stays outside.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';

const root = import.meta.dirname;
const dist = join(root, 'dist');
/** @type {{ exports: Record<string, unknown>, dependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} */
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** What nearly every command needs: one file instead of thirty. */
const SHARED = [
  /^(?:errors|connect)\.ts$/,
  /^(?:schema|operations|revisions)\//,
  /^util\/(?!package-root)/,
  /^(?:engine|dialects)\/(?!bulk-rows|codecs|explain)[^/]+$/,
  /^config\/(?:config|load-config|load-module|options|resolve-url|validate-config)\.ts$/,
  /^runtime\/(?:batch-key|batch-log|call-site|foreign-key-check|log-table|operation-groups|operation-queue|refuse-outside-run|revision-connection|revision-host|revision-module|run-batch|side-lock|statement-kind|version-table)\.ts$/,
  /^commands\/(?:migrator|project)\.ts$/,
];
/** What importing `aludel` loads beside that: an upgrade with nothing to do needs none of it. */
const PUBLIC = [
  /^(?:index|metadata-actions|revision-handles|revision-session|sessions)\.ts$/,
  /^orm\/|^dialects\/(?:bulk-rows|codecs|explain)\.ts$/,
];
/** `aludel/express` and the like. */
const SUBPATHS = Object.keys(manifest.exports)
  .filter((path) => path !== '.' && path !== './package.json')
  .map((path) => path.slice(2));

/** @param {readonly RegExp[]} patterns */
const isOneOf = (patterns) => (/** @type {string} */ file) => {
  const path = relative(join(root, 'src'), file).replaceAll('\\', '/');
  return patterns.some((pattern) => pattern.test(path));
};

await rm(dist, { recursive: true, force: true });
await Promise.all([
  Promise.all([bundle(), bundleHooks(), bundleStripper()]).then((files) => writeLicences(files.flat())),
  writeDeclarations(),
]);

/** Bundles the entries and gives the paths of all files that went into them. */
async function bundle() {
  const entries = {
    index: 'src/index.ts',
    cli: 'src/cli/main.ts',
    ...Object.fromEntries(SUBPATHS.map((name) => [`exports/${name}`, `src/exports/${name}.ts`])),
  };
  const outside = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
    platform: 'node',
    // cosmiconfig asks for TypeScript only in a loader that we replace.
    external: (id) => [...outside, 'typescript'].some((name) => id === name || id.startsWith(`${name}/`)),
    transform: { target: 'node20' },
  });
  const { output } = await build.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    // Beside the entries: the hooks and the stripper are found relative to whichever chunk asks for them.
    chunkFileNames: '[name]-[hash].js',
    comments: { legal: false }, // the texts go to THIRD-PARTY-LICENSES.txt
    codeSplitting: {
      groups: [
        { name: 'shared', test: isOneOf(SHARED), priority: 1 },
        { name: 'public', test: isOneOf(PUBLIC) },
      ],
    },
  });
  await build.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
}

/** What is loaded by path, in threads of their own on Node 20: nothing of the shared chunks, which each would compile anew. */
async function bundleHooks() {
  const files = await Promise.all(
    ['typescript-hooks', 'strip-worker'].map(async (name) => {
      const build = await rolldown({
        cwd: root,
        input: `src/config/${name}.ts`,
        platform: 'node',
        transform: { target: 'node20' },
      });
      const file = join(dist, `${name}.js`);
      const { output } = await build.write({ file, format: 'esm', comments: { legal: false } });
      await build.close();
      return output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
    }),
  );
  return files.flat();
}

/** Sucrase as one CommonJS file: the hooks need it synchronously, and it loads in half the time of its own files. */
async function bundleStripper() {
  const build = await rolldown({
    cwd: root,
    input: 'src/config/strip-types.ts',
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
  });
  const file = join(dist, 'strip-types.cjs');
  const { output } = await build.write({ file, format: 'cjs', minify: true, comments: { legal: false } });
  await build.close();
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
}

/**
 * Their licences ask that the text travels with the code.
 * @param {readonly string[]} files
 */
async function writeLicences(files) {
  const folders = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  const texts = await Promise.all([...new Set(folders)].toSorted().map(licenceOf));
  const separator = `\n\n${'-'.repeat(80)}\n\n`;
  const opening = 'Aludel contains code of these packages:';
  await writeFile(join(dist, 'THIRD-PARTY-LICENSES.txt'), `${[opening, ...texts].join(separator)}\n`);
}

/** @param {string} folder */
async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file === undefined) throw new Error(`"${name}" is bundled and has no licence file.`);
  return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
}

async function writeDeclarations() {
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.build.json')];
  await promisify(execFile)(process.execPath, args, { cwd: root }).catch((error) => {
    throw new Error(`The declarations could not be written.\n${error.stdout}`);
  });
}
