/** 1,000 revisions of one table each, up and down, beside a script that runs the same statements by hand. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compare, countProcess, summarise, timeProcess } from './support/measure.mjs';
import { dialects, emptyDatabase, inScratchDatabase, inScratchFolder } from './support/places.mjs';
import { openProxy } from './support/postgres-proxy.mjs';
import { printRow } from './support/report.mjs';
import { aludel, findTools, raw } from './tools/tools.mjs';

const { downgrade: _, ...withoutDowngrade } = aludel;

const AT_MOST = { sqlite: { mjs: 2, ts: 4 }, postgres: { mjs: 1.5, ts: 1.5 } };

/** @typedef {import('./tools/tools.mjs').Tool & { language?: 'ts' | 'mjs', atMost?: number }} Entry */

/** @param {import('./run.mjs').Options} options */
export async function measureUpgrade({ full, only, names, count = 1000 }) {
  /** @type {import('./support/report.mjs').Row[]} */
  const rows = [];
  for (const dialect of dialects(only)) {
    const limits = dialect === 'sqlite' ? AT_MOST.sqlite : AT_MOST.postgres;
    /** @type {Entry[]} */
    const entries = [
      raw,
      { ...aludel, name: 'aludel, JavaScript', language: 'mjs', atMost: limits.mjs },
      // On the way back nothing is left to strip: it would be the JavaScript once more.
      { ...withoutDowngrade, name: 'aludel, TypeScript', language: 'ts', atMost: limits.ts },
      ...findTools().filter((tool) => tool.isOurs !== true && names(tool.name) && tool.dialects.includes(dialect)),
    ];
    const place = async (/** @type {string[]} */ ...urls) =>
      inScratchFolder(async (folder) => rows.push(...(await measure(folder, dialect, urls, entries, count, full))));
    if (dialect === 'sqlite') await place();
    else await inScratchDatabase((url) => inScratchDatabase((other) => place(url, other)));
  }
  return rows;
}

/**
 * @param {string} top
 * @param {string} dialect
 * @param {readonly string[]} urls The database for timed runs, and the one for counted runs.
 * @param {readonly Entry[]} entries
 * @param {number} count
 * @param {boolean} full
 */
async function measure(top, dialect, [url = '', other = ''], entries, count, full) {
  const made = entries.map((tool, i) => {
    const folder = join(top, String(i));
    const file = join(folder, 'app.db');
    const project = (/** @type {string} */ place, /** @type {number} */ revisions, /** @type {string} */ database) => {
      mkdirSync(place);
      if (tool.note === undefined)
        tool.make({ folder: place, dialect, url: database, revisions, language: tool.language ?? 'ts' });
    };
    project(folder, count, dialect === 'sqlite' ? file : url);
    return { tool, folder, file, project };
  });
  const down = new Map(made.map(({ tool }) => [tool.name, /** @type {number[]} */ ([])]));
  const up = await compare(
    made.map(({ tool, folder, file }) => ({
      name: tool.name,
      isPeer: tool !== raw && tool.isOurs !== true,
      note: tool.note,
      run: async () => {
        if (dialect === 'sqlite') rmSync(file, { force: true });
        else await emptyDatabase(url);
        const job = { command: tool.command, cwd: folder, env: { DATABASE_URL: url } };
        const milliseconds = timeProcess({ ...job, args: tool.upgrade });
        if (tool.downgrade !== undefined) down.get(tool.name)?.push(timeProcess({ ...job, args: tool.downgrade }));
        return milliseconds;
      },
    })),
    { full, rounds: full ? 9 : 5, peerRounds: full ? 5 : 3 },
  );
  const back = summarise(
    made.map(({ tool }) => {
      const samples = down.get(tool.name) ?? [];
      const none = tool.isOurs === true ? 'as with JavaScript' : 'has no command for all of them';
      const missing = tool.downgrade === undefined ? none : 'failed on the way';
      return { name: tool.name, samples, note: samples.length === 0 ? (tool.note ?? missing) : null };
    }),
  );
  // Statements grow with the revisions, so that ten of them tell.
  for (const { tool, folder, project } of made) {
    if (tool.note !== undefined) continue;
    const small = `${folder}-counted`;
    const proxy = dialect === 'sqlite' ? null : await openProxy(other);
    if (proxy !== null) await emptyDatabase(other);
    const database = proxy?.url ?? join(small, 'app.db');
    project(small, COUNTED, database);
    const job = { command: tool.command, cwd: small, env: { DATABASE_URL: database } };
    for (const [args, results] of /** @type {const} */ ([
      [tool.upgrade, up],
      [tool.downgrade, back],
    ])) {
      if (args === undefined) continue;
      const before = proxy?.count() ?? 0;
      const counts = await countProcess({ ...job, args });
      const result = results.find(({ contender }) => contender === tool.name);
      if (result === undefined) continue;
      result.statements = (proxy === null ? counts?.statements : proxy.count() - before) ?? null;
      result.peak = counts?.peak;
    }
    await proxy?.close();
  }
  const on = `${dialect}; statements and memory of ${COUNTED}`;
  const base = raw.name;
  const rows = [
    { task: `${count} revisions up`, on, base, atMost: entries[1]?.atMost, results: up },
    { task: `${count} revisions down`, on, base, results: back },
  ];
  for (const row of rows) printRow(row);
  return rows;
}

const COUNTED = 10;
