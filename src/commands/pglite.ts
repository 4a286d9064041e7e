/** PGlite: PostgreSQL in this process, for scratch databases where no server is named. https://pglite.dev */
import { Duplex } from 'node:stream';
import type { Engine } from '../engine/connection.js';
import { createEngine } from '../engine/create-engine.js';
import { loadDriver } from '../engine/load-driver.js';

/** Stands for PGlite where a URL is asked for; no server has such a name. https://www.rfc-editor.org/rfc/rfc6761 */
export const PGLITE_SCRATCH = 'postgresql://postgres@pglite.invalid/postgres';

export const PGLITE_PACKAGE = '@electric-sql/pglite';

interface Pglite {
  /** Takes messages of PostgreSQL's protocol, and gives those of the answer. */
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Runs `use` with an engine of one connection to an empty database in memory, which is gone afterwards.
 * @throws AludelError ALUDEL_DRIVER_MISSING where the package is not installed.
 */
export async function withPglite<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const { PGlite } = await loadDriver<{ readonly PGlite: { create(): Promise<Pglite> } }>(PGLITE_PACKAGE);
  const database = await PGlite.create();
  try {
    return await use(createEngine(PGLITE_SCRATCH, { pool: false, connectArgs: { stream: () => new Wire(database) } }));
  } finally {
    await database.close();
  }
}

/** What `pg` takes for the socket to a server: bytes go to PGlite and come from it, through no network. */
class Wire extends Duplex {
  readonly #database: Pglite;

  constructor(database: Pglite) {
    super();
    this.#database = database;
  }

  connect(): void {
    queueMicrotask(() => this.emit('connect'));
  }

  override _read(): void {
    // What there is to read comes with the answers.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    void this.#send(chunk, done);
  }

  async #send(message: Buffer, done: (error?: Error) => void): Promise<void> {
    try {
      const answer = await this.#database.execProtocolRaw(new Uint8Array(message));
      if (answer.length > 0) this.push(Buffer.from(answer));
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  setNoDelay(): void {
    // No network, nothing to hold back.
  }

  setKeepAlive(): void {
    // Nor to keep up.
  }

  ref(): void {
    // Nor a handle that would keep the process alive.
  }

  unref(): void {
    // See `ref`.
  }
}
