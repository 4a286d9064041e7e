import { describe, expect, it } from 'vitest';
import { dialects } from '../support/databases.js';
import { CASES } from './cases.js';
import { checkTypes } from './check-types.js';
import { runCase } from './run-case.js';

const files = new Map<string, string>();

describe.concurrent.each(dialects)('$name', (dialect) => {
  it.each(CASES.map((schemaCase) => [schemaCase.name, schemaCase] as const))('%s', async (_name, schemaCase) => {
    const written = await runCase(schemaCase, dialect);
    written.forEach((text, i) => files.set(`${dialect.name}-${CASES.indexOf(schemaCase)}-${i}.ts`, text));
  });
});

it('writes files that pass the strict type check', async () => {
  expect(files.size).toBeGreaterThan(0);
  expect(await checkTypes(files)).toBe('');
});
