/**
 * What a new type changes without an error: values that are rounded or cut, and text that is another one when it comes back.
 * What a server refuses to convert is none of it: there the revision fails, and nothing is lost.
 */
import type { ColumnType } from '../schema/types.js';

/** Conditions in a database's words. `column` is quoted. */
export interface ValueTests {
  /** A boolean holds no number but 0 and 1, or is one itself. */
  readonly booleansAreNumbers: boolean;
  /** A number with more digits behind the point. */
  isFiner(column: string, from: ColumnType, scale: number): string;
  /** A number with more digits than a floating one holds. */
  isLonger(column: string, from: ColumnType, digits: number): string;
  /** A floating number of which a decimal one holds less, whatever its scale. */
  isRounded?(column: string, from: ColumnType): string;
  /** A text that a regular expression finds something in. It has no backslash and no quote. */
  matches(column: string, pattern: string): string;
  /** A moment that is another one in a type that holds less of it. */
  isCut(column: string, to: ColumnType): string;
}

const WHOLE: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint']);
const FLOATING: Readonly<Record<string, number>> = { real: 6, double: 15 };
const TEXTS: ReadonlySet<string> = new Set(['char', 'varchar', 'text']);

/** The condition under which a value is changed; null where none can be. */
export function changedValues(column: string, from: ColumnType, to: ColumnType, tests: ValueTests): string | null {
  const conditions = TEXTS.has(from.kind)
    ? changedTexts(column, to, tests)
    : [...changedNumbers(column, from, to, tests), ...changedMoments(column, from, to, tests)];
  return conditions.length === 0 ? null : `(${conditions.join(' OR ')})`;
}

function isFraction({ kind }: ColumnType): boolean {
  return kind === 'numeric' || kind in FLOATING;
}

/** How many digits a number can have behind the point. */
function scaleOf(type: ColumnType): number {
  if (type.kind === 'numeric') return type.precision === null ? Infinity : (type.scale ?? 0);
  return WHOLE.has(type.kind) ? 0 : Infinity;
}

function changedNumbers(column: string, from: ColumnType, to: ColumnType, tests: ValueTests): string[] {
  if (!WHOLE.has(from.kind) && !isFraction(from)) return [];
  if (to.kind === 'boolean' && !tests.booleansAreNumbers) return [`${column} NOT IN (0, 1)`];
  if (WHOLE.has(to.kind) || to.kind === 'boolean') return isFraction(from) ? [tests.isFiner(column, from, 0)] : [];
  if (to.kind === 'numeric') {
    const known = scaleOf(from);
    const isCut = to.precision !== null && (to.scale ?? 0) < known;
    return [
      ...(isCut ? [tests.isFiner(column, from, to.scale ?? 0)] : []),
      ...(from.kind in FLOATING && tests.isRounded !== undefined ? [tests.isRounded(column, from)] : []),
    ];
  }
  const digits = FLOATING[to.kind];
  // A smallint has five of them, an integer ten.
  const held = FLOATING[from.kind] ?? (from.kind === 'smallint' ? 5 : from.kind === 'integer' ? 10 : Infinity);
  return digits === undefined || held <= digits ? [] : [tests.isLonger(column, from, digits)];
}

function changedMoments(column: string, from: ColumnType, to: ColumnType, tests: ValueTests): string[] {
  if (from.kind === 'timestamp' && to.kind === 'date') return [tests.isCut(column, to)];
  if ((from.kind === 'timestamp' || from.kind === 'date') && to.kind === 'time') return [`${column} IS NOT NULL`];
  const isClock = (from.kind === 'time' || from.kind === 'timestamp') && from.kind === to.kind;
  if (!isClock) return [];
  // A type that does not say how many digits of a second it has has six.
  return (to.precision ?? 6) < (from.precision ?? 6) ? [tests.isCut(column, to)] : [];
}

/**
 * Of what is no plain number but is taken for one, a database keeps the number only: the code `007` or `12E5`, the telephone
 * number `+49` and, on PostgreSQL 16 and later, `0x1F` and `1_000`.
 */
const CODE = '^ *([+]|-?0[0-9a-zA-Z])|[0-9.][eE]|[0-9]_';

/** A number that was written as text, which is another one when it is text again. */
function changedTexts(column: string, to: ColumnType, { matches }: ValueTests): string[] {
  if (to.kind === 'date') return [matches(column, ':')];
  if (to.kind === 'time') return [matches(column, '[0-9]-[0-9]')];
  const isCode = matches(column, CODE);
  if (WHOLE.has(to.kind)) return [isCode];
  const digits = FLOATING[to.kind];
  if (digits !== undefined) return [isCode, matches(column, `([0-9][.]?){${digits + 1}}`)];
  if (to.kind !== 'numeric') return [];
  return to.precision === null ? [isCode] : [isCode, matches(column, `[.][0-9]{${to.scale ?? 0}}[0-9]*[1-9]`)];
}
