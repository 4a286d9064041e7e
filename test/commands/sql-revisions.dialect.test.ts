import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { integer, MetaData, varchar } from 'aludel';
import { beforeEach, describe, expect, it } from 'vitest';
import { dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const TRIGGERS = {
  sqlite: `CREATE TRIGGER tr AFTER INSERT ON notes BEGIN
  UPDATE notes SET size = CASE WHEN 1 THEN 7 END WHERE id = NEW.id;
  DELETE FROM notes WHERE body = 'gone;';
END;`,
  postgres: `CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.size := 7; -- downgrade
  RETURN NEW;
END;
$body$;
CREATE TRIGGER tr BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION tr();`,
  mysql: `CREATE TRIGGER tr BEFORE INSERT ON notes FOR EACH ROW
BEGIN
  IF NEW.size IS NULL THEN
    SET NEW.size = 7;
  END IF;
  SET NEW.body = IF(NEW.body = '', ';', NEW.body);
END;`,
};
const DROPS = {
  sqlite: 'DROP TRIGGER tr;',
  postgres: 'DROP TRIGGER tr ON notes; DROP FUNCTION tr();',
  mysql: 'DROP TRIGGER tr;',
};

describe.each(dialects)('SQL revisions on $name', (dialect) => {
  let weight = false;
  const models = () => {
    const metadata = new MetaData();
    metadata.table('parents', {
      code: varchar(20).primaryKey(),
      ...(weight ? { name: varchar(30).notNull().serverDefault('x') } : { name: varchar(30) }),
    });
    metadata.table('children', {
      code: varchar(20).primaryKey(),
      parent: varchar(20).references('parents.code', { onDelete: 'cascade' }),
      ...(weight ? { weight: integer() } : {}),
    });
    return Promise.resolve({ metadata });
  };
  const project = useProject(dialect, { models, revisionFormat: 'sql', exclude: ['notes'] });
  beforeEach(() => {
    weight = false;
  });

  const write = (id: string, down: string, upgrade: string, downgrade = '', header = ''): Promise<void> =>
    writeFile(
      join(project.folder, 'migrations', `${id}.sql`),
      `-- revision: ${id}\n-- downRevision: ${down}\n${header}-- upgrade\n${upgrade}\n-- downgrade\n${downgrade}\n`,
    );

  it('run bodies of triggers and functions, and take them back', async () => {
    const table = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(20), size INTEGER);';
    await write('aaaa1111', 'base', table, 'DROP TABLE notes;');
    await project.migrator.upgrade();
    const before = await dumpDatabase(project.url);
    await write('bbbb2222', 'aaaa1111', TRIGGERS[dialect.family], DROPS[dialect.family]);
    await project.migrator.upgrade();
    await executeSql(project.url, [`INSERT INTO notes (id, body) VALUES (1, 'a')`]);
    const wanted = dialect.name === 'postgres' ? `body = 'a' AND size = 7` : `size = 7`;
    await write(
      'cccc3333',
      'bbbb2222',
      `DELETE FROM notes WHERE ${wanted};\nCREATE UNIQUE INDEX one ON notes (size);`,
      dialect.family === 'mysql' ? 'DROP INDEX one ON notes;' : 'DROP INDEX one;',
    );
    expect(await project.migrator.upgrade()).toMatchObject({ to: ['cccc3333'] });
    await project.migrator.downgrade('aaaa1111');
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect(await project.migrator.current({ strict: true })).toMatchObject({ edited: [] });
  });

  it('are written by autogenerate with their way back, and lose no row', async () => {
    const first = await project.migrator.revision({ autogenerate: true, message: 'tables' });
    expect(first.file).toMatch(/\.sql$/u);
    await project.migrator.upgrade();
    const before = await dumpDatabase(project.url);
    await executeSql(project.url, [
      `INSERT INTO parents (code, name) VALUES ('p', 'n')`,
      `INSERT INTO children (code, parent) VALUES ('c', 'p')`,
    ]);
    weight = true;
    const second = await project.migrator.revision({ autogenerate: true, message: 'columns' });
    expect(await readFile(second.file ?? '', 'utf8')).toContain(`-- downRevision: ${first.revision}`);
    await project.migrator.upgrade();
    expect(await project.migrator.check()).toMatchObject({ isInStep: true, descriptions: [] });
    await project.migrator.downgrade('-1');
    expect(await dumpDatabase(project.url)).toEqual(before);
    // The child is still there: its parent cannot lose its key.
    await write('dddd4444', second.revision ?? '', `INSERT INTO children (code, parent) VALUES ('c', 'p');`);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_FAILED' });
  });

  it('can be written one by one, and be printed', async () => {
    const { file } = await project.open({ config: { ...project.config, revisionFormat: 'module' } }).revision({
      sql: true,
      message: 'by hand',
      revisionId: 'aaaa1111',
      now: new Date(0),
    });
    expect(await readFile(file ?? '', 'utf8')).toBe(
      '-- by hand\n--\n-- revision: aaaa1111\n-- downRevision: base\n-- created: 1970-01-01T00:00:00Z\n\n-- upgrade\n\n-- downgrade\n',
    );
    await write('bbbb2222', 'aaaa1111', TRIGGERS[dialect.family], DROPS[dialect.family]);
    const { sql } = await project.migrator.upgrade('aaaa1111:bbbb2222', { sql: true });
    expect(sql).toContain('TRIGGER tr');
    expect(sql?.includes('DELIMITER ;;')).toBe(dialect.family === 'mysql');
  });

  it('have no transaction where they say so', async () => {
    const up = `CREATE TABLE notes (id INTEGER);\nNONSENSE;`;
    await write('aaaa1111', 'base', up, '', '-- transaction: false\n');
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ details: { applied: 1 } });
    expect((await dumpDatabase(project.url)).join()).toContain('notes');
  });

  it('may hold DELIMITER for MySQL and MariaDB, and nowhere else', async () => {
    await write('aaaa1111', 'base', 'DELIMITER //\nCREATE TABLE notes (id INTEGER) //\nDELIMITER ;');
    const run = project.migrator.upgrade();
    if (dialect.family === 'mysql') {
      expect((await run).to).toEqual(['aaaa1111']);
      expect((await dumpDatabase(project.url)).join()).toContain('notes');
    } else {
      const message = expect.stringContaining('holds DELIMITER, a command of the mysql client (line 4)');
      await expect(run).rejects.toMatchObject({ code: 'ALUDEL_REVISION_INVALID', message });
    }
  });

  it.each([
    ['SELECT 1;\nCOMMIT;', 'begins or ends a transaction, and a revision has one already (line 5)'],
    [`SELECT 'a`, 'ends in the middle of a statement (line 4)'],
    ['SELECT 1;\n-- upgrade\nSELECT 2;', 'has the line "-- upgrade" twice'],
  ])('are refused before anything runs: %j', async (up, problem) => {
    await write('aaaa1111', 'base', up);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_INVALID',
      message: `"${join(project.folder, 'migrations', 'aaaa1111.sql')}" ${problem}.`,
    });
    expect((await project.migrator.current()).revisions).toEqual([]);
  });
});
