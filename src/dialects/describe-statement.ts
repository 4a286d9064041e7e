/** For the message that names a statement somebody waits for: its beginning, without values. */
export function describeStatement(sql: string, options: { readonly doubleQuotesAreNames: boolean }): string {
  const bare = sql
    .replace(/(\$\w*\$)[\s\S]*?(?:\1|$)/g, MASK)
    .replace(/'(?:[^'\\]|\\.|'')*(?:'|$)/g, MASK)
    .replace(/"(?:[^"\\]|\\.|"")*(?:"|$)/g, (quoted) => (options.doubleQuotesAreNames ? quoted : MASK))
    .replace(/(?<![\w$"`])\d[\d.]*/g, MASK)
    .replace(/\s+/g, ' ')
    .trim();
  return bare.length > LENGTH ? `${bare.slice(0, LENGTH - 3)}...` : bare;
}

const MASK = '***';
/** Characters. */
const LENGTH = 100;
