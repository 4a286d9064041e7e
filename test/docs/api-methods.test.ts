import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migrator } from 'aludel';
import { expect, it } from 'vitest';
import { METHOD_OPTIONS } from '../../src/commands/known-migrator-options.js';

/** Every method and every option of it: the compiler misses none. */
const METHODS: { readonly [M in keyof Migrator]: object } = {
  ...METHOD_OPTIONS,
  branches: {},
  show: {},
  databases: {},
  listTemplates: {},
};

/** These take those of `upgrade` too, and the document says so. */
const inherits = new Set(['upgradeEach', 'downgradeEach']);

it('docs/api.md has every method of a migrator, with all of its options', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
  const documented = new Map<string, readonly string[]>();
  for (const [, cell = ''] of text.split('\n').map((line) => line.split('|'))) {
    let options: readonly string[] = [];
    for (const [, method = '', signature] of cell.matchAll(/`(\w+)(?:\(([^`]*)\))?`/gu)) {
      if (!(method in METHODS)) continue;
      if (signature !== undefined) options = /\{ (.+) \}/u.exec(signature)?.[1]?.split(', ') ?? [];
      documented.set(method, options.toSorted());
    }
  }
  const methods = Object.entries(METHODS).map(([method, options]): [string, string[]] => [
    method,
    Object.keys(options)
      .filter((name) => !inherits.has(method) || !(name in METHODS.upgrade))
      .toSorted(),
  ]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(methods));
});
