import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine, enumeration, integer, MetaData, type RenameQuestion, varchar } from '../../src/index.js';
import { dialects } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

function usersOf(declare: (m: MetaData) => void): MetaData {
  const metadata = new MetaData();
  declare(metadata);
  return metadata;
}

const BEFORE = usersOf((m) =>
  m.table('users', {
    id: integer().primaryKey(),
    name: varchar(40),
    status: enumeration('status', ['open', 'shut']).notNull().serverDefault('open'),
  }),
);
const AFTER = usersOf((m) =>
  m.table('people', {
    id: integer().primaryKey(),
    fullName: varchar(40),
    status: enumeration('status', ['opened', 'shut']).notNull().serverDefault('opened'),
  }),
);

describe.each(dialects)('renames on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models: MetaData;
  const insert = (sql: string): Promise<unknown> => executeSql(project.url, [sql]);

  beforeEach(async () => {
    models = BEFORE;
    await project.migrator.revision({ autogenerate: true, message: 'first', revisionId: 'aaaa' });
    await project.migrator.upgrade('head');
    await insert(`INSERT INTO users (id, name, status) VALUES (1, 'Ann', 'open')`);
    models = AFTER;
  });

  const rowsOf = async (table: string): Promise<unknown> => {
    const engine = createEngine(project.url);
    try {
      const connection = await engine.connect();
      const { rows } = await connection.execute(`SELECT * FROM ${table}`);
      return rows.map((row) => ({ ...row }));
    } finally {
      await engine.dispose();
    }
  };

  test('a drop that may be a rename stops, says what to pass, and writes nothing', async () => {
    const { migrator } = project;
    await expect(migrator.revision({ autogenerate: true, message: 'x' })).rejects.toMatchObject({
      code: 'ALUDEL_RENAME_UNANSWERED',
      message: expect.stringContaining('  users: --rename users:people or --drop users'),
      details: { questions: expect.arrayContaining([expect.objectContaining({ kind: 'table', dropped: 'users' })]) },
    });
    await expect(migrator.revision({ autogenerate: true, renames: ['users:people'] })).rejects.toMatchObject({
      message: expect.stringContaining(
        '  users.name: --rename users.name:people.full_name or --drop users.name\n' +
          "  enum status.open: --rename 'enum status.open:status.opened' or --drop 'enum status.open'",
      ),
    });
    expect(await readdir(join(project.folder, 'migrations'))).toHaveLength(1);
    const { questions, operations } = await migrator.check();
    expect(questions[0]).toMatchObject({ dropped: 'users', candidates: [{ to: 'people' }] });
    expect(operations.some(({ kind }) => kind === 'dropTable')).toBe(true);
  });

  test('answers keep the rows, up and down, and are silent once they are done', async () => {
    const { migrator } = project;
    const renames = ['users:people', 'users.name:people.full_name', 'enum status.open:status.opened'];
    const { file, losses } = await migrator.revision({ autogenerate: true, message: 'x', renames });
    expect(losses).toEqual([]);
    expect(await readFile(file ?? '', 'utf8')).toContain(`op.renameTable('users', 'people');`);
    await migrator.upgrade('head');
    expect(await rowsOf('people')).toEqual([{ id: 1, full_name: 'Ann', status: 'opened' }]);
    await insert(`INSERT INTO people (id) VALUES (2)`);
    expect(await migrator.revision({ autogenerate: true, renames })).toMatchObject({ file: null, operations: [] });
    await migrator.downgrade('-1');
    expect(await rowsOf('users')).toEqual([
      { id: 1, name: 'Ann', status: 'open' },
      { id: 2, name: null, status: 'open' },
    ]);
  });

  test('a view that no model declares goes on to show the renamed column, where the database lets it', async () => {
    const { migrator } = project;
    await insert('CREATE VIEW named AS SELECT id FROM users WHERE name IS NOT NULL');
    await insert('CREATE VIEW twice AS SELECT id FROM named');
    const renames = ['users:people', 'users.name:people.full_name', 'enum status.open:status.opened'];
    const { file } = await migrator.revision({ autogenerate: true, message: 'x', renames });
    // MySQL and MariaDB keep a view's words, which the revision then holds for its author to change.
    const isReworded = dialect.name === 'postgres' || dialect.name === 'sqlite';
    expect((await readFile(file ?? '', 'utf8')).includes(`name: 'named'`)).toBe(!isReworded);
    if (!isReworded) return;
    await insert('UPDATE users SET name = NULL');
    await migrator.upgrade('head');
    expect(await rowsOf('twice')).toEqual([]);
    expect(await migrator.check()).toMatchObject({ operations: [] });
    await insert(`UPDATE people SET full_name = 'Bob'`);
    expect(await rowsOf('twice')).toEqual([{ id: 1 }]);
    await migrator.downgrade('-1');
    await insert('UPDATE users SET name = NULL');
    expect(await rowsOf('twice')).toEqual([]);
  });

  test('hints in the models answer, and say nothing on the second run', async () => {
    const { migrator } = project;
    models = usersOf((m) =>
      m.table(
        'people',
        {
          id: integer().primaryKey(),
          fullName: varchar(40).renamedFrom('name'),
          status: enumeration('mood', ['opened', 'shut'], {
            renamedFrom: 'status',
            renamedValues: { opened: 'open' },
          })
            .notNull()
            .serverDefault('opened'),
        },
        undefined,
        { renamedFrom: 'users' },
      ),
    );
    await migrator.revision({ autogenerate: true, message: 'x' });
    await migrator.upgrade('head');
    expect(await rowsOf('people')).toEqual([{ id: 1, full_name: 'Ann', status: 'opened' }]);
    expect(await migrator.revision({ autogenerate: true })).toMatchObject({ file: null });
  });

  test('questions are asked one after the other, and the answers are kept in a file', async () => {
    const { migrator } = project;
    const answers = join(project.folder, 'answers.json');
    const asked: string[] = [];
    const onQuestion = async ({ dropped, candidates }: RenameQuestion): Promise<string | null> => {
      asked.push(dropped);
      return dropped === 'users.name' ? null : (candidates[0]?.answer ?? null);
    };
    const { losses, file } = await migrator.revision({ autogenerate: true, answers, onQuestion, message: 'x' });
    expect(asked).toEqual(['users', 'users.name', 'enum status.open']);
    expect(losses).toEqual(['drop column "name" of "people"']);
    const kept = JSON.parse(await readFile(answers, 'utf8'));
    expect(kept).toEqual({
      renames: ['users:people', 'enum status.open:status.opened'],
      drops: ['users.name'],
    });
    await rm(file ?? '');
    await writeFile(answers, JSON.stringify({ ...kept, renames: [...kept.renames, 'long:gone'] }));
    const again = await migrator.revision({ autogenerate: true, answers, message: 'y' });
    expect(again.descriptions.length).toBeGreaterThan(0);
    await rm(again.file ?? '');
    await writeFile(answers, '{ "rename": [] }');
    await expect(migrator.revision({ autogenerate: true, answers })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: expect.stringContaining('"rename" is neither "renames" nor "drops"'),
    });
    await expect(migrator.revision({ autogenerate: true, answers: 'no.json' })).rejects.toMatchObject({
      message: 'There is no answer file "no.json".',
    });
  });

  test('without renames everything is dropped and made anew', async () => {
    const { descriptions } = await project.migrator.revision({ autogenerate: true, noRenames: true, message: 'x' });
    expect(descriptions).toContain('drop table "users"');
    expect(descriptions).toContain('create table "people"');
  });
});
