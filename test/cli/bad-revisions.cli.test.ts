import { beforeEach, describe, expect, it } from 'vitest';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { configFile, revisionFile, useCliProject } from '../support/cli-project.js';
import { type ExpectedFailure, expectFailure } from './expect-failure.js';

const project = useCliProject(configFile('sqlite:./app.db'));

describe('a migration folder that cannot be read', () => {
  it('names a file without a header', async () => {
    await project.write({ 'migrations/notes.ts': 'export const notes = 1;\n' });
    await expectFailure(project, ['history'], {
      code: 'ALUDEL_REVISION_INVALID',
      says: ['migrations/notes.ts', 'export const revision'],
      hint: ['export const revision'],
    });
  });

  it('names both files of one id', async () => {
    const { 'migrations/aaaa.ts': file = '' } = revisionFile({ id: 'aaaa' });
    await project.write({ 'migrations/aaaa.ts': file, 'migrations/copy.ts': file });
    await expectFailure(project, ['upgrade'], {
      code: 'ALUDEL_REVISION_DUPLICATE',
      says: ['"aaaa"', 'migrations/aaaa.ts', 'migrations/copy.ts'],
      hint: ['aludel history'],
    });
  });

  it('names a missing parent, the file that needs it and the nearest id', async () => {
    await project.write({ ...revisionFile({ id: 'aaaa' }), ...revisionFile({ id: 'bbbb', down: 'aaab' }) });
    await expectFailure(project, ['upgrade'], {
      code: 'ALUDEL_REVISION_MISSING_PARENT',
      says: ['migrations/bbbb.ts', '"aaab"'],
      hint: ['"aaaa"', 'downRevision'],
    });
  });

  it('names the circle', async () => {
    await project.write({
      ...revisionFile({ id: 'aaaa', down: 'bbbb' }),
      ...revisionFile({ id: 'bbbb', down: 'aaaa' }),
    });
    await expectFailure(project, ['upgrade'], {
      code: 'ALUDEL_REVISION_CYCLE',
      says: ['"aaaa" -> "bbbb" -> "aaaa"'],
      hint: ['downRevision', 'migrations/aaaa.ts', 'migrations/bbbb.ts'],
    });
  });

  it('has several heads where one is needed', async () => {
    const tip = (id: string) => revisionFile({ id, down: 'aaaa' });
    await project.write({ ...revisionFile({ id: 'aaaa' }), ...tip('bbbb'), ...tip('cccc') });
    const expected = { code: 'ALUDEL_MULTIPLE_HEADS', says: ['"bbbb" and "cccc"'] };
    const merge = '"aludel merge bbbb cccc"';
    await expectFailure(project, ['upgrade', 'head'], { ...expected, hint: [merge, '"heads"'] });
    await expectFailure(project, ['revision', '-m', 'more'], { ...expected, hint: [merge, '--head bbbb'] });
    expect(await project.succeed(['upgrade', 'heads'])).toContain('The database is at bbbb, cccc.');
    // What the hint says works.
    await project.succeed(['merge', 'bbbb', 'cccc', '--rev-id', 'dddd']);
    expect(await project.succeed(['upgrade', 'head'])).toContain('The database is at dddd.');
  });
});

