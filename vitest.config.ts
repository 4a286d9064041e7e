import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** A project runs the files of one suffix; only those that talk to databases start servers. */
function project(name: string, include: string, servers: boolean): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`test/**/*${include}.test.ts`],
      exclude: name === 'unit' ? ['test/**/*.{dialect,golden,cli}.test.ts'] : [],
      ...(servers && { globalSetup: ['test/servers/global-setup.ts'], testTimeout: 30_000, hookTimeout: 30_000 }),
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    reporters: process.env['ALUDEL_TEST_JSON'] === undefined ? ['default'] : ['default', 'json'],
    ...(process.env['ALUDEL_TEST_JSON'] !== undefined && { outputFile: { json: process.env['ALUDEL_TEST_JSON'] } }),
    // Starting and stopping servers is not a test; a hanging one is still noticed.
    teardownTimeout: 30_000,
    projects: [
      project('unit', '', false),
      project('dialect', '.dialect', true),
      project('golden', '.golden', true),
      project('cli', '.cli', true),
    ],
  },
});
