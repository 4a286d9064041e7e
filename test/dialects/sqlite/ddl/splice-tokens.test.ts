import { expect, test } from 'vitest';
import { parseCreateTable } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import type { CreateTable } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import { spliceTokens } from '../../../../src/dialects/sqlite/ddl/splice-tokens.js';
import { tokenize } from '../../../../src/dialects/sqlite/ddl/tokenizer.js';

function parseTable(sql: string): CreateTable {
  const parsed = parseCreateTable(sql);
  if (parsed.kind === 'other') throw new Error(parsed.reason);
  return parsed;
}

test('no edit gives the text back, byte for byte', () => {
  const sql = 'create/**/table"t"(a[b],c`d`\'e\')\n-- end';
  expect(spliceTokens(tokenize(sql), [])).toBe(sql);
});

test('a column is added at the end of the body, before the comments there', () => {
  const { tokens, body } = parseTable('CREATE TABLE t (\n  a INT -- the a\n)');
  expect(spliceTokens(tokens, [{ start: body.end, end: body.end, text: ',\n  b TEXT' }])).toBe(
    'CREATE TABLE t (\n  a INT,\n  b TEXT -- the a\n)',
  );
});

test('a name is replaced and all else stays', () => {
  const { tokens, name, columns } = parseTable('CREATE TABLE /* x */ "t"(a /* y */ INT)');
  const edits = [
    { ...(columns[0]?.type ?? name), text: 'TEXT' },
    { ...name, text: '"u"' },
  ];
  expect(spliceTokens(tokens, edits)).toBe('CREATE TABLE /* x */ "u"(a /* y */ TEXT)');
});

test('a constraint is taken out of a column', () => {
  const { tokens, columns } = parseTable('CREATE TABLE t (a INT NOT NULL UNIQUE, b)');
  const [notNull] = columns[0]?.constraints ?? [];
  if (notNull === undefined) throw new Error('no constraint');
  expect(spliceTokens(tokens, [{ ...notNull, text: '' }])).toBe('CREATE TABLE t (a INT UNIQUE, b)');
});

test('words do not grow together where something between them goes', () => {
  const tokens = tokenize('a,b');
  expect(spliceTokens(tokens, [{ start: 1, end: 2, text: '' }])).toBe('a b');
});

test('overlapping edits are a mistake of the program', () => {
  const edits = [
    { start: 0, end: 2, text: 'x' },
    { start: 1, end: 2, text: 'y' },
  ];
  expect(() => spliceTokens(tokenize('a b c'), edits)).toThrow('overlap');
});