describe('a revision', () => {
  it('whose id is taken or not possible is not written', async () => {
    await project.write(revisionFile({ id: 'aaaa' }));
    const usage = { exitCode: 2, code: 'ALUDEL_USAGE', hint: ['--rev-id'] };
    await expectFailure(project, ['revision', '--rev-id', 'aaaa'], { ...usage, says: ['"aaaa" is taken'] });
    await expectFailure(project, ['revision', '--rev-id', 'a:b'], { ...usage, says: ['"a:b"'] });
    expect(await project.list('migrations')).toEqual(['aaaa.ts']);
  });

  it('is never written over another file', async () => {
    await project.write({ ...revisionFile({ id: 'aaaa' }), 'migrations/bbbb_x.ts/keep': '' });
    await expectFailure(project, ['revision', '--rev-id', 'bbbb', '-m', 'x'], {
      code: 'ALUDEL_FILE_EXISTS',
      says: ['migrations/bbbb_x.ts'],
      hint: ['another message'],
    });
  });

  it('is not written while the database lags behind', async () => {
    await project.write({ ...revisionFile({ id: 'aaaa' }), 'models/base.ts': MODELS });
    const expected = {
      exitCode: 3,
      code: 'ALUDEL_NOT_AT_HEAD',
      says: ['base', '"aaaa"'],
      hint: ['aludel upgrade head'],
    };
    await expectFailure(project, ['revision', '--autogenerate'], expected);
    await expectFailure(project, ['check'], expected);
    expect(await project.list('migrations')).toEqual(['aaaa.ts']);
  });

  it('that cannot be named gets the way to see them all', async () => {
    await project.write({ ...revisionFile({ id: 'aaaa1111' }), ...revisionFile({ id: 'aaaa2222', down: 'aaaa1111' }) });
    const notFound = { code: 'ALUDEL_REVISION_NOT_FOUND' };
    const cases = [
      ['zzzz', ['"zzzz"'], 'aludel history'],
      ['aaaa2223', ['"aaaa2223"'], '"aaaa2222"'],
      ['aaaa', ['"aaaa1111" and "aaaa2222"'], 'aludel history'],
      ['aa', ['too short'], 'aludel history'],
    ] as const;
    for (const [target, says, hint] of cases) {
      await expectFailure(project, ['upgrade', target], { ...notFound, says, hint: [hint] });
    }
    await expectFailure(project, ['upgrade', '+3'], {
      code: 'ALUDEL_REVISION_RANGE',
      says: ['"+3" leads nowhere'],
      hint: ['aludel history'],
    });
    await expectFailure(project, ['upgrade', 'base:head'], {
      exitCode: 2,
      code: 'ALUDEL_USAGE',
      says: ['"base:head"', '--sql'],
      hint: ['aludel upgrade head'],
    });
  });
});

