import { expect, it, onTestFinished } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import type { Connection } from '../../../src/engine/connection.js';
import { createEngine } from '../../../src/engine/create-engine.js';
import { VersionTable } from '../../../src/runtime/version-table.js';
import { EMPTY_SCHEMA, type Schema } from '../../../src/schema/table.js';
import { describeEach } from '../../support/describe-each.js';
import { createDatabase, dump, findChanges, reflectAll, run, servers } from './support/database.js';

const MODES = ['ANSI', 'NO_BACKSLASH_ESCAPES', 'PAD_CHAR_TO_FULL_LENGTH', 'TRADITIONAL', 'HIGH_NOT_PRECEDENCE', ''];
const MARIADB_MODES = [
  'ORACLE',
  'MSSQL',
  'MYSQL40',
  'NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,NO_KEY_OPTIONS',
  'EMPTY_STRING_IS_NULL',
];

const TABLES = [
  "CREATE TABLE parent (id int PRIMARY KEY AUTO_INCREMENT, code varchar(20) NOT NULL DEFAULT 'a\\\\b') COMMENT 'back\\\\slash ''q'' \"d\"\\nline'",
  `CREATE TABLE t (id bigint unsigned PRIMARY KEY, parent int,
     kind enum('a\\\\b', 'it''s', '"q"') NOT NULL DEFAULT 'a\\\\b' COMMENT 'c\\\\c', day date, c char(10) NOT NULL DEFAULT 'x', z int,
     v varchar(50) GENERATED ALWAYS AS (concat(c, '\\\\', '"')) VIRTUAL,
     KEY by_c (c(3)) USING BTREE COMMENT 'i\\\\i', CONSTRAINT fk FOREIGN KEY (parent) REFERENCES parent (id),
     CONSTRAINT ck CHECK (c <> '\\\\' AND NOT (z BETWEEN 1 AND 0))) ROW_FORMAT=DYNAMIC`,
  `CREATE TABLE p (id int NOT NULL, name varchar(10) NOT NULL)
     PARTITION BY LIST COLUMNS (name) (PARTITION p0 VALUES IN ('a', 'b''c'), PARTITION p1 VALUES IN ('"x"'))`,
  "CREATE VIEW w AS SELECT concat(c, '\\\\', '\"') AS x FROM t WHERE kind <> 'a\\\\b'",
];

const ROUTINES = [
  "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.c = concat('\\\\', \"it's\")",
  'CREATE PROCEDURE pr(OUT b varchar(20)) SQL SECURITY INVOKER SET b = concat("x", \'\\\\\')',
  'CREATE FUNCTION fn(a int) RETURNS varchar(20) DETERMINISTIC NO SQL RETURN concat("x", \'\\\\\', a)',
  `CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE COMMENT 'e\\\\e ''q'''
     DO DELETE FROM p WHERE name IN ("x\\\\", 'it''s', 'a\\nb')`,
];

const SHOWN = [
  ['EVENT ev', 'Create Event'],
  ['FUNCTION fn', 'Create Function'],
  ['PROCEDURE pr', 'Create Procedure'],
  ['TRIGGER tr', 'SQL Original Statement'],
  ['VIEW w', 'Create View'],
] as const;

/** Each object in the words of the server and, where it keeps one, with the mode that it is read in. */
async function dumpObjects(connection: Connection): Promise<unknown[]> {
  const { rows } = await connection.execute('SELECT @@sql_mode AS mode, DATABASE() AS name');
  await connection.execute("SET sql_mode = ''");
  const shown: unknown[] = [];
  for (const [what, column] of SHOWN) {
    const [row] = (await connection.execute(`SHOW CREATE ${what}`)).rows;
    const text = String(row?.[column]).replaceAll(`\`${String(rows[0]?.['name'])}\`.`, '');
    shown.push(text, /NO_BACKSLASH_ESCAPES|ANSI_QUOTES/.test(String(row?.['sql_mode'])));
  }
  await connection.execute(`SET sql_mode = '${String(rows[0]?.['mode'])}'`);
  return shown;
}

/** What `aludel reflect` writes: a trigger by its statement. */
function asModels(live: Schema): Schema {
  const objects = live.objects?.map(({ source: _source, ...object }, i) => ({
    ...object,
    definition: live.objects?.[i]?.source ?? object.definition,
  }));
  return objects === undefined ? live : { ...live, objects };
}

