import { beforeEach, expect, test } from 'vitest';
import { dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { dumpDatabase } from '../../support/dump.js';
import { executeSql } from '../../support/execute-sql.js';
import { useProject } from '../../support/project.js';

describeEach(
  dialects.filter(({ family }) => family === 'mysql'),
  'ALTER TABLE on $name',
  (dialect) => {
    const project = useProject(dialect);

    beforeEach(async () => {
      await executeSql(project.url, [
        `CREATE TABLE t (
           id int NOT NULL PRIMARY KEY,
           n int NOT NULL DEFAULT 7 COMMENT 'a number',
           name varchar(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'x' COMMENT 'a "name"',
           at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'when',
           g int GENERATED ALWAYS AS (n + 1) STORED COMMENT 'computed'
         ) COMMENT 'things'`,
        'INSERT INTO t (id) VALUES (1)',
      ]);
    });

    const run = async (upgrade: string, downgrade = ''): Promise<readonly string[]> => {
      await project.write({ id: 'aaaa', upgrade, downgrade });
      const sent: string[] = [];
      await project.open({ onEvent: (event) => void (event.kind === 'statement' && sent.push(event.sql)) }).upgrade();
      return sent;
    };
    const dump = async (): Promise<string[]> =>
      (await dumpDatabase(project.url)).filter((statement) => !statement.includes('aludel_'));

    test('is carried out as the operation pins it', async () => {
      const sent = await run(
        `op.addColumn('t', column('m', integer()), { mysql: { algorithm: 'instant' } });
         op.createIndex('ix', 't', ['n'], { mysql: { algorithm: 'inplace', lock: 'none' } });
         op.alterColumn('t', 'n', { serverDefault: 8, mysql: { algorithm: 'instant' } });
         op.createUniqueConstraint('uq', 't', ['n', 'id'], { mysql: { lock: 'none' } });
         op.dropConstraint('uq', 't', { type: 'unique', mysql: { algorithm: 'inplace' } });
         op.dropIndex('ix', 't', { mysql: { algorithm: 'inplace', lock: 'shared' } });
         op.dropColumn('t', 'm', { mysql: { algorithm: 'copy', lock: 'shared' } });`,
      );
      expect(
        sent
          .filter((sql) => sql.startsWith('ALTER TABLE `t`'))
          .map((sql) => sql.replace(/^.*?(, ALGO.*|, LOCK.*)$/s, '$1')),
      ).toEqual([
        ', ALGORITHM=INSTANT',
        ', ALGORITHM=INPLACE, LOCK=NONE',
        ', ALGORITHM=INSTANT',
        ', LOCK=NONE',
        ', ALGORITHM=INPLACE',
        ', ALGORITHM=INPLACE, LOCK=SHARED',
        ', ALGORITHM=COPY, LOCK=SHARED',
      ]);
    });

    test('what the server cannot do in that way is refused at once, and nothing changes', async () => {
      const before = await dump();
      await expect(
        run(`op.alterColumn('t', 'n', { type: varchar(40), mysql: { algorithm: 'instant' } });`),
      ).rejects.toMatchObject({ message: expect.stringMatching(/ALGORITHM=INSTANT is not supported/) });
      expect(await dump()).toEqual(before);
    });

    test.runIf(dialect.name === 'mysql')('only MariaDB has the algorithm "nocopy"', async () => {
      await expect(run(`op.createIndex('ix', 't', ['n'], { mysql: { algorithm: 'nocopy' } });`)).rejects.toMatchObject({
        code: 'ALUDEL_OPERATION_UNSUPPORTED',
      });
    });

    test('a script says it too', async () => {
      await project.write({
        id: 'aaaa',
        upgrade: `op.addColumn('t', column('m', integer()), { mysql: { algorithm: 'instant' } });`,
      });
      const { sql } = await project.migrator.upgrade('head', { sql: true });
      expect(sql).toContain('ALTER TABLE `t` ADD COLUMN `m` int, ALGORITHM=INSTANT;');
    });

    // Whatever else the column says must stand in the dump as before.
    test.each([
      ['n', 'nullable: true', 'nullable: false', / NOT NULL/, ''],
      ['n', 'serverDefault: 8', 'serverDefault: 7', /7/, '8'],
      ['n', 'serverDefault: null', 'serverDefault: 7', / DEFAULT '?7'?/, ''],
      ['n', "comment: 'other'", "comment: 'a number'", /a number/, 'other'],
      ['n', 'comment: null', "comment: 'a number'", / COMMENT 'a number'/, ''],
      ['name', 'nullable: true', 'nullable: false', / NOT NULL/, ''],
      ['name', "serverDefault: 'y'", "serverDefault: 'x'", /'x'/, "'y'"],
      ['name', "comment: 'other'", `comment: 'a "name"'`, /a "name"/, 'other'],
      ['name', 'type: varchar(30)', 'type: varchar(20)', /20/, '30'],
      ['at', "comment: 'other'", "comment: 'when'", /when/, 'other'],
      ['at', 'onUpdateNow: false', 'onUpdateNow: true', / ON UPDATE current_timestamp(?:\(\))?/i, ''],
      ['g', "comment: 'other'", "comment: 'computed'", /computed/, 'other'],
      ['at', "name: 'seen'", "name: 'at'", /`at`/, '`seen`'],
    ] as const)('restates the whole column %s for { %s }', async (name, change, back, from, to) => {
      const before = await dump();
      const called = change.startsWith('name:') ? 'seen' : name;
      await run(`op.alterColumn('t', '${name}', { ${change} });`, `op.alterColumn('t', '${called}', { ${back} });`);
      const lines = (statements: readonly string[]): string[] => statements.flatMap((text) => text.split('\n')).sort();
      const column = `\`${name}\``;
      const expected = before.map((text) =>
        text.replace(new RegExp(`^ *${column} .*$`, 'm'), (line) => line.replace(from, to)),
      );
      expect(lines(await dump())).toEqual(lines(expected));
      await project.migrator.downgrade('base');
      expect(await dump()).toEqual(before);
    });

    test('keeps what a hand-written "existing" leaves out', async () => {
      const before = await dump();
      await run(
        `op.alterColumn('t', 'name', { type: varchar(30), existing: column('name', varchar(20), { nullable: false }) });
         op.alterColumn('t', 'at', { comment: 'seen', existing: column('at', text()) });`,
        `op.alterColumn('t', 'at', { comment: 'when', existing: column('at', text(), { comment: 'seen' }) });
         op.alterColumn('t', 'name', { type: varchar(20), existing: column('name', varchar(30), { nullable: false }) });`,
      );
      const said = before.map((text) => text.replace('varchar(20)', 'varchar(30)').replace("'when'", "'seen'"));
      expect(await dump()).toEqual(said);
      await project.migrator.downgrade('base');
      expect(await dump()).toEqual(before);
    });
  },
);
