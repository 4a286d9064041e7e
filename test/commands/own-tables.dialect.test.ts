import { MetaData, varchar } from 'aludel';
import { describe, expect, it } from 'vitest';
import { createMigrator } from '../../src/commands/create-migrator.js';
import { dialects } from '../support/databases.js';
import { revisionSource, useProject } from '../support/project.js';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

describe.each(dialects)('the version table on $name', (dialect) => {
  const project = useProject(dialect);

  it('is left alone where an app maps it too', async () => {
    await mkdir(join(project.folder, 'own'));
    const source = revisionSource({
      id: 'first',
      upgrade:
        "op.createTable('tag', [column('id', varchar(20), { nullable: false }), primaryKey(['id'], { name: 'pk_tag' })]);",
      downgrade: "op.dropTable('tag');",
    });
    await writeFile(join(project.folder, 'own', 'first.ts'), source);
    const metadata = new MetaData();
    metadata.table('tag', { id: varchar(20).primaryKey() });
    metadata.table('app_version', { version: varchar(20).primaryKey(), note: varchar(9) });
    const migrator = createMigrator({
      cwd: project.folder,
      config: {
        url: project.url,
        migrations: './own',
        versionTable: 'app_version',
        models: () => Promise.resolve({ metadata }),
      },
    });
    await migrator.upgrade();
    expect(await migrator.check()).toMatchObject({ isInStep: true, operations: [] });
  });
});
