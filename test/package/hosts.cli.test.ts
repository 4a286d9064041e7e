import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Consumer, installPackage } from './consumer.js';

/** Runs the whole way through the API and prints what happened; `aludel` is in scope. */
const JOB = `
  const migrator = aludel.createMigrator({ config: './migrate.config.ts' });
  const { revision } = await migrator.revision({ message: 'create users', autogenerate: true });
  const up = await migrator.upgrade('head');
  const { isInStep } = await migrator.check();
  const down = await migrator.downgrade('base');
  const error = await migrator.upgrade('nowhere').catch((reason) => reason);
  console.log(JSON.stringify({
    ran: up.steps.map((step) => step.revision === revision),
    isInStep,
    to: down.to,
    error: [error instanceof aludel.AludelError, error.code],
  }));
`;
const EXPECTED = { ran: [true], isInStep: true, to: [], error: [true, 'ALUDEL_REVISION_NOT_FOUND'] };

const HOSTS = {
  'an ESM package that imports it': {
    type: 'module',
    file: 'main.js',
    source: `import * as aludel from 'aludel';\n${JOB}`,
  },
  'a CommonJS package that awaits import()': {
    type: 'commonjs',
    file: 'main.js',
    source: `(async () => {\n  const aludel = await import('aludel');\n${JOB}\n})();`,
  },
  'a CommonJS package that requires it': {
    type: 'commonjs',
    file: 'main.js',
    source: `const aludel = require('aludel');\n(async () => {\n${JOB}\n})();`,
  },
} as const;

let installed: string;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => rm(installed, { recursive: true, force: true }));

describe.each(Object.entries(HOSTS))('%s', (_name, { type, file, source }) => {
  let project: Consumer;
  beforeEach(async () => {
    project = await Consumer.create(installed, { drivers: ['better-sqlite3'], type });
    await project.aludel(['init']);
  });
  afterEach(() => project.remove());

  it('migrates through the API', async () => {
    await project.write({ [file]: source });
    const { exitCode, stdout, stderr } = await project.node([file]);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
  });
});
