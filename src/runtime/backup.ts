/** A copy of the database before the first statement of a run. */
import { mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Connection } from '../engine/connection.js';
import { parseDatabaseUrl } from '../engine/url.js';
import { AludelError } from '../errors.js';
import { copySqlite } from './backup-sqlite.js';
import { dumpCommand } from './dump-command.js';
import { runDump } from './run-dump.js';

export interface BackupRequest {
  readonly url: string;
  /** The folder of the copy; null: beside a SQLite file, elsewhere `backups` in `projectFolder`. */
  readonly to: string | null;
  readonly projectFolder: string;
  /** PostgreSQL: the one schema that is copied, a tenant's; null for the whole database. */
  readonly schema: string | null;
}

export interface Backup {
  /** The full path. */
  readonly file: string;
  /** What made it, without the password. */
  readonly command: string;
}

/**
 * Copies the database into a new file that only its owner can read.
 * @throws AludelError ALUDEL_BACKUP_UNAVAILABLE where it cannot be made here, ALUDEL_BACKUP_FAILED where it was tried.
 */
export async function makeBackup(
  { url, to, projectFolder, schema }: BackupRequest,
  connection: Connection,
  now: Date = new Date(),
): Promise<Backup> {
  const target = parseDatabaseUrl(url);
  if (target.dialect === 'sqlite') {
    const database = await sqliteFile(connection);
    const name = basename(database, extname(database));
    const folder = to === null ? dirname(database) : resolve(projectFolder, to);
    return withNewFile(folder, name, extname(database), now, (file) => copySqlite(connection, file));
  }
  const folder = resolve(projectFolder, to ?? 'backups');
  const [extension, only] = target.dialect === 'postgres' ? ['.dump', schema] : ['.sql', null];
  const name = [target.database ?? 'database', ...(only === null ? [] : [only.replaceAll(/[^\p{L}\p{N}_-]/gu, '_')])];
  return withNewFile(folder, name.join('-'), extension, now, (file) =>
    runDump(dumpCommand(target, connection.server, file, only), connection.server, file),
  );
}

/** `PRAGMA database_list` has an empty name for a database in memory. */
async function sqliteFile(connection: Connection): Promise<string> {
  const { rows } = await connection.execute('PRAGMA database_list');
  const file = rows.find((row) => row['name'] === 'main')?.['file'];
  if (typeof file === 'string' && file !== '') return file;
  throw new AludelError('ALUDEL_BACKUP_UNAVAILABLE', 'A database in memory cannot be backed up: it has no file.', {
    hint: 'Leave out --backup. Nothing was run.',
  });
}

/** Makes an empty file under a dated name, lets `fill` fill it, and removes it where that fails. */
async function withNewFile(
  folder: string,
  name: string,
  extension: string,
  now: Date,
  fill: (file: string) => Promise<string>,
): Promise<Backup> {
  const file = await createFile(folder, `${name}-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`, extension);
  try {
    return { file, command: await fill(file) };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function createFile(folder: string, name: string, extension: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const file = join(folder, `${name}${attempt === 1 ? '' : `-${attempt}`}${extension}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const handle = await open(file, 'wx', 0o600);
      await handle.close();
      return file;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code === 'EEXIST' && attempt < 100) continue;
      throw new AludelError('ALUDEL_BACKUP_FAILED', `The backup "${file}" cannot be written (${String(code)}).`, {
        hint: 'Name a folder that can be written with --backup-to. Nothing was run.',
        details: { file },
        cause,
      });
    }
  }
}
