import type { Column } from '../../schema/table.js';
import type { ServerVersion } from '../../engine/connection.js';
import { render } from './expressions.js';
import { tokenize } from './tokens.js';

/** Functions that MySQL lets no ALTER TABLE evaluate: a replica, which runs the statement too, may have another value. */
const UNSAFE =
  /^(?:uuid|uuid_short|rand|random_bytes|sysdate|user|session_user|system_user|version|load_file|found_rows|row_count)$/i;

/** True for a default that an added column cannot have at once. https://dev.mysql.com/doc/refman/8.4/en/replication-rbr-safe-unsafe.html */
export function differsByRow({ default: value, generated }: Column, server: Pick<ServerVersion, 'dialect'>): boolean {
  if (server.dialect !== 'mysql' || value === null || generated !== null) return false;
  const tokens = tokenize(render(value));
  return tokens.some(({ kind, text }, i) => kind === 'word' && UNSAFE.test(text) && tokens[i + 1]?.kind === 'open');
}
