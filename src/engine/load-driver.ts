/** Finds the driver packages. They are optional peers, so a missing one is an ordinary event with a clear way out. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AludelError } from '../errors.js';

/**
 * Loads a driver, looked for beside Aludel first and then from the current folder: under `npx` or a global install
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
  return withNavigator(() => require(path) as T);
}

const require = createRequire(import.meta.url);

/**
 * Runs `load` with the `navigator` that Node has from version 21 on. Where there is none, `pg` asks for `Response` to know
 * whether it runs at Cloudflare, for which Node loads all of `fetch`: a tenth of what a short command takes.
 */
function withNavigator<T>(load: () => T): T {
  if ('navigator' in globalThis) return load();
  const [major] = process.versions.node.split('.');
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { userAgent: `Node.js/${major}` } });
  try {
    return load();
  } finally {
    Reflect.deleteProperty(globalThis, 'navigator');
  }
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
