import { expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

describeEach(dialects, 'keys and indexes under other names on $name', (dialect) => {
  const project = useProject(dialect);
  const dump = async (): Promise<string[]> =>
    (await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'));

  const upAndDown = async (upgrade: string, downgrade: string): Promise<void> => {
    await executeSql(project.url, [
      'CREATE TABLE parents (id integer NOT NULL, PRIMARY KEY (id))',
      `CREATE TABLE children (id integer NOT NULL, parent_id integer, PRIMARY KEY (id),
         CONSTRAINT twin FOREIGN KEY (parent_id) REFERENCES parents (id))`,
      'INSERT INTO parents VALUES (1)',
      'INSERT INTO children VALUES (1, 1), (2, NULL)',
    ]);
    const before = await dump();
    await project.write({ id: 'aaaa', upgrade, downgrade });
    await project.migrator.upgrade('head');
    await project.migrator.downgrade('base');
    expect(await dump()).toEqual(before);
  };

  // InnoDB needs an index for the foreign key, and uses that of the unique one while it is there.
  test('a unique index that a foreign key uses is renamed and dropped in one revision', () =>
    upAndDown(
      `op.createIndex('one', 'children', ['parent_id'], { unique: true });
       op.renameIndex('one', 'children', 'two');`,
      `op.renameIndex('two', 'children', 'one');
       op.dropIndex('one', 'children');`,
    ));

  // A constraint and an index share a name in one table everywhere but on PostgreSQL.
  test.skipIf(dialect.name === 'postgres')('a constraint goes, and another one of its name stays', () =>
    upAndDown(
      `op.createUniqueConstraint('twin', 'children', ['parent_id']);
       op.dropConstraint('twin', 'children', { type: 'foreignKey' });
       op.createForeignKey('twin', 'children', ['parent_id'], 'parents', ['id']);`,
      `op.dropConstraint('twin', 'children', { type: 'unique' });
       op.alterColumn('children', 'parent_id', { serverDefault: 1 });
       op.alterColumn('children', 'parent_id', { serverDefault: null });`,
    ),
  );
});
