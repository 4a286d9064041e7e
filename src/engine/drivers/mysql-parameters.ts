/**
 * Puts parameters into the text of a statement. mysql2's own `?` replacement also replaces inside strings and comments,
 * spreads objects into assignments, and escapes with backslashes, which NO_BACKSLASH_ESCAPES turns into plain text.
 */

/** Strings, quoted names and comments, which hold no placeholders; and the placeholder. */
const TOKENS: RegExp = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*.*?\*\/|\?/gs;

/** The statement with each `?` replaced by a literal. Throws when the counts differ or a value has no literal. */
export function bindMysqlParameters(sql: string, params: readonly unknown[]): string {
  let used = 0;
  const bound = sql.replace(TOKENS, (token) => {
    if (token !== '?') {
      return token;
    }
    used += 1;
    return used <= params.length ? toLiteral(params[used - 1]) : token;
  });
  if (used !== params.length) {
    throw new TypeError(`The statement has ${used} placeholders, and ${params.length} parameters were given`);
  }
  return bound;
}

function toLiteral(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'NULL';
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) {
        throw new TypeError(`The number ${value} cannot be a parameter`);
      }
      return String(value);
    case 'string':
      return quote(value);
    default:
      break;
  }
  if (value === null) {
    return 'NULL';
  }
  if (value instanceof Date) {
    return quote(writeDate(value));
  }
  if (value instanceof Uint8Array) {
    return `X'${toHex(value)}'`;
  }
  throw new TypeError(`A value of the type ${typeof value} cannot be a parameter: pass JSON as text`);
}

/** A value as LOAD DATA reads it; bytes as hexadecimal, for UNHEX(). */
export function toMysqlText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Date) return writeDate(value);
  return toLiteral(value);
}

function writeDate(value: Date): string {
  return value.toISOString().replace('T', ' ').replace('Z', '');
}

function toHex({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

/** Text with a backslash goes as hexadecimal: it means the same under every sql_mode. */
function quote(text: string): string {
  return text.includes('\\')
    ? `_utf8mb4 X'${Buffer.from(text, 'utf8').toString('hex')}'`
    : `'${text.replaceAll("'", "''")}'`;
}