describeEach(servers, 'what a session on $name was told', ({ name, dialect, url }) => {
  const modes = name === 'mariadb' ? [...MODES, ...MARIADB_MODES] : MODES;
  const others = modes.map((mode) => `sql_mode = '${mode}'`);
  const told = [...others, 'sql_select_limit = 1', "time_zone = '-05:00'"];

  const load = async (statements: readonly string[]): Promise<Connection> => {
    const connection = await (await createDatabase(url)).connect();
    for (const statement of statements) await connection.execute(statement);
    return connection;
  };
  const create = (live: Schema, connection: Connection): Promise<void> =>
    run(dialect, connection, compareSchemas(EMPTY_SCHEMA, live, dialect.capabilities));

  it('changes nothing in what is read, and comes back behind that', { timeout: 60_000 }, async () => {
    const connection = await load(TABLES);
    const usual = await reflectAll(dialect, connection);
    const settings = 'SELECT @@sql_mode, @@sql_select_limit, @@time_zone';
    for (const setting of told) {
      await connection.execute(`SET ${setting}`);
      const before = (await connection.execute(settings)).rows;
      expect(await reflectAll(dialect, connection), setting).toEqual(usual);
      expect((await connection.execute(settings)).rows).toEqual(before);
      await connection.execute("SET sql_mode = DEFAULT, sql_select_limit = DEFAULT, time_zone = '+00:00'");
    }
  });

  it.each(['ANSI', 'NO_BACKSLASH_ESCAPES', ''])(
    'lets a database be made again, routines with the mode that they are read in: %j',
    async (mode) => {
      const source = await load([...TABLES, ...ROUTINES]);
      const target = await load([`SET sql_mode = '${mode}'`]);
      await source.execute(`SET sql_mode = '${mode}'`);
      const live = asModels(await reflectAll(dialect, source));
      expect(await findChanges(dialect, source, live)).toEqual([]);
      await create(live, target);
      expect(await findChanges(dialect, target, live)).toEqual([]);
      expect(await dumpObjects(target)).toEqual(await dumpObjects(source));
      for (const connection of [source, target]) await connection.execute("SET sql_mode = ''");
      expect(await dump(target)).toBe(await dump(source));
    },
  );

  it('leaves raw SQL and the bodies of models in the mode of the session', async () => {
    const connection = await load(["SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", 'CREATE TABLE t (a text)']);
    const body = `CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW."a" = '\\'`;
    await run(dialect, connection, [
      { kind: 'execute', sql: body, params: [], reverse: null },
      { kind: 'setTableComment', table: { namespace: null, name: 't' }, comment: 'a\\b', existing: null },
    ]);
    await connection.execute("INSERT INTO t VALUES ('b')");
    expect((await connection.execute('SELECT a FROM t')).rows).toEqual([{ a: '\\' }]);
    expect((await reflectAll(dialect, connection)).tables[0]?.comment).toBe('a\\b');
  });

  it('may come from onConnect', async () => {
    const { url: database } = await createDatabase(url);
    const mode = name === 'mariadb' ? 'ORACLE,EMPTY_STRING_IS_NULL' : 'PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES';
    const engine = createEngine(database, {
      onConnect: async (opened) => void (await opened.execute(`SET sql_mode = '${mode}'`)),
    });
    onTestFinished(() => engine.dispose());
    const connection = await engine.connect();
    await connection.execute("SET sql_mode = ''");
    await connection.execute("CREATE TABLE t (a date, b blob, c char(3) NOT NULL DEFAULT '', d timestamp NULL)");
    const wanted = (await connection.execute('SHOW CREATE TABLE t')).rows;
    const models = await reflectAll(dialect, connection);
    await connection.execute('DROP TABLE t');
    await connection.execute(`SET sql_mode = '${mode}'`);
    await create(models, connection);
    expect(await findChanges(dialect, connection, models)).toEqual([]);
    await connection.execute("SET sql_mode = ''");
    expect((await connection.execute('SHOW CREATE TABLE t')).rows).toEqual(wanted);
  });

  it('may be another engine for tables that name none', async () => {
    const setting = "SET default_storage_engine = 'MyISAM'";
    const connection = await load(['CREATE TABLE t (a int PRIMARY KEY) ENGINE=InnoDB', setting]);
    const models = await reflectAll(dialect, connection);
    const other = await load([setting]);
    await create(models, other);
    await new VersionTable(other, dialect, { version: 'heads', log: 'logged', namespace: null }).ensure();
    const { rows } = await other.execute(
      'SELECT DISTINCT ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
    );
    expect(rows).toEqual([{ engine: 'InnoDB' }]);
  });

  it.skipIf(name === 'mariadb')('may be that every table needs a primary key, or gets one', async () => {
    const connection = await load(['CREATE TABLE t (a int CHECK (a > 1))', 'CREATE VIEW w AS SELECT a FROM t']);
    const models = await reflectAll(dialect, connection);
    const respelled = {
      ...models,
      tables: models.tables.map((table) => ({
        ...table,
        checks: table.checks.map((check) => ({ ...check, expression: { kind: 'sql' as const, parts: ['a>1'] } })),
      })),
    };
    await connection.execute('SET sql_require_primary_key = 1');
    expect(await findChanges(dialect, connection, respelled)).toEqual([]);
    await connection.execute('SET sql_require_primary_key = 0, sql_generate_invisible_primary_key = 1');
    const other = await load(['SET sql_generate_invisible_primary_key = 1']);
    await create(models, other);
    expect(await dump(other)).toContain('`my_row_id`');
    expect(await findChanges(dialect, other, respelled)).toEqual([]);
  });
});
