import type { CommonOptions } from './options.js';

/** True on a terminal where somebody can answer: both ends are one, and the output is meant for a person. */
export function canAsk({ json, quiet }: Pick<CommonOptions, 'json' | 'quiet'>): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && !json && !quiet;
}
