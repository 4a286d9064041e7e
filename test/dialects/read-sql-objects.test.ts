import { expect, it } from 'vitest';
import { readSqlObjects } from '../../src/dialects/read-sql-objects.js';
import type { DialectName } from '../../src/engine/connection.js';

const read = (sql: string, dialect: DialectName = 'postgres') => readSqlObjects(sql, 'db/all.sql', dialect);
const named = (sql: string, dialect?: DialectName) =>
  read(sql, dialect).declared.map(({ kind, namespace, name, table }) => [kind, namespace, name, table?.name ?? null]);

it('tells what each statement makes, and of which table', () => {
  const sql = `-- all; of it
    CREATE OR REPLACE VIEW app."Active" AS SELECT ';' AS x;
    CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;
    CREATE UNIQUE INDEX ix ON totals (one);
    CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
    CREATE TRIGGER t BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION f();`;
  expect(named(sql)).toEqual([
    ['view', 'app', 'Active', null],
    ['materializedView', null, 'totals', null],
    ['viewIndex', null, 'ix', 'totals'],
    ['function', null, 'f', null],
    ['trigger', null, 't', 'users'],
  ]);
});

it('knows kinds of several words, operators by their signs, and what has no name of its own by its statement', () => {
  const sql = `CREATE TEXT SEARCH CONFIGURATION app.words (PARSER = "default");
    CREATE EVENT TRIGGER looking ON ddl_command_end EXECUTE FUNCTION look();
    CREATE OPERATOR CLASS backwards FOR TYPE integer USING btree AS OPERATOR 1 >;
    CREATE OPERATOR app.=~= (FUNCTION = f, LEFTARG = text, RIGHTARG = text);
    CREATE OPERATOR @> (FUNCTION = f, LEFTARG = text, RIGHTARG = text);
    CREATE CAST (text AS pair) WITH INOUT`;
  expect(named(sql)).toEqual([
    ['textSearchConfiguration', 'app', 'words', null],
    ['eventTrigger', null, 'looking', null],
    ['operatorClass', null, 'backwards', null],
    ['operator', 'app', '=~=', null],
    ['operator', null, '@>', null],
    ['cast', null, 'CREATE CAST (text AS pair) WITH INOUT', null],
  ]);
  expect(named('CREATE VIRTUAL TABLE words USING fts5(a)', 'sqlite')).toEqual([['virtualTable', null, 'words', null]]);
});

it('keeps bodies with semicolons together, with DELIMITER and without', () => {
  const trigger = 'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.b = 1; SET NEW.c = 2; END';
  const view = 'CREATE VIEW v AS SELECT 1';
  for (const text of [`${trigger};\n${view};`, `DELIMITER //\n${trigger}//\nDELIMITER ;\n${view};`]) {
    expect(read(text, 'mysql').declared.map(({ body }) => body)).toEqual([
      { kind: 'sql', parts: [trigger] },
      { kind: 'sql', parts: [view] },
    ]);
  }
});

it('reads a name without quotes in small letters on PostgreSQL alone', () => {
  expect(named('CREATE VIEW Recent AS SELECT 1', 'postgres')).toEqual([['view', null, 'recent', null]]);
  for (const dialect of ['sqlite', 'mysql', 'mariadb'] as const) {
    expect(named('CREATE VIEW Recent AS SELECT 1', dialect)).toEqual([['view', null, 'Recent', null]]);
  }
});

it('says of what it cannot take the file, the line and why', () => {
  const sql = `CREATE VIEW v AS SELECT 1;\n\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1);\nCREATE VIEW w AS SELECT 'open`;
  expect(read(sql).problems).toEqual([
    'db/all.sql:3: "CREATE TABLE t (id int)" makes no view, function, trigger or other object beside tables.',
    'db/all.sql:4: "INSERT INTO t VALUES (1)" makes no view, function, trigger or other object beside tables.',
    'db/all.sql:5: the file ends in the middle of a statement.',
  ]);
});
