import { bigint, integer, MetaData } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

/** Only MariaDB has tables WITH SYSTEM VERSIONING. */
const mariadb = dialects.filter(({ name }) => name === 'mariadb');

describeEach(mariadb, 'the history of a table on $name', (dialect) => {
  const project = useProject(dialect, { models: async () => models });
  let models = new MetaData();

  const NAMED =
    ', since TIMESTAMP(6) GENERATED ALWAYS AS ROW START, until TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (since, until)';

  describe.each([
    ['with hidden times', ''],
    ['with times in columns', NAMED],
  ])('%s', (_name, period) => {
    beforeEach(async () => {
      await executeSql(project.url, [
        `CREATE TABLE prices (id INT PRIMARY KEY, price INT, note INT${period}) WITH SYSTEM VERSIONING`,
        'INSERT INTO prices (id, price, note) VALUES (1, 5, 6)',
        'UPDATE prices SET price = 6, note = NULL',
        'UPDATE prices SET price = 7',
      ]);
    });

    test.each([
      [`op.dropTable('prices');`, 'drop table "prices", 3 rows'],
      [`op.execute('DROP TABLE prices');`, 'drop table "prices", 3 rows'],
      [`op.dropColumn('prices', 'note');`, 'drop column "note" of "prices", which holds a value in 1 row'],
      [
        `op.setTableOptions('prices', { systemVersioning: null });`,
        'set options of table "prices" (systemVersioning), 2 rows',
      ],
      [
        `op.execute('ALTER TABLE prices DROP SYSTEM VERSIONING');`,
        'set options of table "prices" (systemVersioning), 2 rows',
      ],
    ])('is counted before %s', async (upgrade, text) => {
      await project.write({ id: 'aaaa', upgrade });
      await expect(project.migrator.upgrade()).rejects.toMatchObject({
        code: 'ALUDEL_DATA_LOSS',
        message: expect.stringMatching(new RegExp(`aaaa: ${text.replace(/[()]/g, '\\$&')}$`)),
      });
    });

    test('goes on where the models do not speak of it', async () => {
      models = new MetaData();
      models.table('prices', { id: integer().primaryKey().autoincrement(false), price: bigint(), note: integer() });
      await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
      await project.migrator.upgrade();
      expect((await project.migrator.check()).isInStep).toBe(true);
      expect((await dumpDatabase(project.url)).join()).toContain('WITH SYSTEM VERSIONING');
      expect((await dumpDatabase(project.url)).join()).toContain('`price` bigint(20)');
    });
  });
});
