/**
 * One spelling for what the two catalogs say. information_schema and SHOW CREATE TABLE print the same default in
 * different words, and MySQL escapes expressions in information_schema once more; both ways end here in one text,
 * which is also valid SQL in the place it came from.
 */
import { type Expression, verbatim } from '../../schema/expressions/expression.js';
import type { ColumnType } from '../../schema/types.js';
import { quoteString } from './sql.js';
import { joinTokens, tokenize, unquoteString } from './tokens.js';

/** Types whose literals are written without quotes. */
export function isNumericType(type: ColumnType): boolean {
  const kinds = ['smallint', 'integer', 'bigint', 'real', 'double', 'numeric', 'boolean'];
  if (kinds.includes(type.kind)) return true;
  const numeric = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)\b/;
  return type.kind === 'custom' && typeof type.sql === 'string' && numeric.test(type.sql);
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

export function isNumber(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * An expression as both ways print it. MySQL's own introducer goes, as the connection speaks utf8mb4; strings get one
 * quoting.
 */
export function spellExpression(text: string): string {
  const tokens = tokenize(text);
  const spelled = tokens.flatMap((token, i) => {
    if (token.kind === 'word' && token.text === '_utf8mb4' && tokens[i + 1]?.kind === 'string') return [];
    if (token.kind !== 'string') return [token];
    const isText = tokens[i - 1]?.kind !== 'word' || tokens[i - 1]?.text.startsWith('_') === true;
    return [isText ? { ...token, text: quoteString(unquoteString(token.text)) } : token];
  });
  return joinTokens(spelled);
}

/** Undoes what MySQL's information_schema does to expressions: quotes escaped, UTF-8 read as Latin-1. */
export function unescapeCatalogText(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  const isLatin1 = bytes.toString('latin1') === text;
  const decoded = isLatin1 ? bytes.toString('utf8') : text;
  const escaped = decoded.includes('\ufffd') ? text : decoded;
  return escaped.replace(/\\([\s\S])/g, (_whole, character: string) => (character === 'n' ? '\n' : character));
}

const ASTRAL = /[\u{10000}-\u{10ffff}]/gu;

/**
 * An expression that was read from a catalog. Characters beyond U+FFFF are `????` in one of the two catalogs of either
 * server: so they are in the text, and as they were, where that is known, in its source.
 */
export function readExpression(text: string): Expression {
  const spelled = spellExpression(text);
  const visible = spelled.replace(ASTRAL, '????');
  return visible === spelled ? verbatim(spelled) : verbatim(visible, { kind: 'sql', parts: [spelled] });
}

/** A default that was read from a catalog: a literal, or an expression as it stands behind DEFAULT. */
export function readDefault(text: string, type: ColumnType): Expression {
  const source = readableDefault(text, type);
  const isLiteral = source?.kind === 'literal' && !text.startsWith('(');
  const visible = text.replace(ASTRAL, isLiteral ? '?' : '????');
  if (visible === text) return verbatim(text, source);
  return verbatim(visible, source ?? { kind: 'sql', parts: [text] });
}

/** A literal default by its value: numbers bare where the column is numeric, else quoted. */
export function spellLiteral(value: string, type: ColumnType): string {
  if (isNumericType(type) && isNumber(value)) return value;
  if (/^b'[01]*'$/.test(value) && isBitType(type)) return value;
  // MySQL's catalog prints an empty binary value as `0x`, which is none.
  if (isBinaryType(type) && (value === '' || value === '0x')) return quoteString('');
  if (isBinaryType(type))
    return /^0x[0-9a-f]*$/i.test(value) ? value : `0x${Buffer.from(value).toString('hex').toUpperCase()}`;
  return quoteString(value);
}

/**
 * A default by the SQL text after DEFAULT, as SHOW CREATE TABLE and MariaDB's information_schema print it.
 * `null`: there is none.
 */
export function spellDefault(text: string, type: ColumnType, isMariadb: boolean): string | null {
  if (/^null$/i.test(text)) return null;
  const clock = /^(?:current_timestamp|now|localtime|localtimestamp)(?:\((\d*)\))?$/i.exec(text);
  if (clock !== null && (isMariadb || !/^now/i.test(text))) return currentTimestamp(Number(clock[1] || 0));
  const tokens = tokenize(text);
  const only = tokens.length === 1 ? tokens[0] : undefined;
  if (only?.kind === 'string') {
    const value = unquoteString(only.text);
    if (isMariadb && isBinaryType(type)) return quoteString(value.replaceAll('\ufffd', '?'));
    if (isMariadb && isDocument(type)) return quoteString(value);
    return spellLiteral(value, type);
  }
  if (!isMariadb && only?.kind === 'word' && /^0x/i.test(only.text) && !isBinaryType(type)) {
    return spellLiteral(Buffer.from(only.text.slice(2), 'hex').toString('utf8'), type);
  }
  return spellExpression(text);
}

/** `CURRENT_TIMESTAMP(6)`; six is what a precision of `null` means. */
export function currentTimestamp(precision: number | null): string {
  const digits = precision ?? 6;
  return digits === 0 ? 'CURRENT_TIMESTAMP' : `CURRENT_TIMESTAMP(${digits})`;
}

/**
 * The plain value that a default stands for, when it is one beyond doubt: to show a person `'open'`, never to compare.
 */
function readableDefault(text: string, type: ColumnType): Expression | undefined {
  if (type.kind === 'boolean' && /^[01]$/.test(text)) return { kind: 'literal', value: text === '1' };
  if (/^-?\d{1,15}$/.test(text)) return { kind: 'literal', value: Number(text) };
  if (isNumber(text)) return { kind: 'literal', value: text };
  if (type.kind === 'timestamp' && text === currentTimestamp(type.precision)) return { kind: 'now' };
  const bare = text.startsWith("('") && text.endsWith("')") ? text.slice(1, -1) : text;
  const tokens = tokenize(bare);
  if (tokens.length !== 1 || tokens[0]?.kind !== 'string') return undefined;
  const isPlain = bare === text || isDocument(type);
  return isPlain ? { kind: 'literal', value: unquoteString(bare) } : undefined;
}

/** Types that MySQL gives no literal default, only an expression in parentheses. */
export function isDocument(type: ColumnType): boolean {
  if (['text', 'bytes', 'json', 'jsonb'].includes(type.kind)) return true;
  return type.kind === 'custom' && typeof type.sql === 'string' && /^(tiny|medium|long)(text|blob)\b/.test(type.sql);
}

export function isBinaryType(type: ColumnType): boolean {
  return type.kind === 'custom' && typeof type.sql === 'string' && /^(var)?binary\b/.test(type.sql);
}

function isBitType(type: ColumnType): boolean {
  return type.kind === 'custom' && typeof type.sql === 'string' && /^bit\b/.test(type.sql);
}
