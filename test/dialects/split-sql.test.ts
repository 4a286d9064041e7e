import { describe, expect, it } from 'vitest';
import { splitSql } from '../../src/dialects/split-sql.js';
import type { DialectName } from '../../src/engine/connection.js';

const split = (text: string, dialect: DialectName): string[] => splitSql(text, dialect).map(({ sql }) => sql);
const ALL: readonly DialectName[] = ['sqlite', 'postgres', 'mysql', 'mariadb'];

describe.each(ALL)('splitSql for %s', (dialect) => {
  it('cuts at semicolons outside of quotes and comments', () => {
    const text = `-- one; two\nSELECT 'a;''b', "c;d" /* ; */ ;\n\n;SELECT 2; -- end;\n`;
    expect(split(text, dialect)).toEqual([`SELECT 'a;''b', "c;d"`, 'SELECT 2']);
  });

  it('takes the last statement without a semicolon, and nothing of comments alone', () => {
    expect(split('SELECT 1;\nSELECT 2\n', dialect)).toEqual(['SELECT 1', 'SELECT 2']);
    expect(split('-- nothing\n/* at all */', dialect)).toEqual([]);
  });

  it.each([`SELECT 'a`, 'SELECT 1; SELECT "b', 'SELECT 1 /* c'])('knows that %j ends too early', (text) => {
    expect(splitSql(text, dialect).at(-1)).toMatchObject({ isOpen: true });
  });
});

describe('splitSql keeps together', () => {
  const whole: readonly (readonly [DialectName, string])[] = [
    ['postgres', `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$`],
    ['postgres', `CREATE FUNCTION f() RETURNS int AS $a$ SELECT '$$;'; $a$ LANGUAGE sql`],
    ['postgres', `CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END`],
    ['postgres', `CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM b; DELETE FROM c)`],
    ['postgres', `SELECT E'a\\';b', $1, a$b$c FROM t /* x /* ; */ ; */ WHERE true`],
    ['sqlite', `CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; DELETE FROM c; END`],
    ['sqlite', `CREATE TEMP TRIGGER IF NOT EXISTS t AFTER INSERT ON a BEGIN SELECT 1; END`],
    ['sqlite', `SELECT [a;b], 'c\\'`],
    [
      'mysql',
      `CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF NEW.x > 1 THEN SET NEW.x = 1; END IF; SET NEW.y = 2; END`,
    ],
    ['mysql', `CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = IF(NEW.x > 1, 1, NEW.x)`],
    [
      'mysql',
      `CREATE PROCEDURE p() BEGIN DECLARE i INT DEFAULT 0; w: WHILE i < 3 DO SET i = i + 1; END WHILE w; REPEAT SET i = i - 1; UNTIL i = 0 END REPEAT; LOOP SET i = REPEAT('1', 2); END LOOP; CASE i WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE; END`,
    ],
    [
      'mysql',
      `CREATE DEFINER=\`a\`@\`%\` FUNCTION f(x INT) RETURNS INT DETERMINISTIC BEGIN IF (x > 1) AND (x < 3) THEN RETURN CASE WHEN x THEN IF(x, 1, 2) ELSE 3 END; ELSEIF x THEN RETURN 4; END IF; RETURN 5; END`,
    ],
    [
      'mysql',
      `CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; END; START TRANSACTION; SELECT a.end FROM a FOR UPDATE; COMMIT; END`,
    ],
    ['mysql', `SELECT 'it\\'s; so', "a\\";", \`b;\` # comment;\n FROM t`],
    ['mysql', `CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; DELETE FROM b; END`],
    ['mysql', `/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */`],
    ['mariadb', `BEGIN NOT ATOMIC IF 1 THEN SELECT 1; END IF; FOR i IN 1..3 DO SELECT i; END FOR; END`],
  ];
  it.each(whole)('%s: %s', (dialect, sql) => {
    expect(splitSql(`${sql};\nSELECT 'next';`, dialect)).toEqual([
      { sql, start: 0, isOpen: false },
      { sql: `SELECT 'next'`, start: sql.length + 2, isOpen: false },
    ]);
  });

  it.each([
    ['sqlite', 'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;'],
    ['mysql', 'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1;'],
    ['postgres', 'CREATE FUNCTION f() RETURNS int AS $$ SELECT 1;'],
  ] as const)('%s: what ends too early, as %s', (dialect, sql) => {
    expect(splitSql(sql, dialect).at(-1)).toMatchObject({ isOpen: true });
  });
});

describe('splitSql knows what the own clients of the databases read themselves', () => {
  const MYSQL = [
    'SELECT 1;',
    'DELIMITER ;;',
    "/*!50003 CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET @x = ';;'; END */;;",
    '-- of the next one',
    'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END ;;',
    'delimiter $$',
    'CREATE PROCEDURE q() BEGIN SELECT `$$`; END$$',
    'DELIMITER ;',
    'SELECT 3',
  ].join('\n');

  it.each(['mysql', 'mariadb'] as const)('%s: DELIMITER, as in dumps with triggers', (dialect) => {
    const statements = splitSql(MYSQL, dialect);
    expect(statements.map(({ sql }) => sql)).toEqual([
      'SELECT 1',
      "/*!50003 CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW BEGIN SET @x = ';;'; END */",
      'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END',
      'CREATE PROCEDURE q() BEGIN SELECT `$$`; END',
      'SELECT 3',
    ]);
    for (const { sql, start } of statements) expect(MYSQL.startsWith(sql, start)).toBe(true);
  });

  it.each(['mysql', 'mariadb'] as const)('%s: DELIMITER in a text or a comment is none', (dialect) => {
    expect(split("SELECT '\nDELIMITER ;;\n';\n/*\nDELIMITER $$\n*/ SELECT 2;", dialect)).toEqual([
      "SELECT '\nDELIMITER ;;\n'",
      'SELECT 2',
    ]);
  });

  it("postgres: the two lines that guard pg_dump's output", () => {
    const dump = '\\restrict aB3\n\nSET a = 1;\nCREATE TABLE t (id integer);\n\n\\unrestrict aB3\n';
    expect(split(dump, 'postgres')).toEqual(['SET a = 1', 'CREATE TABLE t (id integer)']);
    expect(splitSql(dump, 'postgres')[0]?.start).toBe(dump.indexOf('SET'));
  });
});
