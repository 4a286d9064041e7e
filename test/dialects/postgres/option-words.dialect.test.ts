import { expect, it } from 'vitest';
import { enumeration, integer, MetaData, text, timestamp } from 'aludel';
import { dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { dumpDatabase } from '../../support/dump.js';
import { openProject } from '../../support/project.js';

/** What the options of the tables below say, in the words of a project. */
interface Words {
  readonly by: string;
  readonly kindBy: string;
  readonly part: string;
  readonly inherits: string;
  readonly identity: string;
}

const models = ({ by, kindBy, part, inherits, identity }: Words) => {
  const metadata = new MetaData();
  const columns = {
    at: timestamp({ withTimezone: true }).notNull(),
    body: text(),
    kind: enumeration('kind', ['a', 'b']).notNull(),
  };
  metadata.table('events', columns, undefined, { options: { postgres: { partitionBy: by } } });
  metadata.table('events_2026', columns, undefined, {
    options: { postgres: { partitionOf: part, partitionBy: kindBy } },
  });
  metadata.table('events_a', columns, undefined, {
    options: { postgres: { partitionOf: "events_2026 for values in ('a')" } },
  });
  metadata.table('remarks', { size: integer() });
  metadata.table('tags', { size: integer(), name: text() });
  metadata.table('drafts', {}, undefined, { options: { postgres: { inherits, replicaIdentity: identity } } });
  return () => Promise.resolve({ metadata });
};

const SPELLINGS: readonly Words[] = [
  {
    by: 'RANGE (at)',
    kindBy: 'LIST (kind)',
    part: "events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    inherits: 'remarks, tags',
    identity: 'full',
  },
  {
    by: 'range( "at" )',
    kindBy: 'list("kind")',
    part: "PUBLIC.Events for values from ('2026-01-01 00:00+00') to (timestamptz '2026-12-31 19:00-05')",
    inherits: '"remarks",public.tags',
    identity: 'Full',
  },
];

const postgresOnly = dialects.filter(({ name }) => name === 'postgres');

describeEach(postgresOnly, 'options of tables on $name', (dialect) => {
  it('are what the server makes of them, in whatever words', async () => {
    for (const made of SPELLINGS) {
      const project = await openProject(dialect, { models: models(made) });
      const opened = (words: Words) => project.open({ config: { ...project.config, models: models(words) } });
      await project.migrator.revision({ autogenerate: true, message: 'tables' });
      await project.migrator.upgrade();
      const before = await dumpDatabase(project.url);
      for (const said of SPELLINGS) {
        const { descriptions } = await opened(said).check();
        expect(descriptions).toEqual([]);
      }
      expect(await dumpDatabase(project.url)).toEqual(before);

      const part = SPELLINGS[0]?.part.replace('2027', '2028') ?? '';
      const other = opened({ ...made, part, inherits: 'remarks', kindBy: 'LIST (body)' });
      expect((await other.check()).descriptions).toEqual(
        expect.arrayContaining(['create table "events_2026"', 'set options of table "drafts" (inherits)']),
      );
    }
  });
});
