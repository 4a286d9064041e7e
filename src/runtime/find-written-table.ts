/** Which table a statement that changes rows writes to, where its words leave no doubt. */
import type { TableName } from '../schema/table-name.js';
import { nameIn, type SqlToken, sqlTokens } from '../util/sql-words.js';

/** Null for other statements, several of them, and changes of several tables. */
export function findWrittenTable(sql: string): TableName | null {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== 'space');
  if (tokens.at(-1)?.text === ';') tokens.pop();
  if (tokens.some(({ text }) => text === ';')) return null;
  const verb = BEGINNINGS.find((words) => words.every((word, at) => isWord(tokens[at], word)));
  if (verb === undefined) return null;
  const start = isWord(tokens[verb.length], 'ONLY') ? verb.length + 1 : verb.length;
  const first = nameIn(tokens[start]);
  if (first === undefined) return null;
  const isQualified = tokens[start + 1]?.text === '.';
  const name = isQualified ? nameIn(tokens[start + 2]) : first;
  const rest = tokens.slice(start + (isQualified ? 3 : 1));
  if (name === undefined || (verb[0] === 'UPDATE' && !isSetOfOne(rest))) return null;
  return { namespace: isQualified ? first : null, name };
}

const BEGINNINGS = [['UPDATE'], ['INSERT', 'INTO'], ['DELETE', 'FROM']] as const;

/** `UPDATE a, b SET` and `UPDATE a JOIN b SET` of MySQL and MariaDB write to both. */
function isSetOfOne([first, second, third]: readonly SqlToken[]): boolean {
  if (isWord(first, 'SET')) return true;
  return isWord(first, 'AS') ? isWord(third, 'SET') : nameIn(first) !== undefined && isWord(second, 'SET');
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}
