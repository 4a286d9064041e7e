import { asDefault, asGenerated, inCheck, inIndex, inView, inWhere, type Spelled } from './spelled.js';

export const SQLITE_COLUMNS = 'a INTEGER, b INTEGER, n NUMERIC, t TEXT, d TEXT, j TEXT, f INTEGER';

/** SQLite keeps what was written: spellings are other spaces, comments, letters of keywords, and brackets around the whole. */
export const SQLITE: readonly Spelled[] = [
  inCheck('a IN (1, 2, 3)', 'a in (1,2,3)', 'a IN (1, 2)'),
  inCheck('a BETWEEN 1 AND 9', 'a between 1 and 9', 'a BETWEEN 1 AND 10'),
  inCheck("t LIKE 'x%'", "t like 'x%' /* starts */", "t LIKE 'y%'"),
  inCheck("json_extract(j, '$.a') = 'x'", "json_extract( j, '$.a' )='x'", "json_extract(j, '$.b') = 'x'"),
  inCheck(
    'CASE WHEN a > 1 THEN b ELSE a END > 0',
    'case when a > 1 then b else a end > 0',
    'CASE WHEN a > 1 THEN a ELSE b END > 0',
  ),
  inCheck("cast(a AS TEXT) = '1'", "cast(a as TEXT)='1'", "cast(b AS TEXT) = '1'"),
  asDefault('INTEGER', '(1 + 2)', '( 1+2 )', '(1 + 3)'),
  asDefault('TEXT', 'CURRENT_TIMESTAMP', 'current_timestamp', 'CURRENT_DATE'),
  asDefault('INTEGER', "'5'", '5', '6'),
  asDefault('INTEGER', '7', '7.0', "'seven'"),
  asDefault('TEXT', "'5'", '5', "'05'"),
  asDefault('NUMERIC', '1.50', "'1.5'", "'1.51'"),
  asDefault('BOOLEAN', 'TRUE', "'1'", 'FALSE'),
  asDefault('TEXT', 'open', "'open'", "'Open'"),
  asDefault('BLOB', "'5'", '("5")', '5'),
  asGenerated('INTEGER', 'a + b * 2', 'a+b*2', '(a + b) * 2'),
  inIndex('lower(t)', 'lower( t )', 'upper(t)'),
  inWhere('a > 1 AND f IS NOT NULL', 'a>1 and f is not null', 'a > 1 AND f IS NULL'),
  inView('SELECT a, b FROM base WHERE a > 1', 'select a, b from base where a > 1', 'SELECT a, b FROM base WHERE a > 2'),
];
