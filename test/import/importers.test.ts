import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../src/engine/connection.js';
import { compareHistories, type Disagreement } from '../../src/import/compare-histories.js';
import { isHistoryTable, leaveOutHistory, TOOL_NAMES, type ToolName } from '../../src/import/history-tables.js';
import { loadImporter } from '../../src/import/importers.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import { integer, MetaData, varchar } from 'aludel';
import { createFolder, type Files } from '../support/folder.js';
import { useEach } from '../support/use-each.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures/import');

const place = useEach(createFolder);
const write = (files: Files): Promise<void> => place.write(files);

/** Where files and rows disagree; null where they do not. */
async function compare(tool: ToolName, rows: readonly Row[], path = place.folder): Promise<Disagreement | null> {
  const importer = await loadImporter(tool);
  const files = await importer.readFiles(path);
  return compareHistories(files, importer.readApplied(rows, files));
}

const AGREED = { pending: [], missing: [], changed: [], failed: [] };

describe('a folder that is none of the tool', () => {
  it.each(TOOL_NAMES)('is refused for %s', async (tool) => {
    await write({ 'README.md': 'nothing here', 'types.d.ts': 'export {};' });
    const importer = await loadImporter(tool);
    await expect(importer.readFiles(place.folder)).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      details: { tool, folder: place.folder },
    });
  });
});

describe('Alembic', () => {
  const script = (revision: string, down: string, more = 'branch_labels = None'): string =>
    `"""message"""\nrevision: str = "${revision}"\ndown_revision = ${down}\n${more}\n\ndef upgrade():\n    revision = 'not this'\n`;

  beforeEach(() =>
    write({
      'versions/a_first.py': script('aaaa', 'None'),
      'versions/b_left.py': script('bbbb', "'aaaa'"),
      'versions/c_right.py': script('cccc', "'aaaa'  # 'x'", "branch_labels = ('net',)"),
      'versions/d_merge.py': script('dddd', "(\n    'bbbb',\n    'cccc',\n)"),
      'versions/e_other.py': script('eeee', 'None', "depends_on = 'net'"),
      'versions/helper.py': 'x = 1',
    }),
  );

  it('knows by its heads what was applied, through merges', async () => {
    expect(await compare('alembic', [{ version_num: 'dddd' }, { version_num: 'eeee' }])).toBeNull();
    expect(await compare('alembic', [{ version_num: 'bbbb' }])).toEqual({
      ...AGREED,
      pending: ['c_right.py', 'd_merge.py', 'e_other.py'],
    });
  });

  it('knows a dependency by its branch label', async () => {
    expect((await compare('alembic', [{ version_num: 'eeee' }]))?.pending).toEqual(['b_left.py', 'd_merge.py']);
  });

  it('names a revision that no file has', async () => {
    expect((await compare('alembic', [{ version_num: 'ffff' }]))?.missing).toEqual(['ffff']);
  });

  it('gives the baseline the id of one head, not of several', async () => {
    const { baselineId } = await loadImporter('alembic');
    expect(baselineId?.([{ version_num: 'dddd' }])).toBe('dddd');
    expect(baselineId?.([{ version_num: 'dddd' }, { version_num: 'eeee' }])).toBeNull();
  });
});

describe('Prisma', () => {
  const fixture = join(FIXTURES, 'prisma/postgres/migrations');
  const name = '20260105090000_create_authors';
  const checksum = '7ca9966f5385db83952fbdd1d8b6f8f901c6b405b09e13b94cdbccc41fdb3a15';
  const row = { migration_name: name, checksum, finished_at: new Date(0), rolled_back_at: null };
  const copy = async (change: (sql: string) => string): Promise<void> =>
    write({ [`${name}/migration.sql`]: change(await readFile(join(fixture, name, 'migration.sql'), 'utf8')) });

  it('takes other line ends for the same file, and another word for a change', async () => {
    await copy((text) => text.replaceAll('\n', '\r\n'));
    expect(await compare('prisma', [row])).toBeNull();
    await copy((text) => text.replace('VARCHAR(100)', 'VARCHAR(101)'));
    expect(await compare('prisma', [row])).toEqual({ ...AGREED, changed: [name] });
  });

  it('names a migration that began and failed, unless it was marked as rolled back', async () => {
    await copy((text) => text);
    const failed = { ...row, finished_at: null };
    expect(await compare('prisma', [failed])).toEqual({ ...AGREED, failed: [name] });
    expect(await compare('prisma', [{ ...failed, rolled_back_at: new Date(0) }])).toEqual({
      ...AGREED,
      pending: [name],
    });
  });
});

