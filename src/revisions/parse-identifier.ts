/**
 * The identifier grammar, read strictly from the first character to the last:
 *
 *     identifier = [ label "@" ] ( symbol [ steps ] | steps )
 *     symbol     = "head" | "heads" | "base" | id | partial id | label
 *     steps      = ( "+" | "-" ) digits
 *     range      = [ identifier ] ":" [ identifier ]
 */
import { AludelError } from '../errors.js';

export interface Identifier {
  /** The text as it was given. */
  readonly text: string;
  /** The branch before `@`: a label, an id or a partial id. */
  readonly label: string | null;
  /** `head`, `heads`, `base`, an id, a partial id or a label; null when the steps start at the current revision. */
  readonly symbol: string | null;
  /** Steps up (positive) or down (negative) from the symbol; 0 without steps. */
  readonly steps: number;
}

export interface IdentifierRange {
  readonly from: Identifier | null;
  readonly to: Identifier | null;
}

/** Parses one identifier. Throws ALUDEL_USAGE with `details.position`, the index of the first character that is wrong. */
export function parseIdentifier(text: string): Identifier {
  return parsePart(text, 0, text.length);
}

/** Parses `a:b`, `a:` or `:b`; an empty side is null. Throws ALUDEL_USAGE. */
export function parseRange(text: string): IdentifierRange {
  const colon = text.indexOf(':');
  if (colon === -1)
    throw syntaxError(text, text.length, 'a range needs ":"', 'Write it as "from:to", "from:" or ":to".');
  const second = text.indexOf(':', colon + 1);
  if (second !== -1) throw syntaxError(text, second, 'a range has one ":"');
  return {
    from: colon === 0 ? null : parsePart(text, 0, colon),
    to: colon === text.length - 1 ? null : parsePart(text, colon + 1, text.length),
  };
}

/** True when the text is written as a range. */
export function isRange(text: string): boolean {
  return text.includes(':');
}

function parsePart(text: string, start: number, end: number): Identifier {
  let position = start;
  if (start === end) throw syntaxError(text, start, 'an identifier is missing');
  let label: string | null = null;
  const at = text.indexOf('@', start);
  if (at !== -1 && at < end) {
    position = readName(text, start, at, true);
    if (position === start) throw syntaxError(text, start, 'a branch is missing before "@"');
    label = text.slice(start, at);
    position = at + 1;
    if (position === end) throw syntaxError(text, position, 'a revision is missing after "@"');
  }
  const symbolStart = position;
  position = readName(text, position, end, false);
  const symbol = position === symbolStart ? null : text.slice(symbolStart, position);
  const steps = readSteps(text, position, end);
  return { text: text.slice(start, end), label, symbol, steps };
}

/** Reads up to the steps; gives the position after the name. */
function readName(text: string, start: number, end: number, isLabel: boolean): number {
  for (let position = start; position < end; position++) {
    const character = text[position] ?? '';
    if (character === ':') {
      throw syntaxError(text, position, 'a range is not allowed here', 'Ranges go with "history -r" and "--sql".');
    }
    if (character === '@') throw syntaxError(text, position, 'an identifier has one "@"');
    if (/\s/u.test(character)) throw syntaxError(text, position, 'white space is not allowed');
    if (isLabel) {
      if (character === '+') throw syntaxError(text, position, 'a branch name holds no "+"');
    } else if (character === '+' || (character === '-' && /\d/u.test(text[position + 1] ?? ''))) {
      return position;
    } else if (character === '-' && (position === start || position === end - 1)) {
      throw syntaxError(text, position + 1, 'a number of steps is missing after "-"');
    }
  }
  return end;
}

function readSteps(text: string, start: number, end: number): number {
  if (start === end) return 0;
  let position = start + 1;
  while (position < end && /\d/u.test(text[position] ?? '')) position++;
  if (position === start + 1) throw syntaxError(text, position, `a number of steps is missing after "${text[start]}"`);
  if (position < end) throw syntaxError(text, position, 'nothing may follow the number of steps');
  const steps = Number(text.slice(start, end));
  if (steps === 0) throw syntaxError(text, start + 1, 'the number of steps starts at 1');
  if (!Number.isSafeInteger(steps)) throw syntaxError(text, start + 1, 'the number of steps is too large');
  return steps;
}

function syntaxError(text: string, position: number, problem: string, hint?: string): AludelError {
  const marked = `${JSON.stringify(text.slice(0, position)).slice(0, -1)}>>>${JSON.stringify(text.slice(position)).slice(1)}`;
  return new AludelError(
    'ALUDEL_USAGE',
    `The revision identifier ${JSON.stringify(text)} is not valid: ${problem} (character ${position + 1}: ${marked}).`,
    {
      hint:
        hint ??
        'Write an id, "head", "heads", "base", "label@head", "+2", "-1" or "id-1"; "aludel history" shows the ids.',
      details: { identifier: text, position },
    },
  );
}
