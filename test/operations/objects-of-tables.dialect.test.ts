import { integer, MetaData, text, timestamp } from 'aludel';
import { expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { useProject } from '../support/project.js';

// Nothing but PostgreSQL has collations of one's own.
describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'a collation that is defined anew on $name',
  (dialect) => {
    let metadata = new MetaData();
    const project = useProject(dialect, { models: async () => metadata });
    const declare = (locale: string, tables: readonly string[]): void => {
      metadata = new MetaData();
      metadata.object('collation', 'ours', {
        definition: `CREATE COLLATION ours (PROVIDER = libc, LOCALE = '${locale}')`,
      });
      if (tables.includes('t')) metadata.table('t', { id: integer().primaryKey(), c: text().collate('ours') });
      if (tables.includes('u')) metadata.table('u', { word: text().collate('ours').primaryKey(), at: timestamp() });
      metadata.table('other', { id: integer().primaryKey() });
    };
    const revise = (revisionId: string): Promise<unknown> =>
      project.migrator.revision({ autogenerate: true, revisionId });

    test('is dropped once the tables that need it are gone, and made before new ones', async () => {
      declare('C', ['t']);
      await revise('aaaa');
      await project.migrator.upgrade();
      const before = await dumpDatabase(project.url);
      declare('POSIX', ['u']);
      await revise('bbbb');
      await project.migrator.upgrade();
      expect((await project.migrator.check()).operations).toEqual([]);
      await project.migrator.downgrade('-1');
      expect(await dumpDatabase(project.url)).toEqual(before);
    });

    test('is refused by name while a table needs it', async () => {
      declare('C', ['t']);
      await revise('aaaa');
      await project.migrator.upgrade();
      declare('POSIX', ['t']);
      await expect(revise('bbbb')).rejects.toMatchObject({
        code: 'ALUDEL_OPERATION_UNSUPPORTED',
        message: 'The change of collation "ours", or of what it stands on, cannot be made while tables need it.',
      });
    });
  },
);
