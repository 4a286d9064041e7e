import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

const NO_TRANSACTION = 'export const transaction = false;';
const SEATS = `op.createTable('seats', [column('id', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk' })]);`;

describe.each(dialects)('transactions of revisions on $name', (dialect) => {
  const project = useProject(dialect);
  const isPostgres = dialect.family === 'postgres';

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: SEATS, downgrade: `op.dropTable('seats');` });
  });

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);
  const ids = async (): Promise<number[]> =>
    (await query('SELECT id FROM seats ORDER BY id')).map((row) => Number(row['id']));
  const insert = (id: number): string => `op.execute('INSERT INTO seats (id) VALUES (${id})');`;

  test('without one, what ran stays when a later statement fails, and the log says how far it came', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      header: NO_TRANSACTION,
      upgrade: insert(1) + insert(2) + insert(1),
    });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: expect.stringMatching(/^ALUDEL_(REVISION_FAILED|UNIQUE_VIOLATION)$/),
      hint: expect.stringContaining('The first 2 statements took effect'),
      details: { revision: 'bbbb', statement: 3 },
    });
    expect(await ids()).toEqual([1, 2]);
    const current = await project.migrator.current();
    expect(current.revisions).toMatchObject([{ revision: 'aaaa' }]);
    expect(current.unfinished).toMatchObject({ revision: 'bbbb', direction: 'upgrade', statement: 3 });
  });

  test('without one, a revision that ends is applied and logged as any other', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', header: NO_TRANSACTION, upgrade: insert(1) + insert(2) });
    expect((await project.migrator.upgrade()).to).toEqual(['bbbb']);
    expect(await ids()).toEqual([1, 2]);
    const current = await project.migrator.current();
    expect([current.isAtHead, current.unfinished]).toEqual([true, null]);
    expect((await project.migrator.downgrade('base', { allowLoss: true })).to).toEqual([]);
  });

  test('without one, runs at once still apply each revision exactly once', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', header: NO_TRANSACTION, upgrade: insert(1) + insert(2) });
    await project.write({ id: 'cccc', down: 'bbbb', upgrade: insert(3) });
    const runs = await Promise.all(Array.from({ length: 6 }, () => project.open().upgrade()));
    expect(runs.map((run) => run.to)).toEqual(Array.from({ length: 6 }, () => ['cccc']));
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test('op.autocommit keeps the order of the operations', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      isAsync: true,
      upgrade: `${insert(1)}
        op.autocommit(() => { op.execute('UPDATE seats SET id = id + 10'); });
        ${insert(2)}
        await op.autocommit(async () => { await op.execute('UPDATE seats SET id = id + 20'); });
        ${insert(3)}`,
    });
    expect((await project.migrator.upgrade()).to).toEqual(['bbbb']);
    expect(await ids()).toEqual([3, 22, 31]);
    expect((await project.migrator.current()).unfinished).toBeNull();
  });

  test('a "transaction" that is no boolean is refused before anything runs', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', header: `export const transaction = 'no';` });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_INVALID' });
    expect((await project.migrator.current()).revisions).toEqual([]);
  });

  test.runIf(isPostgres)('an index is made concurrently, alone or in the middle of a revision', async () => {
    const index = (name: string): string => `op.execute('CREATE INDEX CONCURRENTLY ${name} ON seats (id)');`;
    await project.write({ id: 'bbbb', down: 'aaaa', header: NO_TRANSACTION, upgrade: index('ix_1') });
    await project.write({
      id: 'cccc',
      down: 'bbbb',
      upgrade: `${insert(1)} op.autocommit(() => ${index('ix_2').slice(0, -1)}); ${insert(2)} ${insert(2)}`,
    });
    await project.migrator.upgrade('bbbb');
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      hint: expect.stringContaining('The first 2 statements took effect'),
    });
    const indexes = await query(`SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix%' ORDER BY 1`);
    expect(indexes.map((row) => row['indexname'])).toEqual(['ix_1', 'ix_2']);
    expect(await ids()).toEqual([1]);
    expect((await project.migrator.current()).unfinished).toMatchObject({ revision: 'cccc', statement: 2 });
  });

  test('printed SQL leaves the transaction as a run does', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', header: NO_TRANSACTION, upgrade: insert(1) });
    await project.write({
      id: 'cccc',
      down: 'bbbb',
      upgrade: `op.execute('SELECT 1'); op.autocommit(() => op.execute('SELECT 2')); op.execute('SELECT 3');`,
    });
    const { sql } = await project.migrator.upgrade('aaaa:cccc', { sql: true });
    const lines = (sql ?? '').split('\n').filter((line) => /^(?:BEGIN|COMMIT|SELECT|INSERT INTO seats)/.test(line));
    const insertion = 'INSERT INTO seats (id) VALUES (1);';
    const selects = ['SELECT 1;', 'SELECT 2;', 'SELECT 3;'];
    expect(lines).toEqual(
      {
        sqlite: [insertion, 'BEGIN;', ...selects, 'COMMIT;'],
        postgres: [insertion, 'BEGIN;', 'SELECT 1;', 'COMMIT;', 'SELECT 2;', 'BEGIN;', 'SELECT 3;', 'COMMIT;'],
        mysql: [insertion, ...selects],
      }[dialect.family],
    );
  });

  describe.runIf(dialect.name === 'sqlite')('on a file', () => {
    test('VACUUM runs, and a table that is built anew keeps its rows and what refers to them', async () => {
      await project.write({
        id: 'bbbb',
        down: 'aaaa',
        header: NO_TRANSACTION,
        upgrade: `${insert(1)}
          op.execute('CREATE TABLE guests (seat integer REFERENCES seats (id) ON DELETE CASCADE)');
          op.execute('INSERT INTO guests VALUES (1)');
          op.execute('VACUUM');
          op.addColumn('seats', column('name', varchar(10)));
          op.alterColumn('seats', 'name', { type: text(), nullable: false, serverDefault: 'x' });
          op.execute('VACUUM');`,
      });
      await project.migrator.upgrade();
      expect(await ids()).toEqual([1]);
      expect(await query('SELECT seat FROM guests')).toEqual([{ seat: 1 }]);
      expect(existsSync(`${project.url.slice('sqlite:'.length)}.aludel-lock`)).toBe(true);
    });

    test('a run with a transaction waits for one without', async () => {
      await project.write({
        id: 'bbbb',
        down: 'aaaa',
        header: NO_TRANSACTION,
        isAsync: true,
        upgrade: `await op.execute('SELECT 1');
          globalThis.aludelTestBegun();
          await globalThis.aludelTestGate;
          ${insert(1)}`,
      });
      await project.migrator.upgrade('aaaa');
      const gate = withResolvers<void>();
      const begun = withResolvers<void>();
      Object.assign(globalThis, { aludelTestGate: gate.promise, aludelTestBegun: begun.resolve });
      const up = project.open().upgrade();
      await begun.promise;
      const waiting = withResolvers<string>();
      const { downgrade } = project.open({
        onEvent: (event) => {
          if (event.kind === 'waiting') waiting.resolve(event.holder);
        },
      });
      const down = downgrade('base', { allowLoss: true });
      expect(await waiting.promise).toContain('.aludel-lock');
      gate.resolve();
      expect((await up).to).toEqual(['bbbb']);
      expect((await down).steps.map((step) => step.revision)).toEqual(['bbbb', 'aaaa']);
    });
  });
});

/** `Promise.withResolvers` of Node 22. */
function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
