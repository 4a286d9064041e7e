import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Sucrase takes 10 ms to load: not before the first TypeScript file. The hooks are synchronous, hence CommonJS. */
export function loadStripTypes(): typeof import('./strip-types.js') {
  return require('./strip-types.cjs') as typeof import('./strip-types.js');
}
