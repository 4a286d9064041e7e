import { describe, expect, test } from 'vitest';
import '../../src/metadata-actions.js';
import { build, CHANGES } from '../../fixtures/support-desk/changes.js';
import { createMigrator } from '../../src/commands/create-migrator.js';
import type { Migrator } from '../../src/commands/migrator.js';
import { connectTo } from '../support/connect-to.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject } from '../support/project.js';
import { useOnce } from '../support/use-each.js';

/** Rows in every table of step 0, with a deleted row behind the counters and NULLs where they may be. */
const ROWS = [
  `INSERT INTO users (id, email, name, role) VALUES (1, 'ann@desk.test', 'Ann', 'agent'), (2, 'bob@desk.test', 'Bob', 'customer')`,
  `INSERT INTO tickets (id, title, status, priority, creator_id, assignee_id) VALUES (1, 'It''s broken', 'open', 1, 2, 1), (2, 'Slow', 'closed', 3, 2, NULL)`,
  `INSERT INTO comments (id, ticket_id, author_id, content) VALUES (1, 1, 1, 'Looking'), (2, 1, 2, 'Thanks'), (3, 2, 2, 'Still slow')`,
  `INSERT INTO attachments (id, ticket_id, file_name, byte_size) VALUES (1, 1, 'a.png', 10), (2, 2, 'a.png', 20)`,
  `INSERT INTO tags (id, name) VALUES (1, 'urgent'), (2, 'ui')`,
  `INSERT INTO ticket_tags (ticket_id, tag_id) VALUES (1, 1), (1, 2), (2, 2)`,
  `INSERT INTO audit_logs (id, action, entity_type, entity_id, changes) VALUES (1, 'create', 'ticket', 1, '{"a": [1, "x"]}')`,
];

const COUNTS = { users: 2, tickets: 2, comments: 3, attachments: 2, tags: 2, ticket_tags: 3, audit_logs: 1 };

describe.each(dialects)('the support desk on $name', (dialect) => {
  const project = useOnce(() => createProject(dialect));
  const dumps: (readonly string[])[] = [];

  /** A migrator whose models are those of a step. */
  function at(step: number, url = project.url): Migrator {
    const config = { ...project.config, url, models: () => Promise.resolve({ metadata: build(step) }) };
    return createMigrator({ config, cwd: project.folder });
  }

  async function counts(): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    await connectTo(project.url, async (connection) => {
      for (const table of Object.keys(COUNTS)) {
        const { rows } = await connection.execute(`SELECT count(*) AS n FROM ${table}`);
        found[table] = Number(rows[0]?.['n']);
      }
    });
    return found;
  }

  /** The dump of a database that was made from the models of a step at once. */
  async function fresh(step: number): Promise<readonly string[]> {
    const other = await createDatabase(dialect);
    try {
      await connectTo(other.url, async (_connection, engine) => {
        await build(step).createAll(engine);
      });
      return await dumpDatabase(other.url);
    } finally {
      await other.drop();
    }
  }

  test('autogenerates from empty, upgrades, and has nothing more to say', async () => {
    const first = await at(0).revision({ message: CHANGES[0], autogenerate: true, revisionId: 'step00' });
    expect(first.losses).toEqual([]);
    expect((await at(0).upgrade()).to).toEqual(['step00']);
    expect((await at(0).revision({ autogenerate: true })).file).toBeNull();
    expect((await at(0).check()).descriptions).toEqual([]);
    dumps[0] = await dumpDatabase(project.url);
    expect(dumps[0]).toEqual(await fresh(0));
    await executeSql(project.url, ROWS);
    expect(await counts()).toEqual(COUNTS);
  });

  test.each(CHANGES.slice(1).map((name, i) => [i + 1, name] as const))(
    'change %i: %s, up and down',
    async (step, name) => {
      const expected = step === 10 ? { ...COUNTS, audit_logs: 0 } : COUNTS;
      const id = `step${String(step).padStart(2, '0')}`;
      const revision = await at(step).revision({ message: name, autogenerate: true, revisionId: id });
      expect(revision.operations.length).toBeGreaterThan(0);
      await at(step).upgrade('head', { allowLoss: true });
      expect((await at(step).check()).descriptions).toEqual([]);
      dumps[step] = await dumpDatabase(project.url);
      expect(dumps[step]).toEqual(await fresh(step));

      await at(step).downgrade('-1', { allowLoss: true });
      expect(await dumpDatabase(project.url)).toEqual(dumps[step - 1]);
      if (step < 10) expect(await counts()).toEqual(expected);
      await at(step).upgrade('head', { allowLoss: true });
      expect(await dumpDatabase(project.url)).toEqual(dumps[step]);
      if (step < 10) expect(await counts()).toEqual(expected);
    },
  );

  test('goes down one step at a time to where it began, and leaves nothing', async () => {
    for (let step = 10; step > 0; step--) {
      await at(step).downgrade('-1', { allowLoss: true });
      expect(await dumpDatabase(project.url)).toEqual(dumps[step - 1]);
    }
    expect(await counts()).toEqual({ ...COUNTS, audit_logs: 0 });
    await at(0).downgrade('base', { allowLoss: true });
    expect(await dumpDatabase(project.url)).toEqual([]);
  });
});
