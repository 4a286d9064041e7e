import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { type RevisionText, type TestProject, useProject } from '../support/project.js';

const HISTORY: readonly RevisionText[] = [
  {
    id: 'aaaa1111',
    upgrade: `op.createTable('users', [
      column('code', varchar(20), { nullable: false }),
      column('age', integer()),
      primaryKey(['code'], { name: 'pk_users' }),
    ]);`,
    downgrade: `op.dropTable('users');`,
  },
  {
    id: 'bbbb2222',
    down: 'aaaa1111',
    isAsync: true,
    upgrade: `op.addColumn('users', column('name', varchar(50)));
    op.execute("INSERT INTO users (code, age) VALUES ('it''s \`a\` \${b}', 7)");
    await op.db.updateTable('users').set({ name: 'x' }).where('name', 'is', null).execute();`,
    downgrade: `op.dropColumn('users', 'name');`,
  },
  {
    id: 'cccc3333',
    down: 'bbbb2222',
    header: `export const branchLabels = ['people'];`,
    upgrade: `op.createTable('tags', [
      column('code', varchar(20), { nullable: false }),
      column('user_code', varchar(20)),
      primaryKey(['code'], { name: 'pk_tags' }),
      foreignKey(['user_code'], 'users', ['code'], { name: 'fk_tags_users', onDelete: 'cascade' }),
    ]);
    op.createIndex('ix_users_age', 'users', ['age']);`,
    downgrade: `op.dropIndex('ix_users_age', 'users'); op.dropTable('tags');`,
  },
  {
    id: 'dddd4444',
    down: 'cccc3333',
    upgrade: `op.addColumn('tags', column('weight', integer()));`,
    downgrade: `op.dropColumn('tags', 'weight');`,
  },
];

describe.each(dialects)('squash on $name', (dialect) => {
  const project = useProject(dialect);
  const fresh = useEmptyDatabase(dialect);
  beforeEach(async () => {
    for (const revision of HISTORY) await project.write(revision);
  });

  const squash = (range = 'aaaa1111:cccc3333'): ReturnType<TestProject['migrator']['squash']> =>
    project.migrator.squash(range, { oldFiles: { moveTo: join(project.folder, 'old') } });

  it('makes the same database, and takes it back', async () => {
    await project.migrator.upgrade();
    const wanted = await dumpDatabase(project.url);
    await executeSql(project.url, ['DELETE FROM users']);
    await project.migrator.downgrade('base');
    const empty = await dumpDatabase(project.url);
    const { file, oldFiles } = await squash();
    const other = project.open({ url: fresh.url });
    expect(await other.upgrade()).toMatchObject({ to: ['dddd4444'], steps: [{ revision: 'cccc3333' }, {}] });
    expect(await dumpDatabase(fresh.url)).toEqual(wanted);
    await executeSql(fresh.url, [`DELETE FROM users WHERE code = 'it''s \`a\` \${b}' AND age = 7 AND name = 'x'`]);
    await other.downgrade('base');
    expect(await dumpDatabase(fresh.url)).toEqual(empty);
    expect(oldFiles.map(({ to }) => to)).toEqual(
      HISTORY.slice(0, 3).map(({ id }) => join(project.folder, 'old', `${id}.ts`)),
    );
    await Promise.all(oldFiles.map(({ to }) => access(to ?? '')));
    expect(await readFile(file ?? '', 'utf8')).toContain(`export const replaces = ['aaaa1111', 'bbbb2222'];`);
  });

  it('leaves databases at the last one as they are', async () => {
    await project.migrator.upgrade('cccc3333');
    await squash();
    expect(await project.migrator.current({ strict: true })).toMatchObject({
      revisions: [{ revision: 'cccc3333', branchLabels: ['people'] }],
      edited: [],
    });
    expect(await project.migrator.upgrade('head', { strict: true })).toMatchObject({
      from: ['cccc3333'],
      to: ['dddd4444'],
    });
    await project.migrator.downgrade('base', { allowLoss: true });
    expect(await project.migrator.upgrade()).toMatchObject({ to: ['dddd4444'] });
  });

  it('refuses a database in the middle, before and after', async () => {
    await project.migrator.upgrade('bbbb2222');
    const before = await dumpDatabase(project.url);
    await expect(squash()).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_APPLIED',
      hint: 'Run "aludel upgrade cccc3333" first, on every database that is not there yet.',
    });
    await project.open({ url: fresh.url }).squash('aaaa1111:cccc3333', { oldFiles: 'delete' });
    const { upgrade, current, stamp } = project.migrator;
    for (const run of [() => upgrade(), () => current(), () => stamp('head')]) {
      await expect(run()).rejects.toMatchObject({
        code: 'ALUDEL_REVISION_SQUASHED',
        message:
          'The database is at "bbbb2222", which was squashed into "cccc3333": only part of that revision is applied.',
      });
    }
    expect(await dumpDatabase(project.url)).toEqual(before);
  });

  it.runIf(dialect.family === 'postgres')(
    'lets a new value of an older enum be used, as two revisions did',
    async () => {
      await executeSql(project.url, ["CREATE TYPE mood AS ENUM ('sad')"]);
      await project.write({ id: 'eeee5555', down: 'dddd4444', upgrade: `op.addEnumValue('mood', 'ok');` });
      await project.write({
        id: 'ffff6666',
        down: 'eeee5555',
        upgrade: `op.execute('CREATE TABLE days (m mood)'); op.execute("INSERT INTO days VALUES ('ok')");`,
        downgrade: `op.execute('DROP TABLE days');`,
      });
      await squash('eeee5555:ffff6666');
      expect((await project.migrator.upgrade()).to).toEqual(['ffff6666']);
    },
  );
});
