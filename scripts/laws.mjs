// Checks the laws of comparison on many generated pairs of schemas, in memory, and prints how often each kind occurred.
// Usage: npm run test:laws -- --pairs 10000 --seed 1
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { pairs: { type: 'string' }, seed: { type: 'string' } } });
const { pairs = '300', seed = String(Date.now() % 1_000_000) } = values;
if (![pairs, seed].every((value) => /^-?\d+$/.test(value)) || Number(pairs) < 300) {
  process.stderr.write('Usage: npm run test:laws -- --pairs NUMBER (300 or more) --seed=NUMBER\n');
  process.exit(2);
}
const begin = performance.now();
const command = ['vitest', 'run', '--project', 'unit', '--testTimeout', '0', 'test/laws/laws.test.ts'];
const env = { ...process.env, ALUDEL_TEST_LAWS_PAIRS: pairs, ALUDEL_TEST_SEED: seed };
const cwd = fileURLToPath(new URL('..', import.meta.url));
const [status] = await once(spawn('npx', command, { cwd, env, stdio: 'inherit' }), 'exit');
const seconds = ((performance.now() - begin) / 1000).toFixed(0);
process.stdout.write(`${pairs} pairs, seed ${seed}: ${status === 0 ? 'passed' : 'failed'} in ${seconds} s\n`);
process.exitCode = status ?? 1;
