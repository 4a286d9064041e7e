import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Loss } from '../../src/commands/upgrade.js';
import { AludelError } from '../../src/errors.js';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { connectTo } from '../support/connect-to.js';
import { createDatabase, dialects, type TestDialect } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { createProject, useProject } from '../support/project.js';

const USERS = `op.createTable('users', [
  column('id', integer(), { nullable: false }),
  column('name', varchar(50)),
  column('age', integer()),
  primaryKey(['id'], { name: 'pk_users' }),
]);`;

/** How many of the values another type changes, by family; a family that is left out refuses the type, or is like another. */
type ChangedValues = readonly [
  before: string,
  after: string,
  values: readonly string[],
  counts: { readonly [F in TestDialect['family']]?: number },
];

const CHANGED_VALUES: readonly ChangedValues[] = [
  ['double()', 'numeric(10, 2)', ['1.25', '1.256', '0', 'NULL'], { postgres: 1, mysql: 1, sqlite: 0 }],
  ['double()', 'integer()', ['2', '2.5'], { postgres: 1, mysql: 1, sqlite: 0 }],
  ['double()', 'real()', ['1.5', '1.23456789012', '0', '-1e15'], { postgres: 2, mysql: 1, sqlite: 0 }],
  ['bigint()', 'double()', ['5', '9007199254740993', '0'], { postgres: 1, mysql: 1, sqlite: 1 }],
  ['bigint()', 'double()', ['9223372036854775807', '-9223372036854775807', '9223372036854774784'], { sqlite: 2 }],
  ['bigint()', 'real()', ['-9223372036854775808', '5'], { mysql: 1 }],
  ['integer()', 'real()', ['70000', '16777217', '0'], { postgres: 1, mysql: 1, sqlite: 0 }],
  ['real()', 'numeric(12, 2)', ['1.25', '16777216'], { postgres: 1 }],
  ['numeric(10, 2)', 'numeric()', ['1.25'], { postgres: 0, mysql: 0, sqlite: 0 }],
  ['integer()', 'boolean()', ['0', '1', '5'], { postgres: 1, mysql: 0, sqlite: 0 }],
  ['timestamp()', 'date()', ["'2020-01-02 03:04:05'", "'2020-01-02 00:00:00'"], { postgres: 1, mysql: 1, sqlite: 0 }],
  ['timestamp()', 'time()', ["'2020-01-02 03:04:05'", 'NULL'], { postgres: 1, mysql: 1, sqlite: 0 }],
  [
    'timestamp({ precision: 6 })',
    'timestamp({ precision: 0 })',
    ["'2020-01-02 03:04:05.25'", "'2020-01-02 03:04:05'"],
    { postgres: 1, mysql: 1, sqlite: 0 },
  ],
  ['time({ precision: 3 })', 'time({ precision: 1 })', ["'03:04:05.2'", "'03:04:05.25'"], { postgres: 1, mysql: 1 }],
  ['varchar(30)', 'integer()', ["'7'", "'007'", "'-5'", 'NULL'], { postgres: 1, mysql: 1, sqlite: 1 }],
  ['varchar(30)', 'bigint()', ["'+4930123'", "'-007'", "' 12 '", "'12'"], { postgres: 2, mysql: 2, sqlite: 2 }],
  ['varchar(30)', 'double()', ["'12E5'", "'3.10'", "'0.5'", "'-0.5'"], { postgres: 1, mysql: 1, sqlite: 1 }],
  // SQLite keeps what is no number, and before PostgreSQL 16 all servers refuse it.
  ['varchar(30)', 'integer()', ["'0x1F'", "'1_000'", "'abc'", "'a_1'"], { sqlite: 0 }],
  // Infinity has no spelling that SQLite reads as a number; the other databases refuse the word, or have none.
  ['double()', 'varchar(30)', ['1.5', '9e999', '-9e999', 'NULL'], { sqlite: 2 }],
  ['varchar(30)', 'numeric(30, 2)', ["'1.50'", "'1.256'", "'1.2500'"], { postgres: 1, mysql: 1, sqlite: 0 }],
  ['text()', 'double()', ["'1.5'", "'12345678901234567890'"], { postgres: 1, mysql: 1, sqlite: 1 }],
  ['varchar(30)', 'date()', ["'2020-01-02'", "'2020-01-02 03:04:05'"], { postgres: 1, mysql: 1, sqlite: 0 }],
];

