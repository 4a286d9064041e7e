import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { printTokens, tokenize } from '../../../../../src/dialects/sqlite/ddl/tokenizer.js';

const ROOT = resolve(import.meta.dirname, '../../../../..');

export interface SchemaCase {
  readonly name: string;
  readonly sql: string;
}

/** The schemas in `fixtures/sqlite-ddl`, and those of the shared cases where that folder (or `ALUDEL_CASES`) exists. */
export function readSchemaCases(): SchemaCase[] {
  const shared = process.env['ALUDEL_CASES'] ?? resolve(ROOT, '../shared/cases');
  const cases = readFolder(join(ROOT, 'fixtures/sqlite-ddl'));
  if (!existsSync(shared)) {
    if (process.env['ALUDEL_CASES'] !== undefined) throw new Error(`ALUDEL_CASES names no folder: "${shared}"`);
    return cases;
  }
  cases.push(...readFolder(join(shared, 'corpora/sqlite')));
  const pairs: unknown = JSON.parse(readFileSync(join(shared, 'schema-pairs/sqlite.json'), 'utf8'));
  for (const { id, old: from, new: to } of pairs as { id: string; old: string; new: string }[]) {
    cases.push({ name: `${id} (old)`, sql: from }, { name: `${id} (new)`, sql: to });
  }
  return cases.filter(({ sql }) => sql.trim() !== '');
}

/** Cuts a script at its semicolons. The statements inside a trigger come out as statements of their own. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  const tokens = tokenize(sql);
  for (const [index, { text }] of tokens.entries()) {
    if (text !== ';') continue;
    statements.push(printTokens(tokens.slice(start, index + 1)));
    start = index + 1;
  }
  return statements;
}

function readFolder(folder: string): SchemaCase[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => ({ name: basename(file), sql: readFileSync(join(folder, file), 'utf8') }));
}
