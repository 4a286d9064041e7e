/**
 * Switches off one line of the unit of work at a time, and sees whether the random programs notice. Prints the lines.
 * Usage: node scripts/check-mutations.mjs
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MUTATIONS = [
  {
    what: 'unique values are taken without waiting for who gives them up',
    file: 'src/orm/unit-of-work/unique-moves.ts',
    from: 'if (from !== undefined && from !== state) noteMove(',
    to: 'if (from === state) noteMove(',
  },
  {
    what: 'tables are written in the order of declaration, whatever refers to what',
    file: 'src/orm/unit-of-work/order-tables.ts',
    from: 'inOrder(table.foreignKeys.flatMap(',
    to: 'inOrder(table.foreignKeys.slice(0, 0).flatMap(',
  },
  {
    what: 'keys that opened a circle are never set',
    file: 'src/orm/unit-of-work/flush.ts',
    from: '  await savePostponed(host, active, plan);',
    to: '',
  },
  {
    what: 'association rows of deleted objects stay',
    file: 'src/orm/unit-of-work/flush.ts',
    from: '  await clearAssociations(active, work.associationClears);',
    to: '',
  },
  {
    what: 'an autoflush decides who is an orphan',
    file: 'src/orm/unit-of-work/collect-work.ts',
    from: 'else if (options.isAutoflush) work.deferred.add(held);',
    to: '',
  },
  {
    what: 'a rollback to a savepoint leaves relations as they are',
    file: 'src/orm/session/change-log.ts',
    from: '  for (const [name, held] of state.relations ?? []) held.restore(snapshot.relations.get(name));',
    to: '',
  },
  {
    what: 'rows are deleted in no order',
    file: 'src/orm/unit-of-work/plan-deletes.ts',
    from: 'for (const unit of orderTables(deletes).reverse())',
    to: 'for (const unit of orderTables(deletes))',
  },
];

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'aludel-mutations-'));
for (const name of ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
  cpSync(join(root, name), join(folder, name), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));

let survivors = 0;
try {
  for (const { what, file, from, to } of MUTATIONS) {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    if (!source.includes(from)) throw new Error(`"${file}" does not hold "${from}" any more.`);
    writeFileSync(path, source.replace(from, to));
    const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'dialect', 'test/orm/session/program'], {
      cwd: folder,
      env: { ...process.env, ALUDEL_TEST_DIALECTS: 'sqlite', ALUDEL_TEST_RUNS: '1000' },
    });
    writeFileSync(path, source);
    if (status === 0) survivors += 1;
    console.log(`${status === 0 ? 'SURVIVED' : 'caught  '} ${file}: ${what}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = survivors === 0 ? 0 : 1;
