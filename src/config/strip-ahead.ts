import { once } from 'node:events';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { isMissing } from './transform-cache.js';

/** Bytes of TypeScript from which the memory of its tokens, some seventy times as much, is worth a thread. */
const LARGE = 250_000;

/**
 * Transforms a large ES module in a thread that ends, for the hooks of Node 20 to find in the cache: their own thread
 * would keep what it takes, 200 MB for 5,000 models in one file.
 */
export async function stripAhead(path: string): Promise<void> {
  try {
    if (statSync(path).size < LARGE) return;
    const file = realpathSync(path);
    if (!isMissing(file, readFileSync(file, 'utf8'), 'module')) return;
    const worker = new Worker(new URL('./strip-worker.js', import.meta.url), { workerData: file, execArgv: [] });
    await once(worker, 'exit');
  } catch {
    // The hooks say what is wrong, and where.
  }
}
