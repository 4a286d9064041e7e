/**
 * The judge of a schema: the database's own dump, read as a set of statements. Two databases are the same when their sets
 * are equal. Column order is not part of the schema, so the lines inside a CREATE TABLE are sorted; SET (but for tablespaces and
 * access methods, which are put behind what lies there), comments and `\restrict` say nothing about it; Aludel's own two tables
 * are left out; of triggers on MySQL and MariaDB the order in which they run is said too. Nothing else is normalised.
 */
import { sqlTokens, type SqlToken, type SqlTokenOptions } from './sql-tokens.js';

const POSTGRES: SqlTokenOptions = { hasDollarStrings: true };
const MYSQL: SqlTokenOptions = { hasBackslashEscapes: true, hasDoubleQuotedStrings: true };
const SQLITE: SqlTokenOptions = { hasBracketNames: true };

/** Reads what `pg_dump -s --no-owner` printed. */
export function readPostgresDump(text: string): string[] {
  const parts = text
    .replace(/^\\(un)?restrict .*$/gm, '')
    .split(/^--\n-- (?:Data for )?Name: .*; Type: (.*); Schema: .*; Owner: .*\n--$/m);
  const statements: string[] = [];
  // split() alternates between a text and the type in the header after it.
  for (let at = 0; at < parts.length; at += 2) {
    const body = parts[at] ?? '';
    // A body in standard SQL (BEGIN ATOMIC) holds semicolons; a routine is an entry of its own.
    const isRoutine = /^(FUNCTION|PROCEDURE)$/.test(parts[at - 1] ?? '');
    const tokens = sqlTokens(body, POSTGRES).filter((token) => token.kind !== 'comment');
    const groups = isRoutine ? [tokens] : splitAtDelimiter(tokens, ';');
    statements.push(...groups.filter((group) => !isOurs(group)).map(joinTokens));
  }
  return (
    withPlaces(statements)
      .filter((sql) => sql !== '' && !/^(SET |SELECT pg_catalog\.set_config\()/.test(sql))
      // What pg_dump 18 finds unusual about the namespace of PostgreSQL 14 and older.
      .filter((sql) => !/^(GRANT ALL|REVOKE USAGE) ON SCHEMA public (TO|FROM) PUBLIC$/.test(sql))
      .map(sortTableLines)
      .toSorted()
  );
}

/** pg_dump sets where the statements behind it put things. */
function withPlaces(statements: readonly string[]): string[] {
  const places = { tablespace: '', table_access_method: 'heap' };
  return statements.map((sql) => {
    const [, key, value = ''] = /^SET default_(tablespace|table_access_method) = '?(.*?)'?$/.exec(sql) ?? [];
    if (key === 'tablespace' || key === 'table_access_method') places[key] = value;
    const isTable = /^CREATE (UNLOGGED |MATERIALIZED )?(TABLE|VIEW) /.test(sql);
    const isIndex =
      /^CREATE (UNIQUE )?INDEX |^ALTER TABLE .*\n    ADD CONSTRAINT .* (PRIMARY KEY|UNIQUE|EXCLUDE)\b/.test(sql);
    const method = isTable && places.table_access_method !== 'heap' ? `\nUSING ${places.table_access_method}` : '';
    const tablespace = (isTable || isIndex) && places.tablespace !== '' ? `\nTABLESPACE ${places.tablespace}` : '';
    return `${sql}${method}${tablespace}`;
  });
}

/** Reads what `mysqldump --no-data` or `mariadb-dump --no-data` printed, routines, triggers and events included. */
export function readMysqlDump(text: string): string[] {
  const statements: string[] = [];
  const parts = text.split(/^DELIMITER (\S+)\n/m);
  for (let at = 0; at < parts.length; at += 2) {
    const tokens = sqlTokens(parts[at] ?? '', MYSQL);
    const groups = splitAtDelimiter(tokens, parts[at - 1] ?? ';');
    statements.push(
      ...groups.filter((group) => !isOurs(unwrapped(group))).map((group) => joinTokens(unwrapped(group))),
    );
  }
  return (
    [...statements, ...triggerOrder(statements)]
      // How far a sequence of MariaDB has counted is no more part of the schema than AUTO_INCREMENT.
      .filter((sql) => sql !== '' && !/^(?:SET\b|DO SETVAL\()/i.test(sql))
      .map((sql) => withoutGap(sortTableLines(sql)).replace(/^(\).*?) AUTO_INCREMENT=\d+/m, '$1'))
      .toSorted()
  );
}

/** The dump makes the triggers of one table, moment and event in the order in which they run; their own statements do not say it. */
function triggerOrder(statements: readonly string[]): string[] {
  const orders = new Map<string, string[]>();
  for (const sql of statements) {
    const found = /\bTRIGGER (`(?:[^`]|``)+`|\w+)\s+(\w+\s+\w+\s+ON\s+(?:`(?:[^`]|``)+`|\w+))/i.exec(sql) ?? [];
    const [, name, moment] = found.map((part) => part.replaceAll('`', ''));
    if (name === undefined || moment === undefined) continue;
    orders.set(moment, [...(orders.get(moment) ?? []), name]);
  }
  return [...orders].flatMap(([moment, names]) => (names.length === 1 ? [] : [`${moment} runs ${names.join(', ')}`]));
}

