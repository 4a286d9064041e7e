import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { cacheFolder, writeKept } from './transform-cache.js';

/** Characters from which compiling takes longer than reading what was compiled. */
const LARGE = 50_000;

/** https://nodejs.org/api/vm.html#vmcompilefunctioncode-params-options */
type Compiled = ((...args: never[]) => unknown) & {
  readonly cachedData?: Buffer;
  readonly cachedDataRejected?: boolean;
};

/** Compiles a function body of the project's `file`. What V8 makes of a large one is kept as its transformed text is. */
export function compileKept(file: string, code: string, parameters: readonly string[]): (...args: never[]) => unknown {
  const compile = (options: object): Compiled =>
    compileFunction(code, [...parameters], { filename: file, ...options }) as Compiled;
  const folder = code.length < LARGE ? undefined : cacheFolder(dirname(file));
  if (folder === undefined) return compile({});
  // V8 compares versions and flags, and of the code the length alone.
  const entry = join(folder, `v8-${process.versions.v8}-${hash('sha256', code)}`);
  const cachedData = read(entry);
  if (cachedData !== undefined) {
    const run = compile({ cachedData });
    if (run.cachedDataRejected !== true) return run;
  }
  const run = compile({ produceCachedData: true });
  if (run.cachedData !== undefined) writeKept(entry, Buffer.concat([digest(run.cachedData), run.cachedData]));
  return run;
}

/** A damaged file would be run as it is. */
function read(entry: string): Buffer | undefined {
  try {
    const content = readFileSync(entry);
    const data = content.subarray(DIGEST_SIZE);
    return digest(data).equals(content.subarray(0, DIGEST_SIZE)) ? data : undefined;
  } catch {
    return undefined;
  }
}

const DIGEST_SIZE = 32;

function digest(data: Buffer): Buffer {
  return hash('sha256', data, 'buffer');
}
