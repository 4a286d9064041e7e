import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { parseCreateIndex } from '../../../../src/dialects/sqlite/ddl/create-index.js';
import { parseCreateTable, printStatement } from '../../../../src/dialects/sqlite/ddl/create-table.js';
import { tokenize } from '../../../../src/dialects/sqlite/ddl/tokenizer.js';
import { parsedFacts, readPragmaFacts } from './support/pragma-facts.js';
import { readSchemaCases, splitStatements } from './support/read-cases.js';

const CASES = readSchemaCases();

interface MasterRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string;
}

function isCreateTable(text: string): boolean {
  const [create, ...next] = tokenize(text).map((token) => token.text.toUpperCase());
  return create === 'CREATE' && next.slice(0, 2).includes('TABLE');
}

describe.each(CASES)('$name', ({ sql }) => {
  const db = new Database(':memory:');
  db.exec(sql);
  const rows = db.prepare<[], MasterRow>('SELECT * FROM sqlite_master WHERE sql IS NOT NULL').all();
  const isVirtual = ({ sql: text }: MasterRow): boolean => /^create virtual/i.test(text);

  test('every CREATE TABLE, as recorded and as written, is printed byte for byte', () => {
    const recorded = rows.filter(({ type }) => type === 'table').map((row) => row.sql);
    for (const text of [...recorded, ...splitStatements(sql).filter(isCreateTable)]) {
      const parsed = parseCreateTable(text);
      expect(printStatement(parsed)).toBe(text);
      expect(parsed.kind === 'other' ? parsed.form : 'table', text).not.toBe('unrecognised');
    }
  });

  test('the parsed tables say what PRAGMA says', () => {
    for (const row of rows.filter((one) => one.type === 'table' && !isVirtual(one))) {
      const parsed = parseCreateTable(row.sql);
      if (parsed.kind === 'other') throw new Error(`${row.name}: ${parsed.reason}`);
      expect(parsed.name.value).toBe(row.name);
      expect(parsedFacts(parsed), row.sql).toEqual(readPragmaFacts(db, row.name));
    }
  });

  test('the parsed indexes say what PRAGMA says', () => {
    for (const row of rows.filter(({ type }) => type === 'index')) {
      const parsed = parseCreateIndex(row.sql);
      if (parsed.kind === 'other') throw new Error(`${row.name}: ${parsed.reason}`);
      expect(printStatement(parsed)).toBe(row.sql);
      const [list] = db
        .prepare<[string, string], { unique: number; partial: number }>(
          'SELECT * FROM pragma_index_list(?) WHERE name = ?',
        )
        .all(row.tbl_name, row.name);
      const parts = db
        .prepare<[string], { name: string | null; desc: number }>(
          'SELECT name, "desc" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno',
        )
        .all(row.name);
      expect({
        name: parsed.name.value,
        table: parsed.table.value.toLowerCase(),
        unique: Number(parsed.unique),
        partial: Number(parsed.where !== null),
        parts: parsed.parts.map(({ column, order }) => [column?.value.toLowerCase(), Number(order === 'desc')]),
      }).toEqual({
        name: row.name,
        table: row.tbl_name.toLowerCase(),
        unique: list?.unique,
        partial: list?.partial,
        parts: parts.map(({ name, desc }) => [name?.toLowerCase(), desc]),
      });
    }
  });
});

test('the cases hold a dozen tables at least', () => {
  const written = CASES.flatMap(({ sql }) => splitStatements(sql)).map((sql) => parseCreateTable(sql));
  expect(written.filter(({ kind }) => kind === 'table').length).toBeGreaterThanOrEqual(12);
});
