/**
 * `npm run bench -- orm [--rounds 7] [--only sqlite|postgres] [--task load] [--with aludel,kysely]`: sessions beside the
 * raw driver and other libraries, each as its own documentation advises. Every round runs all contenders by turns, in
 * another order each time; only the ratios to the raw driver mean something. PostgreSQL: ALUDEL_TEST_POSTGRES_URL.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { buildIfNeeded } from '../scripts/demo-project.mjs';

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
    task: { type: 'string' },
    with: { type: 'string' },
  },
});
const rounds = Number(options.rounds);

/** What is measured, and by how much ours may exceed the raw driver on PostgreSQL and SQLite. */
const TASKS = {
  load: { title: 'load 10,000 rows of 14 columns', postgres: 0.9, sqlite: 1.4 },
  get: { title: 'get one by key, 2,000 times', postgres: 0.8, sqlite: 3 },
  insert: { title: 'insert 10,000, keys back in order', postgres: 1.1, sqlite: 1.5 },
  update: { title: 'load 5,000, change 1,000, flush', postgres: 1.2, sqlite: 1.5 },
  flush: { title: 'load 50,000, change one: the flush alone', postgres: 1.3, sqlite: 2 },
  session: { title: 'open a session, read one row, close, 2,000 times', postgres: 0.8, sqlite: 1.8 },
  eager: { title: '1,000 tickets, creator and comments by selectin', postgres: 0.9, sqlite: 1.5 },
  eagerJoined: { title: '1,000 tickets, creator joined, comments selectin', postgres: 0.9, sqlite: 1.5 },
  stream: { title: 'stream 50,000 rows of 14 columns', postgres: 1.3, sqlite: 1.3 },
};

buildIfNeeded();
if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
  console.error('The libraries to compare with are not there: npm install --prefix bench');
  process.exit(2);
}
const names = ['raw', ...(options.with?.split(',') ?? ['aludel', 'kysely', 'drizzle'])];
for (const dialect of ['sqlite', 'postgres']) {
  if (options.only !== undefined && options.only !== dialect) continue;
  const server = process.env['ALUDEL_TEST_POSTGRES_URL'];
  if (dialect === 'postgres' && server === undefined) console.log('\nPostgreSQL: ALUDEL_TEST_POSTGRES_URL is not set.');
  else await runDialect(dialect, server ?? '');
}

/**
 * @param {string} dialect
 * @param {string} server
 */
async function runDialect(dialect, server) {
  const folder = mkdtempSync(join(tmpdir(), 'aludel-bench-orm-'));
  const { createDatabase } = await import('./orm/database.mjs');
  const database = await createDatabase(dialect, server, folder);
  /** @type {Map<string, import('./orm/database.mjs').Contender>} */
  const contenders = new Map();
  const desk = await import('./orm/desk.mjs');
  await desk.createDesk(database.url);
  for (const name of names) {
    const { open } = await import(`./orm/${name}.mjs`);
    const contender = await open(dialect, database.url);
    const more =
      name === 'raw'
        ? desk.openRaw(dialect, database.url)
        : name === 'aludel'
          ? desk.openAludel(database.url)
          : undefined;
    const close = async () => {
      await contender.close();
      await more?.close();
    };
    contenders.set(name, { ...contender, ...more, close });
  }
  console.log(`\n${dialect}, medians of ${rounds} rounds by turns, as multiples of the raw driver:\n`);
  console.log(`  ${''.padEnd(50)}${[...contenders.keys()].map((name) => name.padStart(16)).join('')}   at most`);
  for (const [task, { title, ...limits }] of Object.entries(TASKS)) {
    if (options.task !== undefined && options.task !== task) continue;
    const medians = await compare(task, contenders, database);
    const [unit = Number.NaN] = medians.values();
    const cells = [...medians.values()].map((ms) =>
      (Number.isNaN(ms) ? '-' : `${(ms / unit).toFixed(2)} (${ms.toFixed(1)} ms)`).padStart(16),
    );
    console.log(`  ${title.padEnd(50)}${cells.join('')}   ${dialect === 'sqlite' ? limits.sqlite : limits.postgres}`);
  }
  for (const contender of contenders.values()) await contender.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The median milliseconds of each. A task prepares what is not measured and gives what is.
 * @param {string} task
 * @param {Map<string, any>} contenders
 * @param {{ fill(rows: number): Promise<void> }} database
 */
async function compare(task, contenders, database) {
  /** @type {Map<string, number[]>} */
  const samples = new Map([...contenders.keys()].map((name) => [name, []]));
  await database.fill(task === 'insert' ? 0 : task === 'flush' || task === 'stream' ? 50_000 : 10_000);
  for (let round = -1; round < rounds; round += 1) {
    // The desk and streams are measured beside the drivers alone.
    const order = [...contenders].filter(([, contender]) => contender[task] !== undefined);
    for (let i = 0; i <= round; i += 1) order.push(...order.splice(0, 1));
    for (const [name, contender] of order) {
      if (task === 'insert') await database.fill(0);
      const run = await contender[task]();
      globalThis.gc?.();
      const start = performance.now();
      const clean = await run();
      // The first round only warms up.
      const milliseconds = performance.now() - start;
      if (round >= 0) samples.get(name)?.push(milliseconds);
      if (typeof clean === 'function') await clean();
    }
  }
  const median = (/** @type {number[]} */ all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
  return new Map([...samples].map(([name, all]) => [name, median(all)]));
}
