import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The file that a package exports as `.` for `import`, found from a folder upwards; null where there is no such package. */
export function resolvePackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const root = join(folder, 'node_modules', name);
    const manifest = join(root, 'package.json');
    if (existsSync(manifest)) return join(root, entryOf(JSON.parse(readFileSync(manifest, 'utf8'))));
    if (dirname(folder) === folder) return null;
  }
}

/** https://nodejs.org/api/packages.html#package-entry-points: `createRequire` cannot see what is for `import` alone. */
function entryOf(manifest: unknown): string {
  const { exports, main } = manifest as { readonly exports?: unknown; readonly main?: unknown };
  const own = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  return pickCondition(own) ?? (typeof main === 'string' ? main : 'index.js');
}

function pickCondition(target: unknown): string | null {
  if (typeof target === 'string') return target;
  if (!isRecord(target)) return null;
  const condition = Object.keys(target).find((key) => ['node', 'import', 'module-sync', 'default'].includes(key));
  return condition === undefined ? null : pickCondition(target[condition]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
