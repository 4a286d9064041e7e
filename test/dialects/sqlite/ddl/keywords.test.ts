import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { isReservedWord, isTypeWord } from '../../../../src/dialects/sqlite/ddl/keywords.js';

// https://www.sqlite.org/lang_keywords.html
const KEYWORDS =
  `ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
  CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME
  CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT
  EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF
  IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT
  MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA
  PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT
  ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE
  USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHIN WITHOUT TRUE FALSE ROWID STRICT STORED`.split(/\s+/);

/** The first column of the table, or nothing if SQLite refuses the table. */
function readColumn(sql: string): unknown {
  const db = new Database(':memory:');
  try {
    db.exec(sql);
    return db.prepare("SELECT name, type FROM pragma_table_info('t')").get();
  } catch {
    return undefined;
  } finally {
    db.close();
  }
}

test('a word is reserved exactly when SQLite refuses it as the name of a column', () => {
  const refused = KEYWORDS.filter((word) => readColumn(`CREATE TABLE t (${word} int)`) === undefined);
  expect(KEYWORDS.filter(isReservedWord)).toEqual(refused);
  expect(refused.length).toBeGreaterThan(50);
});

test('a word can be part of a type exactly when SQLite takes it for one', () => {
  for (const word of KEYWORDS) {
    const type = `x ${word} y`;
    const isTaken = JSON.stringify(readColumn(`CREATE TABLE t (a ${type})`)) === JSON.stringify({ name: 'a', type });
    expect([word, isTypeWord(word)]).toEqual([word, isTaken]);
  }
});
