/** The PostgreSQL of the tasks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Names a server to all who read the environment: the one that it names already, or that of the tests, or one started for
 * `use` alone, as the tests start theirs (nothing waits for the disk, so that commits cost all contenders the same little).
 * @template T
 * @param {() => Promise<T>} use
 */
export async function withServer(use) {
  const given = process.env['ALUDEL_BENCH_POSTGRES_URL'] ?? process.env['ALUDEL_TEST_POSTGRES_URL'];
  if (given !== undefined) {
    process.env['ALUDEL_BENCH_POSTGRES_URL'] = given;
    return use();
  }
  const child = spawn(process.execPath, [join(ROOT, 'test/servers/run.mjs'), 'postgres'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    process.env['ALUDEL_BENCH_POSTGRES_URL'] = await readUrl(child.stdout);
    return await use();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** @param {import('node:stream').Readable} output What `npm run servers` prints. */
async function readUrl(output) {
  for await (const line of createInterface({ input: output })) {
    const url = /^export ALUDEL_TEST_POSTGRES_URL=(\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('PostgreSQL did not start. Name a server: ALUDEL_BENCH_POSTGRES_URL=postgresql://... npm run bench');
}
