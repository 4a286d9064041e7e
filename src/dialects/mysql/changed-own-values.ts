/**
 * What conversions between types of MySQL and MariaDB change without an error in a strict mode, besides plain numbers and
 * moments: each was tried on both servers. Some values that these refuse are said as well: nothing is lost by that.
 */
import type { ServerVersion } from '../../engine/connection.js';
import type { ColumnType } from '../../schema/types.js';
import { featuresOf } from './features.js';
import { tokenize, unquoteString } from './tokens.js';
import { renderType } from './types.js';

export interface Conversion {
  /** In the server's words. */
  readonly from: string;
  readonly to: string;
}

/** The types of values that a rule is for, by the beginnings of their names, and the condition. */
type Rule = readonly [from: RegExp, to: RegExp, condition: (column: string, conversion: Conversion) => string | null];

const WHOLE = /^(?:tiny|small|medium|big)?int\b/;
const NUMBER = /^(?:(?:tiny|small|medium|big)?int|decimal|float|double|bit|year)\b/;
const TEXT = /^(?:char|varchar|(?:tiny|medium|long)?text)\b/;
const BYTES = /^(?:binary|varbinary|(?:tiny|medium|long)?blob)\b/;
const STRING = new RegExp(`${TEXT.source}|${BYTES.source}`);
const LARGE = /^(?:tiny|medium|long)?(?:text|blob)\b/;
const CHOICE = /^(?:enum|set)\b/;
const DAY = /^(?:date|datetime|timestamp)\b/;
const MOMENT = /^(?:datetime|timestamp)\b/;
const TIME = /^time\b/;
const DOCUMENT = /^json$/;

