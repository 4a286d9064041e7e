/** Reads the header constants of a revision file by scanning its text: no import, no evaluation. */
import { AludelError } from '../errors.js';
import type { Revision } from './revision.js';
import { isSqlFile, parseSqlHeader } from './sql-file.js';
import { readStringValue, tokenize, type Token } from './tokenize.js';

const KEYS = ['revision', 'downRevision', 'branchLabels', 'dependsOn', 'replaces'] as const;
type Key = (typeof KEYS)[number];

const EXAMPLE = "export const revision = '3f2a9c1b7d04'; export const downRevision = null;";

/**
 * Reads `revision`, `downRevision`, `branchLabels`, `dependsOn`, `replaces` and the leading doc comment. With `isPartial` the text
 * is only the start of the file, and null says that the header may go on behind it.
 * Throws ALUDEL_REVISION_INVALID with file and line where a constant is missing or no literal.
 */
export function parseHeader(
  source: string,
  file: string | null,
  options: { readonly isPartial: true },
): Revision | null;
export function parseHeader(source: string, file: string | null): Revision;
export function parseHeader(
  source: string,
  file: string | null,
  options: { readonly isPartial: boolean } = { isPartial: false },
): Revision | null {
  if (isSqlFile(file))
    return options.isPartial ? parseSqlHeader(source, file, { isPartial: true }) : parseSqlHeader(source, file);
  const plain = matchPlainHeader(source, file);
  if (plain !== null) return plain;
  const scan = new HeaderScan(source, file);
  const isCertain = scan.readConstants();
  if (options.isPartial && !isCertain) return null;
  return scan.toRevision();
}

/**
 * The header as `aludel revision` writes it: comment, imports, the two constants, a function. Everything that could hide
 * a quote or a comment is left out, so a match says what the tokens would say, at a tenth of the time.
 */
const PLAIN =
  /^(\/\*\*(?:[^*]|\*(?!\/))*\*\/)?\s*(?:import [\w\s{},*$]*from '[^'\\\n]*';\s*)*export const revision = '(\w+)';\s*export const downRevision = (?:null|'(\w+)'|\[((?:'\w+'(?:, )?)+)\]);\s*export (?:async )?function /u;

function matchPlainHeader(source: string, file: string | null): Revision | null {
  const match = PLAIN.exec(source);
  const id = match?.[2];
  if (match === null || id === undefined) return null;
  const [, , , parent, parents] = match;
  const list = parents?.slice(1, -1).split("', '") ?? [];
  return {
    id,
    down: parent === undefined ? list : [parent],
    branchLabels: [],
    dependsOn: [],
    ...parseComment(match[1] ?? ''),
    file,
  };
}

/** One pass over the tokens with a little state; lives for one file. */
class HeaderScan {
  readonly #source: string;
  readonly #file: string | null;
  readonly #tokens: Generator<Token>;
  readonly #found = new Map<Key, readonly string[]>();
  #comment = '';
  #current: Token | null = null;
  #depth = 0;
  #failure: AludelError | null = null;

  constructor(source: string, file: string | null) {
    this.#source = source;
    this.#file = file;
    this.#tokens = tokenize(source);
  }

  /** True when the header certainly ended within the text. */
  readConstants(): boolean {
    this.#advance();
    while (this.#current !== null) {
      if (this.#depth !== 0 || this.#current.text !== 'export') {
        this.#advance();
        continue;
      }
      const kind = this.#advance()?.text;
      const name = kind === 'const' || kind === 'let' || kind === 'var' ? this.#advance()?.text : undefined;
      const key = KEYS.find((known) => known === name);
      if (key !== undefined) {
        this.#readConstant(key);
        // In a partial text the value may only look wrong, or seem to have ended, because it is cut off.
        if (this.#current === null || this.#failure !== null) return false;
      } else if (this.#isComplete() && this.#startsCode(kind, name)) {
        return true;
      }
    }
    return false;
  }

  toRevision(): Revision {
    if (this.#failure !== null) throw this.#failure;
    const [id] = this.#found.get('revision') ?? [];
    if (id === undefined) throw this.#fail(0, 'lacks "export const revision"', `Add the header, such as: ${EXAMPLE}`);
    const down = this.#found.get('downRevision');
    if (down === undefined) {
      throw this.#fail(
        0,
        'lacks "export const downRevision"',
        'Add "export const downRevision = null;" for a base, or the id of the parent.',
      );
    }
    const replaces = this.#found.get('replaces');
    return {
      id,
      down,
      branchLabels: this.#found.get('branchLabels') ?? [],
      dependsOn: this.#found.get('dependsOn') ?? [],
      ...(replaces === undefined ? {} : { replaces }),
      ...parseComment(this.#comment),
      file: this.#file,
    };
  }

  #isComplete(): boolean {
    return this.#found.has('revision') && this.#found.has('downRevision');
  }

  #startsCode(kind: string | undefined, name: string | undefined): boolean {
    return kind === 'async' || kind === 'function' || kind === 'default' || name === 'upgrade' || name === 'downgrade';
  }

