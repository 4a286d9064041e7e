import { joinTokens, type Token, tokenize, unquoteName } from './tokens.js';

/** SQL in which the server named the database that it belongs to, as it does in views and in defaults that count with a sequence. */
export function withoutDatabase(sql: string, database: string): string {
  const tokens = tokenize(sql);
  return joinTokens(
    tokens.filter((token, i) => {
      const isPrefix = isNamed(token, database) && tokens[i + 1]?.text === '.' && tokens[i - 1]?.text !== '.';
      return !isPrefix && !(token.text === '.' && isNamed(tokens[i - 1], database) && tokens[i - 2]?.text !== '.');
    }),
  );
}

function isNamed(token: Token | undefined, name: string): boolean {
  return token?.kind === 'name' && unquoteName(token.text) === name;
}