describe.each(dialects)('rows that a run would take away on $name', (dialect) => {
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: USERS, downgrade: `op.dropTable('users');` });
    await project.migrator.upgrade();
    await run("INSERT INTO users (id, name) VALUES (1, 'a'), (2, 'b'), (3, NULL)");
  });

  const run = (sql: string): Promise<unknown> => connectTo(project.url, (connection) => connection.execute(sql));

  test('are counted over the whole plan, under the names that they have now, and nothing has run', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.createTable('tags', [column('id', integer())]);` });
    await project.write({
      id: 'cccc',
      down: 'bbbb',
      upgrade: `op.alterColumn('users', 'name', { name: 'title' });
        op.renameTable('users', 'people');
        op.dropColumn('people', 'title');
        op.dropColumn('people', 'age');
        op.dropTable('tags');
        op.dropTable('people');`,
    });
    const before = await dumpDatabase(project.url);
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_DATA_LOSS',
      message: expect.stringContaining(`cccc: drop column "title" of "people", which holds a value in 2 rows`),
      hint: expect.stringContaining('--allow-loss'),
      details: {
        losses: [
          { revision: 'cccc', table: 'users', column: 'name', rows: 2, isMore: false },
          { revision: 'cccc', table: 'users', column: null, rows: 3, isMore: false },
        ],
      },
    });
    expect(await dumpDatabase(project.url)).toEqual(before);
    expect((await project.migrator.current()).revisions).toMatchObject([{ revision: 'aaaa' }]);
  });

  test('are counted where the namespace that is meant anyway is said', async () => {
    const homes = { postgres: 'public', sqlite: 'main', mysql: new URL(project.url).pathname.slice(1) };
    const users = `'${homes[dialect.family]}.users'`;
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.dropColumn(${users}, 'name'); op.dropTable(${users});`,
    });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_DATA_LOSS',
      details: {
        losses: [
          { column: 'name', rows: 2 },
          { column: null, rows: 3 },
        ],
      },
    });
  });

  // The other databases have no virtual tables.
  test.runIf(dialect.name === 'sqlite')('are counted in a virtual table that goes or is made anew', async () => {
    const words = (more: string) =>
      `{ kind: 'virtualTable', name: 'words', definition: 'CREATE VIRTUAL TABLE words USING fts5(a${more})' }`;
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.createObject(${words('')});` });
    await project.migrator.upgrade();
    await run("INSERT INTO words (a) VALUES ('one'), ('two')");
    await project.write({ id: 'cccc', down: 'bbbb', upgrade: `op.replaceObject(${words(', b')}, ${words('')});` });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_DATA_LOSS',
      details: { losses: [{ revision: 'cccc', table: 'words', column: null, rows: 2 }] },
    });
    await project.write({ id: 'cccc', down: 'bbbb', upgrade: `op.dropObject(${words('')});` });
    await expect(project.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_DATA_LOSS' });
    expect((await project.migrator.upgrade('head', { allowLoss: true })).to).toEqual(['cccc']);
  });

  test('may go with allowLoss, which says what went, or when whoever is asked says so', async () => {
    await expect(project.migrator.downgrade('-1')).rejects.toMatchObject({ code: 'ALUDEL_DATA_LOSS' });
    const asked: Loss[] = [];
    const answer = (isMeant: boolean) => async (losses: readonly Loss[]) => {
      asked.push(...losses);
      return isMeant;
    };
    const refused = project.migrator.downgrade('-1', { confirmLoss: answer(false) });
    await expect(refused).rejects.toMatchObject({ code: 'ALUDEL_DATA_LOSS' });
    expect((await project.migrator.downgrade('-1', { confirmLoss: answer(true) })).to).toEqual([]);
    expect(asked.map(({ text }) => text)).toEqual(Array.from({ length: 2 }, () => 'aaaa: drop table "users", 3 rows'));
    await project.migrator.upgrade();
    await run('INSERT INTO users (id) VALUES (1)');
    const events: MigrationEvent[] = [];
    await project.open({ onEvent: (event) => events.push(event) }).downgrade('base', { allowLoss: true });
    expect(events.filter(({ kind }) => kind === 'losses')).toMatchObject([{ losses: [{ table: 'users', rows: 1 }] }]);
  });

  test('are not missed where there are none: empty tables and columns go without a word', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.dropColumn('users', 'age');` });
    await project.migrator.upgrade();
    await run('DELETE FROM users');
    await project.migrator.downgrade('aaaa');
    expect((await project.migrator.downgrade('base')).to).toEqual([]);
  });

  test('are counted up to ten thousand', async () => {
    const digit = '(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4)';
    const sum = 'a.n + 5 * b.n + 25 * c.n + 125 * d.n + 625 * e.n + 3125 * f.n + 10';
    await run(
      `INSERT INTO users (id) SELECT ${sum} FROM ${[...'abcdef'].map((name) => `${digit} ${name}`).join(', ')}`,
    );
    await expect(project.migrator.downgrade('base')).rejects.toMatchObject({
      message: expect.stringContaining('more than 10,000 rows'),
      details: { losses: [{ rows: 10_000, isMore: true }] },
    });
  });

  test.runIf(dialect.name !== 'sqlite')('include digits that a type has no room for', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.execute('ALTER TABLE users ADD COLUMN price decimal(10,2)');
        op.execute('UPDATE users SET price = id + 0.5 WHERE id < 3');`,
    });
    await project.migrator.upgrade();
    await project.write({
      id: 'cccc',
      down: 'bbbb',
      upgrade: `op.alterColumn('users', 'price', { type: integer() });`,
    });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      details: { losses: [{ table: 'users', column: 'price', rows: 2 }] },
    });
  });

  test.runIf(dialect.name === 'postgres')('include digits of a number that had any', async () => {
    await run('ALTER TABLE users ADD COLUMN price numeric');
    await run('UPDATE users SET price = id + 0.25 WHERE id < 3');
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.alterColumn('users', 'price', { type: numeric(9, 1) });`,
    });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      details: { losses: [{ table: 'users', column: 'price', rows: 2 }] },
    });
  });

  test('include values that a new type changes without an error', async () => {
    const changes = CHANGED_VALUES.filter(([, , , counts]) => counts[dialect.family] !== undefined);
    const names = changes.map((_change, i) => `c${i}`);
    const rows = [0, 1, 2, 3].map((row) => {
      const values = changes.map(([, , own]) => own[row] ?? 'NULL').join(', ');
      return `op.execute(\`INSERT INTO t (${names.join(', ')}) VALUES (${values})\`);`;
    });
    const header = `import { bigint, date, double, real, time, timestamp } from 'aludel';`;
    const columns = changes.map(([before], i) => `column('c${i}', ${before})`).join(', ');
    const upgrade = `op.createTable('t', [${columns}]);\n${rows.join('\n')}`;
    await project.write({ id: 'bbbb', down: 'aaaa', header, upgrade });
    await project.migrator.upgrade();
    const retyped = changes.map(([, after], i) => `op.alterColumn('t', 'c${i}', { type: ${after} });`);
    await project.write({ id: 'cccc', down: 'bbbb', header, upgrade: retyped.join('\n') });
    const losses = changes.flatMap(([, , , { [dialect.family]: count = 0 }], i) =>
      count === 0 ? [] : [{ column: names[i], rows: count }],
    );
    const error: unknown = await project
      .open()
      .upgrade()
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'ALUDEL_DATA_LOSS', details: { losses } });
  });

  test('are seen in the words of SQL, in op.execute and in SQL files', async () => {
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.execute('ALTER TABLE users RENAME TO people'); op.execute('ALTER TABLE people DROP COLUMN name');`,
    });
    await writeFile(
      join(project.folder, 'migrations', 'cccc.sql'),
      `-- revision: cccc\n-- downRevision: bbbb\n\n-- upgrade\nCREATE TABLE tags (id int);\nDROP TABLE tags;\nDROP TABLE people;\n`,
    );
    const before = await dumpDatabase(project.url);
    await expect(project.open().upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_DATA_LOSS',
      message: expect.stringContaining('bbbb: drop column "name" of "people", which holds a value in 2 rows'),
      details: {
        losses: [
          { revision: 'bbbb', table: 'users', column: 'name', rows: 2 },
          { revision: 'cccc', table: 'users', column: null, rows: 3 },
        ],
      },
    });
    expect(await dumpDatabase(project.url)).toEqual(before);
    await project.open().upgrade('head', { allowLoss: true });
  });

  test.runIf(dialect.name !== 'sqlite')('are seen where SQL empties a table', async () => {
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.execute('TRUNCATE TABLE users');` });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      message: expect.stringContaining('bbbb: empty table "users", 3 rows'),
    });
  });

  test.runIf(dialect.family === 'mysql')(
    'are those of the database that SQL names, and not of its namesakes',
    async () => {
      const other = await createDatabase(dialect);
      const name = new URL(other.url).pathname.slice(1);
      await connectTo(other.url, async (connection) => {
        await connection.execute('CREATE TABLE users (id int, nick varchar(9), twice int AS (id * 2))');
        await connection.execute("INSERT INTO users (id, nick) VALUES (1, 'a')");
        await connection.execute('CREATE VIEW adults AS SELECT id FROM users');
      });
      await project.write({
        id: 'bbbb',
        down: 'aaaa',
        upgrade: `op.execute('ALTER TABLE ${name}.users DROP COLUMN twice, DROP COLUMN nick');
        op.execute('DROP TABLE ${name}.users');
        op.execute('RENAME TABLE users TO ${name}.people');
        op.execute('DROP DATABASE ${name}');`,
      });
      await expect(project.open().upgrade()).rejects.toMatchObject({
        details: {
          losses: [
            { table: `${name}.users`, column: 'nick', rows: 1, description: `drop column "nick" of "${name}.users"` },
            { table: `${name}.users`, column: null, rows: 1 },
            {
              table: 'users',
              column: null,
              rows: 3,
              description: `drop database "${name}" with a table that was moved there`,
            },
          ],
        },
      });
      await other.drop();
    },
  );

  test.runIf(dialect.name !== 'sqlite')('are followed into another namespace', async () => {
    const other = dialect.family === 'mysql' ? await createDatabase(dialect) : undefined;
    const name = other === undefined ? 'archive' : new URL(other.url).pathname.slice(1);
    const move = other === undefined ? 'ALTER TABLE users SET SCHEMA archive' : `RENAME TABLE users TO ${name}.users`;
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `${other === undefined ? "op.createNamespace('archive');" : ''}
        op.execute('${move}');
        op.execute('DROP TABLE ${name}.users');`,
    });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      details: { losses: [{ table: 'users', rows: 3, description: `drop table "${name}.users"` }] },
    });
    await other?.drop();
  });

  // Elsewhere nothing but tables and databases holds rows, and CASCADE is no more than a word.
  describe.runIf(dialect.name === 'postgres')('taken along by CASCADE', () => {
    const lossesOf = async (...statements: readonly string[]): Promise<readonly string[]> => {
      const upgrade = statements.map((sql) => `op.execute(${JSON.stringify(sql)});`).join('\n');
      const other = await createProject(project.url);
      await other.write({ id: 'aaaa' });
      await other.write({ id: 'bbbb', down: 'aaaa', upgrade });
      const before = await dumpDatabase(project.url);
      const error: unknown = await other
        .open()
        .upgrade()
        .catch((thrown: unknown) => thrown);
      expect(await dumpDatabase(project.url)).toEqual(before);
      if (!(error instanceof AludelError)) return [];
      expect(error.code).toBe('ALUDEL_DATA_LOSS');
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().replace('bbbb: ', ''));
    };

    beforeEach(async () => {
      for (const sql of [
        `CREATE SCHEMA "My Types"`,
        `CREATE TYPE "My Types"."Mood" AS ENUM ('a', 'b')`,
        `CREATE DOMAIN moody AS "My Types"."Mood"`,
        `CREATE TYPE pair AS (one "My Types"."Mood", two integer)`,
        `CREATE COLLATION "My Types".german (locale = 'C')`,
        `CREATE TABLE feels (id integer PRIMARY KEY, mood "My Types"."Mood", moods "My Types"."Mood"[], moody moody, pair pair,
           said text COLLATE "My Types".german, same text GENERATED ALWAYS AS (said || '!') STORED)`,
        `INSERT INTO feels VALUES (1, 'a', '{b}', 'b', '(a,1)', 'x'), (2, 'b', NULL, NULL, NULL, 'y')`,
        `CREATE TABLE "My Types".parted (id integer) PARTITION BY RANGE (id)`,
        `CREATE TABLE "My Types".part PARTITION OF "My Types".parted DEFAULT`,
        `INSERT INTO "My Types".parted VALUES (1), (2), (3)`,
      ])
        await run(sql);
    });

    test('are counted for a type, through what is made of it', async () => {
      expect(await lossesOf(`DROP TYPE "My Types"."Mood" CASCADE`)).toEqual([
        'drop type "My Types"."Mood" with column "mood" of "feels", which holds a value in 2 rows',
        'drop type "My Types"."Mood" with column "moods" of "feels", which holds a value in 1 row',
        'drop type "My Types"."Mood" with column "moody" of "feels", which holds a value in 1 row',
        'drop type "My Types"."Mood" with column "pair" of "feels", which holds a value in 1 row',
      ]);
      expect(await lossesOf('DROP DOMAIN IF EXISTS moody, missing CASCADE')).toHaveLength(1);
      expect(await lossesOf('DROP COLLATION "My Types".german CASCADE')).toEqual([
        'drop collation "My Types".german with column "said" of "feels", which holds a value in 2 rows',
      ]);
      expect(await lossesOf('DROP OWNED BY CURRENT_USER')).toEqual(
        expect.arrayContaining(['drop what is owned by CURRENT_USER with table "feels", 2 rows']),
      );
      expect(await lossesOf('DROP TABLE feels, "My Types".parted CASCADE')).toEqual([
        'drop table "feels", 2 rows',
        'drop table "My Types.parted", 3 rows',
      ]);
    });

    test('are counted for a namespace, with what is moved there before', async () => {
      const drop = 'DROP SCHEMA "My Types" CASCADE';
      expect(await lossesOf(drop)).toHaveLength(7);
      expect(await lossesOf('ALTER TABLE users SET SCHEMA "My Types"', drop)).toContain(
        'drop schema "My Types" with a table that was moved there, 3 rows',
      );
      expect(await lossesOf('ALTER SCHEMA "My Types" RENAME TO types', 'DROP TABLE types.parted')).toEqual([
        'drop table "types.parted", 3 rows',
      ]);
    });

    test('are counted where names are looked for elsewhere', async () => {
      const path = `SET search_path TO "My Types", public`;
      expect(await lossesOf(path, 'DROP TABLE parted')).toEqual(['drop table "My Types.parted", 3 rows']);
      expect(await lossesOf(path, 'DROP TYPE "Mood" CASCADE')).toHaveLength(4);
      expect(await lossesOf(path, 'DROP TABLE users')).toEqual(['drop table "users", 3 rows']);
    });

    test('are announced where a name was given only before, and cannot be counted', async () => {
      expect(await lossesOf('ALTER DOMAIN moody RENAME TO moodier', 'DROP DOMAIN moodier CASCADE')).toEqual([
        'drop domain moodier with CASCADE, which was renamed or moved before: what goes along cannot be counted',
      ]);
      expect(
        await lossesOf(
          'ALTER TABLE users RENAME TO people',
          'ALTER TABLE people SET SCHEMA "My Types"',
          'DROP TABLE "My Types".people CASCADE',
        ),
      ).toEqual(['drop table "My Types.people", 3 rows']);
      // What the revision makes itself holds nothing.
      await project.write({
        id: 'bbbb',
        down: 'aaaa',
        upgrade: `op.execute('CREATE DOMAIN fresh AS integer'); op.execute('DROP DOMAIN fresh CASCADE');`,
      });
      expect((await project.open().upgrade()).to).toEqual(['bbbb']);
    });
  });

  test.runIf(dialect.family === 'mysql')('are those of a partition alone where that is dropped', async () => {
    await run(
      'CREATE TABLE logs (id int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))',
    );
    await run('INSERT INTO logs VALUES (1), (2), (11)');
    await project.write({
      id: 'bbbb',
      down: 'aaaa',
      upgrade: `op.execute('ALTER TABLE logs DROP PARTITION p0'); op.dropTable('logs');`,
    });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      message: expect.stringContaining('bbbb: drop partition "p0" of "logs", 2 rows'),
      details: { losses: [{ rows: 2 }, { rows: 3 }] },
    });
    // Where the bounds change the server refuses what would fall out of them.
    const other = await createProject(project.url);
    await other.write({ id: 'aaaa' });
    await other.write({
      id: 'cccc',
      down: 'aaaa',
      upgrade: `op.setTableOptions('logs', { partitionBy: 'RANGE (id) (PARTITION p1 VALUES LESS THAN (5))' });`,
    });
    await expect(other.migrator.upgrade()).rejects.toMatchObject({ code: 'ALUDEL_REVISION_FAILED' });
    await other.remove();
    expect(await connectTo(project.url, async (one) => (await one.execute('SELECT id FROM logs')).rows.length)).toBe(3);
  });

  test.runIf(dialect.name === 'postgres')('are seen in the attributes that a composite type loses', async () => {
    await run('CREATE TYPE place AS (street text, town text)');
    await run('ALTER TABLE users ADD COLUMN home place, ADD COLUMN others place[]');
    await run("UPDATE users SET home = ROW('a', CASE id WHEN 1 THEN 'b' END), others = '{}' WHERE id < 3");
    const place = (attributes: string): string => `{ kind: 'compositeType', name: 'place',
      definition: 'CREATE TYPE place AS (${attributes} text)',
      parts: { order: '["${attributes}"]', 'attribute ${attributes}': 'text' } }`;
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.replaceObject(${place('street')});` });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      message: expect.stringContaining(
        'bbbb: replace composite type "place", of which "town" in column "home" holds a value in 1 row',
      ),
      details: {
        losses: [
          { table: 'users', column: 'home', rows: 1 },
          { table: 'users', column: 'others', rows: 2 },
        ],
      },
    });
    await project.open().upgrade('head', { allowLoss: true });
    await project.write({ id: 'cccc', down: 'bbbb', upgrade: `op.dropColumn('users', 'others');` });
    await project.open().upgrade('head', { allowLoss: true });
    await project.write({ id: 'dddd', down: 'cccc', upgrade: `op.replaceObject(${place('town')});` });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      details: { losses: [{ revision: 'dddd', column: 'home', rows: 2 }] },
    });
  });

  test.runIf(dialect.name === 'postgres')('are seen in partitions and not in views that are kept', async () => {
    await run('CREATE TABLE logs (id int) PARTITION BY RANGE (id)');
    await run('CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10)');
    await run('INSERT INTO logs VALUES (1), (2)');
    await run('CREATE MATERIALIZED VIEW kept AS SELECT * FROM users');
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.execute('DROP MATERIALIZED VIEW kept');` });
    await project.migrator.upgrade();
    await project.write({ id: 'cccc', down: 'bbbb', upgrade: `op.dropTable('logs_1');` });
    await expect(project.open().upgrade()).rejects.toMatchObject({
      details: { losses: [{ revision: 'cccc', table: 'logs_1', rows: 2 }] },
    });
  });
});
