/** Reads SHOW CREATE TABLE: the only place where a temporary table shows how the server spells its expressions. */
import type { ServerVersion } from '../../engine/connection.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { ColumnType } from '../../schema/types.js';
import { type ApplicationPeriod, parsePeriod } from './application-period.js';
import { featuresOf } from './features.js';
import { parsePartitions } from './partitions.js';
import { readDefault, readExpression, spellDefault } from './spelling.js';
import type { TableOptions } from '../../schema/table.js';
import { readShownOptions } from './table-options.js';
import { endOfGroup, joinTokens, splitAtCommas, type Token, tokenize, unquoteName } from './tokens.js';
import { parseType } from './types.js';

export interface ShownTable {
  readonly columns: readonly ShownColumn[];
  readonly checks: readonly { readonly name: string; readonly expression: Expression }[];
  readonly indexes: readonly ShownIndex[];
  readonly period: ApplicationPeriod | null;
  /** What the catalog does not say of a table. */
  readonly options: TableOptions;
  /** What stands behind PARTITION BY. */
  readonly partitions: string | null;
}

/** What stands behind the parts of an index only here: information_schema calls every tree a tree. */
export interface ShownIndex {
  /** `PRIMARY` is that of the primary key. */
  readonly name: string;
  readonly parts: readonly ShownPart[];
  /** The method that the statement said. */
  readonly method: string | null;
  readonly storage: Readonly<Record<string, string>>;
}

export interface ShownColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly default: Expression | null;
  readonly generated: Expression | null;
  /** MySQL: also where it is the table's own, which a column has that said it. */
  readonly saysCharset: boolean;
  /** What is passed on as it is: `COLUMN_FORMAT FIXED`. */
  readonly attributes: string;
}

/** An expression, or `null` for a plain column. */
export type ShownPart = Expression | null;

export function parseShowCreate(text: string, server: ServerVersion): ShownTable {
  const tokens = tokenize(text);
  const open = tokens.findIndex((token) => token.kind === 'open');
  const entries = splitAtCommas(tokens.slice(open + 1, endOfGroup(tokens, open) - 1)).map(trim);
  const collation = /^\).* COLLATE=(\w+)/m.exec(text)?.[1] ?? null;
  const startsWith = (entry: readonly Token[], ...words: string[]): boolean => words.includes(entry[0]?.text ?? '');
  const isOwnPeriod = (entry: readonly Token[]): boolean => startsWith(entry, 'PERIOD') && entry[4]?.kind === 'name';
  const periods = entries.filter(isOwnPeriod).map((entry) => parsePeriod(entry.slice(3)));
  return {
    columns: entries.filter((entry) => entry[0]?.kind === 'name').map((entry) => parseColumn(entry, collation, server)),
    checks: entries
      .filter((entry) => startsWith(entry, 'CONSTRAINT') && entry.some((token) => token.text === 'CHECK'))
      .map((entry) => ({
        name: nameIn(entry),
        expression: readExpression(insideGroupAfter(entry, 'CHECK') ?? ''),
      })),
    indexes: entries
      .filter((entry) => startsWith(entry, 'KEY', 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'PRIMARY'))
      .map((entry) => ({
        name: startsWith(entry, 'PRIMARY') ? 'PRIMARY' : nameIn(entry),
        parts: parseParts(entry),
        ...parseIndexOptions(entry),
      })),
    period: periods.find((period) => period !== null) ?? null,
    options: readShownOptions(joinTokens(tokens.slice(endOfGroup(tokens, open)))),
    partitions: parsePartitions(text),
  };
}

/** Words that end the type of a column, and those that end its default. */
const AFTER_TYPE = new Set(['CHARACTER', 'CHARSET', 'COLLATE', 'GENERATED', 'NOT', 'NULL', 'DEFAULT', 'CHECK']);
const AFTER_DEFAULT = new Set(['ON', 'COMMENT', 'CHECK', 'COLLATE', 'NOT', 'AUTO_INCREMENT', 'INVISIBLE']);
const ENDS_TYPE = new Set([...AFTER_TYPE, ...AFTER_DEFAULT]);

function parseColumn(entry: readonly Token[], tableCollation: string | null, server: ServerVersion): ShownColumn {
  const name = nameIn(entry);
  const rest = entry.slice(1);
  const typeEnd = rest.findIndex((token) => endsHere(token, ENDS_TYPE) && !/^\/\*M!\d+ COMPRESSED/.test(token.text));
  const srid = rest.flatMap(({ text }) => /^\/\*!\d+ (SRID \d+) \*\/$/.exec(text)?.[1] ?? []);
  const typeTokens = rest.slice(0, typeEnd === -1 ? rest.length : typeEnd);
  const typeText = [joinTokens(typeTokens).trim(), ...srid].join(' ');
  const check = insideGroupAfter(rest, 'CHECK');
  const { isMariadb } = featuresOf(server);
  const own = indexOutsideGroups(rest, 'COLLATE');
  const collation = own === -1 ? tableCollation : rest[own + 2]?.text;
  const isJson = isMariadb && typeText === 'longtext' && collation === JSON_COLLATION && check === jsonCheck(name);
  const type = parseType(isJson ? 'json' : typeText, name, server);
  const generated = insideGroupAfter(rest, 'AS');
  const defaultText = textAfterDefault(rest);
  const spelled = defaultText === null ? null : spellDefault(defaultText, type, isMariadb);
  return {
    name,
    type,
    default: spelled === null ? null : readDefault(spelled, type),
    generated: generated === null ? null : readExpression(generated),
    saysCharset: indexOutsideGroups(rest, 'CHARACTER') !== -1,
    attributes: parseAttributes(rest),
  };
}

