/**
 * `npm run bench [-- SECTION ...] [--full] [--only sqlite|postgres] [--with aludel,kysely] [--task load]`: Aludel beside
 * the bare drivers and every peer. Without a section all of them. Each section takes its place in results.json; the chart
 * is drawn anew. The peers are installed here at the first use, and nowhere else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfNeeded } from '../scripts/demo-project.mjs';

/**
 * @typedef {{ full: boolean, only: string | undefined, task: string | undefined, count?: number | undefined,
 *   names(name: string): boolean }} Options `names` says whether a peer takes part.
 * @type {Record<string, (options: Options) => Promise<import('./support/report.mjs').Row[]>>}
 */
const SECTIONS = {
  install: async () => (await import('./install.mjs')).measureInstall(),
  types: async (options) => (await import('./types.mjs')).measureTypes(options),
  cli: async (options) => (await import('./cli.mjs')).measureCli(options),
  orm: async (options) => (await import('./orm.mjs')).measureOrm(options),
  reflect: async (options) => (await import('./reflect.mjs')).measureReflect(options),
  upgrade: async (options) => (await import('./upgrade.mjs')).measureUpgrade(options),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    with: { type: 'string' },
    task: { type: 'string' },
    count: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown.join('", "')}". There are: ${Object.keys(SECTIONS).join(', ')}.`);
  process.exit(2);
}
installPeers();
buildIfNeeded();

const { withServer } = await import('./support/server.mjs');
const { describeMachine, saveSection } = await import('./support/report.mjs');
const { drawChart } = await import('./support/chart.mjs');
const wanted = values.with?.toLowerCase().split(',');
const options = {
  full: values.full,
  only: values.only,
  task: values.task,
  count: values.count === undefined ? undefined : Number(values.count),
  names: (/** @type {string} */ name) => wanted?.some((part) => name.toLowerCase().includes(part)) ?? true,
};
// What was narrowed down is printed alone: the file holds whole sections.
const isWhole = [values.only, values.with, values.task, values.count].every((value) => value === undefined);
const start = performance.now();
await withServer(async () => {
  for (const name of positionals.length > 0 ? positionals : Object.keys(SECTIONS)) {
    console.log(`\n${name} ${'='.repeat(76 - name.length)}`);
    const machine = describeMachine();
    const rows = (await SECTIONS[name]?.(options)) ?? [];
    if (isWhole) saveSection(name, { machine, rows });
  }
});
if (isWhole) console.log(`\nWritten: bench/results.json, ${drawChart()}`);
console.log(`${((performance.now() - start) / 60_000).toFixed(1)} minutes.`);

/** At the first use, and when the lock file is newer than what was installed. */
function installPeers() {
  const here = import.meta.dirname;
  if (existsSync(join(here, 'node_modules/cli-table3'))) return;
  console.log('Installing the libraries to compare with into bench/node_modules, which takes a minute or two.');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}
