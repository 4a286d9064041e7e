/** What stands behind PARTITION BY. https://dev.mysql.com/doc/refman/8.4/en/partitioning-types.html */
import { tokenize, unquoteName, unquoteString } from './tokens.js';

/** What goes from the clause: MySQL's comments by version, and the engine, which is the table's; quoted text stays. */
const AROUND = /('(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`)|\/\*!\d+ ?| ?\*\/| ENGINE = \w+/g;

/** The clause at the end of SHOW CREATE TABLE, which alone has all of it: algorithms, directories, names of subpartitions. */
export function parsePartitions(shown: string): string | null {
  const start = /\n(?: |\/\*!\d+ )PARTITION BY /.exec(shown);
  if (start === null) return null;
  return shown
    .slice(start.index + start[0].length)
    .replace(AROUND, (_all, quoted: string | undefined) => quoted ?? '')
    .replace(/^(\w+) +COLUMNS\(/, '$1 COLUMNS (')
    .trimEnd();
}

/** True for two ways to write one clause: quotes, letter case, spaces and what every partition is. */
export function samePartitions(a: string, b: string): boolean {
  return meaningOf(a) === meaningOf(b);
}

function meaningOf(clause: string): string {
  const words = tokenize(clause.replace(/\bSTORAGE\s+(?=ENGINE\b)/gi, ''))
    .filter(({ kind, text }) => kind !== 'space' && text !== '=')
    .map(({ kind, text }) => {
      if (kind === 'string') return JSON.stringify(unquoteString(text));
      return (kind === 'name' ? unquoteName(text) : text).toLowerCase();
    });
  const said = words.filter((word, i) => word !== 'engine' && words[i - 1] !== 'engine').join(' ');
  return said.replaceAll(/\( (\( [^()]* \)) \)/g, '$1').replaceAll('( maxvalue )', 'maxvalue');
}