/** MariaDB's JSON is a LONGTEXT in this collation, with the check below. */
export const JSON_COLLATION = 'utf8mb4_bin';

/** https://mariadb.com/kb/en/json-data-type/ */
export function jsonCheck(column: string): string {
  return `json_valid(\`${column.replaceAll('`', '``')}\`)`;
}

/**
 * `STORAGE`, `COLUMN_FORMAT`, `NOT SECONDARY` and the attributes of engines, which MariaDB also takes where no engine knows them.
 */
function parseAttributes(tokens: readonly Token[]): string {
  const groups = tokens.flatMap((token, i): string[] => {
    const [, inside = ''] = /^\/\*!\d+ (.*?) ?\*\/$/s.exec(token.text) ?? [];
    if (/^(?:STORAGE|COLUMN_FORMAT|(?:SECONDARY_)?ENGINE_ATTRIBUTE)\b/.test(inside)) return [inside];
    if (token.text === 'SECONDARY' && tokens[i - 2]?.text === 'NOT') return ['NOT SECONDARY'];
    const isOption = token.kind === 'name' && tokens[i + 1]?.text === '=';
    return isOption ? [joinTokens(tokens.slice(i, i + 3))] : [];
  });
  return groups.join(' ');
}

function textAfterDefault(tokens: readonly Token[]): string | null {
  const at = indexOutsideGroups(tokens, 'DEFAULT');
  if (at === -1) return null;
  const rest = tokens.slice(at + 1);
  let end = 0;
  while (end < rest.length) {
    const token = rest[end];
    if (token === undefined || endsHere(token, AFTER_DEFAULT)) break;
    end = token.kind === 'open' ? endOfGroup(rest, end) : end + 1;
  }
  return joinTokens(rest.slice(0, end)).trim();
}

/** Version comments of MySQL (`INVISIBLE`, hidden columns) end what stands before them too. */
function endsHere(token: Token, words: ReadonlySet<string>): boolean {
  return (token.kind === 'word' && words.has(token.text)) || token.text.startsWith('/*');
}

function insideGroupAfter(tokens: readonly Token[], word: string): string | null {
  const at = indexOutsideGroups(tokens, word);
  const open = at === -1 ? -1 : tokens.findIndex((token, i) => i > at && token.kind === 'open');
  return open === -1 ? null : joinTokens(tokens.slice(open + 1, endOfGroup(tokens, open) - 1));
}

function indexOutsideGroups(tokens: readonly Token[], word: string): number {
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i];
    if (token?.kind === 'word' && token.text === word) return i;
    i = token?.kind === 'open' ? endOfGroup(tokens, i) : i + 1;
  }
  return -1;
}

function parseParts(entry: readonly Token[]): ShownPart[] {
  const open = entry.findIndex((token) => token.kind === 'open');
  return splitAtCommas(entry.slice(open + 1, endOfGroup(entry, open) - 1)).map((tokens) => {
    const part = trim(tokens);
    if (part[0]?.kind !== 'open') return null;
    return readExpression(joinTokens(part.slice(1, endOfGroup(part, 0) - 1)));
  });
}

/** Version comments hold options too: MySQL's parser of a full-text index. */
function parseIndexOptions(entry: readonly Token[]): Pick<ShownIndex, 'method' | 'storage'> {
  const open = entry.findIndex((token) => token.kind === 'open');
  const attributes = parseAttributes(entry.slice(endOfGroup(entry, open)));
  const text = joinTokens(entry.slice(endOfGroup(entry, open)).filter((token) => token.kind !== 'string'));
  const keyBlockSize = /\bKEY_BLOCK_SIZE\s*=\s*(\d+)/.exec(text)?.[1];
  const parser = /\bWITH PARSER `((?:[^`]|``)*)`/.exec(text)?.[1];
  const parts = entry.slice(open, endOfGroup(entry, open));
  const overlaps = parts.findIndex(({ kind, text: word }) => kind === 'word' && word === 'WITHOUT');
  return {
    method: /\bUSING (\w+)/.exec(text)?.[1]?.toLowerCase() ?? null,
    storage: {
      ...(keyBlockSize === undefined ? {} : { keyBlockSize }),
      ...(parser === undefined ? {} : { parser: parser.replaceAll('``', '`') }),
      ...(attributes === '' ? {} : { attributes }),
      ...(overlaps === -1 ? {} : { withoutOverlaps: unquoteName(parts[overlaps - 2]?.text ?? '') }),
    },
  };
}

function nameIn(entry: readonly Token[]): string {
  return unquoteName(entry.find((token) => token.kind === 'name')?.text ?? '``');
}

function trim(tokens: readonly Token[]): Token[] {
  const first = tokens.findIndex((token) => token.kind !== 'space');
  const last = tokens.findLastIndex((token) => token.kind !== 'space');
  return first === -1 ? [] : tokens.slice(first, last + 1);
}