describe('a revision file that cannot run', () => {
  let before: string[];
  const dump = () => dumpDatabase(`sqlite:${project.path('app.db')}`);
  beforeEach(async () => {
    await project.write(revisionFile({ id: 'aaaa', upgrade: `op.execute('CREATE TABLE kept (id INTEGER)');` }));
    await project.succeed(['upgrade']);
    before = await dump();
  });

  async function expectUnchanged(args: readonly string[], expected: ExpectedFailure): Promise<void> {
    await expectFailure(project, args, expected);
    expect(await dump()).toEqual(before);
    // It may warn that an applied file has changed: some tests change it.
    expect(await project.run(['current'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('aaaa') });
  }

  it('with a syntax error stops the run before the first step', async () => {
    await project.write(
      revisionFile({ id: 'bbbb', down: 'aaaa', upgrade: `op.execute('CREATE TABLE lost (id INTEGER)');` }),
    );
    await project.write(revisionFile({ id: 'cccc', down: 'bbbb', upgrade: `op.execute('SELECT 1';` }));
    await expectUnchanged(['upgrade'], {
      code: 'ALUDEL_REVISION_INVALID',
      says: ['"cccc"', 'migrations/cccc.ts:8', `op.execute('SELECT 1';`],
      hint: ['Correct the file', 'Nothing'],
    });
  });

  it('without the function that is needed is named with it', async () => {
    const { 'migrations/bbbb.ts': text = '' } = revisionFile({ id: 'bbbb', down: 'aaaa' });
    await project.write({ 'migrations/bbbb.ts': text.replace('function upgrade', 'function up') });
    await expectUnchanged(['upgrade'], {
      code: 'ALUDEL_REVISION_INVALID',
      says: ['migrations/bbbb.ts', 'upgrade()'],
      hint: ['export function upgrade(op)'],
    });
    const { 'migrations/aaaa.ts': first = '' } = revisionFile({ id: 'aaaa' });
    await project.write({
      'migrations/bbbb.ts': first.replaceAll('aaaa', 'bbbb').replace('= null', `= 'aaaa'`).replace('downgrade', 'down'),
    });
    await project.succeed(['upgrade']);
    await expectFailure(project, ['downgrade', '-1'], {
      code: 'ALUDEL_REVISION_INVALID',
      says: ['migrations/bbbb.ts', 'downgrade()'],
      hint: ['export function downgrade(op)'],
    });
    expect(await project.succeed(['current'])).toContain('bbbb');
  });
});

const MODELS = `import { MetaData, integer } from 'aludel';
export const metadata = new MetaData();
metadata.table('t', { id: integer().primaryKey() });
`;

describe.each(dialects)('on $name, an upgrade', (dialect) => {
  const database = useEmptyDatabase(dialect);
  beforeEach(async () => {
    await project.write(configFile(database.url));
    await project.write(revisionFile({ id: 'aaaa', upgrade: `op.execute('CREATE TABLE kept (id INTEGER)');` }));
    await project.succeed(['upgrade']);
  });

  async function expectUnchanged(args: readonly string[], expected: ExpectedFailure): Promise<void> {
    const before = await dumpDatabase(database.url);
    await expectFailure(project, args, expected);
    expect(await dumpDatabase(database.url)).toEqual(before);
    expect((await project.run(['current'])).stdout).toContain('aaaa');
  }

  it('shows where the code of a revision threw', async () => {
    const code = [`await op.execute('SELECT 1');`, `throw new Error('not on a Friday');`];
    await project.write(revisionFile({ id: 'bbbb', down: 'aaaa', upgrade: code.join('\n  ') }));
    await expectUnchanged(['upgrade'], {
      code: 'ALUDEL_REVISION_FAILED',
      says: ['"bbbb"', 'migrations/bbbb.ts:9', 'not on a Friday'],
      hint: [dialect.family === 'mysql' ? 'The first statement took effect' : 'Nothing of this revision was applied'],
    });
  });

  it('that fails half-way loses nothing, and says what took effect', async () => {
    const statements = ['CREATE TABLE half (id INTEGER)', 'INSERT INTO kept VALUES (7)', 'INSERT INTO gone VALUES (1)'];
    await project.write(
      revisionFile({
        id: 'bbbb',
        down: 'aaaa',
        upgrade: statements.map((sql) => `op.execute('${sql}');`).join('\n  '),
      }),
    );
    const says = ['"bbbb"', 'migrations/bbbb.ts:10', 'statement 3', 'gone', 'INSERT INTO gone VALUES (1)'];
    if (dialect.family !== 'mysql') {
      await expectUnchanged(['upgrade'], {
        code: 'ALUDEL_REVISION_FAILED',
        says,
        hint: ['Nothing of this revision was applied'],
      });
      return;
    }
    const run = await project.run(['upgrade']);
    expect(run.exitCode).toBe(1);
    for (const text of ['Error ALUDEL_REVISION_FAILED: ', ...says]) expect(run.stderr).toContain(text);
    expect(run.stderr).toContain('The first 2 statements took effect and are on record');
    const current = await project.run(['current']);
    expect(current.stdout).toContain('aaaa');
    expect(current.stderr).toContain('the upgrade of "bbbb"');
    expect(current.stderr).toContain(
      'It reached statement 3:\n  INSERT INTO gone VALUES (1)\nTo go on: npx aludel upgrade bbbb',
    );
    const { unfinished } = JSON.parse((await project.run(['current', '--json'])).stdout) as Record<string, unknown>;
    expect(unfinished).toMatchObject({ revision: 'bbbb', direction: 'upgrade', statement: 3 });
  });

  it('is told of an operation that comes after its end, and does not run it', async () => {
    const late = `setTimeout(() => { op.execute('CREATE TABLE late (id INTEGER)'); }, 20);`;
    await project.write(revisionFile({ id: 'bbbb', down: 'aaaa', upgrade: late }));
    const run = await project.run(['upgrade']);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/^Error ALUDEL_REVISION_OVER: ".*migrations\/bbbb\.ts:8" used "op" after/);
    expect(run.stderr).toContain('Await every promise');
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(await dumpDatabase(database.url)).not.toContain(expect.stringContaining('late'));
    expect(await project.succeed(['current'])).toContain('bbbb');
  });

  it('from a revision that the folder does not hold says which, and how to find it', async () => {
    await project.write({ 'models/base.ts': MODELS });
    const { 'migrations/aaaa.ts': text = '' } = revisionFile({ id: 'aaaa' });
    await project.write({ 'migrations/aaaa.ts': text.replaceAll('aaaa', 'eeee') });
    const before = await dumpDatabase(database.url);
    for (const args of [['upgrade'], ['check']]) {
      await expectFailure(project, args, {
        code: 'ALUDEL_REVISION_UNKNOWN_IN_DATABASE',
        says: ['"aaaa"'],
        hint: ['git log --all -- "*aaaa*"'],
      });
    }
    expect(await dumpDatabase(database.url)).toEqual(before);
    expect(await project.list('migrations')).toEqual(['aaaa.ts']);
  });
});
