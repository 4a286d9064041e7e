import { expect, it } from 'vitest';
import { loadDialect } from '../../src/connect.js';
import { inlineParams } from '../../src/runtime/inline-params.js';

const postgres = await loadDialect('postgres');
const inline = (...params: readonly unknown[]): string | null => inlineParams('SELECT $1, $2', params, postgres);

it('writes values into the statement, strings with marks in them too', () => {
  expect(inline("it's $2", -1)).toBe("SELECT 'it''s $2', (-1)");
});

it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [new Date('never')], [undefined], [[1]], [{ a: 1 }]])(
  'writes nothing where %j is a value',
  (value) => {
    expect(inline(1, value)).toBeNull();
  },
);
