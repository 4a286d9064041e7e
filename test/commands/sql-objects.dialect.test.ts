import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { integer, MetaData } from 'aludel';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Migrator } from '../../src/commands/migrator.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const metadata = new MetaData();
metadata.table('seats', { id: integer().primaryKey(), n: integer().notNull() });

const TRIGGERS = {
  postgres: `CREATE FUNCTION next_n() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.n := NEW.n + 1; RETURN NEW; END $$;
CREATE TRIGGER count_up BEFORE UPDATE ON seats FOR EACH ROW EXECUTE FUNCTION next_n();`,
  mysql: `DELIMITER //
CREATE TRIGGER count_up BEFORE UPDATE ON seats FOR EACH ROW BEGIN SET NEW.n = NEW.n + 1; END//
DELIMITER ;`,
  sqlite: `CREATE TRIGGER count_up AFTER UPDATE ON seats BEGIN UPDATE seats SET n = n + 1 WHERE id = NEW.id; END;`,
};

/** As the mysql client cuts a file: by semicolons at the ends of lines, or by what DELIMITER says. */
function clientStatements(text: string): string[] {
  const parts = text.split(/^DELIMITER (\S+)\n/mu);
  return parts
    .flatMap((part, at) => (at % 2 === 0 ? part.split(at > 0 && parts[at - 1] === ';;' ? ';;' : /;$/mu) : []))
    .filter((sql) => sql.trim() !== '');
}

describe.each(dialects)('SQL files of objects on $name', (dialect) => {
  const project = useProject(dialect);
  let migrator: Migrator;

  beforeEach(async () => {
    const config = { ...project.config, models: () => Promise.resolve({ metadata }), sqlObjects: 'db/**/*.sql' };
    migrator = project.open({ config });
  });

  async function write(name: string, sql: string): Promise<void> {
    await mkdir(join(project.folder, 'db'), { recursive: true });
    await writeFile(join(project.folder, 'db', name), sql);
  }

  async function step(): Promise<readonly string[]> {
    await migrator.revision({ autogenerate: true, message: 'step' });
    await migrator.upgrade();
    expect(await migrator.check()).toMatchObject({ operations: [] });
    return dumpDatabase(project.url);
  }

  test('are made, changed and dropped as they say, and found in step the second time', async () => {
    await write('views.sql', '-- Who sits; where\nCREATE VIEW Taken AS SELECT id FROM seats WHERE n > 0;\n');
    await write('triggers.sql', TRIGGERS[dialect.family]);
    const first = await step();
    expect(first.join('\n')).toMatch(/taken[\s\S]*count_up|count_up[\s\S]*taken/iu);
    await write('views.sql', 'CREATE VIEW Taken AS SELECT id FROM seats WHERE n > 1;\n');
    expect(await step()).not.toEqual(first);
    await migrator.downgrade('-1');
    expect(await dumpDatabase(project.url)).toEqual(first);
  });

  test('are part of the SQL of a database, which its own client can load', async () => {
    await write('triggers.sql', TRIGGERS[dialect.family]);
    const dumped = await step();
    const [text = ''] = (await migrator.reflect({ format: 'sql' })).files.map((file) => file.text);
    expect(text.includes('DELIMITER ;;')).toBe(dialect.family === 'mysql');
    const empty = await createDatabase(dialect);
    try {
      await executeSql(empty.url, dialect.family === 'mysql' ? clientStatements(text) : [text]);
      expect(await dumpDatabase(empty.url)).toEqual(dumped);
    } finally {
      await empty.drop();
    }
  });

  test('that cannot be read are told together, and nothing is written', async () => {
    await write('a.sql', 'CREATE TABLE b (id integer);');
    await write('b.sql', "CREATE VIEW v AS SELECT 'x");
    await expect(migrator.revision({ autogenerate: true })).rejects.toMatchObject({
      code: 'ALUDEL_MODELS_INVALID',
      message: expect.stringMatching(/^db\/a\.sql:1: .*\ndb\/b\.sql:1: the file ends in the middle of a statement\.$/u),
    });
  });
});
