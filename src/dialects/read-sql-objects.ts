/** SQL files with CREATE statements, as declarations. Found with tokens: strings, comments and bodies mislead nobody. */
import type { DialectName } from '../engine/connection.js';
import { declareObject, type ObjectDeclaration } from '../schema/declare-objects.js';
import type { ObjectKind } from '../schema/objects.js';
import type { TableName } from '../schema/table.js';
import { nameIn } from '../util/sql-words.js';
import { splitSql } from './split-sql.js';
import { type SqlToken, tokenizeSql } from './tokenize-sql.js';

export interface SqlObjects {
  readonly declared: readonly ObjectDeclaration[];
  /** What is no CREATE statement of an object: one line each, with the file and the line. */
  readonly problems: readonly string[];
}

/** Reads one file; `file` is for messages. */
export function readSqlObjects(sql: string, file: string, dialect: DialectName): SqlObjects {
  const declared: ObjectDeclaration[] = [];
  const problems: string[] = [];
  for (const { text, line, isOpen } of statementsOf(sql, dialect)) {
    const head = isOpen ? 'the file ends in the middle of a statement.' : readHead(text, dialect);
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
  readonly isOpen: boolean;
}

function statementsOf(sql: string, dialect: DialectName): Statement[] {
  return splitSql(sql, dialect).map(({ sql: text, start, isOpen }) => ({
    text,
    isOpen,
    line: sql.slice(0, start).split('\n').length,
  }));
}

const KINDS: Readonly<Record<string, ObjectKind>> = {
  AGGREGATE: 'aggregate',
  COLLATION: 'collation',
  'TEXT SEARCH CONFIGURATION': 'textSearchConfiguration',
  'TEXT SEARCH DICTIONARY': 'textSearchDictionary',
  DOMAIN: 'domain',
  EVENT: 'event',
  'EVENT TRIGGER': 'eventTrigger',
  EXTENSION: 'extension',
  FUNCTION: 'function',
  INDEX: 'viewIndex',
  'OPERATOR CLASS': 'operatorClass',
  'OPERATOR FAMILY': 'operatorFamily',
  POLICY: 'policy',
  PROCEDURE: 'procedure',
  PUBLICATION: 'publication',
  RULE: 'rule',
  STATISTICS: 'statistics',
  TABLE: 'virtualTable',
  TRIGGER: 'trigger',
  TYPE: 'compositeType',
  VIEW: 'view',
};

const STATEMENTS: readonly { readonly words: readonly string[]; readonly kind: ObjectKind }[] = [
  { words: ['GRANT'], kind: 'grant' },
  { words: ['ALTER', 'DEFAULT', 'PRIVILEGES'], kind: 'defaultGrant' },
  { words: ['COMMENT', 'ON', 'SCHEMA'], kind: 'namespaceComment' },
  { words: ['CREATE', 'CAST'], kind: 'cast' },
];

interface Head {
  readonly kind: ObjectKind;
  readonly name: TableName;
  readonly table?: TableName;
}

/** What is made, or why it cannot be told. */
function readHead(text: string, dialect: DialectName): Head | string {
  const tokens = tokenizeSql(text, dialect).filter(({ kind }) => kind !== 'comment');
  const word = (at: number): string => (tokens[at]?.kind === 'word' ? (tokens[at]?.text.toUpperCase() ?? '') : '');
  // What such a thing is called follows from what it is on: the statement itself tells it from others.
  const unnamed = STATEMENTS.find(({ words }) => words.every((known, i) => known === word(i)))?.kind;
  if (unnamed !== undefined) return { kind: unnamed, name: { namespace: null, name: text } };
  const isOperator = word(0) === 'CREATE' && word(1) === 'OPERATOR' && !['CLASS', 'FAMILY'].includes(word(2));
  if (isOperator) return readOperator(tokens, dialect);
  const wordsAt = (i: number): string | undefined =>
    [3, 2, 1]
      .map((length) => Array.from({ length }, (_none, n) => word(i + n)).join(' '))
      .find((words) => Object.hasOwn(KINDS, words));
  const first = tokens.findIndex((_token, i) => i > 0 && i < 16 && wordsAt(i) !== undefined);
  const words = first === -1 ? undefined : wordsAt(first);
  const kind = words === undefined ? undefined : KINDS[words];
  const at = words === undefined ? -1 : first + words.split(' ').length - 1;
  if (word(0) !== 'CREATE' || kind === undefined || (kind === 'virtualTable' && word(1) !== 'VIRTUAL')) {
    return `"${text.split('\n', 1)[0]?.slice(0, 60)}" makes no view, function, trigger or other object beside tables.`;
  }
  const start = word(at + 1) === 'IF' ? at + 4 : at + 1;
  const { name, end } = readName(tokens, start, dialect);
  if (name === null) return `the name behind ${word(at)} cannot be read.`;
  const isMaterialized = word(at - 1) === 'MATERIALIZED';
  const isRange = kind === 'compositeType' && word(end + 1) === 'RANGE';
  if (kind === 'compositeType' && word(end + 1) === 'ENUM')
    return `enum "${name.name}" is declared by the columns that have it.`;
  const owner = kind === 'rule' ? 'TO' : 'ON';
  const hasTable = ['trigger', 'policy', 'rule', 'viewIndex'].includes(kind);
  const place = hasTable ? tokens.findIndex((_token, i) => i >= end && word(i) === owner) : -1;
  const table = place === -1 ? null : readName(tokens, place + 1, dialect).name;
  return {
    kind: isMaterialized ? 'materializedView' : isRange ? 'rangeType' : kind,
    name,
    ...(table === null ? {} : { table }),
  };
}

/** `CREATE OPERATOR app.=== (`: the signs up to the bracket. */
function readOperator(tokens: readonly SqlToken[], dialect: DialectName): Head {
  const end = tokens.findIndex(({ text }) => text === '(');
  const hasNamespace = tokens[3]?.text === '.';
  const signs = tokens.slice(hasNamespace ? 4 : 2, end).map(({ text }) => text);
  const namespace = hasNamespace ? (readPart(tokens[2], dialect) ?? null) : null;
  return { kind: 'operator', name: { namespace, name: signs.join('') } };
}

/** `app.users`, `"app"."users"`. */
function readName(
  tokens: readonly SqlToken[],
  start: number,
  dialect: DialectName,
): { readonly name: TableName | null; readonly end: number } {
  const first = readPart(tokens[start], dialect);
  if (first === undefined) return { name: null, end: start };
  if (tokens[start + 1]?.text !== '.') return { name: { namespace: null, name: first }, end: start + 1 };
  const second = readPart(tokens[start + 2], dialect);
  if (second === undefined) return { name: null, end: start + 2 };
  return { name: { namespace: first, name: second }, end: start + 3 };
}

/** PostgreSQL reads names without quotes in small letters. */
function readPart(token: SqlToken | undefined, dialect: DialectName): string | undefined {
  if (token?.kind === 'word') return dialect === 'postgres' ? token.text.toLowerCase() : token.text;
  return token?.kind === 'quoted' && !token.text.startsWith("'")
    ? nameIn({ kind: 'name', text: token.text })
    : undefined;
}
