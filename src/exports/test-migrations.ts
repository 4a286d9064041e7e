import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMigrator } from '../commands/create-migrator.js';
import type { Config } from '../config/config.js';
import { AludelError } from '../errors.js';

export interface TestMigrationsOptions {
  /** An empty database; afterwards it holds Aludel's own two tables alone. Default: a new SQLite file, which is removed. */
  readonly url?: string;
}

/**
 * Tests the revisions of a project: there is one head; they run up to it, down to nothing and up again, with the same
 * schema; and the database is what the models say.
 * @throws AssertionError that says which of these does not hold; AludelError ALUDEL_USAGE when the database is not empty.
 * @example it('migrates', () => testMigrations('./migrate.config.ts', { url: process.env['TEST_DATABASE_URL'] }));
 */
export async function testMigrations(
  config: Config | string = './migrate.config.ts',
  { url }: TestMigrationsOptions = {},
): Promise<void> {
  if (url !== undefined) return runBothWays(config, url);
  const folder = await mkdtemp(join(tmpdir(), 'aludel-test-'));
  try {
    await runBothWays(config, `sqlite:${join(folder, 'test.db')}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runBothWays(config: Config | string, url: string): Promise<void> {
  const migrator = createMigrator({ config, url });
  const heads = (await migrator.heads()).map(({ revision }) => revision);
  assert.ok(heads.length <= 1, `The revisions have ${heads.length} heads: run "aludel merge ${heads.join(' ')}".`);
  const nothing = await migrator.reflect({ format: 'sql' });
  if (nothing.tables > 0 || (await migrator.current()).revisions.length > 0) {
    throw new AludelError('ALUDEL_USAGE', 'testMigrations needs an empty database: it runs every downgrade.', {
      hint: 'Pass { url } with a database that is made for this test.',
    });
  }
  await migrator.upgrade('head');
  const { isInStep, descriptions } = await migrator.check();
  assert.ok(isInStep, `The models and the revisions are not in step:\n  ${descriptions.join('\n  ')}`);
  const { files } = await migrator.reflect({ format: 'sql' });
  await migrator.downgrade('base', { allowLoss: true });
  const left = await migrator.reflect({ format: 'sql' });
  assert.deepEqual(left.files, nothing.files, 'The downgrades leave something behind.');
  await migrator.upgrade('head');
  const again = await migrator.reflect({ format: 'sql' });
  assert.deepEqual(again.files, files, 'The second way up leads to another schema than the first.');
  await migrator.downgrade('base', { allowLoss: true });
}
