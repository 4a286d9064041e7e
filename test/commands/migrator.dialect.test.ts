import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { access } from 'node:fs/promises';
import { type MigrationEvent, MetaData, varchar } from 'aludel';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { openProject } from '../support/project.js';

const TABLE = `op.createTable('users', [column('code', varchar(20), { nullable: false }), primaryKey(['code'], { name: 'pk_users' })]);`;

/** Models as a config function may return them. */
const models = (extra: boolean) => () => {
  const metadata = new MetaData();
  metadata.table('users', { code: varchar(20).primaryKey(), ...(extra && { name: varchar(50) }) });
  return Promise.resolve({ metadata });
};

describe.each(dialects)('createMigrator on $name', (dialect) => {
  let writes: unknown[][];
  beforeEach(() => {
    const streams = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    writes = streams.map(({ mock }) => mock.calls);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.runIf(dialect.family === 'sqlite')('refuses a revision that is no text, which no database hears of', async () => {
    const { migrator } = await openProject(dialect);
    const three = 3 as unknown as string;
    const nothing = undefined as unknown as string;
    const calls: [() => Promise<unknown>, string][] = [
      [() => migrator.upgrade(three), 'upgrade() takes a revision as text, found the number 3.'],
      [() => migrator.downgrade(nothing), 'downgrade() takes a revision as text, found nothing.'],
      [() => migrator.upgradeEach(three), 'upgradeEach() takes a revision as text, found the number 3.'],
      [() => migrator.stamp([three]), 'stamp() takes revisions as text, found a list that holds the number 3.'],
      [() => migrator.merge([nothing]), 'merge() takes revisions as text, found a list that holds nothing.'],
      [() => migrator.squash(three), 'squash() takes a range as text, found the number 3.'],
      [() => migrator.show(nothing), 'show() takes a revision as text, found nothing.'],
      [() => migrator.importHistory('knex', nothing), 'importHistory() takes a folder as text, found nothing.'],
    ];
    for (const [call, message] of calls) await expect(call()).rejects.toMatchObject({ code: 'ALUDEL_USAGE', message });
  });

  it('gives result objects and prints nothing', async () => {
    const project = await openProject(dialect, { models: models(true) });
    const { migrator } = project;
    const first = await project.write({
      id: 'aaaa',
      message: 'create users',
      upgrade: TABLE,
      downgrade: `op.dropTable('users');`,
    });

    expect(await migrator.current()).toMatchObject({
      revisions: [],
      heads: ['aaaa'],
      isAtHead: false,
      unfinished: null,
    });
    const step = { revision: 'aaaa', message: 'create users', file: first };
    expect(await migrator.upgrade()).toEqual({
      direction: 'upgrade',
      from: [],
      to: ['aaaa'],
      isAtHead: true,
      steps: [step],
      sql: null,
      isDryRun: false,
      edited: [],
      backup: null,
    });
    expect(await migrator.upgrade('head')).toMatchObject({ from: ['aaaa'], to: ['aaaa'], steps: [] });

    const difference = { isInStep: false, operations: [{ kind: 'addColumn' }] };
    expect(await migrator.check()).toMatchObject(difference);
    const now = new Date('2026-01-02T03:04:05Z');
    const written = await migrator.revision({ autogenerate: true, message: 'add name', revisionId: 'bbbb', now });
    expect(written).toMatchObject({ revision: 'bbbb', operations: [{ kind: 'addColumn' }], losses: [] });
    await access(written.file ?? '');
    expect(await migrator.heads()).toMatchObject([
      { revision: 'bbbb', down: ['aaaa'], createdAt: '2026-01-02T03:04:05Z' },
    ]);
    expect((await migrator.history()).map(({ revision }) => revision)).toEqual(['bbbb', 'aaaa']);
    expect((await migrator.history({ range: 'current:' })).map(({ revision }) => revision)).toEqual(['bbbb', 'aaaa']);

    const { sql } = await migrator.upgrade('aaaa:bbbb', { sql: true });
    expect(sql).toContain('-- upgrade: aaaa -> bbbb\n');
    expect(await migrator.upgrade('+1')).toMatchObject({ to: ['bbbb'] });
    expect(await migrator.check()).toEqual({
      isInStep: true,
      operations: [],
      descriptions: [],
      questions: [],
      edited: [],
      diff: '',
      warnings: [],
      config: expect.stringContaining('migrate.config.ts'),
      places: [],
    });
    expect(await migrator.revision({ autogenerate: true })).toMatchObject({ revision: null, file: null });
    expect(await migrator.downgrade('base')).toMatchObject({
      direction: 'downgrade',
      from: ['bbbb'],
      to: [],
      isAtHead: false,
    });
    expect((await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'))).toEqual([]);
    expect(writes).toEqual([[], []]);
  });

  it('throws what went wrong with its code, and leaves the process alone', async () => {
    const project = await openProject(dialect);
    await project.write({ id: 'aaaa', upgrade: `op.execute('SELECT * FROM nowhere');` });
    const exitCode = process.exitCode;
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      name: 'AludelError',
      code: 'ALUDEL_REVISION_FAILED',
      details: { revision: 'aaaa', statement: 1 },
    });
    await expect(project.migrator.check()).rejects.toMatchObject({ code: 'ALUDEL_MODELS_EMPTY' });
    expect(process.exitCode).toBe(exitCode);
    expect(writes).toEqual([[], []]);
  });

  it('tells of each step and statement in order', async () => {
    const project = await openProject(dialect);
    await project.write({ id: 'aaaa', upgrade: `${TABLE}\nop.execute('SELECT 1');` });
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: '' });
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).upgrade();
    const shown = events.map((event) => [event.kind, 'step' in event ? stepId(event) : '']);
    expect(shown).toEqual([
      ['stepStarted', 'aaaa'],
      ['statement', 'aaaa'],
      ['statement', 'aaaa'],
      ['stepEnded', 'aaaa'],
      ['stepStarted', 'bbbb'],
      ['stepEnded', 'bbbb'],
    ]);
    expect(events[2]).toMatchObject({ sql: 'SELECT 1' });
    expect(events[3]).toMatchObject({ milliseconds: expect.any(Number) });
  });

  it('shares nothing with another one in the same process', async () => {
    const [one, two] = [await openProject(dialect), await openProject(dialect)];
    for (const project of [one, two]) await project.write({ id: 'aaaa', upgrade: TABLE });
    await two.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.execute('CREATE TABLE b (id INTEGER)');` });
    const heard: string[][] = [[], []];
    const [first, second] = [one, two].map((project, index) =>
      project.open({ onEvent: (event) => heard[index]?.push('step' in event ? stepId(event) : event.kind) }),
    );
    const [a, b] = await Promise.all([first?.upgrade(), second?.upgrade()]);
    expect([a?.to, b?.to]).toEqual([['aaaa'], ['bbbb']]);
    expect(heard.map((ids) => [...new Set(ids)])).toEqual([['aaaa'], ['aaaa', 'bbbb']]);
    expect((await first?.current())?.heads).toEqual(['aaaa']);
    expect((await second?.downgrade('base'))?.to).toEqual([]);
    expect((await first?.current())?.revisions).toMatchObject([{ revision: 'aaaa' }]);
  });
});

function stepId(event: Extract<MigrationEvent, { readonly step: unknown }>): string {
  return event.kind === 'unfinished' ? event.step.revision : event.step.revision.id;
}
