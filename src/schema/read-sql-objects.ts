/** SQL files with CREATE statements, as declarations. Found with tokens: strings, comments and bodies mislead nobody. */
import { nameIn, type SqlToken, sqlTokens } from '../util/sql-words.js';
import { declareObject, type ObjectDeclaration } from './declare-objects.js';
import type { ObjectKind } from './objects.js';
import type { TableName } from './table.js';

export interface SqlObjects {
  readonly declared: readonly ObjectDeclaration[];
  /** What is no CREATE statement of an object: one line each, with the file and the line. */
  readonly problems: readonly string[];
}

/** Reads one file; `file` is for messages. */
export function readSqlObjects(sql: string, file: string): SqlObjects {
  const declared: ObjectDeclaration[] = [];
  const problems: string[] = [];
  for (const { text, line } of splitStatements(sql)) {
    const head = readHead(text);
    if (typeof head === 'string') problems.push(`${file}:${line}: ${head}`);
    else {
      const { kind, name, table } = head;
      declared.push(declareObject(kind, name, { definition: text, ...(table === undefined ? {} : { table }) }));
    }
  }
  return { declared, problems };
}

interface Statement {
  readonly text: string;
  /** Of its first word, from 1. */
  readonly line: number;
}

/** Statements end at semicolons outside of bodies, or at what `DELIMITER` says. */
function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let offset = 0;
  let delimiter = ';';
  while (offset < sql.length) {
    const rest = sql.slice(offset);
    const command = /^\s*DELIMITER[ \t]+(\S+)[^\n]*(?:\n|$)/i.exec(rest);
    if (command !== null) {
      delimiter = command[1] ?? ';';
      offset += command[0].length;
      continue;
    }
    const found = delimiter === ';' ? endOfStatement(rest) : rest.indexOf(delimiter);
    const end = found === -1 ? rest.length : found;
    const text = trimmed(rest.slice(0, end));
    const before = sql.slice(0, offset + rest.indexOf(text));
    if (text !== '') statements.push({ text, line: before.split('\n').length });
    offset += end + (found === -1 ? 0 : delimiter.length);
  }
  return statements;
}

/** Without the space and the comments around it. */
function trimmed(text: string): string {
  const tokens = sqlTokens(text);
  const first = tokens.findIndex(({ kind }) => kind !== 'space');
  const last = tokens.findLastIndex(({ kind }) => kind !== 'space');
  return first === -1
    ? ''
    : tokens
        .slice(first, last + 1)
        .map((token) => token.text)
        .join('');
}

const ROUTINES: ReadonlySet<string> = new Set(['FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT']);
const LOOPS: ReadonlySet<string> = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT']);

/** The offset of the semicolon that ends the first statement, or -1: those between BEGIN and END do not. */
function endOfStatement(text: string): number {
  let offset = 0;
  let depth = 0;
  let isRoutine = false;
  let previous = '';
  const words: string[] = [];
  for (const token of sqlTokens(text)) {
    const word = token.kind === 'word' ? token.text.toUpperCase() : '';
    if (word !== '' && words.length < 12) words.push(word);
    isRoutine ||= words[0] === 'CREATE' && ROUTINES.has(word) && words.length < 12;
    if (isRoutine && previous !== 'END' && (word === 'BEGIN' || word === 'CASE')) depth += 1;
    // `END IF` ends what was not counted, `END CASE` what was.
    if (previous === 'END' && LOOPS.has(word)) depth += 1;
    if (isRoutine && word === 'END') depth -= 1;
    if (token.text === ';' && depth <= 0) return offset;
    if (token.kind !== 'space') previous = word;
    offset += token.text.length;
  }
  return -1;
}

const KINDS: Readonly<Record<string, ObjectKind>> = {
  AGGREGATE: 'aggregate',
  DOMAIN: 'domain',
  EVENT: 'event',
  EXTENSION: 'extension',
  FUNCTION: 'function',
  INDEX: 'viewIndex',
  POLICY: 'policy',
  PROCEDURE: 'procedure',
  RULE: 'rule',
  STATISTICS: 'statistics',
  TRIGGER: 'trigger',
  TYPE: 'compositeType',
  VIEW: 'view',
};

interface Head {
  readonly kind: ObjectKind;
  readonly name: TableName;
  readonly table?: TableName;
}

/** What is made, or why it cannot be told. */
function readHead(text: string): Head | string {
  const tokens = sqlTokens(text).filter(({ kind }) => kind !== 'space');
  const word = (at: number): string => (tokens[at]?.kind === 'word' ? (tokens[at]?.text.toUpperCase() ?? '') : '');
  if (word(0) === 'GRANT') return { kind: 'grant', name: { namespace: null, name: text } };
  const at = tokens.findIndex((_token, i) => i > 0 && i < 16 && Object.hasOwn(KINDS, word(i)));
  const kind = at === -1 ? undefined : KINDS[word(at)];
  if (word(0) !== 'CREATE' || kind === undefined || word(1) === 'TABLE') {
    return `"${text.split('\n', 1)[0]?.slice(0, 60)}" makes no view, function, trigger or other object beside tables.`;
  }
  const start = word(at + 1) === 'IF' ? at + 4 : at + 1;
  const { name, end } = readName(tokens, start);
  if (name === null) return `the name behind ${word(at)} cannot be read.`;
  const isMaterialized = word(at - 1) === 'MATERIALIZED';
  const isRange = kind === 'compositeType' && word(end + 1) === 'RANGE';
  if (kind === 'compositeType' && word(end + 1) === 'ENUM')
    return `enum "${name.name}" is declared by the columns that have it.`;
  const owner = kind === 'rule' ? 'TO' : 'ON';
  const hasTable = ['trigger', 'policy', 'rule', 'viewIndex'].includes(kind);
  const place = hasTable ? tokens.findIndex((_token, i) => i >= end && word(i) === owner) : -1;
  const table = place === -1 ? null : readName(tokens, place + 1).name;
  return {
    kind: isMaterialized ? 'materializedView' : isRange ? 'rangeType' : kind,
    name,
    ...(table === null ? {} : { table }),
  };
}

/** `app.users`, `"app"."users"`; names without quotes are in small letters, as PostgreSQL reads them. */
function readName(
  tokens: readonly SqlToken[],
  start: number,
): { readonly name: TableName | null; readonly end: number } {
  const first = read(tokens[start]);
  if (first === undefined) return { name: null, end: start };
  if (tokens[start + 1]?.text !== '.') return { name: { namespace: null, name: first }, end: start + 1 };
  const second = read(tokens[start + 2]);
  if (second === undefined) return { name: null, end: start + 2 };
  return { name: { namespace: first, name: second }, end: start + 3 };
}

function read(token: SqlToken | undefined): string | undefined {
  return token?.kind === 'word' ? token.text.toLowerCase() : nameIn(token);
}
