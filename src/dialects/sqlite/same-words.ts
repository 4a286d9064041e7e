/**
 * Two defaults are one where the same value gets into a row: `'5'` and `5` of an INTEGER column. What a literal becomes is
 * said by the affinity of the column, and two words for one type give one. https://www.sqlite.org/datatype3.html, section 3
 */
import { type Column, findTable, type Schema, type Table } from '../../schema/table.js';
import { normaliseTokens } from './ddl/normalise-tokens.js';
import { unquoteName } from './ddl/names.js';
import { render } from './expressions.js';
import { isClockWord, isPlainDefault } from './sql.js';
import { renderType } from './types.js';

/** Words for one type, which give a column one affinity; with INTEGER a key would be the row id. */
const OTHER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^DEC(?:IMAL)?\b/, 'NUMERIC'],
  [/^INT$/, 'INTEGER'],
  [/^BOOL$/, 'BOOLEAN'],
  [/^DOUBLE PRECISION$/, 'DOUBLE'],
  [/^CHARACTER VARYING\b/, 'VARCHAR'],
  [/^CHARACTER\b/, 'CHAR'],
];

function wordOf(type: Column['type']): string {
  const text = renderType(type)
    .toUpperCase()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([(),]) ?/g, '$1')
    .trim();
  return OTHER_WORDS.reduce((word, [other, usual]) => word.replace(other, usual), text);
}

/** Models with the types and defaults of the tables that are there, where these make the same of every value. */
export function takeWords(wanted: Schema, live: Schema): Schema {
  const tables = wanted.tables.map((table): Table => {
    const known = new Map(findTable(live, table)?.columns.map((column) => [column.name, column]));
    const columns = table.columns.map((column) => {
      const existing = known.get(column.name);
      return existing === undefined ? column : takeDefault(takeType(column, existing, table), existing, table);
    });
    return columns.every((column, i) => column === table.columns[i]) ? table : { ...table, columns };
  });
  return { ...wanted, tables };
}

function takeType(column: Column, { type }: Column, { primaryKey }: Table): Column {
  const isOtherWord = type.kind === 'custom' && renderType(type) !== renderType(column.type);
  if (!isOtherWord || wordOf(type) !== wordOf(column.type)) return column;
  return primaryKey?.columns.includes(column.name) === true ? column : { ...column, type };
}

function takeDefault(column: Column, existing: Column, { options }: Table): Column {
  const declared = renderType(column.type);
  // A column that changes its type is written as the models say.
  if (renderType(existing.type) !== declared) return column;
  const [from, to] = [existing, column].map((one) => (one.default === null ? null : render(one.default)));
  const isStrict = options['strict'] === true;
  const stored = storedDefault(to ?? null, declared, isStrict);
  if (from === to || stored === null || stored !== storedDefault(from ?? null, declared, isStrict)) return column;
  return { ...column, default: existing.default };
}

/**
 * The value that a default puts into a column of a declared type, as `typeof` and text; `null` where it is no literal or its
 * digits may be rounded.
 */
export function storedDefault(sql: string | null, declared: string, isStrict: boolean): string | null {
  const value = sql === null ? NULL : readLiteral(normaliseTokens(sql));
  if (value === null) return null;
  const stored = convert(value, isStrict && /^any$/i.test(declared.trim()) ? 'none' : affinityOf(declared));
  return stored === null ? null : `${stored.type} ${String(stored.value)}`;
}

type Value =
  | { readonly type: 'null' | 'blob' | 'text'; readonly value: string }
  | { readonly type: 'integer'; readonly value: bigint }
  | { readonly type: 'real'; readonly value: number };

const NULL: Value = { type: 'null', value: '' };

/** `text` has lost its brackets. */
function readLiteral(text: string): Value | null {
  const word = text.toUpperCase();
  if (word === 'NULL') return NULL;
  if (word === 'TRUE' || word === 'FALSE') return { type: 'integer', value: word === 'TRUE' ? 1n : 0n };
  if (/^'(?:[^']|'')*'$/.test(text)) return { type: 'text', value: unquoteName(text) };
  if (/^x'/i.test(text)) return { type: 'blob', value: word };
  const number = readNumber(text.replace(/^([+-]) /, '$1'));
  if (number !== null) return number;
  // SQLite takes a name for a string here.
  return isPlainDefault(text) && !isClockWord(text) && !/^[+-\d]/.test(text)
    ? { type: 'text', value: unquoteName(text) }
    : null;
}

/** The largest number of digits that come back as they went in. */
const EXACT_DIGITS = 15;

function readNumber(text: string): Value | null {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return null;
  if (text.replace(/e.*$/i, '').replaceAll(/[^\d]/g, '').length > EXACT_DIGITS) return null;
  if (/^[+-]?\d+$/.test(text)) return { type: 'integer', value: BigInt(text.replace('+', '')) };
  return { type: 'real', value: Number(text) };
}

type Affinity = 'integer' | 'text' | 'none' | 'real' | 'numeric';

function affinityOf(declared: string): Affinity {
  if (/int/i.test(declared)) return 'integer';
  if (/char|clob|text/i.test(declared)) return 'text';
  if (declared.trim() === '' || /blob/i.test(declared)) return 'none';
  return /real|floa|doub/i.test(declared) ? 'real' : 'numeric';
}

function convert(value: Value, affinity: Affinity): Value | null {
  if (affinity === 'none' || value.type === 'null' || value.type === 'blob') return value;
  if (affinity === 'text') {
    // How a floating number is written depends on the version.
    if (value.type === 'real') return null;
    return { type: 'text', value: String(value.value) };
  }
  const number = value.type === 'text' ? readNumber(value.value.trim()) : value;
  // What is no number stays text; one with more digits may go either way.
  if (number === null) return value.type === 'text' && !/\d/.test(value.value) ? value : null;
  if (number.type !== 'integer' && number.type !== 'real') return null;
  const plain = Number(number.value);
  if (affinity === 'real') return { type: 'real', value: plain };
  if (number.type === 'integer') return number;
  return Number.isSafeInteger(plain) ? { type: 'integer', value: BigInt(plain) } : number;
}
