/** The thread of `stripAhead`: leaves in the cache what a module becomes. The build keeps it as an entry of its own. */
import { readFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { loadStripTypes } from './load-strip-types.js';
import { cachedTransform } from './transform-cache.js';

const file = String(workerData);
const source = readFileSync(file, 'utf8');
cachedTransform(file, source, 'module', () => loadStripTypes().stripTypes(source, 'module'));