  #readConstant(key: Key): void {
    const start = this.#current?.start ?? 0;
    this.#advance();
    if (this.#current?.text === ':') this.#skipType();
    if (this.#current?.text !== '=') {
      this.#failure = this.#fail(start, `gives "${key}" no value`, literalHint(key));
      return;
    }
    this.#advance();
    const values = this.#readValue(key);
    if (values === null || !this.#isAtEnd()) {
      this.#failure ??= this.#fail(start, `gives "${key}" a value that is not a literal`, literalHint(key));
      return;
    }
    if (this.#found.has(key)) this.#failure = this.#fail(start, `declares "${key}" twice`, 'Remove one of them.');
    if (key === 'revision' && values.length !== 1) {
      this.#failure = this.#fail(start, 'gives "revision" a value that is not one string', literalHint(key));
    }
    this.#found.set(key, values);
  }

  /** Leaves the type annotation behind: up to the `=` outside of brackets. */
  #skipType(): void {
    const depth = this.#depth;
    while (this.#current !== null && !(this.#depth === depth && this.#current.text === '=')) this.#advance();
  }

  /** The strings of the value; none for null. Null for anything that is no literal. */
  #readValue(key: Key): readonly string[] | null {
    const token = this.#current;
    if (token === null) return null;
    if (token.text === 'null' || token.text === 'undefined') {
      this.#advance();
      return key === 'revision' ? null : [];
    }
    const value = readStringValue(token);
    if (value !== null) {
      this.#advance();
      return [value];
    }
    if (token.text !== '[' || key === 'revision') return null;
    return this.#readList();
  }

  #readList(): readonly string[] | null {
    const values: string[] = [];
    this.#advance();
    while (this.#current !== null && this.#current.text !== ']') {
      const value = readStringValue(this.#current);
      if (value === null) return null;
      values.push(value);
      // `#advance` moves on, so the checks below see the next token.
      const next = this.#advance()?.text;
      if (next === ',') this.#advance();
      else if (next !== ']') return null;
    }
    this.#advance();
    return values;
  }

  #isAtEnd(): boolean {
    const token = this.#current;
    if (token === null || token.text === ';') return true;
    if (token.text === 'as' || token.text === 'satisfies') return true;
    return token.startsLine && (token.kind === 'name' || token.kind === 'string');
  }

  #advance(): Token | null {
    for (let next = this.#tokens.next(); next.done !== true; next = this.#tokens.next()) {
      const token = next.value;
      if (token.kind === 'comment') {
        if (this.#current === null && this.#comment === '' && !token.text.startsWith('#!')) this.#comment = token.text;
        continue;
      }
      if (token.kind === 'punctuation') {
        if (token.text === '{' || token.text === '(' || token.text === '[') this.#depth++;
        if (token.text === '}' || token.text === ')' || token.text === ']') this.#depth--;
      }
      this.#current = token;
      return token;
    }
    this.#current = null;
    return null;
  }

  #fail(position: number, problem: string, hint: string): AludelError {
    let line = 1;
    for (let at = this.#source.indexOf('\n'); at !== -1 && at < position; at = this.#source.indexOf('\n', at + 1))
      line++;
    const where = this.#file === null ? 'The revision file' : `"${this.#file}" (line ${line})`;
    return new AludelError('ALUDEL_REVISION_INVALID', `${where} ${problem}.`, {
      hint,
      details: { file: this.#file, line },
    });
  }
}

function literalHint(key: Key): string {
  if (key === 'revision') return "Write a plain string, such as: export const revision = '3f2a9c1b7d04';";
  return `Write null, a plain string or a list of plain strings, such as: export const ${key} = ['3f2a9c1b7d04'];`;
}

/** The message is the first line that says something; our own fields are no message. */
function parseComment(comment: string): { readonly message: string | null; readonly createdAt: string | null } {
  let message: string | null = null;
  let createdAt: string | null = null;
  let isFirst = true;
  for (const raw of comment.split('\n')) {
    const line = stripMarks(raw);
    if (line === '') continue;
    if (isFirst && !/^(?:Revision|Parents?|Created):/u.test(line)) message = line.replaceAll('*\\/', '*/');
    isFirst = false;
    if (createdAt === null && line.startsWith('Created:')) createdAt = line.slice('Created:'.length).trim() || null;
  }
  return { message, createdAt };
}

/** A line of a comment without the marks around it. No regular expression: this runs for every line of every file. */
function stripMarks(raw: string): string {
  let line = raw.trim();
  if (line.endsWith('*/')) line = line.slice(0, -2).trimEnd();
  if (line.startsWith('/**')) line = line.slice(3);
  else if (line.startsWith('/*') || line.startsWith('//')) line = line.slice(2);
  else if (line.startsWith('*')) line = line.slice(1);
  return line.trim();
}
