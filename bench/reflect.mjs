/** Reading a schema and comparing it with models: 100, 1,000 and 5,000 tables of PostgreSQL, against bare catalog queries. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { rolldown } from 'rolldown';
import { CATALOG, createTables } from './reflect/database.mjs';
import { aludel, bare, findComparers } from './reflect/tools.mjs';
import { compare, countProcess, timeProcess } from './support/measure.mjs';
import { BENCH, inScratchDatabase, inScratchFolder } from './support/places.mjs';
import { openProxy } from './support/postgres-proxy.mjs';
import { printRow } from './support/report.mjs';

const SIZES = [100, 1000, 5000];
/** Where the peers take part. */
const PEERS_AT = 1000;

/** @param {import('./run.mjs').Options} options */
export async function measureReflect(options) {
  /** @type {import('./support/report.mjs').Row[]} */
  const rows = [];
  for (const size of options.count === undefined ? SIZES : [options.count]) {
    await inScratchFolder((folder) =>
      inScratchDatabase(async (url) => {
        await createTables(url, size);
        for (const row of [
          await measureReading(folder, url, size),
          await measureCommands(folder, url, size, options),
        ]) {
          printRow(row);
          rows.push(row);
        }
      }),
    );
  }
  return rows;
}

/**
 * In one process, each on a connection of its own.
 * @param {string} folder
 * @param {string} url
 * @param {number} size
 */
async function measureReading(folder, url, size) {
  const { createEngine, dialectOf } = await loadReader(folder);
  const client = new pg.Client(url);
  await client.connect();
  const engine = createEngine(url);
  const connection = await engine.connect();
  const dialect = await dialectOf(connection);
  const timed = async (/** @type {() => Promise<unknown>} */ run) => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const results = await compare(
    [
      {
        name: bare.name,
        run: () =>
          timed(async () => {
            for (const sql of CATALOG) await client.query(sql);
          }),
      },
      { name: 'aludel', run: () => timed(() => dialect.reflect(connection, { namespaces: [], ignoredTables: [] })) },
    ],
    { rounds: 7, peerRounds: 7, warmUps: 2 },
  );
  await connection.close();
  await engine.dispose();
  await client.end();
  return { task: `reflect ${size} tables`, on: 'postgres, in process', base: bare.name, atMost: 1.5, results };
}

/** @param {string} folder */
async function loadReader(folder) {
  const file = join(folder, 'reader');
  const build = await rolldown({
    input: join(BENCH, 'reflect/schema.ts'),
    platform: 'node',
    external: ['pg', 'mysql2', 'better-sqlite3', 'kysely'],
  });
  await build.write({ dir: file, format: 'esm' });
  await build.close();
  return import(pathToFileURL(join(file, 'schema.js')).href);
}

/**
 * Whole processes that find no difference.
 * @param {string} top
 * @param {string} url
 * @param {number} size
 * @param {import('./run.mjs').Options} options
 */
async function measureCommands(top, url, size, { full, names }) {
  const peers = size === PEERS_AT ? findComparers().filter(({ name }) => names(name)) : [];
  const entries = [bare, aludel, ...peers].map((tool, i) => {
    const folder = join(top, String(i));
    mkdirSync(folder);
    const note = tool.note ?? (tool.isSlow === true && !full ? 'did not end within 100 s; with --full' : undefined);
    if (note === undefined) tool.make(folder, url, size, url);
    const { command, args, exits } = tool;
    return { tool, note, job: { command, args, cwd: folder, ...(exits === undefined ? {} : { exits }) } };
  });
  const results = await compare(
    entries.map(({ tool: { name, isPeer, isBase }, note, job }) => ({
      name,
      ...(isPeer === undefined ? {} : { isPeer }),
      ...(isBase === undefined ? {} : { isBase }),
      note,
      run: () => timeProcess(job),
    })),
    { full, rounds: full ? 9 : 5, peerRounds: full ? 5 : 3 },
  );
  for (const [i, { tool, note }] of entries.entries()) {
    const result = results[i];
    if (note !== undefined || result === undefined || result.note !== null) continue;
    const folder = join(top, `${i}-counted`);
    mkdirSync(folder);
    const proxy = await openProxy(url);
    tool.make(folder, proxy.url, size, url);
    const { command, args } = tool;
    const counts = await countProcess({ command, args, cwd: folder, env: { DATABASE_URL: proxy.url } });
    Object.assign(result, { peak: counts?.peak, statements: proxy.count() });
    await proxy.close();
  }
  const task = `autogenerate without a change, ${size} tables`;
  return { task, on: 'postgres, whole processes', base: bare.name, atMost: 2.5, results };
}
