/** An enumeration on SQLite is a TEXT column with an unnamed check: `CHECK ("status" IN ('open', 'closed'))`. */
import { foldName, unquoteName } from './ddl/names.js';
import { tokenize } from './ddl/tokenizer.js';
import { quoteIdentifier, quoteString } from './sql.js';

export function renderEnumCheck(column: string, values: readonly string[]): string {
  return `CHECK (${quoteIdentifier(column)} IN (${values.map(quoteString).join(', ')}))`;
}

/** The values of such a check, or none when the text is anything else. */
export function readEnumCheck(text: string, column: string): string[] {
  const tokens = tokenize(text).filter((token) => token.kind !== 'end');
  const [name, word, open, ...rest] = tokens;
  const close = rest.pop();
  if (name === undefined || word?.text.toUpperCase() !== 'IN' || open?.text !== '(' || close?.text !== ')') return [];
  if (foldName(unquoteName(name.text)) !== foldName(column)) return [];
  const isList = rest.every((token, i) => (i % 2 === 0 ? token.kind === 'string' : token.text === ','));
  if (!isList || rest.length % 2 === 0) return [];
  return rest.filter((_, i) => i % 2 === 0).map((token) => unquoteName(token.text));
}
