import { beforeEach, describe, expect, test } from 'vitest';
import { queryRows } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

describe.each(dialects)('the version table on $name', (dialect) => {
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: `op.createTable('seats', [column('id', integer())]);` });
    await project.write({ id: 'bbbb', down: 'aaaa' });
    await project.write({ id: 'net1', header: `export const branchLabels = ['net'];` });
    await project.write({ id: 'net2', down: 'net1' });
  });

  const query = (sql: string): ReturnType<typeof queryRows> => queryRows(project.url, sql);
  const rows = async (): Promise<unknown[]> =>
    (await query('SELECT version_num FROM aludel_version ORDER BY version_num')).map((row) => row['version_num']);

  test('stamp writes rows, runs nothing and is logged', async () => {
    const report = await project.migrator.stamp('bbbb');
    expect(report).toMatchObject({ from: [], to: ['bbbb'], isAtHead: false, sql: null });
    expect(await rows()).toEqual(['bbbb']);
    expect(await dumpDatabase(project.url)).toEqual([]);
    const log = await query('SELECT revision, direction, checksum, ended_at FROM aludel_log');
    expect(log).toEqual([{ revision: 'bbbb', direction: 'stamp', checksum: null, ended_at: expect.any(String) }]);
  });

  test('stamp moves the rows of its lineage and leaves other branches alone', async () => {
    expect((await project.migrator.stamp('heads')).isAtHead).toBe(true);
    await project.migrator.stamp('aaaa');
    expect(await rows()).toEqual(['aaaa', 'net2']);
    await project.migrator.stamp('net@base');
    expect(await rows()).toEqual(['aaaa']);
    expect((await project.migrator.stamp('aaaa')).steps).toEqual([]);
    await project.migrator.stamp('base');
    expect(await rows()).toEqual([]);
  });

  test('stamp takes several revisions', async () => {
    expect((await project.migrator.stamp(['aaaa', 'net1'])).to).toEqual(['aaaa', 'net1']);
    expect(await rows()).toEqual(['aaaa', 'net1']);
  });

  test('a revision that no file declares is refused, and purged on request', async () => {
    await project.migrator.ensureVersion();
    await executeSql(project.url, [`INSERT INTO aludel_version (version_num) VALUES ('gone')`]);
    await expect(project.migrator.stamp('bbbb')).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_UNKNOWN_IN_DATABASE',
      hint: expect.stringContaining('aludel stamp --purge'),
    });
    expect(await rows()).toEqual(['gone']);
    expect(await project.migrator.stamp('bbbb', { purge: true })).toMatchObject({ from: ['gone'], to: ['bbbb'] });
    expect(await rows()).toEqual(['bbbb']);
  });

  test('the printed SQL of a stamp does what a stamp does', async () => {
    const { sql, to } = await project.migrator.stamp(['bbbb', 'net1'], { sql: true });
    expect(to).toEqual(['bbbb', 'net1']);
    await executeSql(project.url, statements(sql));
    expect(await rows()).toEqual(['bbbb', 'net1']);
    const down = await project.migrator.stamp('bbbb:aaaa', { sql: true });
    await executeSql(project.url, statements(down.sql));
    expect(await rows()).toEqual(['aaaa', 'net1']);
  });

  test('ensure-version creates both tables once, as its SQL does', async () => {
    expect(await project.migrator.ensureVersion()).toEqual({ table: 'aludel_version', created: true, sql: null });
    expect((await project.migrator.ensureVersion()).created).toBe(false);
    expect(await rows()).toEqual([]);
    expect(await query('SELECT * FROM aludel_log')).toEqual([]);
    await executeSql(project.url, ['DROP TABLE aludel_version', 'DROP TABLE aludel_log']);
    const { sql } = await project.migrator.ensureVersion({ sql: true });
    await executeSql(project.url, statements(sql));
    expect((await project.migrator.ensureVersion()).created).toBe(false);
  });

  test('a range, two starts and a purge without a connection are usage errors', async () => {
    const { stamp } = project.migrator;
    await expect(stamp('aaaa:bbbb')).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      hint: expect.stringContaining('--sql'),
    });
    await expect(stamp('bbbb', { sql: true, purge: true })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await expect(stamp(['aaaa:bbbb', 'net1:net2'], { sql: true })).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });
});

function statements(sql: string | null): string[] {
  const lines = (sql ?? '').split('\n').filter((line) => !line.startsWith('--'));
  return lines
    .join('\n')
    .split(/;\n?/)
    .filter((statement) => statement.trim() !== '');
}
