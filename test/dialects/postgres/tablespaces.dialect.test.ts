import { randomBytes } from 'node:crypto';
import { createEngine, index, integer, MetaData, primaryKey } from 'aludel';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase, dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { dumpDatabase } from '../../support/dump.js';
import { executeSql } from '../../support/execute-sql.js';
import { openProject } from '../../support/project.js';

// No other database lets a table say where it lies and how it is stored and reads both back.
describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'tablespaces and access methods on $name',
  (dialect) => {
    const models = (storage: Readonly<Record<string, string>>, options: Readonly<Record<string, string>>): MetaData => {
      const metadata = new MetaData();
      metadata.table(
        't',
        { id: integer(), a: integer() },
        () => [primaryKey(['id'], { storage }), index('ix_a', ['a'], { storage })],
        { options: { postgres: options } },
      );
      return metadata;
    };
    const METHOD = 'CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler';

    /** Of the server, not of a database: it goes behind the project that is opened after it. */
    async function createTablespace(): Promise<string> {
      const { url, drop } = await createDatabase(dialect);
      const name = `ts_${randomBytes(6).toString('hex')}`;
      await executeSql(url, ['SET allow_in_place_tablespaces = on', `CREATE TABLESPACE ${name} LOCATION ''`]);
      onTestFinished(async () => {
        await executeSql(url, [`DROP TABLESPACE ${name}`]);
        await drop();
      });
      return name;
    }

    test('are made as the models say, are the same as the models, and go and come back', async () => {
      const tablespace = await createTablespace();
      let metadata = models({ fillfactor: '70', tablespace }, { tablespace, method: 'heap2' });
      const project = await openProject(dialect, { models: () => Promise.resolve({ metadata }) });
      await executeSql(project.url, [METHOD]);
      const { migrator } = project;
      await migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
      await migrator.upgrade();
      expect((await migrator.check()).operations).toEqual([]);
      const before = await dumpDatabase(project.url);
      expect(before.filter((sql) => sql.endsWith(`TABLESPACE ${tablespace}`))).toHaveLength(3);
      expect(before).toContainEqual(expect.stringContaining('\nUSING heap2\n'));

      metadata = new MetaData();
      metadata.table('other', { id: integer().primaryKey() });
      await migrator.revision({ autogenerate: true, revisionId: 'bbbb', noRenames: true });
      await migrator.upgrade();
      await migrator.downgrade('-1');
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('that the models do not speak of stay, and move no index', async () => {
      const tablespace = await createTablespace();
      const metadata = models({}, {});
      const project = await openProject(dialect, { models: () => Promise.resolve({ metadata }) });
      const engine = createEngine(project.url);
      await metadata.createAll(engine);
      await engine.dispose();
      await executeSql(project.url, [
        `ALTER INDEX ix_a SET TABLESPACE ${tablespace}`,
        `ALTER INDEX pk_t SET TABLESPACE ${tablespace}`,
      ]);
      expect((await project.migrator.check()).operations).toEqual([]);
    });
  },
);
