import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteName, unquoteName } from '../../../../src/dialects/sqlite/ddl/names.js';
import { printTokens, tokenize } from '../../../../src/dialects/sqlite/ddl/tokenizer.js';

const shortTokens = (sql: string): string[] =>
  tokenize(sql)
    .slice(0, -1)
    .map(({ kind, text }) => `${kind} ${text}`);

describe('tokenize', () => {
  const CASES: readonly (readonly [sql: string, ...tokens: string[]])[] = [
    ['a"b"[c]`d`\'e\'', 'word a', 'name "b"', 'name [c]', 'name `d`', "string 'e'"],
    ['"a""b" \'it\'\'s\' `x``y` [a"b]', 'name "a""b"', "string 'it''s'", 'name `x``y`', 'name [a"b]'],
    ["x'00fF' X'' xy x", "blob x'00fF'", "blob X''", 'word xy', 'word x'],
    ["x'0' x'0g'", "invalid x'0'", "invalid x'0g'"],
    [
      '1 1.5 .5 5. 1e5 1.5E-3 0x1F 1_000',
      'number 1',
      'number 1.5',
      'number .5',
      'number 5.',
      'number 1e5',
      'number 1.5E-3',
      'number 0x1F',
      'number 1_000',
    ],
    ['1abc 0x 1e', 'invalid 1abc', 'invalid 0x', 'invalid 1e'],
    ['1..2', 'number 1.', 'number .2'],
    [
      '? ?12 :a @b $c::d(e) #1',
      'parameter ?',
      'parameter ?12',
      'parameter :a',
      'parameter @b',
      'parameter $c::d(e)',
      'parameter #1',
    ],
    ['a->>b->c', 'word a', 'operator ->>', 'word b', 'operator ->', 'word c'],
    [
      '<=<>!===<<>>||!',
      'operator <=',
      'operator <>',
      'operator !=',
      'operator ==',
      'operator <<',
      'operator >>',
      'operator ||',
      'invalid !',
    ],
    ['a -- b\n/* c */d', 'word a', 'word d'],
    ['a-b- -c--d', 'word a', 'operator -', 'word b', 'operator -', 'operator -', 'word c'],
    ['/* a */ b /*/ c */ d /**/ e', 'word b', 'word d', 'word e'],
    ['a /* never closed', 'word a'],
    ["a 'never closed", 'word a', "invalid 'never closed"],
    ['a "never closed""', 'word a', 'invalid "never closed""'],
    ['a [never closed', 'word a', 'invalid [never closed'],
    ['größe a$b 名\u00A0前 _x', 'word größe', 'word a$b', 'word 名\u00A0前', 'word _x'],
    ['\uFEFFa', 'word a'],
  ];

  test.each(CASES)('splits %j', (sql, ...tokens) => {
    expect(shortTokens(sql)).toEqual(tokens);
  });

  test('keeps the comments before a token with it, and those at the end with the last', () => {
    expect(tokenize(' a -- x\n/* y */ b /* z */').map(({ leading, text, offset }) => [leading, text, offset])).toEqual([
      [' ', 'a', 1],
      [' -- x\n/* y */ ', 'b', 16],
      [' /* z */', '', 25],
    ]);
  });

  test('loses no byte of any text', () => {
    const fragments = fc.constantFrom(
      ...'\'"`[](),;.-/*xX0aE_$:@#?!|<>= \n\t\v\0é😀'.split(''),
      '--',
      '/*',
      '*/',
      "x'",
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fragments).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (sql) => {
        const tokens = tokenize(sql);
        expect(printTokens(tokens)).toBe(sql);
        for (const { offset, text } of tokens) expect(sql.startsWith(text, offset)).toBe(true);
        expect(tokens.slice(0, -1).every(({ kind, text }) => kind !== 'end' && text !== '')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads a comment of a million characters', () => {
    const sql = `/* ${'x'.repeat(1_000_000)} */ a`;
    expect(shortTokens(sql)).toEqual(['word a']);
  });
});

describe('names', () => {
  test.each([
    ['a', 'a'],
    ['"a""b"', 'a"b'],
    ['`a``b`', 'a`b'],
    ["'it''s'", "it's"],
    ['[a"b]', 'a"b'],
    ['""', ''],
    ['"', ''],
  ])('unquoteName reads %s as %s', (text, name) => {
    expect(unquoteName(text)).toBe(name);
  });

  test('quoteName writes any name so that it is read back', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(unquoteName(quoteName(name))).toBe(name);
        expect(tokenize(quoteName(name)).map(({ kind }) => kind)).toEqual(['name', 'end']);
      }),
    );
  });
});
