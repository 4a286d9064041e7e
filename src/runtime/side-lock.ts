/**
 * SQLite's lock for a revision that runs without a transaction: BEGIN EXCLUSIVE on an empty file beside the database. The
 * system frees it when the process dies. The file stays: to delete it would take it from whoever waits for it.
 */
import { existsSync } from 'node:fs';
import { pollLock } from '../dialects/poll-lock.js';
import type { Connection } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { LockTimeoutError } from '../database-errors.js';

export type ReleaseSideLock = () => Promise<void>;

export interface SideLockOptions {
  /** Milliseconds to wait for another runner. */
  readonly timeout: number;
  readonly onWait: (holder: string) => void;
}

const sideFiles = new WeakMap<Connection, Promise<string | null>>();

/** The file that stands for the lock; null for a database in memory, which nobody else can reach. */
export function sideFileOf(connection: Connection): Promise<string | null> {
  const file = sideFiles.get(connection) ?? askSideFile(connection);
  sideFiles.set(connection, file);
  return file;
}

async function askSideFile(connection: Connection): Promise<string | null> {
  const { rows } = await connection.execute('PRAGMA database_list');
  const file = rows.find((row) => row['name'] === 'main')?.['file'];
  return typeof file === 'string' && file !== '' ? `${file}.aludel-lock` : null;
}

/** @throws AludelError ALUDEL_LOCK_TIMEOUT. */
export async function takeSideLock(file: string, { timeout, onWait }: SideLockOptions): Promise<ReleaseSideLock> {
  let release: ReleaseSideLock | null = null;
  const tryLock = async (): Promise<boolean> => {
    release = await trySideLock(file);
    return release !== null;
  };
  await pollLock({ timeout, onWait }, tryLock, () => Promise.resolve(`the process that holds "${file}"`));
  return async () => release?.();
}

/** True when no revision without a transaction is running. */
export async function isSideLockFree(file: string): Promise<boolean> {
  if (!existsSync(file)) return true;
  const release = await trySideLock(file);
  await release?.();
  return release !== null;
}

async function trySideLock(file: string): Promise<ReleaseSideLock | null> {
  const engine = createEngine(`sqlite:${file}`, { lockTimeout: 0 });
  const connection = await engine.connect({ dedicated: true });
  // Closing the connection frees the lock.
  const release = async (): Promise<void> => {
    await connection.close();
    await engine.dispose();
  };
  try {
    await connection.begin({ mode: 'exclusive' });
    return release;
  } catch (error) {
    await release();
    if (error instanceof LockTimeoutError) return null;
    throw error;
  }
}