/** MariaDB takes the words for the order out of a trigger's statement, and leaves the blanks. */
function withoutGap(sql: string): string {
  return /\bTRIGGER\b/.test(sql) ? sql.replace(/(?<=\bFOR EACH ROW) +/, ' ') : sql;
}

/** Reads the `sql` column of `sqlite_master`: white space, quoting and letter case outside strings do not count. */
export function readSqliteSchema(statements: readonly string[]): string[] {
  return statements
    .map((sql) => sqlTokens(sql, SQLITE).filter(({ kind }) => kind !== 'comment' && kind !== 'space'))
    .filter((tokens) => !isOurs(tokens))
    .map((tokens) => sortDefinitions(tokens.map(plainToken)))
    .toSorted();
}

/** A conditional comment (`/*!80023 INVISIBLE *\/`) is part of the schema; its version number is not. */
function unwrapped(tokens: readonly SqlToken[]): readonly SqlToken[] {
  return tokens.flatMap((token) => {
    if (token.kind !== 'comment') return [token];
    const content = /^\/\*M?!\d*\s?(.*?)\s*\*\/$/s.exec(token.text)?.[1];
    // MariaDB opens its dump with a conditional comment for the client alone.
    if (content === undefined || content.startsWith('\\-')) return [];
    return sqlTokens(content, MYSQL);
  });
}

function splitAtDelimiter(tokens: readonly SqlToken[], delimiter: string): readonly (readonly SqlToken[])[] {
  const groups: SqlToken[][] = [[]];
  for (let at = 0; at < tokens.length; at += 1) {
    const run = tokens.slice(at, at + delimiter.length);
    if (run.every(({ kind }) => kind === 'symbol') && joinTokens(run) === delimiter) {
      groups.push([]);
      at += delimiter.length - 1;
    } else groups.at(-1)?.push(...tokens.slice(at, at + 1));
  }
  return groups;
}

function joinTokens(tokens: readonly SqlToken[]): string {
  return tokens
    .map(({ text }) => text)
    .join('')
    .trim();
}

/** True for a statement about one of Aludel's own tables or the sequence of its log. */
function isOurs(tokens: readonly SqlToken[]): boolean {
  return tokens.some(
    ({ kind, text }) =>
      (kind === 'word' || kind === 'name') && /^["`[]?aludel_(version|log)(_\w+_seq)?["`\]]?$/.test(text),
  );
}

/** Sorts the lines between `CREATE TABLE x (` and the line that closes it. */
function sortTableLines(sql: string): string {
  if (!/^CREATE ((GLOBAL |LOCAL )?TEMPORARY |UNLOGGED |FOREIGN )?TABLE /.test(sql)) return sql;
  const [first = '', ...lines] = sql.split('\n');
  const end = lines.findIndex((line) => line.startsWith(')'));
  if (end === -1) return sql;
  const inside = lines.slice(0, end).map((line) => line.replace(/,$/, ''));
  return [first, ...inside.toSorted(), ...lines.slice(end)].join('\n');
}

function plainToken({ kind, text }: SqlToken): string {
  if (kind === 'string') return text;
  if (kind !== 'name') return text.toLowerCase();
  const quote = text.charAt(0);
  const name = text
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .toLowerCase();
  return /^[\w$\u0080-\uffff]+$/.test(name) ? name : `"${name}"`;
}

/** Sorts what stands between the outer brackets of a CREATE TABLE. */
function sortDefinitions(tokens: readonly string[]): string {
  const start = tokens.indexOf('(');
  if (tokens[0] !== 'create' || !['table', 'temp', 'temporary'].includes(tokens[1] ?? '') || start === -1) {
    return tokens.join(' ');
  }
  const definitions: string[][] = [[]];
  let depth = 1;
  let end = start + 1;
  for (; end < tokens.length; end += 1) {
    const token = tokens[end] ?? '';
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth === 0) break;
    if (token === ',' && depth === 1) definitions.push([]);
    else definitions.at(-1)?.push(token);
  }
  const inside = definitions.map((definition) => `  ${definition.join(' ')}`).toSorted();
  return [tokens.slice(0, start + 1).join(' '), ...inside, tokens.slice(end).join(' ')].join('\n');
}
