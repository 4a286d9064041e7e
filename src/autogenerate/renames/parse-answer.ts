import { AludelError } from '../../errors.js';

/** An answer as text: what kind it names, and the parts of one name or two. */
export interface ParsedAnswer {
  readonly text: string;
  /** `null`: tables and columns need no word. */
  readonly kind: 'table' | 'column' | 'enum' | 'sequence' | null;
  readonly from: readonly string[];
  /** `null` in an answer that is one name: what is dropped. */
  readonly to: readonly string[] | null;
}

const KINDS = ['table', 'column', 'enum', 'sequence'] as const;

/** How each form is written, for messages. */
const RENAME_FORMS = 'table:table, table.column:table.column, "enum type:type", "enum type.value:type.value"';

/**
 * Reads `users.name:users.full_name`: an optional word that says the kind, names of parts with dots between them, a colon
 * between the two names. A part with other characters stands in double quotes.
 * @throws AludelError ALUDEL_USAGE with the position of what is wrong.
 */
export function parseRename(text: string): ParsedAnswer & { readonly to: readonly string[] } {
  const answer = parse(text, true);
  return { ...answer, to: answer.to ?? [] };
}

/** Reads what `--drop` takes: `users`, `users.name`, `enum status.open`. */
export function parseDrop(text: string): ParsedAnswer {
  return parse(text, false);
}

function parse(text: string, isPair: boolean): ParsedAnswer {
  const word = /^\s*([a-z]+)\s+/i.exec(text);
  const kind = KINDS.find((known) => known === word?.[1]?.toLowerCase()) ?? null;
  if (word !== null && kind === null) {
    const isFollowing = /^(?:index|constraint)$/i.test(word[1] ?? '');
    throw refuse(text, word[0].indexOf(word[1] ?? ''), isFollowing ? 'no index or constraint' : KINDS.join(', '), {
      hint: isFollowing
        ? 'Indexes and constraints that say the same get their new names without being asked for.'
        : null,
    });
  }
  let at = kind === null ? text.length - text.trimStart().length : (word?.[0].length ?? 0);
  const readName = (): string[] => {
    const parts: string[] = [];
    for (;;) {
      const rest = text.slice(at);
      const part = /^"((?:[^"]|"")+)"|^[^\s".:]+/.exec(rest);
      if (part === null) throw refuse(text, at, 'a name');
      parts.push(part[1] === undefined ? part[0] : part[1].replaceAll('""', '"'));
      at += part[0].length;
      if (text[at] !== '.') return parts;
      at += 1;
    }
  };
  const from = readName();
  let to: string[] | null = null;
  if (isPair) {
    if (text[at] !== ':') throw refuse(text, at, '":" and the new name');
    at += 1;
    to = readName();
  }
  if (text.slice(at).trim() !== '') throw refuse(text, at, 'the end');
  const most = kind === 'column' || kind === null || kind === 'enum' ? 3 : 2;
  for (const name of [from, to ?? from]) {
    if (name.length > most) throw refuse(text, text.length, `at most ${most} parts in a name`);
  }
  return { text, kind, from, to };
}

/** A name as an answer spells it; parts that are null are left out. */
export function formatName(parts: readonly (string | null)[]): string {
  return parts
    .flatMap((part) => part ?? [])
    .map((part) => (/^[^\s".:]+$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.');
}

function refuse(
  text: string,
  at: number,
  expected: string,
  { hint = null }: { readonly hint?: string | null } = {},
): AludelError {
  const found = at >= text.length ? 'the end' : `"${text.slice(at, at + 12)}"`;
  return new AludelError(
    'ALUDEL_USAGE',
    `Cannot read the answer '${text}': expected ${expected} at position ${at + 1}, found ${found}.`,
    { hint: hint ?? `Renames are written ${RENAME_FORMS}.` },
  );
}
