/** Names of classes, properties and relations, made of the names in a database. */

const IRREGULAR: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  mice: 'mouse',
  indices: 'index',
  indexes: 'index',
  vertices: 'vertex',
  matrices: 'matrix',
  criteria: 'criterion',
  phenomena: 'phenomenon',
  quizzes: 'quiz',
  movies: 'movie',
  cookies: 'cookie',
};

const PLURALS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...IRREGULAR, indices: 'indices' }).map(([plural, singular]) => [singular, plural]),
);

/** Words that are their own plural, or end in "s" as they are. */
const UNCOUNTED: ReadonlySet<string> = new Set(
  'data metadata news series species information equipment money sheep fish feedback media analysis settings config'
    .split(' ')
    .concat(['status', 'alias', 'bus', 'campus', 'census', 'virus', 'bonus', 'focus', 'canvas', 'atlas', 'sms', 'dns']),
);

/** `tickets` to `ticket`; only the last word of `ticket_tags` changes. */
export function singularOf(word: string): string {
  const lower = word.toLowerCase();
  if (UNCOUNTED.has(lower) || /(?:ss|us|is|ws|as)$/.test(lower)) return word;
  const known = IRREGULAR[lower];
  if (known !== undefined) return known;
  if (/[^aeiou]ies$/.test(lower)) return `${word.slice(0, -3)}y`;
  if (/(?:sses|shes|ches|xes|zes)$/.test(lower)) return word.slice(0, -2);
  if (/(?:statuses|aliases|buses|viruses|bonuses)$/.test(lower)) return word.slice(0, -2);
  return /[^s]s$/.test(lower) ? word.slice(0, -1) : word;
}

export function pluralOf(word: string): string {
  const lower = word.toLowerCase();
  const known = PLURALS[lower];
  if (known !== undefined) return known;
  if (UNCOUNTED.has(lower) && !/(?:us|as)$/.test(lower)) return word;
  if (/[^aeiou]y$/.test(lower)) return `${word.slice(0, -1)}ies`;
  if (/(?:s|sh|ch|x|z)$/.test(lower)) return singularOf(word) === word ? `${word}es` : word;
  return `${word}s`;
}

/** The words of a name: letters and digits, parted at everything else and where small letters turn to capitals. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{Nd}]+/u)
    .filter((word) => word !== '');
}

/** `created_at` to `createdAt`; always an identifier. */
export function camelCase(words: readonly string[]): string {
  const [first = 'x', ...others] = words.map((word) => word.toLowerCase());
  return asIdentifier(first + others.map(capitalise).join(''));
}

/** `ticket_tags` to `TicketTags`. */
export function pascalCase(words: readonly string[]): string {
  return asIdentifier(words.map((word) => capitalise(word.toLowerCase())).join('') || 'X');
}

/** The words with the last one in the singular, or in the plural. */
export function withLast(words: readonly string[], change: (word: string) => string): string[] {
  return words.map((word, i) => (i === words.length - 1 ? change(word) : word));
}

/** `base`, or with the first number behind it that is free. */
export function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}${number}`;
    if (!isTaken(name)) return name;
  }
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function asIdentifier(text: string): string {
  return /^[\p{L}_$]/u.test(text) ? text : `_${text}`;
}
