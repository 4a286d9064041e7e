import { expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

describeEach(dialects, 'tables of the current database on $name', (dialect) => {
  const project = useProject(dialect);
  const dump = async (): Promise<string[]> =>
    (await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'));
  const home = (): string => {
    if (dialect.family === 'mysql') return new URL(project.url).pathname.slice(1);
    return dialect.name === 'sqlite' ? 'main' : 'public';
  };

  test('may be called by their full names', async () => {
    await executeSql(project.url, [
      'CREATE TABLE parents (id integer NOT NULL, name varchar(20) NOT NULL, PRIMARY KEY (id))',
      `CREATE TABLE children (id integer NOT NULL, parent_id integer, PRIMARY KEY (id),
         CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parents (id))`,
      "INSERT INTO parents VALUES (1, 'a')",
      'INSERT INTO children VALUES (1, 1), (2, NULL)',
    ]);
    const [parents, children] = [`'${home()}.parents'`, `'${home()}.children'`];
    const before = await dump();
    await project.write({
      id: 'aaaa',
      upgrade: `
        op.alterColumn(${parents}, 'name', { type: varchar(40), nullable: true });
        op.createCheckConstraint('ck', ${parents}, sql\`id > 0\`);
        op.renameConstraint('ck', 'parents', 'checked');
        op.createUniqueConstraint('uq', ${children}, ['parent_id']);
        op.dropConstraint('fk', ${children});`,
      downgrade: `
        op.dropConstraint('uq', ${children});
        op.createForeignKey('fk', ${children}, ['parent_id'], 'parents', ['id']);
        op.dropConstraint('checked', ${parents});
        op.alterColumn(${parents}, 'name', { type: varchar(20), nullable: false });`,
    });
    await project.migrator.upgrade('head');
    expect((await dump()).join('\n')).toMatch(/(?:varchar\(40\)|varchar \( 40 \)|character varying\(40\))/);
    await project.migrator.downgrade('base');
    expect(await dump()).toEqual(before);
  });
});
