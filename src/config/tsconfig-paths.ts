/**
 * `paths` and `baseUrl` of tsconfig.json, https://www.typescriptlang.org/tsconfig/#paths: a pattern holds at most one
 * `*`, an exact pattern wins over one with `*`, and of those the one with the longest text before it.
 */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

import { findFile } from './find-file.js';

interface PathMapping {
  /** Pattern to targets, each an absolute path; `*` stands for the same text in both. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
  readonly baseUrl: string | undefined;
}

const NOTHING: PathMapping = { paths: {}, baseUrl: undefined };

const mappings = new Map<string, PathMapping>();

/** The file that a bare specifier in the file `importer` means by the nearest tsconfig.json, if that says so. */
export function findByTsconfig(specifier: string, importer: string): string | undefined {
  if (importer.includes(`${sep}node_modules${sep}`)) return undefined;
  const { paths, baseUrl } = nearestMapping(dirname(importer));
  const pattern = bestPattern(specifier, Object.keys(paths));
  if (pattern !== undefined) {
    const star = specifier.slice(pattern.indexOf('*'), specifier.length - (pattern.length - pattern.indexOf('*') - 1));
    for (const target of paths[pattern] ?? []) {
      const file = findFile(pattern.includes('*') ? target.replace('*', () => star) : target);
      if (file !== undefined) return file;
    }
  }
  return baseUrl === undefined ? undefined : findFile(join(baseUrl, specifier));
}

function bestPattern(specifier: string, patterns: readonly string[]): string | undefined {
  if (patterns.includes(specifier)) return specifier;
  const matching = patterns.filter((pattern) => {
    const [before, after] = pattern.split('*');
    if (before === undefined || after === undefined) return false;
    return specifier.length >= pattern.length - 1 && specifier.startsWith(before) && specifier.endsWith(after);
  });
  return matching.toSorted((one, other) => other.indexOf('*') - one.indexOf('*'))[0];
}

function nearestMapping(folder: string): PathMapping {
  const known = mappings.get(folder);
  if (known !== undefined) return known;
  const file = join(folder, 'tsconfig.json');
  const parent = dirname(folder);
  const mapping = existsSync(file) ? readMapping(file, []) : parent === folder ? NOTHING : nearestMapping(parent);
  mappings.set(folder, mapping);
  return mapping;
}

/** Reads one tsconfig; a file that cannot be read or parsed maps nothing: to complain is the compiler's part. */
function readMapping(file: string, readers: readonly string[]): PathMapping {
  if (readers.includes(file)) return NOTHING;
  let json: unknown;
  try {
    json = parseJsonWithComments(readFileSync(file, 'utf8'));
  } catch {
    return NOTHING;
  }
  const folder = dirname(file);
  const inherited = [property(json, 'extends')].flat().reduce<PathMapping>((mapping, base) => {
    const found = typeof base === 'string' ? findBase(base, file) : undefined;
    if (found === undefined) return mapping;
    const { paths, baseUrl } = readMapping(found, [...readers, file]);
    return {
      paths: paths === NOTHING.paths ? mapping.paths : paths,
      baseUrl: baseUrl ?? mapping.baseUrl,
    };
  }, NOTHING);

  const options = property(json, 'compilerOptions');
  const ownBase = property(options, 'baseUrl');
  const baseUrl = typeof ownBase === 'string' ? resolve(folder, ownBase) : inherited.baseUrl;
  const ownPaths = property(options, 'paths');
  return {
    paths: isObject(ownPaths) ? absolutePaths(ownPaths, baseUrl ?? folder) : inherited.paths,
    baseUrl,
  };
}

function absolutePaths(paths: Readonly<Record<string, unknown>>, folder: string): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(paths).map(([pattern, targets]) => [
      pattern,
      [targets].flat().flatMap((target) => (typeof target === 'string' ? [resolve(folder, target)] : [])),
    ]),
  );
}

function findBase(base: string, file: string): string | undefined {
  if (base.startsWith('.') || isAbsolute(base)) return findFile(resolve(dirname(file), base));
  const require = createRequire(file);
  for (const specifier of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      return require.resolve(specifier);
    } catch {
      // Not this one: a package may name its file with or without the ending, or leave it out.
    }
  }
  return undefined;
}

/** Comments and trailing commas are dropped, strings are stepped over. */
function parseJsonWithComments(text: string): unknown {
  const bare = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');
  return JSON.parse(bare.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1').replace(/^\uFEFF/, ''));
}

function property(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