describe('drizzle', () => {
  it('names a file that is in the journal only, and one that has changed', async () => {
    const journal = { entries: [{ idx: 0, when: 1000, tag: '0000_first' }] };
    await write({ 'meta/_journal.json': JSON.stringify(journal) });
    await expect(compare('drizzle', [])).rejects.toMatchObject({
      code: 'ALUDEL_IMPORT_DISAGREES',
      details: { missing: ['0000_first.sql'] },
    });
    await write({ '0000_first.sql': 'SELECT 1' });
    const rows = [{ hash: 'another', created_at: '1000' }];
    expect(await compare('drizzle', rows)).toEqual({ ...AGREED, changed: ['0000_first.sql'] });
  });

  it('refuses a journal that is none', async () => {
    await write({ 'meta/_journal.json': '{ "entries": [{ "tag": 1 }] }' });
    await expect(compare('drizzle', [])).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
  });
});

describe('Flyway', () => {
  let rank = 0;
  const row = (type: string, version: string | null, more: Row = {}): Row => ({
    installed_rank: ++rank,
    type,
    version,
    description: 'x',
    checksum: null,
    success: 1,
    ...more,
  });

  beforeEach(() => write({ 'V1__a.sql': 'a', 'more/V2_01__b.sql': 'b', 'V10__c.java': '', 'U2.1__b.sql': 'u' }));

  it('takes versions for the same however they are written, in any order of the rows', async () => {
    const rows = [row('SQL', '1.0'), row('SQL', '2.1'), row('JDBC', '010')];
    expect(await compare('flyway', rows.toReversed())).toBeNull();
  });

  it('knows a migration that was undone or deleted as not applied', async () => {
    const rows = [row('SQL', '1'), row('SQL', '2.1'), row('UNDO_SQL', '2.1'), row('JDBC', '10'), row('DELETE', '10')];
    expect((await compare('flyway', rows))?.pending).toEqual(['V10__c.java', 'more/V2_01__b.sql']);
    expect(await compare('flyway', [...rows, row('SQL', '2.1'), row('JDBC', '10')])).toBeNull();
  });

  it('counts what a baseline stands for as applied', async () => {
    expect(await compare('flyway', [row('SCHEMA', null), row('BASELINE', '2.1'), row('JDBC', '10')])).toBeNull();
    expect((await compare('flyway', [row('BASELINE', '2')]))?.pending).toEqual(['V10__c.java', 'more/V2_01__b.sql']);
  });

  it('names a migration that failed, and a file that has changed', async () => {
    const rows = [row('SQL', '1', { checksum: 1 }), row('SQL', '2.1', { success: false }), row('JDBC', '10')];
    expect(await compare('flyway', rows)).toEqual({ ...AGREED, changed: ['V1__a.sql'], failed: ['more/V2_01__b.sql'] });
  });
});

describe('TypeORM', () => {
  it('reads names of classes, said names, and no names out of SQL', async () => {
    await write({
      'one.ts': `export class CreateUsers1700000000000 implements MigrationInterface { up() { q("SET name = 'Other1700000000001'"); } }`,
      'two.ts': `export class Second { name = 'Second1700000000002'; async up() {} }\nexport class Helper {}`,
      'three.js': `class Third { constructor() { this.name = "Third1700000000003"; } async up() {} }`,
      'three.d.ts': 'export declare class Third1700000000003 {}',
    });
    const names = ['CreateUsers1700000000000', 'Second1700000000002', 'Third1700000000003'];
    expect(
      await compare(
        'typeorm',
        names.map((name) => ({ name })),
      ),
    ).toBeNull();
  });
});

describe('Knex', () => {
  it('takes a compiled file for its source', async () => {
    await write({ '1_a.ts': '', '1_a.d.ts': '' });
    expect(await compare('knex', [{ name: '1_a.js' }])).toBeNull();
  });
});

describe('the tables of other tools', () => {
  const schemaOf = (columns: readonly string[]) => {
    const metadata = new MetaData({ columnNames: 'same' });
    metadata.table('migrations', Object.fromEntries(columns.map((name) => [name, varchar(10)])));
    metadata.table('users', { id: integer().primaryKey() });
    return buildSchema([metadata]);
  };
  const names = (schema: { readonly tables: readonly { readonly name: string }[] }): string[] =>
    schema.tables.map(({ name }) => name);

  it('are left out of what autogenerate compares, unless a model declares them', () => {
    const typeorm = schemaOf(['id', 'timestamp', 'name']);
    expect(names(leaveOutHistory(typeorm))).toEqual(['users']);
    expect(names(leaveOutHistory(typeorm, typeorm))).toEqual(['migrations', 'users']);
  });

  it("are known by their columns: a table of the same name may be anybody's", () => {
    for (const columns of [
      ['id', 'name'],
      ['id', 'timestamp', 'name', 'author'],
    ]) {
      const [table] = schemaOf(columns).tables;
      expect(table !== undefined && isHistoryTable(table), columns.join()).toBe(false);
    }
  });
});
