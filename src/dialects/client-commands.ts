/** Words of the databases' own command lines that dumps hold, and that no server understands. */
import type { DialectName } from '../engine/connection.js';
import { readToken } from './tokenize-sql.js';

/**
 * The text with psql's `\restrict` and `\unrestrict` blanked out, which stand at both ends of every dump; all else keeps its place.
 * https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMAND-RESTRICT
 */
export function withoutRestrict(text: string): string {
  return text.replace(/^\\(?:un)?restrict [A-Za-z0-9]+$/gmu, (line) => ' '.repeat(line.length));
}

export interface DelimitedPart {
  readonly sql: string;
  /** Where it begins in the text. */
  readonly start: number;
  /** True for one statement, false for any number of them with semicolons between. */
  readonly isDelimited: boolean;
}

const DELIMITER = /^[ \t]*DELIMITER[ \t]+(\S+)[^\n]*/iu;

/**
 * A text for MySQL or MariaDB, cut at its DELIMITER lines, and between them at the delimiter that they name.
 * https://dev.mysql.com/doc/refman/9.0/en/mysql-commands.html
 */
export function cutAtDelimiters(text: string, dialect: DialectName): DelimitedPart[] {
  const parts: DelimitedPart[] = [];
  let delimiter = ';';
  let start = 0;
  const finish = (end: number, next: number): void => {
    const sql = text.slice(start, end);
    if (sql.trim() !== '') parts.push({ sql, start, isDelimited: delimiter !== ';' });
    start = next;
  };
  for (let at = 0; at < text.length;) {
    const isLineStart = at === 0 || text.charAt(at - 1) === '\n';
    const command = isLineStart ? DELIMITER.exec(lineAt(text, at)) : null;
    if (command !== null) {
      finish(at, at + command[0].length);
      delimiter = command[1] ?? ';';
      at = start;
    } else if (delimiter !== ';' && text.startsWith(delimiter, at)) {
      finish(at, at + delimiter.length);
      at = start;
    } else {
      at = behind(text, at, dialect);
    }
  }
  finish(text.length, text.length);
  return parts;
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end === -1 ? text.length : end);
}

/** The next position that a delimiter may stand at: behind the whole of a quote or a comment. */
function behind(text: string, at: number, dialect: DialectName): number {
  if (!/['"`#/-]/u.test(text.charAt(at))) return at + 1;
  const { kind, end } = readToken(text, at, dialect, undefined);
  return kind === 'quoted' || kind === 'comment' ? Math.max(end, at + 1) : at + 1;
}
