import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStringValue, tokenize } from '../../src/revisions/tokenize.js';

function texts(source: string): string[] {
  return [...tokenize(source)].map((token) => token.text);
}

describe('tokenize', () => {
  test.each([
    ['a/b/c', ['a', '/', 'b', '/', 'c']],
    ['x = /a[/"]b/g.test(y)', ['x', '=', '/a[/"]b/g', '.', 'test', '(', 'y', ')']],
    ['return /x/', ['return', '/x/']],
    ['(a) / 2 // half', ['(', 'a', ')', '/', '2', '// half']],
    ['`a ${ `${b}}` } c` + 1', ['`a ${ `${b}}` } c`', '+', '1']],
    ["'it\\'s' \"/*\"", ["'it\\'s'", '"/*"']],
    ["'open\nx", ["'open", 'x']],
    ['1_000n 0xff .5e-3 a?.b a?.5:1', ['1_000n', '0xff', '.5e-3', 'a', '?.', 'b', 'a', '?', '.5', ':', '1']],
    ['#!/usr/bin/env node\nx', ['#!/usr/bin/env node', 'x']],
  ])('cuts %j', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  test('leaves nothing out but white space, whatever the text', () => {
    const pieces = fc.constantFrom(
      '`',
      '${',
      '}',
      "'",
      '"',
      '/',
      '/*',
      '*/',
      '//',
      '\\',
      '\n',
      ' ',
      'a',
      '1',
      '.',
      '€',
      '[',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const source = parts.join('');
        let end = 0;
        for (const token of tokenize(source)) {
          expect(source.slice(end, token.start).trim()).toBe('');
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
        expect(source.slice(end).trim()).toBe('');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readStringValue', () => {
  test.each([
    ["'a\\n\\u0041\\x42\\u{43}\\'\\q'", "a\nABC'q"],
    ['`a b`', 'a b'],
    ['`\\${a}`', '${a}'],
    ['`${a}`', null],
    ["'open", null],
    ['name', null],
  ])('reads %j', (source, expected) => {
    const [token] = tokenize(source);
    expect(token && readStringValue(token)).toBe(expected);
  });
});
