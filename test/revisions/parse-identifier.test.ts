import { describe, expect, test } from 'vitest';
import { parseIdentifier, parseRange } from '../../src/revisions/parse-identifier.js';
import { catchError } from './catch-error.js';

describe('parseIdentifier', () => {
  test.each([
    ['3f2a9c', { label: null, symbol: '3f2a9c', steps: 0 }],
    ['heads', { label: null, symbol: 'heads', steps: 0 }],
    ['+2', { label: null, symbol: null, steps: 2 }],
    ['-1', { label: null, symbol: null, steps: -1 }],
    ['head-1', { label: null, symbol: 'head', steps: -1 }],
    ['base+2', { label: null, symbol: 'base', steps: 2 }],
    ['shop@head', { label: 'shop', symbol: 'head', steps: 0 }],
    ['shop@+1', { label: 'shop', symbol: null, steps: 1 }],
    ['shop@3f2a-2', { label: 'shop', symbol: '3f2a', steps: -2 }],
    ['web-shop', { label: null, symbol: 'web-shop', steps: 0 }],
    ['web-shop@head', { label: 'web-shop', symbol: 'head', steps: 0 }],
    ['web-shop-2', { label: null, symbol: 'web-shop', steps: -2 }],
  ])('reads "%s"', (text, expected) => {
    expect(parseIdentifier(text)).toEqual({ text, ...expected });
  });

  test.each([
    ['', 0],
    ['@head', 0],
    ['shop@', 5],
    ['a@b@c', 3],
    ['ae10+1zzz', 6],
    ['ae10-1zzz', 6],
    ['ae10+', 5],
    ['-', 1],
    ['+x', 1],
    ['+0', 1],
    ['+1+1', 2],
    ['a b', 1],
    ['a:b', 1],
    ['a+b@head', 1],
    ['+99999999999999999999', 1],
  ])('points at the position of the error in "%s"', (text, position) => {
    const error = catchError(() => parseIdentifier(text));
    expect(error).toMatchObject({ code: 'ALUDEL_USAGE', details: { identifier: text, position } });
  });

  test('shows what is wrong in words and in place', () => {
    expect(catchError(() => parseIdentifier('ae10+1zzz')).message).toBe(
      'The revision identifier "ae10+1zzz" is not valid: nothing may follow the number of steps ' +
        '(character 7: "ae10+1>>>zzz").',
    );
  });
});

describe('parseRange', () => {
  test('reads both sides, and an empty side as null', () => {
    expect(parseRange('a:b+1')).toMatchObject({ from: { symbol: 'a' }, to: { symbol: 'b', steps: 1 } });
    expect(parseRange(':b')).toMatchObject({ from: null, to: { symbol: 'b' } });
    expect(parseRange('a:')).toMatchObject({ from: { symbol: 'a' }, to: null });
  });

  test.each([
    ['a', 1],
    ['a:b:c', 3],
    ['a:b@', 4],
  ])('points at the position of the error in "%s"', (text, position) => {
    expect(catchError(() => parseRange(text))).toMatchObject({ code: 'ALUDEL_USAGE', details: { position } });
  });
});
