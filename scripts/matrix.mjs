// Runs the core of the dialect tests on other majors of PostgreSQL, one after the other, and ends with a line for each.
// Usage: npm run test:matrix [-- MAJOR... [TEST PATH...]]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const CORE = ['test/schema-cases', 'test/laws', 'test/runtime', 'test/losses'];

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const postgres = join(root, 'test/servers/postgres.ts');
const { POSTGRES_MAJORS, startPostgres } = (await runnerImport(postgres, { configFile: false, logLevel: 'error' }))
  .module;
const numbers = args.filter((arg) => /^\d+$/.test(arg)).map(Number);
const unknown = numbers.find((major) => !POSTGRES_MAJORS.includes(major));
if (unknown !== undefined) {
  process.stderr.write(`There is no PostgreSQL ${unknown} here. Name some of ${POSTGRES_MAJORS.join(', ')}.\n`);
  process.exit(2);
}
const paths = args.filter((arg) => !/^\d+$/.test(arg));
// The usual test run has the newest one.
const majors = numbers.length > 0 ? numbers : POSTGRES_MAJORS.slice(0, -1);

const lines = [];
for (const major of majors) lines.push(await runOn(major));
process.stdout.write(`\n${lines.map(({ text }) => text).join('\n')}\n`);
process.exitCode = lines.every(({ passed }) => passed) ? 0 : 1;

async function runOn(major) {
  const folder = mkdtempSync(join(tmpdir(), 'aludel-matrix-'));
  const begin = performance.now();
  const server = await startPostgres(major);
  try {
    const file = join(folder, 'results.json');
    const env = {
      ...process.env,
      ALUDEL_TEST_DIALECTS: 'postgres',
      ALUDEL_TEST_POSTGRES_URL: server.url,
      ALUDEL_TEST_JSON: file,
    };
    const command = ['vitest', 'run', '--project', 'dialect', ...(paths.length > 0 ? paths : CORE)];
    const [status] = await once(spawn('npx', command, { cwd: root, env, stdio: 'inherit' }), 'exit');
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8'));
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    const text = `PostgreSQL ${server.version}: ${numPassedTests} passed, ${numFailedTests} failed${skipped} (${seconds} s)`;
    return { text, passed: status === 0 };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
