/** Runs contenders by turns: what else the machine does meets all of them, and only the ratios mean something. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

/** Milliseconds that a contender may spend on one task, all its rounds together. */
export const LIMIT = 60_000;

/**
 * One that takes part in a task. `run` gives milliseconds, or throws; `isPeer` has fewer rounds, `isBase` is what the
 * others are measured by, and `note` says why it takes no part.
 * @typedef {{ name: string, isPeer?: boolean, isBase?: boolean, note?: string | undefined,
 *   run?: () => number | Promise<number> }} Contender
 *
 * @typedef {{ contender: string, ms: number | null, ratio: number | null, runs: number, note: string | null,
 *   statements?: number | null | undefined, peak?: number | null | undefined }} Result
 */

/** Once a peer has spent this on a task it has no further round: `runs` says how many it had. */
const PATIENCE = 6000;

/** Who took this long for the first warm-up has no other: it has done enough in there. */
const LONG = 1000;

/** What a contender throws that has no more time. */
export class OverTime extends Error {}

/**
 * @param {readonly Contender[]} contenders
 * @param {{ rounds: number, peerRounds: number, warmUps?: number, full?: boolean }} options `warmUps` are not timed.
 * @returns {Promise<Result[]>}
 */
export async function compare(contenders, { rounds, peerRounds, warmUps = 0, full = false }) {
  const entries = contenders.map((contender) => ({
    contender,
    samples: /** @type {number[]} */ ([]),
    spent: 0,
    note: contender.note ?? null,
  }));
  const isSlow = (/** @type {(typeof entries)[number]} */ { samples, spent }) =>
    !full && samples.length > 0 && spent > PATIENCE;
  for (let round = -warmUps; round < rounds; round += 1) {
    // Another order each time: nobody always follows the same one.
    const start = (round + warmUps) % entries.length;
    for (const entry of [...entries.slice(start), ...entries.slice(0, start)]) {
      const { contender } = entry;
      if (entry.note !== null || contender.run === undefined) continue;
      if (contender.isPeer === true && (round >= peerRounds || isSlow(entry))) continue;
      if (entry.spent > LIMIT || (round < 0 && entry.spent > LONG)) continue;
      const begun = performance.now();
      try {
        const ms = await contender.run();
        if (round >= 0) entry.samples.push(ms);
      } catch (error) {
        entry.note = error instanceof OverTime ? `over ${LIMIT / 1000} s` : `failed: ${firstLine(error)}`;
      }
      entry.spent += performance.now() - begun;
    }
  }
  return summarise(entries.map(({ contender: { name, isBase }, samples, note }) => ({ name, isBase, samples, note })));
}

/**
 * The medians, as multiples of the base or, where none says that it is, of the first.
 * @param {readonly { name: string, isBase?: boolean | undefined, samples: readonly number[], note: string | null }[]} entries
 * @returns {Result[]}
 */
export function summarise(entries) {
  const base = entries.find(({ isBase }) => isBase === true) ?? entries[0];
  const unit = median(base?.samples ?? []);
  return entries.map(({ name, samples, note }) => {
    const ms = median(samples);
    const ratio = ms === null || unit === null ? null : ms / unit;
    return { contender: name, ms, ratio, runs: samples.length, note };
  });
}

/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;
}

/** @param {unknown} error */
export function firstLine(error) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '')
      ?.slice(0, 120) ?? ''
  );
}

/**
 * A process to run. `exits` are the codes that are no failure; `onOutput` is told what it has printed.
 * @typedef {{ command?: string | undefined, args: readonly string[], cwd: string, env?: Record<string, string>,
 *   exits?: readonly number[], onOutput?: (text: string) => void }} Job
 */

/**
 * Milliseconds of one process from its start to its end.
 * @param {Job} job
 */
export function timeProcess({ command = process.execPath, args, cwd, env = {}, exits = [0], onOutput }) {
  const start = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...QUIET, ...env },
    encoding: 'utf8',
    timeout: LIMIT,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  });
  const milliseconds = performance.now() - start;
  if (signal === 'SIGKILL') throw new OverTime();
  if (status === null || !exits.includes(status)) throw new Error(stderr.trim() || stdout.trim() || `exit ${status}`);
  onOutput?.(stdout);
  return milliseconds;
}

/** Nothing that asks a terminal, tells of updates or counts its users. */
const QUIET = { CI: '1', NO_COLOR: '1', NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1', PYTHONDONTWRITEBYTECODE: '' };

const COUNT = pathToFileURL(join(import.meta.dirname, 'count.mjs')).href;

/**
 * The statements and the peak memory (megabytes) of one process and its children, in a run of its own.
 * @param {Job} job
 * @returns {Promise<{ statements: number, peak: number | null } | null>}
 */
export async function countProcess({ command = process.execPath, args, cwd, env = {} }) {
  const folder = mkdtempSync(join(tmpdir(), 'aludel-bench-counts-'));
  const options = `${process.env['NODE_OPTIONS'] ?? ''} --import=${COUNT}`.trim();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...QUIET, ...env, NODE_OPTIONS: options, ALUDEL_BENCH_COUNTS: folder },
    stdio: 'ignore',
    timeout: LIMIT,
    killSignal: 'SIGKILL',
  });
  await new Promise((resolve) => child.on('close', resolve));
  const counts = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  rmSync(folder, { recursive: true, force: true });
  if (counts.length === 0) return null;
  return {
    statements: counts.reduce((sum, { statements }) => sum + statements, 0),
    peak: Math.max(...counts.map(({ peak }) => peak)),
  };
}
