/**
 * Takes values out of the messages of drivers and leaves the names in. Servers quote both alike, so this goes by what
 * each server is known to say: https://www.postgresql.org/docs/current/errcodes-appendix.html,
 * https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-codes/
 */
import type { DialectName } from './connection.js';

const MASK = '***';

export interface MaskFacts {
  readonly dialect: DialectName;
  /** SQLSTATE on PostgreSQL, the symbolic name on MySQL and MariaDB, the extended result code on SQLite. */
  readonly code: string | undefined;
  readonly params: readonly unknown[];
}

/** The message with every value replaced by `***`; names of tables, columns, constraints and types stay. */
export function maskMessage(message: string, facts: MaskFacts): string {
  switch (facts.dialect) {
    case 'postgres':
      return maskPostgres(message, facts);
    case 'mysql':
    case 'mariadb':
      return maskMysql(message, facts);
    case 'sqlite':
      return maskSqlite(message, facts);
  }
}

function maskPostgres(message: string, { code, params }: MaskFacts): string {
  if (code === 'P0001') {
    return maskUserText(message, params);
  }
  const masked = message
    // "invalid input syntax for type integer: "abc""; the value itself may hold quotes.
    .replace(/(?<=: )".*"(?=[^"]*$)/s, `"${MASK}"`)
    // "value "999" is out of range", not "new value "x" of enum type": that is a label.
    .replace(/(?<=(?<!new )\bvalue )".*"(?= (?:is|for|of|in)\b)/s, `"${MASK}"`)
    .replace(/^(unterminated .*|time zone )".*"/s, `$1"${MASK}"`);
  // Class 22 is data exceptions: what is quoted there is data unless a word before it says otherwise.
  return code?.startsWith('22') === true
    ? masked.replace(
        /(\b(?:type|column|relation|table|constraint|encoding|parameter|function|enum|domain|field|sequence) )?"[^"]*"/g,
        (quoted, name: string | undefined) => (name === undefined ? `"${MASK}"` : quoted),
      )
    : masked;
}

function maskMysql(message: string, { code, params }: MaskFacts): string {
  if (code === 'ER_SIGNAL_EXCEPTION' || code === 'ER_SIGNAL_NOT_FOUND') {
    return maskUserText(message, params);
  }
  const masked = message
    .replace(/^(Duplicate entry )'.*'(?= for key )/s, `$1'${MASK}'`)
    .replace(/(?<=\bvalue:? )(?:'.*'(?= for (?:column|function) )|'.*'(?= at row )|'.*'$)/s, `'${MASK}'`)
    .replace(/(?<=\bTable has no partition for value ).*$/s, MASK)
    .replace(/(?<= out of range in )'.*'/s, `'${MASK}'`);
  // Parameters are escaped into the text before it is sent, and a syntax error quotes that text.
  return params.length > 0 ? masked.replace(/(?<= near )'.*'(?= at line )/s, `'${MASK}'`) : masked;
}

function maskSqlite(message: string, { code, params }: MaskFacts): string {
  if (code === 'SQLITE_CONSTRAINT_TRIGGER') {
    return maskUserText(message, params);
  }
  return message.replace(/(?<=: )'.*'$/s, `'${MASK}'`);
}

/** For messages that a trigger or function of the user has made up: nobody knows what is a name there. */
function maskUserText(message: string, params: readonly unknown[]): string {
  let masked = message.replace(/'[^']*'|"[^"]*"/g, (quoted) => `${quoted.charAt(0)}${MASK}${quoted.charAt(0)}`);
  for (const param of params) {
    const text = typeof param === 'string' || typeof param === 'number' ? String(param) : '';
    if (text.length > 1) {
      masked = masked.replaceAll(text, MASK);
    }
  }
  return masked;
}
