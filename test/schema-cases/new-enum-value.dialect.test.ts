import { enumeration, integer, MetaData } from 'aludel';
import { describe, expect, it } from 'vitest';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { createProject } from '../support/project.js';

describe.each(dialects)('a new enum value on $name', (dialect) => {
  // Elsewhere enums are part of their columns.
  it.skipIf(dialect.name !== 'postgres')(
    'as a default in the revision that adds it fails with the way out, and nothing is applied',
    async () => {
      const database = await createDatabase(dialect);
      const declare = (values: readonly string[], value: string): MetaData => {
        const metadata = new MetaData();
        metadata.table('t', { id: integer().primaryKey(), s: enumeration('status', values).serverDefault(value) });
        return metadata;
      };
      let models = declare(['open'], 'open');
      const project = await createProject(database.url, { models: async () => models });
      try {
        await project.migrator.revision({ autogenerate: true, revisionId: 'aaaa' });
        await project.migrator.upgrade();
        const before = await dumpDatabase(database.url);
        models = declare(['open', 'fresh'], 'fresh');
        await project.migrator.revision({ autogenerate: true, revisionId: 'bbbb' });
        await expect(project.migrator.upgrade()).rejects.toMatchObject({
          code: 'ALUDEL_REVISION_FAILED',
          message: expect.stringContaining('unsafe use of new value'),
          hint: expect.stringContaining('move what uses it to a revision of its own'),
        });
        expect(await dumpDatabase(database.url)).toEqual(before);
      } finally {
        await project.remove();
        await database.drop();
      }
    },
  );
});
