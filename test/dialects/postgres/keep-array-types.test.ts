import { expect, test } from 'vitest';
import { keepArrayTypes } from '../../../src/dialects/postgres/keep-array-types.js';

test.each([
  [
    "((status)::text = ANY ((ARRAY['new'::character varying, 'it''s ]'::character varying])::text[]))",
    "((status)::text = ANY ((ARRAY['new'::character varying, 'it''s ]'::character varying]::character varying[])::text[]))",
  ],
  ["(ARRAY['a'::character varying(3)])::text[]", "(ARRAY['a'::character varying(3)]::character varying[])::text[]"],
])('An array that is cast as a whole says its own type: %s', (printed, sent) => {
  expect(keepArrayTypes(printed)).toBe(sent);
});

test.each([
  "(status = ANY (ARRAY['a'::text, 'b'::text]))",
  "((status)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
  "(ARRAY['a'::text, 1])::text[]",
  "(note = 'ARRAY[1])::text[]'::text)",
])('Any other text stays as it is: %s', (printed) => {
  expect(keepArrayTypes(printed)).toBe(printed);
});
