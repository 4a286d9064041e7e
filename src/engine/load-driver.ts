/** Finds the driver packages. They are optional peers, so a missing one is an ordinary event with a clear way out. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AludelError } from '../errors.js';

/**
 * Imports a driver, looked for beside Aludel first and then from the current folder: under `npx` or a global install
 * Aludel itself lives elsewhere than the project. Gives the CommonJS `module.exports`.
 * @throws AludelError ALUDEL_DRIVER_MISSING.
 */
export async function loadDriver<T>(packageName: string, entry: string = packageName): Promise<T> {
  const path = find(entry);
  if (path === undefined) {
    throw new AludelError('ALUDEL_DRIVER_MISSING', `The driver package "${packageName}" is not installed.`, {
      hint: `npm install ${packageName}`,
      details: { package: packageName },
    });
  }
  const loaded = (await import(pathToFileURL(path).href)) as { readonly default: T };
  return loaded.default;
}

/** Whether `loadDriver` would find it. */
export function isInstalled(packageName: string): boolean {
  return find(packageName) !== undefined;
}

function find(entry: string): string | undefined {
  return resolveFrom(import.meta.url, entry) ?? resolveFrom(join(process.cwd(), 'package.json'), entry);
}

function resolveFrom(base: string, entry: string): string | undefined {
  try {
    return createRequire(base).resolve(entry);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      return undefined;
    }
    throw error;
  }
}
