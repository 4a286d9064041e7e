import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { storedDefault } from '../../../src/dialects/sqlite/same-words.js';

const TYPES = ['INTEGER', 'INT', 'TEXT', 'VARCHAR(20)', 'REAL', 'DOUBLE', 'NUMERIC', 'BOOLEAN', 'DATE', 'BLOB', ''];
const DEFAULTS = [
  null,
  'NULL',
  '5',
  '(5)',
  '+5',
  '-5',
  '- 5',
  "'5'",
  "('5')",
  "' 5 '",
  "'+5'",
  "'-5'",
  "'05'",
  '05',
  '5.0',
  "'5.0'",
  '5.5',
  '5.50',
  "'5.50'",
  '.5',
  "'.5'",
  '5e2',
  "'5e2'",
  '500',
  "'0x10'",
  '0x10',
  '16',
  'TRUE',
  'false',
  "'true'",
  '1',
  "''",
  "'a''b'",
  'abc',
  '"abc"',
  "'abc'",
  '[abc]',
  '"5"',
  "'1 2'",
  "x'35'",
  "X'35'",
  "'9007199254740993'",
  '9007199254740993',
  '9223372036854775807',
  "'9223372036854775808'",
  '0.1',
  "'0.1'",
  "'0.10000000000000001'",
  "'-0'",
  '-0',
  '0',
  '-0.0',
  '1e400',
  "'1e400'",
];

const database = new Database(':memory:');
afterAll(() => database.close());

let count = 0;

/** What SQLite itself puts into a row. */
function storedBySqlite(text: string | null, type: string, isStrict: boolean): string | null {
  const name = `t${(count += 1)}`;
  try {
    const clause = text === null ? '' : `DEFAULT ${text}`;
    database.exec(`CREATE TABLE ${name} (a ${type} ${clause}) ${isStrict ? 'STRICT' : ''}`);
    database.exec(`INSERT INTO ${name} DEFAULT VALUES`);
  } catch {
    return null;
  }
  const row = database.prepare(`SELECT typeof(a) || ' ' || quote(a) FROM ${name}`).pluck().get();
  return String(row);
}

describe.each([
  ['tables', TYPES, false],
  ['STRICT tables', ['INTEGER', 'TEXT', 'REAL', 'BLOB', 'ANY'], true],
] as const)('defaults of %s', (_, types, isStrict) => {
  it.each(types)('of type "%s" are one only where SQLite stores the same', (type) => {
    const found = DEFAULTS.map((text) => ({
      text,
      stored: storedBySqlite(text, type, isStrict),
      ours: storedDefault(text, type, isStrict),
    })).filter(({ stored }) => stored !== null);
    const wrong = found.flatMap((one) =>
      found.filter((other) => one.ours !== null && one.ours === other.ours && one.stored !== other.stored),
    );
    expect(wrong).toEqual([]);
  });
});

it.each([
  ['INTEGER', "'5'", '5'],
  ['INTEGER', '5.0', '(5)'],
  ['TEXT', '5', "'5'"],
  ['REAL', '5', "'5.00'"],
  ['BOOLEAN', 'TRUE', "'1'"],
  ['TEXT', 'NULL', null],
  ['TEXT', 'abc', "'abc'"],
])('knows of a %s column that %s is %s', (type, one, other) => {
  expect(storedDefault(one, type, false)).not.toBeNull();
  expect(storedDefault(one, type, false)).toBe(storedDefault(other, type, false));
});
