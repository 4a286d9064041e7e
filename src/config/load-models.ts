import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AludelError } from '../errors.js';
import type { ResolvedConfig } from './load-config.js';
import { loadModelFile } from './load-module.js';

/**
 * Loads the modules that hold the models, in the order of their paths, and returns what each exports. A function may
 * also return a list of modules.
 * @throws AludelError ALUDEL_MODELS_EMPTY where the config names no models or no file matches; ALUDEL_MODULE_FAILED.
 */
export async function loadModels(config: Pick<ResolvedConfig, 'file' | 'folder' | 'models'>): Promise<unknown[]> {
  const { file, folder, models } = config;
  if (models === undefined) {
    throw new AludelError('ALUDEL_MODELS_EMPTY', `Config file "${file}" has no "models".`, {
      hint: `Add "models: './src/models/**/*.ts'", with the folder of yours, to the config file.`,
      details: { file },
    });
  }
  if (typeof models === 'function') return callModels(file, models);

  const paths = await findModelFiles(models, folder);
  if (paths.length === 0) {
    const globs = models.map((glob) => `"${glob}"`).join(', ');
    throw new AludelError('ALUDEL_MODELS_EMPTY', `No model file matches ${globs} in "${folder}".`, {
      hint: `Correct "models" in "${file}".`,
      details: { file, folder, models },
    });
  }
  const modules: unknown[] = [];
  // One after the other: the order of declarations is the same in every run.
  for (const path of paths) modules.push(await loadModelFile(path));
  return modules;
}

async function callModels(file: string, models: () => Promise<unknown>): Promise<unknown[]> {
  try {
    return [await models()].flat();
  } catch (error) {
    if (error instanceof Error && error.name === 'AludelError') throw error;
    const { describeModuleFailure } = await import('./module-failure.js');
    throw describeModuleFailure(file, error);
  }
}

/** The files that globs of models name, in the order of their paths. */
export async function findModelFiles(globs: readonly string[], folder: string): Promise<string[]> {
  const matches = plainFiles(globs, folder) ?? (await findByGlobs(globs, folder));
  // A folder stands for all files in it, of which only these can be loaded.
  return matches.filter((path) => /\.[cm]?[jt]s$/.test(path) && !/\.d\.[cm]?ts$/.test(path)).toSorted();
}

async function findByGlobs(globs: readonly string[], folder: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return glob([...globs], { cwd: folder, absolute: true, ignore: ['**/node_modules/**'] });
}

/** What the globs find where each is the plain path of a file: that needs no library. */
function plainFiles(globs: readonly string[], folder: string): string[] | undefined {
  const paths = new Set<string>();
  for (const glob of globs) {
    // Hidden folders and packages are what globs leave out.
    if (!/^(?:\.\/)?(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/.test(glob) || /\bnode_modules\//.test(glob)) return undefined;
    const path = join(folder, glob);
    if (!isFile(folder, glob.replace(/^\.\//, '').split('/'))) return undefined;
    paths.add(path.replaceAll('\\', '/'));
  }
  return [...paths];
}

/** With the names as they are written, whatever the file system takes for the same. */
function isFile(folder: string, names: readonly string[]): boolean {
  let path = folder;
  try {
    for (const name of names) {
      if (!readdirSync(path).includes(name)) return false;
      path = join(path, name);
    }
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
