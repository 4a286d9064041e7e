import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createMigrator } from 'aludel';
import { describe, expect, it } from 'vitest';
import type { DialectName } from '../servers/test-dialects.js';
import { createDatabase, dialects, type TestDialect } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';

/** What public schemas hold, as they say it: the smallest example of each thing that models once could not say. */
interface DdlCase {
  readonly name: string;
  readonly ddl: Partial<Record<DialectName, readonly string[]>>;
}

const ONE_TABLE = ['CREATE TABLE parents (id integer PRIMARY KEY)'];
const NAMESAKES = [
  ...ONE_TABLE,
  `CREATE TABLE children (id integer PRIMARY KEY, parent_id integer, n integer,
     CONSTRAINT same FOREIGN KEY (parent_id) REFERENCES parents (id), CONSTRAINT other CHECK (n > 0))`,
  'CREATE INDEX same ON children (parent_id)',
  'CREATE INDEX other ON children (n)',
];
const PREFIXES = [
  'CREATE TABLE t (a text NOT NULL, b varchar(200) NOT NULL, n int NOT NULL, PRIMARY KEY (a(20), n, b(5)))',
  'CREATE TABLE one (a tinyblob NOT NULL, PRIMARY KEY (a(10)))',
];
const IN_MEMORY = [
  `CREATE TABLE t (a int PRIMARY KEY, b int, c int, d int, KEY b (b), KEY c (c) USING HASH, KEY d (d) USING BTREE)
     ENGINE = MEMORY`,
];

const COLLATIONS = [
  `CREATE TABLE t (a varchar(9) COLLATE utf8mb4_bin NOT NULL, b varchar(9), c text CHARACTER SET latin1,
     d enum('x') COLLATE utf8mb4_bin, n int) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
];

const CASES: readonly DdlCase[] = [
  {
    name: 'a foreign key and a check that bear the names of indexes',
    ddl: {
      postgres: NAMESAKES,
      mysql: NAMESAKES,
      mariadb: NAMESAKES,
      sqlite: NAMESAKES,
    },
  },
  { name: 'a primary key over the first characters of columns', ddl: { mysql: PREFIXES, mariadb: PREFIXES } },
  { name: 'the usual access method of an engine, said or not', ddl: { mysql: IN_MEMORY, mariadb: IN_MEMORY } },
  { name: "collations of columns, the table's own among them", ddl: { mysql: COLLATIONS, mariadb: COLLATIONS } },
  {
    name: 'a default that is a number in other words',
    ddl: { sqlite: ['CREATE TABLE t (a varchar(9) DEFAULT 00, b integer DEFAULT -0, c integer DEFAULT 12)'] },
  },
  {
    name: 'foreign keys to tables that are not there',
    ddl: {
      sqlite: [
        'CREATE TABLE a (id integer PRIMARY KEY, b integer REFERENCES nowhere, c integer REFERENCES "no where" (id))',
      ],
    },
  },
  {
    name: 'foreign keys from and to columns that come from a parent',
    ddl: {
      postgres: [
        'CREATE TABLE codes (id integer PRIMARY KEY)',
        'CREATE TABLE notes (ref_id integer, class integer)',
        'CREATE TABLE own_notes (extra text, PRIMARY KEY (ref_id)) INHERITS (notes)',
        'ALTER TABLE own_notes ADD CONSTRAINT to_code FOREIGN KEY (ref_id) REFERENCES codes (id)',
        'CREATE TABLE readers (note_id integer REFERENCES own_notes (ref_id))',
      ],
    },
  },
  {
    name: 'texts that look like names of other namespaces',
    ddl: {
      postgres: [
        'CREATE SCHEMA app',
        'CREATE TABLE app.notes (id integer)',
        "CREATE VIEW app.sources AS SELECT id, 'app.notes'::text AS source FROM app.notes",
        "COMMENT ON VIEW app.sources IS 'metadata of app.notes without the notes'",
      ],
    },
  },
  {
    name: 'a default that counts with the serial of another table',
    ddl: {
      postgres: [
        'CREATE TABLE a (id serial PRIMARY KEY)',
        "CREATE TABLE b (id integer DEFAULT nextval('a_id_seq'), CHECK (id + 1 > 1))",
      ],
    },
  },
  {
    name: 'functions that are looked up when they are made, and others that are not',
    ddl: {
      postgres: [
        'CREATE TABLE settings (key text PRIMARY KEY, value integer)',
        `CREATE FUNCTION next_number(name text) RETURNS integer LANGUAGE sql AS
           'UPDATE settings SET value = value + 1 WHERE key = name RETURNING value'`,
        "CREATE TABLE entities (id integer PRIMARY KEY, number integer DEFAULT next_number('entities'))",
        `CREATE FUNCTION find_entity(which integer) RETURNS entities LANGUAGE plpgsql AS $$
           DECLARE found entities; BEGIN PERFORM count_entities(); RETURN found; END $$`,
        `CREATE FUNCTION count_entities() RETURNS bigint LANGUAGE sql AS
           'SELECT count(*) FROM entities WHERE find_entity(id) IS NOT NULL'`,
        "CREATE FUNCTION plus(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 + 1'",
        "CREATE FUNCTION plus(text) RETURNS integer LANGUAGE sql AS 'SELECT plus(length($1))'",
      ],
    },
  },
];

/** From the DDL to models, and from these to an empty database and back. */
async function goRound(ddl: readonly string[], dialect: TestDialect): Promise<void> {
  const [source, target] = [await createDatabase(dialect), await createDatabase(dialect)];
  // Inside the repository, so that "aludel" is found from there.
  const folder = await mkdtemp(resolve('.reflect-'));
  const open = ({ url }: { url: string }) =>
    createMigrator({ cwd: folder, config: { url, migrations: 'migrations', models: 'models.ts' } });
  try {
    await mkdir(join(folder, 'migrations'));
    await executeSql(source.url, ddl);
    const wanted = await dumpDatabase(source.url);
    const { leftOut } = await open(source).reflect({ output: join(folder, 'models.ts') });
    expect(leftOut).toEqual([]);
    expect((await open(source).check()).descriptions, 'the models and their database').toEqual([]);
    const { file } = await open(target).revision({ autogenerate: true, message: 'all' });
    expect(await readFile(file ?? '', 'utf8')).not.toContain('op.execute(');
    await open(target).upgrade('head');
    expect(await dumpDatabase(target.url), 'dump after the upgrade').toEqual(wanted);
    expect((await open(target).check()).descriptions, 'the models and the upgraded database').toEqual([]);
    await open(target).downgrade('base', { allowLoss: true });
    expect(await dumpDatabase(target.url), 'dump at base').toEqual([]);
  } finally {
    await Promise.all([source.drop(), target.drop(), rm(folder, { recursive: true, force: true })]);
  }
}

describe.concurrent.each(dialects)('models reflected from the DDL of $name', (dialect) => {
  const cases = CASES.flatMap(({ name, ddl }) => {
    const statements = ddl[dialect.name];
    return statements === undefined ? [] : [[name, statements] as const];
  });

  it.each(cases)('say %s', (_name, ddl) => goRound(ddl, dialect));
});
