/** Puts a name in double quotes, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The name that a token's text stands for: `"a""b"`, `` `a` ``, `[a]`, `'a'` or a bare word, which stays as it is. */
export function unquoteName(text: string): string {
  const first = text.charAt(0);
  if (first === '[') return text.slice(1, text.endsWith(']') ? -1 : undefined);
  if (first !== '"' && first !== '`' && first !== "'") return text;
  return text.slice(1, text.length > 1 && text.endsWith(first) ? -1 : undefined).replaceAll(first + first, first);
}

/** Folds A-Z only, as SQLite compares names: `É` and `é` are two names. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
