import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { connectTo } from '../support/connect-to.js';
import { createDatabase, dialects, type TestDatabase } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { dumpRows } from '../support/dump-rows.js';
import { revisionSource } from '../support/project.js';
import { createCliProject, plainConfig } from '../support/cli-project.js';
import { useOnce } from '../support/use-each.js';
import { type ResumeCase, resumeCases } from './resume-cases.js';

const CHILD = fileURLToPath(new URL('resume-child.mjs', import.meta.url));

/** Where a run is killed: at which statement of the revision, and whether before it, while it runs, or after it. */
interface Hold {
  readonly at: number;
  readonly when: 'before' | 'during' | 'after';
}

interface Started {
  readonly resumeCase: ResumeCase;
  readonly database: TestDatabase;
  readonly config: Config;
  readonly resumeAt?: 'done' | 'again';
}

interface Outcome {
  readonly database: string;
  readonly to: readonly string[] | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A downgrade passes the same code: there only the statements in flight, unless all are asked for. */
const holdsOf = (direction: string): readonly Hold[] => {
  const all = direction === 'upgrade' || process.env['ALUDEL_TEST_KILLS'] === 'all';
  const moments = all ? (['before', 'during', 'after'] as const) : (['during'] as const);
  return [1, 2, 3].flatMap((at) => moments.map((when) => ({ at, when })));
};

// Elsewhere DDL is undone by ROLLBACK.
const targets = dialects.filter(({ family }) => family === 'mysql');

describeEach(targets, 'a run that is killed on $name', (dialect) => {
  const project = useOnce(() => createCliProject());

  async function open(resumeCase: ResumeCase, index: number): Promise<Started> {
    const database = await createDatabase(dialect);
    const migrations = `migrations/${index}`;
    const { setup, upgrade, downgrade, isAsync = false } = resumeCase;
    await project.write({
      [`${migrations}/aaaa.ts`]: revisionSource({ id: 'aaaa', upgrade: setup }),
      [`${migrations}/bbbb.ts`]: revisionSource({ id: 'bbbb', down: 'aaaa', upgrade, downgrade, isAsync }),
    });
    return { resumeCase, database, config: { url: database.url, migrations: project.path(migrations) } };
  }

  /** Runs the cases in a process of their own; with a hold it is killed when all have got there, and `beforeKill` has ended. */
  async function runChild(
    started: readonly Started[],
    request: { readonly start: string | null; readonly direction: string; readonly target: string },
    hold?: Hold,
    beforeKill: () => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly Outcome[]> {
    const cases = started.map(({ database, config, resumeAt }) => ({ database: nameOf(database), config, resumeAt }));
    const url = started[0]?.database.url;
    await project.write({ 'request.json': JSON.stringify({ url, cases, ...request, hold }) });
    const child = spawn(process.execPath, [CHILD, project.path('request.json')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    const closed = once(child, 'close');
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (hold !== undefined && stdout.includes('held\n')) void beforeKill().finally(() => child.kill('SIGKILL'));
    });
    await closed;
    expect(stderr).toBe('');
    return hold === undefined ? (JSON.parse(stdout) as readonly Outcome[]) : [];
  }

  const UP = { direction: 'upgrade', target: 'bbbb' };
  const DOWN = { direction: 'downgrade', target: 'aaaa' };

  describe.each([
    { ...UP, start: 'aaaa' },
    { ...DOWN, start: 'bbbb' },
  ])('in the middle of a $direction', (request) => {
    let expected: readonly Dump[] = [];

    beforeAll(async () => {
      const undisturbed = await Promise.all(resumeCases.map(open));
      for (const { error } of await runChild(undisturbed, request)) if (error !== null) throw new Error(error.message);
      expected = await Promise.all(undisturbed.map(dumpAll));
      await dropAll(undisturbed);
    });

    test.each(holdsOf(request.direction))(
      'at statement $at of each kind, $when it, the next run ends as if nothing had been',
      async (hold) => {
        const started = await Promise.all(resumeCases.map(open));
        await runChild(started, request, hold);
        const outcomes = await runChild(started, { ...request, start: null });
        const left: Started[] = [];
        for (const [i, outcome] of outcomes.entries()) {
          const one = started[i];
          const { code, message } = outcome.error ?? { code: null, message: '' };
          const place = { name: one?.resumeCase.name, ...hold, message };
          if (one?.resumeCase.isRaw === true && code === 'ALUDEL_RESUME_UNKNOWN') {
            // What a person would see, and only where there is something to see.
            expect(place).toMatchObject({
              when: expect.not.stringMatching('before'),
              message: expect.stringContaining('have changed since'),
            });
            left.push({ ...one, resumeAt: 'done' });
          } else expect({ ...place, code }).toEqual({ ...place, code: null });
        }
        if (left.length > 0) {
          for (const { error } of await runChild(left, { ...request, start: null })) expect(error).toBeNull();
        }
        const dumps = await Promise.all(started.map(dumpAll));
        for (const [i, dump] of dumps.entries()) {
          const { name } = resumeCases[i] ?? {};
          expect({ name, dump }).toEqual({ name, dump: expected[i] });
        }
        await dropAll(started);
      },
    );
  });

  test('the statement that the server still carries out for a killed process is waited for', async () => {
    const [resumeCase] = resumeCases.filter(({ name }) => name === 'columns added and dropped');
    if (resumeCase === undefined) throw new Error('unreachable: the case is in the list');
    const one = await open(resumeCase, 0);
    const { url } = one.database;
    await runChild([one], { ...UP, target: 'aaaa', start: null });
    await project.write(plainConfig({ ...one.config, lockTimeout: 60_000 }));
    await connectTo(url, async (reader) => {
      // DDL waits for this transaction.
      await reader.begin();
      await reader.execute('SELECT * FROM a');
      const held = { ...one, config: { ...one.config, lockTimeout: 60_000 } };
      const nexts: ReturnType<typeof project.start>[] = [];
      // It waits already when the other one dies: MariaDB ends a statement that waits, a second after its client has gone.
      await runChild([held], { ...UP, start: null }, { at: 1, when: 'during' }, async () => {
        nexts.push(project.start(['upgrade']));
        await nexts[0]?.saying('another run');
      });
      const [next] = nexts;
      if (next === undefined) throw new Error('unreachable: the other one was held');
      await next.saying('which runs: ALTER TABLE');
      await reader.commit();
      expect(await next.finished).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('which runs: ALTER TABLE'),
      });
    });
    const columns = (await dumpDatabase(url)).join('\n').match(/`[xyz]`/g);
    expect(columns).toEqual(['`x`', '`y`', '`z`']);
    await one.database.drop();
  });
});

interface Dump {
  readonly schema: readonly string[];
  readonly rows: string;
}

async function dumpAll({ database: { url } }: Started): Promise<Dump> {
  return { schema: await dumpDatabase(url), rows: await dumpRows(url) };
}

async function dropAll(started: readonly Started[]): Promise<void> {
  await Promise.all(started.map(({ database }) => database.drop()));
}

function nameOf({ url }: TestDatabase): string {
  return new URL(url).pathname.slice(1);
}
