/**
 * The words that SQLite never takes for a name unless they are quoted: its keyword table less the words that its
 * grammar falls back from (`%fallback ID` in parse.y), less INDEXED and the join words, which `nm` accepts.
 */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE DELETE ' +
    'DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS ISNULL JOIN ' +
    'LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO TRANSACTION ' +
    'UNION UNIQUE UPDATE USING VALUES WHEN WHERE'
  ).split(' '),
);

/** Words that can name a table or a column but cannot be part of a type (`ids` against `idj` in parse.y). */
const NAMES_BUT_NOT_TYPES: ReadonlySet<string> = new Set(
  'CROSS FULL INDEXED INNER LEFT NATURAL OUTER RIGHT'.split(' '),
);

const CLOCK_WORDS: ReadonlySet<string> = new Set(['CURRENT_DATE', 'CURRENT_TIME', 'CURRENT_TIMESTAMP']);

/** Whether SQLite refuses the unquoted word as a name. Letter case does not matter. */
export function isReservedWord(word: string): boolean {
  return RESERVED_WORDS.has(word.toUpperCase());
}

/** Whether the unquoted word can be part of a column's declared type. */
export function isTypeWord(word: string): boolean {
  return !isReservedWord(word) && !NAMES_BUT_NOT_TYPES.has(word.toUpperCase());
}

/** Whether the unquoted word is the date or the time wherever an expression stands, even if a column is called so. */
export function isClockWord(word: string): boolean {
  return CLOCK_WORDS.has(word.toUpperCase());
}

/** Whether the unquoted word can stand for a value where a name could stand, so that `TRUE` and `"TRUE"` differ. */
export function isValueWord(word: string): boolean {
  return isClockWord(word) || /^(?:true|false)$/i.test(word);
}
