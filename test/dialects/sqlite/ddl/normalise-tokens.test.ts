import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseTokens } from '../../../../src/dialects/sqlite/ddl/normalise-tokens.js';

test.each([
  ['letter case', 'LENGTH(Name) > 0', 'length(name)>0'],
  ['quoting', '"Name" = [name] OR `name` = 1', 'name=name or name=1'],
  ['white space', 'a\n\t>  0', 'a>0'],
  ['comments', 'a -- the column\n > /* more than */ 0', 'a > 0'],
  ['parentheses around the whole', '((a > 0))', 'a > 0'],
  ['the case of numbers and blobs', "0X1F = 1E5 or x'AB' = 1", "0x1f = 1e5 or X'ab' = 1"],
  ['quotes around a word that is a keyword elsewhere', '"key" > 0', 'key > 0'],
])('%s makes no difference', (_, one, other) => {
  expect(normaliseTokens(one)).toBe(normaliseTokens(other));
});

test.each([
  ['strings', "a = 'X  y'", "a = 'x y'"],
  ['a string and a name', "a = 'b'", 'a = "b"'],
  ['letters that SQLite does not fold', 'É > 0', 'é > 0'],
  ['parentheses that group', '(a) + (b)', 'a + (b)'],
  ['an inner grouping', '(a + b) * c', 'a + b * c'],
  ['a column and the value of that name', '"true" = 1', 'true = 1'],
  ['a column and the clock', '"current_time" > 1', 'current_time > 1'],
  ['a reserved word and a name', '"null" IS NULL', 'null IS NULL'],
  ['two minus signs and one', 'a - -b', 'a - b'],
  ['names of two words', '"a b"', 'a b'],
])('%s differ', (_, one, other) => {
  expect(normaliseTokens(one)).not.toBe(normaliseTokens(other));
});

test('the result is plain SQL', () => {
  expect(normaliseTokens("( Length(\"A b\") > 0 /* x */ AND [B] NOT IN (1,'It''s') )")).toBe(
    "length ( \"a b\" ) > 0 and b not in ( 1 , 'It''s' )",
  );
});

test('normalising again changes nothing, whatever the text', () => {
  const fragments = fc.constantFrom(
    'a',
    '"b c"',
    "'d'",
    '[e]',
    '(',
    ')',
    '-',
    ' ',
    '--\n',
    '/*',
    '"null"',
    '1',
    '.',
    '\0',
    "x'",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(fragments).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (sql) => {
      expect(normaliseTokens(normaliseTokens(sql))).toBe(normaliseTokens(sql));
    }),
    { numRuns: 1000 },
  );
});
