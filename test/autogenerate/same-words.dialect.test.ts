import { boolean, double, integer, MetaData, numeric, primaryKey, varchar } from 'aludel';
import { expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

/** SQLite keeps the words of a type; the other databases print one of them. */
const OTHERWISE = { sqlite: ['alter column "a" of "keyed" (type)'], postgres: [], mysql: [], mariadb: [] } as const;

describeEach(dialects, 'other words for the same on $name', (dialect) => {
  const models = new MetaData();
  models.table('prices', {
    id: integer().primaryKey().autoincrement(false),
    amount: numeric(10, 2),
    count: integer().notNull().serverDefault(7),
    isOpen: boolean().notNull().serverDefault(true),
    ratio: double(),
    label: varchar(20).serverDefault('5'),
  });
  models.table('keyed', { a: integer().notNull() }, (c) => [primaryKey([c.a], { name: 'pk_keyed' })]);
  const project = useProject(dialect, { models: async () => models });

  test('are no difference, but for the key that would be the row id', async () => {
    await executeSql(project.url, [
      `CREATE TABLE prices (id INTEGER NOT NULL, amount DECIMAL(10, 2), count INT NOT NULL DEFAULT '7',
       is_open BOOL NOT NULL DEFAULT TRUE, ratio DOUBLE PRECISION, label CHARACTER VARYING(20) DEFAULT '5',
       CONSTRAINT pk_prices PRIMARY KEY (id))`,
      'CREATE TABLE keyed (a INT NOT NULL, CONSTRAINT pk_keyed PRIMARY KEY (a))',
    ]);
    expect((await project.migrator.check()).descriptions).toEqual(OTHERWISE[dialect.name]);
  });
});
