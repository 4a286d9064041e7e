/**
 * Counts the statements that a process sends and the memory it takes, for runs that are not timed:
 * `NODE_OPTIONS=--import=.../count.mjs`. At its end the process writes both to a file in ALUDEL_BENCH_COUNTS.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes each call of some methods count; gives what undoes that.
 * @param {any} prototype
 * @param {readonly string[]} methods
 * @param {{ statements: number }} counts
 */
export function countCalls(prototype, methods, counts) {
  const known = methods.filter((method) => typeof prototype?.[method] === 'function');
  const undo = known.map((method) => {
    const original = prototype[method];
    prototype[method] = function (/** @type {unknown[]} */ ...args) {
      counts.statements += 1;
      return original.apply(this, args);
    };
    return () => void (prototype[method] = original);
  });
  return () => undo.forEach((one) => one());
}

/**
 * Tells of whichever copy of better-sqlite3 or sqlite3 is loaded: both are a native module with these two classes.
 * @param {(prototypes: readonly (readonly [prototype: unknown, methods: readonly string[]])[]) => void} onLoad
 */
export function watchSqlite(onLoad) {
  const load = process.dlopen;
  process.dlopen = function (module, ...rest) {
    load.call(process, module, ...rest);
    const { Database, Statement } = /** @type {any} */ (module).exports;
    if (!Database || !Statement) return;
    onLoad([
      [Statement.prototype, ['run', 'get', 'all', 'iterate', 'each']],
      [Database.prototype, ['exec']],
    ]);
  };
}

const folder = process.env['ALUDEL_BENCH_COUNTS'];
if (folder !== undefined) {
  const counts = { statements: 0 };
  watchSqlite((prototypes) => {
    for (const [prototype, methods] of prototypes) countCalls(prototype, methods, counts);
  });
  process.on('exit', () => {
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ ...counts, peak: peakMemory() }));
  });
}

/** In megabytes. Linux tells the peak of whoever started a process as its own, unless the process itself is asked. */
function peakMemory() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}
