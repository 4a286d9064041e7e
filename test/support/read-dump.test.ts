import { describe, expect, it } from 'vitest';
import { readMysqlDump, readPostgresDump, readSqliteSchema } from './read-dump.js';

const entry = (name: string, type: string, body: string): string =>
  `--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: -\n--\n\n${body}\n\n\n`;

describe('readPostgresDump', () => {
  it('leaves out SET, comments and the restrict lines', () => {
    const dump = `--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n${entry('t', 'TABLE', "SET default_tablespace = '';\n\nCREATE TABLE public.t (\n    a integer\n);")}--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n`;
    expect(readPostgresDump(dump)).toEqual(['CREATE TABLE public.t (\n    a integer\n)']);
  });

  it('says where tables and indexes lie, and how tables are stored', () => {
    const dump =
      entry(
        't',
        'TABLE',
        'SET default_tablespace = fast;\n\nSET default_table_access_method = heap2;\n\nCREATE TABLE public.t (\n    a integer\n);',
      ) +
      entry('i', 'INDEX', 'CREATE INDEX i ON public.t USING btree (a);') +
      entry(
        'u',
        'TABLE',
        "SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\nCREATE TABLE public.u (\n    a integer\n);",
      );
    expect(readPostgresDump(dump)).toEqual([
      'CREATE INDEX i ON public.t USING btree (a)\nTABLESPACE fast',
      'CREATE TABLE public.t (\n    a integer\n)\nUSING heap2\nTABLESPACE fast',
      'CREATE TABLE public.u (\n    a integer\n)',
    ]);
  });

  it('sorts the lines inside CREATE TABLE, whatever their commas', () => {
    const ab = entry('t', 'TABLE', 'CREATE TABLE public.t (\n    a integer,\n    b text\n)\nPARTITION BY LIST (a);');
    const ba = entry('t', 'TABLE', 'CREATE TABLE public.t (\n    b text,\n    a integer\n)\nPARTITION BY LIST (a);');
    expect(readPostgresDump(ab)).toEqual(readPostgresDump(ba));
  });

  it('keeps a difference in a type, a name or a statement', () => {
    const dumps = ['a integer', 'a bigint', 'b integer'].map((line) =>
      readPostgresDump(entry('t', 'TABLE', `CREATE TABLE public.t (\n    ${line}\n);`)),
    );
    expect(new Set(dumps.map((dump) => dump.join())).size).toBe(3);
  });

  it('keeps a function with semicolons in one piece', () => {
    const dollar =
      'CREATE FUNCTION public.f() RETURNS void\n    LANGUAGE plpgsql\n    AS $$ BEGIN a; -- no\nb; END $$;';
    const atomic = 'CREATE FUNCTION public.g() RETURNS integer\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT 1;\nEND;';
    const dump = entry('f()', 'FUNCTION', dollar) + entry('g()', 'FUNCTION', atomic);
    expect(readPostgresDump(dump)).toEqual([dollar, atomic]);
  });

  it("leaves out Aludel's own tables and nothing with a similar name", () => {
    const names = ['aludel_version', 'aludel_log', 'aludel_logs', 'my_aludel_log'];
    const dump = names.map((name) => entry(name, 'TABLE', `CREATE TABLE public.${name} (\n    a integer\n);`)).join('');
    const sequence = entry(
      'aludel_log_id_seq',
      'SEQUENCE',
      'CREATE SEQUENCE public.aludel_log_id_seq\n    START WITH 1;',
    );
    expect(readPostgresDump(dump + sequence).map((sql) => sql.split(' ')[2])).toEqual([
      'public.aludel_logs',
      'public.my_aludel_log',
    ]);
  });
});

describe('readMysqlDump', () => {
  it('leaves out SET, comments and the counter of AUTO_INCREMENT, and sorts the lines of a table', () => {
    const dump =
      '/*M!999999\\- enable the sandbox mode */ \n/*!40101 SET character_set_client = utf8mb4 */;\nCREATE TABLE `t` (\n' +
      "  `b` int NOT NULL COMMENT 'AUTO_INCREMENT=3; \\' x',\n  `a` int NOT NULL AUTO_INCREMENT,\n  PRIMARY KEY (`a`)\n" +
      ') ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4;\nSET character_set_client = @saved_cs_client;\n';
    expect(readMysqlDump(dump)).toEqual([
      'CREATE TABLE `t` (\n  PRIMARY KEY (`a`)\n  `a` int NOT NULL AUTO_INCREMENT\n' +
        "  `b` int NOT NULL COMMENT 'AUTO_INCREMENT=3; \\' x'\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
    ]);
  });

  it('reads conditional comments as part of the schema', () => {
    const visible = readMysqlDump('CREATE TABLE `t` (\n  `a` int\n) ENGINE=InnoDB;\n');
    expect(readMysqlDump('CREATE TABLE `t` (\n  `a` int /*!80023 INVISIBLE */\n) ENGINE=InnoDB;\n')).not.toEqual(
      visible,
    );
  });

  it('keeps a trigger with semicolons in one piece', () => {
    const dump =
      'DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `r` BEFORE INSERT ON `t` FOR EACH ROW BEGIN\n' +
      "  SET NEW.a = 'x;;';\n  SET NEW.b = 1;\nEND */;;\nDELIMITER ;\n/*!50003 SET sql_mode = @saved_sql_mode */ ;\n";
    expect(readMysqlDump(dump)).toEqual([
      "CREATE DEFINER=`root`@`%` TRIGGER `r` BEFORE INSERT ON `t` FOR EACH ROW BEGIN\n  SET NEW.a = 'x;;';\n  SET NEW.b = 1;\nEND",
    ]);
  });
});

describe('readSqliteSchema', () => {
  it('does not see white space, quoting, letter case outside strings, comments or column order', () => {
    const one = 'CREATE TABLE "Users" (id INTEGER PRIMARY KEY, [name] TEXT DEFAULT \'A b\', CHECK (id IN (1, 2)))';
    const other =
      "create table users(\n  `NAME` text -- who\n DEFAULT 'A b', id integer primary key,\nCHECK(id in(1,2)))";
    expect(readSqliteSchema([one])).toEqual(readSqliteSchema([other]));
  });

  it('sees letter case inside strings, and options after the columns', () => {
    const texts = [
      "CREATE TABLE t (a DEFAULT 'x')",
      "CREATE TABLE t (a DEFAULT 'X')",
      "CREATE TABLE t (a DEFAULT 'x') STRICT",
    ];
    expect(new Set(texts.map((sql) => readSqliteSchema([sql]).join())).size).toBe(3);
  });

  it("leaves out Aludel's own tables and their indexes", () => {
    const own = ['CREATE TABLE "aludel_version" (version_num)', 'CREATE INDEX i ON aludel_log (started)'];
    expect(readSqliteSchema([...own, 'CREATE INDEX i ON t (aludel_logs)'])).toEqual([
      'create index i on t ( aludel_logs )',
    ]);
  });
});
