import { statSync } from 'node:fs';
import { join } from 'node:path';

const EXTENSIONS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'];

/**
 * The file that an import of `path` means where there is no such file: `user.js` is `user.ts` (`.mjs` is `.mts`, `.cjs`
 * is `.cts`), `user` is `user.ts`, then `user.js`, then a file called `index` in the folder.
 */
export function findFile(path: string): string | undefined {
  return candidates(path).find(isFile);
}

function candidates(path: string): string[] {
  const counterpart = /\.[cm]?js$/.test(path) ? [path.replace(/js$/, 'ts')] : [];
  const endings = (stem: string): string[] => EXTENSIONS.map((extension) => stem + extension);
  return [path, ...counterpart, ...endings(path), ...endings(join(path, 'index'))];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