const RULES: readonly Rule[] = [
  // 1 becomes 2001, and 70 becomes 1970.
  [NUMBER, /^year/, (column) => `${column} BETWEEN 0.5 AND 99`],
  [STRING, /^year/, (column) => `${asText(column)} NOT REGEXP '^(0000|[12][0-9]{3}) *$'`],
  // 70000 becomes 2007-00-00.
  [NUMBER, /^date$/, (column) => `${column} <> 0 AND ${column} NOT BETWEEN ${DAYS}`],
  [NUMBER, MOMENT, (column) => `${column} <> 0 AND ${column} NOT BETWEEN ${DAYS} AND ${column} NOT BETWEEN ${MOMENTS}`],
  [NUMBER, TIME, (column) => `ABS(${column}) > 8385959`],
  // What is before or behind the day moves to another one.
  [TIME, DAY, (column) => `${column} < 0 OR HOUR(${column}) > 23`],
  [TIME, MOMENT, (column, { from, to }) => isCut(column, sizeOf(from) ?? 0, sizeOf(to) ?? 0)],
  [/^year/, TIME, isThere],
  [TIME, /^date$/, isThere],
  [STRING, /^date$/, (column) => `${asText(column)} NOT REGEXP '^${DATE}$'`],
  [STRING, MOMENT, (column, { to }) => `${asText(column)} NOT REGEXP '^${DATE}([T ]${clock(to)})?$'`],
  [STRING, TIME, (column, { to }) => `${asText(column)} NOT REGEXP '^-?([0-9]+ )?${clock(to)}$'`],
  // A negative number becomes a large one.
  [NUMBER, /^bit/, (column) => `${column} < 0`],
  [TIME, /^bit/, (column) => `${column} < 0`],
  // Larger ones become the largest or the smallest.
  [/^(?:float|double)\b/, /^(?:bigint|bit)\b/, (column) => `ABS(${column}) >= 9223372036854775808`],
  [/^bit/, LARGE, isThere],
  [LARGE, /^bit/, (column) => `${asText(column)} NOT REGEXP '^(0|[1-9][0-9]{0,18})$'`],
  // The number at its beginning, or 0.
  [
    LARGE,
    /^(?:(?:tiny|small|medium|big)?int|decimal|float|double)\b/,
    (column) => `${asText(column)} NOT REGEXP '${NUMERAL}'`,
  ],
  [STRING, WHOLE, (column) => `${asText(column)} REGEXP '[.][0-9]*[1-9]'`],
  [STRING, /^bit/, (column) => `${asText(column)} REGEXP '[.][0-9]*[1-9]'`],
  // A length is reached by zeros, which count when bytes are compared; spaces at the end of a CHAR go.
  [/^(?!uuid|inet)/, /^binary\(/, (column, { to }) => `LENGTH(${column}) <> ${sizeOf(to) ?? 1}`],
  [STRING, /^char\b/, (column) => `RIGHT(${column}, 1) = ' '`],
  // A number is the place of a word, or the words of a set as bits; a word takes the letter case of the one that it matches.
  [NUMBER, /^enum/, (column, { to }) => isOtherWord(`ELT(${column}, ${wordsOf(to).map(hex).join(', ')})`, column)],
  [NUMBER, /^set/, (column, { to }) => isOtherWord(`MAKE_SET(${column}, ${wordsOf(to).map(hex).join(', ')})`, column)],
  [CHOICE, NUMBER, (column) => `CONCAT(${column}) <> ${column} + 0`],
  [CHOICE, /^(?:year|date|datetime|timestamp|time)\b/, isThere],
  [STRING, /^enum/, isOther],
  [/^enum/, /^enum/, isOtherCase],
  [/^set/, /^enum/, isOther],
  [STRING, /^set/, isOtherSet],
  [/^enum/, /^set/, isOtherSet],
];

/** MySQL's JSON is a type of its own; MariaDB's is a text. */
const DOCUMENT_RULES: readonly Rule[] = [
  [DOCUMENT, NUMBER, isThere],
  [DOCUMENT, CHOICE, isThere],
  [DOCUMENT, /^(?:date|datetime|timestamp|time)\b/, isThere],
  [TEXT, DOCUMENT, repeatsKey],
  // Its numbers are floating ones.
  [/^decimal/, DOCUMENT, (column) => `${column} <> CAST(${column} + 0e0 AS DECIMAL(65,30))`],
];

/** The conditions under which such a value is changed; each stands in brackets of its own. */
export function changedOwnValues(
  column: string,
  given: { from: ColumnType; to: ColumnType },
  server: ServerVersion,
): string[] {
  const { isMariadb } = featuresOf(server);
  const said = (type: ColumnType): string => renderType(type, server);
  const from = isMariadb ? said(given.from).replace(DOCUMENT, 'longtext') : said(given.from);
  const to = isMariadb ? said(given.to).replace(DOCUMENT, 'longtext') : said(given.to);
  if (from === to) return [];
  return [...RULES, ...(isMariadb ? [] : DOCUMENT_RULES)].flatMap(([before, after, condition]) => {
    const isChanged = before.test(from) && after.test(to) ? condition(column, { from, to }) : null;
    return isChanged === null ? [] : [`(${isChanged})`];
  });
}

const DAYS = '10000101 AND 99991231';
const MOMENTS = '10000101000000 AND 99991231235959.999999';

/** As people write them. Of others the servers guess: `03:04:05` is a day of 2003. */
const DATE = '[0-9]{4}[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,2}';

const NUMERAL = '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$';

/** With the digits that the type holds. */
function clock(to: string): string {
  return `[0-9]{1,3}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{0,${sizeOf(to) ?? 0}}0*)?)?`;
}

function isThere(column: string): string {
  return `${column} IS NOT NULL`;
}

/** To look for a pattern in. MySQL looks for none in bytes; and all bytes are characters here, all others a question mark. */
export function asText(column: string): string {
  return `CONVERT(${column} USING latin1)`;
}

function isCut(column: string, from: number, to: number): string | null {
  return to < from ? `${column} <> CAST(${column} AS TIME(${to}))` : null;
}

function isOtherWord(word: string, column: string): string {
  return `CONVERT(${word} USING utf8mb4) <> CONCAT(${column})`;
}

/** Byte by byte: a collation may take `A` for `a`. */
function isOther(column: string, { to }: Conversion): string {
  return `${bytesOf(column)} NOT IN (${wordsOf(to).map(hex).join(', ')})`;
}

/** Words that go altogether are refused while rows hold them. */
function isOtherCase(column: string, { from, to }: Conversion): string | null {
  const kept = new Set(wordsOf(to));
  const lowered = new Set([...kept].map((word) => word.toLowerCase()));
  const changed = wordsOf(from).filter((word) => !kept.has(word) && lowered.has(word.toLowerCase()));
  return changed.length === 0 ? null : `${bytesOf(column)} IN (${changed.map(hex).join(', ')})`;
}

/** The words that the value has, in the order of the type, are not the value. */
function isOtherSet(column: string, { from, to }: Conversion): string | null {
  if (hasAllOf(from, to)) return null;
  const found = wordsOf(to).map((word) => `IF(FIND_IN_SET(${hex(word)}, ${bytesOf(column)}), ${hex(word)}, NULL)`);
  return `${bytesOf(column)} <> CONCAT_WS(x'2c', ${found.join(', ')})`;
}

/** One that gets more words keeps those of each row. */
function hasAllOf(from: string, to: string): boolean {
  const words = new Set(wordsOf(to));
  return from.startsWith('enum') && wordsOf(from).every((word) => words.has(word));
}

function bytesOf(column: string): string {
  return `CAST(CONVERT(${column} USING utf8mb4) AS BINARY)`;
}

/** Of a key that stands twice in an object, the last value is kept. */
function repeatsKey(column: string): string {
  const keys = (text: string): string => `REGEXP_REPLACE(${text}, '"[[:space:]]*:', '":')`;
  const count = (text: string): string => `LENGTH(${text}) - LENGTH(REPLACE(${text}, '":', ''))`;
  const document = `CAST(CAST(IF(JSON_VALID(${column}), ${column}, NULL) AS JSON) AS CHAR)`;
  return `${count(keys(column))} <> ${count(keys(document))}`;
}

/** The words of an ENUM or SET. */
function wordsOf(type: string): string[] {
  return tokenize(type)
    .filter(({ kind }) => kind === 'string')
    .map(({ text }) => unquoteString(text));
}

/** No mode of the server reads it otherwise. */
function hex(word: string): string {
  return `x'${Buffer.from(word).toString('hex')}'`;
}

/** The number behind the type's name. */
function sizeOf(type: string): number | undefined {
  const size = /\((\d+)\)/.exec(type)?.[1];
  return size === undefined ? undefined : Number(size);
}
