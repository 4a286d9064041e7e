/**
 * The server keeps the body of a routine, trigger or event as it was written, with the mode that it is to be read in. Where that
 * is another one than the session's, the same words made again would mean something else.
 */
import type { DatabaseObject } from '../../../schema/objects.js';

/** Words of `sql_mode` that decide how a body is read, and where in it. */
const READ_BY: readonly (readonly [string, RegExp])[] = [
  ['ANSI_QUOTES', /"/],
  ['HIGH_NOT_PRECEDENCE', /\bnot\b|!/i],
  ['NO_BACKSLASH_ESCAPES', /\\/],
  ['ORACLE', /(?:)/],
  ['PIPES_AS_CONCAT', /\|\|/],
];

/** What a mode must not hold besides for a body that says its own: longer words first, as each is replaced in the text of the mode. */
export const BODY_MODES: readonly string[] = [
  ...READ_BY.map(([word]) => word),
  'ANSI',
  'DB2',
  'MAXDB',
  'MSSQL',
  'POSTGRESQL',
];

/** `stored` is the mode that the server keeps with the body, `session` the one that it would keep today. */
export function bodyOptions(body: string, stored: string, session: string): Pick<DatabaseObject, 'options'> {
  const wordsOf = (mode: string): string => {
    const known = mode.split(',');
    return READ_BY.flatMap(([word, where]) => (known.includes(word) && where.test(body) ? [word] : [])).join(',');
  };
  const own = wordsOf(stored);
  return own === wordsOf(session) ? {} : { options: { sqlMode: own } };
}

/** The words that the body of an object is read with; undefined for those of the session. */
export function bodyMode({ options }: DatabaseObject): string | undefined {
  return options?.['sqlMode'];
}
