/** Temporary projects, and plain Node running the bundled loader in them: vitest's own transform would hide problems. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { build } from 'rolldown';
import { createFolder, type Folder } from '../support/folder.js';

/** Another Node than the one that runs the tests. */
const node = process.env['ALUDEL_TEST_NODE'] ?? process.execPath;

const source = (name: string): string => join(import.meta.dirname, '../../src/config', `${name}.ts`);

/** Lays a package `aludel` whose `dist/` holds the config folder, as the build does; returns its project. */
export async function buildLoader(): Promise<Folder> {
  const project = await createFolder({
    'package.json': JSON.stringify({
      name: 'aludel',
      type: 'module',
      exports: { '.': './dist/index.js' },
    }),
    'dist/index.js':
      'export const evaluations = (globalThis.aludelEvaluations = (globalThis.aludelEvaluations ?? 0) + 1);\n' +
      'export const integer = 1;',
  });
  await build({
    input: Object.fromEntries(
      ['load-module', 'load-config', 'load-models', 'typescript-hooks', 'strip-worker'].map((name) => [
        name,
        source(name),
      ]),
    ),
    platform: 'node',
    external: ['typescript'],
    output: { dir: project.path('dist'), format: 'es' },
  });
  await build({
    input: source('strip-types'),
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    output: { file: project.path('dist/strip-types.cjs'), format: 'cjs' },
  });
  return project;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly hasCause: boolean;
}

export interface Outcome {
  readonly value?: unknown;
  readonly error?: Failure;
  readonly stderr: string;
}

/**
 * Runs the body of an async function in a new Node, in `project`, with `loadModule`, `loadScript`, `loadConfig` and `loadModels` in
 * scope; gives what it returns or the error it throws.
 */
export async function runNode(
  loader: Folder,
  project: Folder,
  body: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const script = `
    const { loadModule, loadScript } = await import(${JSON.stringify(`file://${loader.path('dist/load-module.js')}`)});
    const { loadConfig } = await import(${JSON.stringify(`file://${loader.path('dist/load-config.js')}`)});
    const { loadModels } = await import(${JSON.stringify(`file://${loader.path('dist/load-models.js')}`)});
    const path = (name) => ${JSON.stringify(project.folder)} + '/' + name;
    try {
      const value = await (async () => { ${body} })();
      console.log(JSON.stringify({ value }));
    } catch (error) {
      const { code, message, hint, details, cause } = error;
      console.log(JSON.stringify({ error: { code, message, hint, details, hasCause: cause !== undefined } }));
    }`;
  return new Promise((resolve, reject) => {
    const args = ['--input-type=module', '--eval', script];
    execFile(
      node,
      args,
      { cwd: project.folder, env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`${error.message}\n${stdout}${stderr}`));
        else resolve({ ...(JSON.parse(stdout) as Outcome), stderr });
      },
    );
  });
}
