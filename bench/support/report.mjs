/** What was measured: a table in the terminal, and results.json, in which a section takes the place of its last run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';

const FILE = join(import.meta.dirname, '../results.json');

/**
 * One task of a section. `base` names what the ratios are to, `atMost` the ratio that ours should not exceed.
 * @typedef {{ task: string, on: string, base: string, atMost?: number | undefined, unit?: string, counted?: string,
 *   results: import('./measure.mjs').Result[] }} Row
 *
 * @typedef {{ machine: Record<string, unknown>, rows: Row[] }} Section
 */

/** @returns {Record<string, Section>} */
export function readResults() {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
}

/** What the figures of a section were measured on. */
export function describeMachine() {
  return {
    date: new Date().toISOString(),
    node: process.version,
    platform: platform(),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: loadavg().map((value) => Number(value.toFixed(1))),
  };
}

/**
 * @param {string} name
 * @param {Section} section
 */
export function saveSection(name, section) {
  const rounded = JSON.stringify({ ...readResults(), [name]: section }, (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  writeFileSync(FILE, `${JSON.stringify(JSON.parse(rounded), null, 1)}\n`);
}

/** @param {Row} row */
export function printRow({ task, on, base, atMost, unit = 'ms', counted = 'statements', results }) {
  const goal = atMost === undefined ? '' : `; ours at most ${atMost}`;
  console.log(`\n${task}, ${on} (times ${base}${goal})`);
  const table = new Table({
    head: ['', 'times', unit, 'runs', counted, 'peak MB', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { contender, ratio, ms, runs, statements, peak, note } of results) {
    table.push([
      contender,
      ratio === null ? '' : ratio.toFixed(2),
      ms === null ? '' : ms.toFixed(ms < 10 ? 2 : 0),
      runs || '',
      statements ?? '',
      peak === undefined || peak === null ? '' : Math.max(0, peak).toFixed(0),
      note ?? '',
    ]);
  }
  console.log(table.toString());
}
