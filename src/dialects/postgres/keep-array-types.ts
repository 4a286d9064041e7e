/**
 * PostgreSQL prints `(ARRAY['a'::character varying])::text[]` for an array that is cast as a whole (every `IN` on a varchar
 * column becomes one), and reads this text as an array whose elements are cast one by one: another expression, printed in
 * another way. Said with the type that the array has anyhow, the text is read as it was printed.
 * See transformArrayExpr() in src/backend/parser/parse_expr.c.
 */
export function keepArrayTypes(text: string): string {
  if (!text.includes('ARRAY[')) return text;
  let kept = '';
  let from = 0;
  for (const { start, end } of findArrays(text)) {
    const isCastAsWhole = text[start - 1] === '(' && text.startsWith(')::', end);
    const type = isCastAsWhole ? elementType(text.slice(start + 'ARRAY['.length, end - 1)) : null;
    if (type === null) continue;
    kept += `${text.slice(from, end)}::${type}[]`;
    from = end;
  }
  return kept + text.slice(from);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Outermost `ARRAY[...]`, in order. */
function findArrays(text: string): Span[] {
  const found: Span[] = [];
  let depth = 0;
  let start = -1;
  for (const { text: token, at } of tokens(text)) {
    if (start === -1) {
      if (token !== 'ARRAY' || text[at + token.length] !== '[') continue;
      start = at;
      depth = 0;
    } else if (token === '[') depth += 1;
    else if (token === ']') {
      depth -= 1;
      if (depth > 0) continue;
      found.push({ start, end: at + 1 });
      start = -1;
    }
  }
  return found;
}

/** The type that every element is cast to, without its length, or `null`. */
function elementType(elements: string): string | null {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { text: token, at } of tokens(elements)) {
    if (token === '(' || token === '[') depth += 1;
    if (token === ')' || token === ']') depth -= 1;
    if (token !== ',' || depth > 0) continue;
    parts.push(elements.slice(from, at));
    from = at + 1;
  }
  parts.push(elements.slice(from));
  const types = new Set(parts.map((part) => /::([a-z_"][\w ".]*)(?:\([\d, ]+\))?$/i.exec(part.trim())?.[1] ?? null));
  const [type = null] = types;
  return types.size === 1 ? type : null;
}

function tokens(text: string): { readonly text: string; readonly at: number }[] {
  const pattern = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|[^\s\w]/gs;
  return [...text.matchAll(pattern)].map((match) => ({ text: match[0], at: match.index }));
}
