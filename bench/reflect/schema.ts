/** What reads a schema, without what a command does around it; bundled by the benchmark. */
export { dialectOf } from '../../src/connect.js';
export { createEngine } from '../../src/engine/create-engine.js';
