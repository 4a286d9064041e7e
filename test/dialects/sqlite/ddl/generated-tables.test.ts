import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CreateTable } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import { parseCreateTable, printStatement } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import { normaliseTokens } from '../../../../src/dialects/sqlite/ddl/normalise-tokens.js';
import { spliceTokens } from '../../../../src/dialects/sqlite/ddl/splice-tokens.js';
import type { TokenEdit } from '../../../../src/dialects/sqlite/ddl/splice-tokens.js';
import { printTokens, tokenize } from '../../../../src/dialects/sqlite/ddl/tokenizer.js';
import { generatedTable } from './support/generate-table.js';
import { parsedFacts, readPragmaFacts } from './support/pragma-facts.js';

function parseTable(sql: string): CreateTable {
  const parsed = parseCreateTable(sql);
  if (parsed.kind === 'other') throw new Error(`${parsed.reason}\n${sql}`);
  return parsed;
}

function recordedSql(db: Database.Database, name: string): string {
  return (
    db.prepare<[string], string>('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name) ?? 'no such table'
  );
}

/** The node without its ranges: a name is its value, a piece of SQL its normalised text. */
function withoutRanges(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutRanges);
  if (typeof node !== 'object' || node === null) return node;
  const { start: _start, end: _end, ...rest } = node as Record<string, unknown>;
  if (typeof rest['text'] === 'string') rest['text'] = normaliseTokens(rest['text']);
  const [key, ...others] = Object.keys(rest);
  if (others.length === 0 && key === 'value') return rest['value'];
  if (others.length === 0 && key === 'text') return rest['text'];
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, withoutRanges(value)]));
}

function factsOf({ columns, constraints, options }: CreateTable): unknown {
  return withoutRanges({ columns, constraints, options });
}

/** Every expression in its normalised form, each in the place of the original. */
function normalisingEdits({ columns, constraints }: CreateTable): TokenEdit[] {
  return [...columns.flatMap((column) => column.constraints), ...constraints].flatMap((constraint) => {
    if (constraint.kind !== 'check' && constraint.kind !== 'generated') return [];
    const { start, end, text } = constraint.expression;
    return [{ start, end, text: normaliseTokens(text) }];
  });
}

const RUNS = { numRuns: Number(process.env['ALUDEL_TEST_TABLES'] ?? 500) };

test('a generated table is printed byte for byte, as written and as SQLite records it', () => {
  fc.assert(
    fc.property(generatedTable, ({ sql, name }) => {
      const db = new Database(':memory:');
      db.exec(sql);
      const recorded = recordedSql(db, name);
      db.close();
      expect(printStatement(parseTable(sql))).toBe(sql);
      expect(printStatement(parseTable(recorded))).toBe(recorded);
    }),
    RUNS,
  );
});

test('what is parsed from a generated table is what was put into it, and what PRAGMA says of it', () => {
  fc.assert(
    fc.property(generatedTable, ({ sql, name, expected }) => {
      const db = new Database(':memory:');
      db.exec(sql);
      const recorded = parseTable(recordedSql(db, name));
      const facts = readPragmaFacts(db, name);
      db.close();
      expect(factsOf(parseTable(sql))).toEqual(expected);
      expect(factsOf(recorded)).toEqual(expected);
      expect(parsedFacts(recorded)).toEqual(facts);
    }),
    RUNS,
  );
});

test('a generated table with every expression put in its normalised form is the same table to SQLite', () => {
  fc.assert(
    fc.property(generatedTable, ({ sql, name, expected }) => {
      const table = parseTable(sql);
      const edited = spliceTokens(table.tokens, normalisingEdits(table));
      const db = new Database(':memory:');
      db.exec(edited);
      const facts = readPragmaFacts(db, name);
      db.close();
      expect(factsOf(parseTable(edited))).toEqual(expected);
      expect(facts).toEqual(parsedFacts(table));
    }),
    RUNS,
  );
});

test('a table that SQLite still takes after a token or two were dropped or copied is read as SQLite does', () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 2 });
  let accepted = 0;
  fc.assert(
    fc.property(generatedTable, changes, ({ sql }, places) => {
      const tokens = tokenize(sql);
      for (const [from, to, isCopied] of places) {
        const taken = tokens.slice(from % tokens.length, (from % tokens.length) + 1);
        if (isCopied) tokens.splice(to % tokens.length, 0, ...taken);
        else tokens.splice(from % tokens.length, 1);
      }
      const changed = printTokens(tokens);
      const parsed = parseCreateTable(changed);
      expect(printStatement(parsed)).toBe(changed);
      const db = new Database(':memory:');
      try {
        db.exec(changed);
      } catch {
        return;
      } finally {
        if (parsed.kind === 'other') db.close();
      }
      if (parsed.kind === 'other') throw new Error(`${parsed.reason}\n${changed}`);
      accepted += 1;
      const columns = db
        .prepare<[string], string>('SELECT name FROM pragma_table_xinfo(?)')
        .pluck()
        .all(parsed.name.value);
      db.close();
      expect(parsed.columns.map(({ name }) => name.value)).toEqual(columns);
    }),
    // Most changes make SQL that SQLite refuses, so it takes more of them.
    { numRuns: RUNS.numRuns * 3 },
  );
  expect(accepted).toBeGreaterThan(RUNS.numRuns / 40);
});
