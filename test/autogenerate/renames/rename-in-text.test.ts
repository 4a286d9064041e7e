import { expect, it } from 'vitest';
import { renameColumnInText } from '../../../src/schema/expressions/rename-in-text.js';

it.each([
  ["((name)::text <> ''::text)", 'name', 'full_name', "((full_name)::text <> ''::text)"],
  ["(date > '2020-01-01'::date)", 'date', 'day', "(day > '2020-01-01'::date)"],
  ['(("time")::timestamp without time zone > now())', 'time', 'at', '((at)::timestamp without time zone > now())'],
  ["(kind = 'kind'::text)", 'kind', 'order', `("order" = 'kind'::text)`],
  ['lower(lower)', 'lower', 'upper', 'lower(upper)'],
  ['(`a` > 0) and (`ab` < `a`)', 'a', 'b c', '(`b c` > 0) and (`ab` < `b c`)'],
  ['(EXTRACT(year FROM year) > 3)', 'year', 'born', '(EXTRACT(year FROM born) > 3)'],
  ['"Name" > 0 and name > 1', 'Name', 'n', 'n > 0 and name > 1'],
  ["status IN ('a') and status in (status)", 'status', 's', "s IN ('a') and s in (s)"],
  ["x = E'it\\'s x' and x = 'x'", 'x', 'y', "y = E'it\\'s x' and y = 'x'"],
])('renames columns in %s', (text, from, to, expected) => {
  expect(renameColumnInText(text, from, to)).toBe(expected);
});
