/**
 * `node scripts/mutate-flush.mjs`: switches lines of the order of a flush off, one at a time, in a copy of the sources, and
 * runs the random programs on SQLite. Every one must be caught; ends with 1 where one was not.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const UNIT = 'src/orm/unit-of-work';

/** What is switched off: the file, the line, and what stands there instead. */
const MUTATIONS = {
  'referred tables first': [`${UNIT}/order-tables.ts`, 'return inOrder(new Set(', 'return [] ?? inOrder(new Set('],
  'rows level by level': [`${UNIT}/sort-rows.ts`, 'filter((edge) => place.has(edge.to))', 'filter(() => false)'],
  'unique values given up first': [
    `${UNIT}/plan-saves.ts`,
    'const moves = findUniqueMoves(work);',
    'const moves = { ...findUniqueMoves(work), edges: new Map(), earlyDeletes: new Set(), presets: [] };',
  ],
  'keys that open a circle, set at the end': [`${UNIT}/flush.ts`, 'await savePostponed(writer, plan);', ''],
  'referring tables deleted first': [
    `${UNIT}/plan-deletes.ts`,
    'orderTables(deletes).reverse()',
    'orderTables(deletes)',
  ],
  'association rows of deleted objects': [
    `${UNIT}/flush.ts`,
    'await clearAssociations(writer.active, work.associationClears);',
    '',
  ],
  'orphans decided by a flush that was asked for': [
    `${UNIT}/collect-work.ts`,
    'else if (options.isAutoflush) work.deferred.add(held);',
    '',
  ],
  'relations restored by a rollback': [
    'src/orm/session/change-log.ts',
    'held.restore(snapshot.relations?.get(name));',
    'void held;',
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'aludel-mutations-'));
let survivors = 0;
try {
  for (const part of ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  report('nothing switched off', run() ? 'passes' : 'FAILS');
  for (const [name, [file = '', line = '', instead = '']] of Object.entries(MUTATIONS)) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(line)) throw new Error(`${file} has no "${line}" any more`);
    writeFileSync(path, text.replace(line, instead));
    const isCaught = !run();
    writeFileSync(path, text);
    if (!isCaught) survivors += 1;
    report(name, isCaught ? 'caught' : 'NOT CAUGHT');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = survivors === 0 ? 0 : 1;

/** True when the programs pass. */
function run() {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, ALUDEL_TEST_DIALECTS: 'sqlite', ALUDEL_TEST_RUNS: '1000' };
  const args = [vitest, 'run', 'test/orm/session/program.dialect.test.ts'];
  return spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' }).status === 0;
}

/**
 * @param {string} name
 * @param {string} result
 */
function report(name, result) {
  console.log(`${name.padEnd(48)}${result}`);
}
