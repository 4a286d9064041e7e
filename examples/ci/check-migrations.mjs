/**
 * What CI asks of the migrations, on a database that may be thrown away:
 * they run, they give what the models say, they can be taken back, and they run again.
 *
 * Exit codes: 0 all of it holds; 1 something failed; 3 the models and the migrations differ.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AludelError, createMigrator } from 'aludel';

// Without DATABASE_URL, a SQLite file that is removed at the end.
const folder = mkdtempSync(join(tmpdir(), 'check-migrations-'));
const url = process.env.DATABASE_URL ?? `sqlite:${join(folder, 'ci.db')}`;
const migrator = createMigrator({ cwd: import.meta.dirname, url });

try {
  const { steps } = await migrator.upgrade('head');
  console.log(`Upgraded: ${steps.length} revisions ran.`);

  const { isInStep, descriptions } = await migrator.check();
  if (isInStep) console.log('Checked: the database is what the models say.');
  else {
    console.error('The models have changed and no revision says so:');
    for (const line of descriptions) console.error(`  ${line}`);
    console.error('Run "npx aludel revision --autogenerate" and commit the file.');
    process.exitCode = 3;
  }

  await migrator.downgrade('base');
  console.log('Downgraded: every revision can be taken back.');
  await migrator.upgrade('head');
  console.log('Upgraded again.');
} catch (error) {
  if (!(error instanceof AludelError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  if (error.hint !== undefined) console.error(error.hint);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
