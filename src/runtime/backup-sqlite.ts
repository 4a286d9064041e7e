import type { Connection } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { AludelError } from '../errors.js';

/** What is compared: the text of every table, index, view and trigger. */
const OBJECTS = 'SELECT type, name, sql FROM sqlite_master ORDER BY type, name';

/**
 * Copies a database into an empty file, and checks the copy.
 * @see https://www.sqlite.org/lang_vacuum.html#vacuuminto
 */
export async function copySqlite(connection: Connection, file: string): Promise<string> {
  const command = `VACUUM INTO '${file.replaceAll("'", "''")}'`;
  try {
    await connection.execute(command);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failed(`SQLite could not copy the database to "${file}": ${reason}`, file, cause);
  }
  const { rows } = await connection.execute(OBJECTS);
  const engine = createEngine(`sqlite:${file}`);
  try {
    const copy = await engine.connect({ dedicated: true });
    try {
      const check = await copy.execute('PRAGMA integrity_check');
      const isWhole = check.rows.length === 1 && check.rows[0]?.['integrity_check'] === 'ok';
      const copied = await copy.execute(OBJECTS);
      if (isWhole && JSON.stringify(copied.rows) === JSON.stringify(rows)) return command;
    } finally {
      await copy.close();
    }
  } finally {
    await engine.dispose();
  }
  throw failed(`The copy "${file}" is not what the database is.`, file);
}

function failed(message: string, file: string, cause?: unknown): AludelError {
  return new AludelError('ALUDEL_BACKUP_FAILED', message, {
    hint: 'Check the disk, or name another folder with --backup-to. Nothing was run.',
    details: { file },
    cause,
  });
}
