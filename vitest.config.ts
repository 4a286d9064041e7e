import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const SERVERS = 'test/servers/global-setup.ts';
const BUILD = 'test/support/build-package.ts';

/** A project runs the files of one suffix; only those that talk to databases start servers. */
function project(name: string, include: string, globalSetup: string[] = []): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`test/**/*${include}.test.ts`],
      exclude: name === 'unit' ? ['test/**/*.{dialect,golden,cli}.test.ts'] : [],
      globalSetup,
      // For a machine that is busy with something else; no test waits for a time to pass.
      testTimeout: globalSetup.length > 0 ? 120_000 : 60_000,
      hookTimeout: 120_000,
    },
  };
}

/** From a minute to four each, on two cores. */
const LONGEST = ['schema-cases', 'resume.cli', 'processes.cli', 'reflect.dialect', 'real-pairs.dialect', 'blocks.cli'];

/** Begins with what takes longest, so that at the end no core waits for another; vitest knows times from an earlier run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const early = LONGEST.flatMap((name) => sorted.filter(({ moduleId }) => basename(moduleId).startsWith(`${name}.`)));
    return [...new Set([...early, ...sorted])];
  }
}

export default defineConfig({
  // Test projects in temporary folders import the sources under the package's own name.
  resolve: {
    alias: [
      { find: /^aludel$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
      { find: /^aludel\/([a-z]+)$/, replacement: fileURLToPath(new URL('src/exports/$1.ts', import.meta.url)) },
    ],
  },
  test: {
    pool: 'forks',
    // Vitest leaves one core to itself and would run one file after the other on two; servers and spawned commands wait a lot.
    maxWorkers: '100%',
    reporters: process.env['ALUDEL_TEST_JSON'] === undefined ? ['default'] : ['default', 'json'],
    ...(process.env['ALUDEL_TEST_JSON'] !== undefined && { outputFile: { json: process.env['ALUDEL_TEST_JSON'] } }),
    // Starting and stopping servers is not a test; a hanging one is still noticed.
    teardownTimeout: 30_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', ''),
      project('dialect', '.dialect', [SERVERS]),
      project('golden', '.golden', [SERVERS]),
      project('cli', '.cli', [SERVERS, BUILD]),
    ],
  },
});
