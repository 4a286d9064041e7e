/**
 * One contender in a process of its own: `worker.mjs NAME DIALECT URL`. It reads a task a line and answers with a line:
 * the milliseconds and, where asked, the statements sent and by how many megabytes the process grew at its highest.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { countCalls, watchSqlite } from '../support/count.mjs';

const [, , name = '', dialect = '', url = ''] = process.argv;
/** @type {(readonly [prototype: unknown, methods: readonly string[]])[]} */
const counted = [];
/** What ends the counting that is under way. @type {(() => void)[]} */
const undo = [];
let counts = { statements: 0 };
let isCounting = false;
watchSqlite((prototypes) => {
  counted.push(...prototypes);
  // A library may load its driver at the first statement.
  if (isCounting) startCounting(prototypes);
});
if (dialect === 'postgres') {
  // The package has its own copy.
  const from = createRequire(new URL(name === 'aludel' ? '../../package.json' : '../package.json', import.meta.url));
  const { Client } = from('pg');
  counted.push([new Client().connection.constructor.prototype, ['query', 'execute']]);
}

const { open } = await import(`./${name}.mjs`);
const people = await open(dialect, url);
const desk = await openDesk();
const contender = { ...people, ...desk };
tell({ tasks: Object.keys(contender) });

for await (const line of createInterface({ input: process.stdin })) {
  const { task, counts: isCounted } = JSON.parse(line);
  counts = { statements: 0 };
  isCounting = isCounted;
  try {
    const run = await contender[task]();
    // Not before every run: V8 throws away the code that knows a class of which no object is left, and no program asks
    // for a full collection between two calls. All that have classes of their own would run as if for the first time.
    if (isCounted) {
      globalThis.gc?.();
      startCounting(counted);
    }
    const before = isCounted ? restartPeak() : null;
    const start = performance.now();
    const clean = await run();
    const ms = performance.now() - start;
    const peak = before === null ? null : memory('VmHWM') - before;
    for (const end of undo.splice(0)) end();
    isCounting = false;
    if (typeof clean === 'function') await clean();
    tell({ ms, peak, statements: counts.statements });
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
  }
}
await people.close();
await desk?.close();

/** @param {readonly (readonly [prototype: unknown, methods: readonly string[]])[]} prototypes */
function startCounting(prototypes) {
  for (const [prototype, methods] of prototypes) undo.push(countCalls(prototype, methods, counts));
}

/** What is measured beside the driver alone. */
async function openDesk() {
  if (name !== 'raw' && name !== 'aludel') return undefined;
  const { openAludel, openRaw } = await import('./desk.mjs');
  return name === 'raw' ? openRaw(dialect, url) : openAludel(url);
}

/** @param {unknown} answer */
function tell(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** Linux alone can forget the highest size so far. Gives the size now, in megabytes. */
function restartPeak() {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return memory('VmRSS');
  } catch {
    return null;
  }
}

/** @param {'VmRSS' | 'VmHWM'} field */
function memory(field) {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
}
