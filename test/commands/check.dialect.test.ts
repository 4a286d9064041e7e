import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foreignKey, index, integer, MetaData, varchar } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

const TABLES = `
  op.createTable('teams', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk_teams' })]);
  op.createTable('users', [
    column('id', integer(), { nullable: false }),
    column('name', varchar(20)),
    column('team_id', integer()),
    primaryKey(['id'], { name: 'pk_users' }),
  ]);
  op.createIndex('ix_users_id', 'users', ['id']);`;

/** In another order of columns than in the database. */
const models = () => {
  const metadata = new MetaData();
  metadata.table('teams', { id: integer().autoincrement(false).primaryKey() });
  metadata.table(
    'users',
    {
      id: integer().autoincrement(false).primaryKey(),
      team_id: integer(),
      age: integer().notNull().serverDefault(3),
      name: varchar(20),
    },
    () => [index('ix_users_id', ['id']), foreignKey(['team_id'], 'teams', ['id'], { name: 'fk_users_team' })],
  );
  return Promise.resolve({ metadata });
};

/** The lines that a difference takes away and adds. */
const changed = (diff: string): string[] => diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/u.test(line));

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  sqlite: [
    '-  CONSTRAINT "pk_users" PRIMARY KEY ("id")',
    '+  "age" INTEGER NOT NULL DEFAULT 3,',
    '+  CONSTRAINT "pk_users" PRIMARY KEY ("id"),',
    '+  CONSTRAINT "fk_users_team" FOREIGN KEY ("team_id") REFERENCES "teams" ("id")',
  ],
  postgres: [
    '-  CONSTRAINT "pk_users" PRIMARY KEY ("id")',
    '+  "age" integer DEFAULT 3 NOT NULL,',
    '+  CONSTRAINT "pk_users" PRIMARY KEY ("id"),',
    '+  CONSTRAINT "fk_users_team" FOREIGN KEY ("team_id") REFERENCES "teams" ("id")',
  ],
  mysql: [
    '+  `age` int NOT NULL DEFAULT 3,',
    '-  INDEX `ix_users_id` (`id`)',
    '+  INDEX `ix_users_id` (`id`),',
    '+  CONSTRAINT `fk_users_team` FOREIGN KEY (`team_id`) REFERENCES `teams` (`id`)',
  ],
};

describe.each(dialects)('check on $name', ({ name, family }) => {
  const project = useProject({ name, family }, { models });

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: TABLES });
    await project.migrator.upgrade();
  });

  test('shows what differs as text of both schemas, and nothing that is not compared', async () => {
    const { diff, isInStep } = await project.migrator.check();
    expect(isInStep).toBe(false);
    expect(diff).toMatch(/^--- database\n\+\+\+ models\n@@ /u);
    expect(changed(diff)).toEqual(EXPECTED[family]);
  });

  test('has no difference to show once the database is what the models say', async () => {
    await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
    await project.migrator.upgrade();
    expect(await project.migrator.check()).toMatchObject({ isInStep: true, diff: '' });
  });

  test('warns of an index that repeats a key, and of a foreign key without one', async () => {
    const { warnings } = await project.migrator.check();
    const missing = family === 'mysql' ? [] : [['foreign-key-without-index', 'fk_users_team']];
    expect(warnings.map((warning) => [warning.rule, warning.name])).toEqual([
      ['redundant-index', 'ix_users_id'],
      ...missing,
    ]);
  });

  test('finds tables in the text of the model files', async () => {
    const source = `import { integer, MetaData } from 'aludel';

export const metadata = new MetaData();
metadata.table('teams', { id: integer().autoincrement(false).primaryKey(), size: integer() });
`;
    const file = join(project.folder, 'models.ts');
    await writeFile(file, source);
    const migrator = project.open({ config: { ...project.config, models: './models.ts' } });
    expect((await migrator.check({ locate: true })).places).toEqual([{ table: 'teams', file, line: 4 }]);
    expect((await migrator.check()).places).toEqual([]);
  });
});
