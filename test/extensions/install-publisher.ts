import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliProject } from '../support/cli-project.js';
import { compile } from '../types/compile.js';

const TYPES = ['--types', 'node', '--typeRoots', join(import.meta.dirname, '../../node_modules/@types')];
const STRICT = ['--strict', '--target', 'es2023', '--module', 'nodenext', ...TYPES];

/** Puts the plugin `publisher` into a project as npm would: compiled, with its declarations. */
export async function installPublisher(project: CliProject): Promise<void> {
  await cp(join(import.meta.dirname, 'publisher'), project.path('publisher'), { recursive: true });
  const target = 'node_modules/aludel-publisher';
  const output = await typescript(project, ['--declaration', '--outDir', target, 'publisher/index.ts']);
  if (output !== '') throw new Error(output);
  await cp(project.path('publisher/package.json'), project.path(`${target}/package.json`));
}

/** What the compiler has to say of files of a project; nothing where they are right. */
export function checkTypes(project: CliProject, files: readonly string[]): Promise<string> {
  return typescript(project, ['--noEmit', ...files]);
}

async function typescript(project: CliProject, args: readonly string[]): Promise<string> {
  return (await compile([...STRICT, ...args], project.folder)).output;
}
