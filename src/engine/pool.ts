/** Keeps connections open between holders. A place is granted first, in the order of asking, then a connection found. */
import { ConnectionLostError, PoolTimeoutError } from '../database-errors.js';
import type { ConnectOptions, Connection, PoolEventName } from './connection.js';
import type { DriverConnection } from './driver.js';
import { formatHolders, Holder } from './holder.js';
import { type ConnectionSettings, QueuedConnection } from './queued-connection.js';

/** `PoolOptions` with every default filled in. */
export interface PoolSettings {
  readonly size: number;
  readonly overflow: number;
  readonly timeout: number;
  readonly recycle: number;
  readonly prePing: number | false;
  readonly order: 'lifo' | 'fifo';
  /** One connection that is never closed before `dispose()`: it is the database. */
  readonly isPinned: boolean;
}

interface Entry {
  readonly driver: DriverConnection;
  /** By `performance.now()`, as all times here. */
  readonly openedAt: number;
  /** Of the pool when it was opened: `dispose()` begins another. */
  readonly generation: number;
  idleSince: number;
}

interface Waiter {
  readonly holder: Holder;
  readonly grant: () => void;
  readonly refuse: (error: Error) => void;
}

export class Pool {
  readonly #settings: PoolSettings;
  readonly #connectionSettings: ConnectionSettings;
  readonly #open: () => Promise<DriverConnection>;
  /** The one given back last is at the end. */
  readonly #idle: Entry[] = [];
  readonly #holders: Set<Holder> = new Set();
  /** Holders that count: those of dedicated connections do not. */
  #pooled = 0;
  readonly #waiters: Waiter[] = [];
  readonly #onChange: Set<() => void> = new Set();
  #generation = 0;
  /** A lost connection is seldom lost alone: those idle since before are tried first. */
  #suspectBefore = 0;

  constructor(settings: PoolSettings, connectionSettings: ConnectionSettings, open: () => Promise<DriverConnection>) {
    this.#settings = settings;
    this.#connectionSettings = connectionSettings;
    this.#open = open;
  }

  async connect({ label, dedicated = false }: ConnectOptions = {}): Promise<Connection> {
    const isDedicated = dedicated && !this.#settings.isPinned;
    const holder = new Holder(label, isDedicated);
    if (!isDedicated && (this.#waiters.length > 0 || !this.#hasRoom())) {
      await this.#wait(holder);
    } else {
      this.#enter(holder);
    }
    const generation = this.#generation;
    try {
      const entry = (isDedicated ? undefined : await this.#takeIdle()) ?? (await this.#openEntry());
      if (generation !== this.#generation) {
        await this.#close(entry);
        throw disposed();
      }
      holder.connection = this.#lend(entry, holder);
    } catch (error) {
      this.#leave(holder);
      throw error;
    }
    const { connection } = holder;
    try {
      const told = this.#tell('checkout', connection.place, connection);
      if (told !== undefined) await told;
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async dispose(timeout: number): Promise<void> {
    this.#generation += 1;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.refuse(disposed());
    }
    const idle = this.#idle.splice(0).map((entry) => this.#close(entry));
    const holders = [...this.#holders];
    holders.forEach(({ connection }) => connection?.onSettled(() => this.#notify()));
    // Who only has a connection, and neither a statement nor a transaction under way, loses nothing.
    const isAtWork = (holder: Holder): boolean =>
      this.#holders.has(holder) && (holder.connection === undefined || holder.connection.isBusy);
    const cutOff = async (): Promise<void> => {
      const rest = holders.filter((holder) => this.#holders.has(holder));
      await Promise.all([...idle, ...rest.map((holder) => holder.connection?.abandon())]);
      // Who has no connection yet is just opening one, and finds out afterwards.
      rest.filter((holder) => holder.connection !== undefined).forEach((holder) => this.#leave(holder));
    };
    await this.#whenDone(() => !holders.some(isAtWork), timeout, cutOff);
  }

  #hasRoom(): boolean {
    return this.#pooled < this.#settings.size + this.#settings.overflow;
  }

  #enter(holder: Holder): void {
    holder.since = performance.now();
    this.#holders.add(holder);
    this.#pooled += holder.isDedicated ? 0 : 1;
  }

  #leave(holder: Holder): void {
    if (this.#holders.delete(holder) && !holder.isDedicated) {
      this.#pooled -= 1;
    }
    while (this.#waiters.length > 0 && this.#hasRoom()) {
      this.#waiters.shift()?.grant();
    }
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#onChange) {
      listener();
    }
  }

  #wait(holder: Holder): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(this.#explainTimeout());
      }, this.#settings.timeout);
      const waiter: Waiter = {
        holder,
        grant: () => {
          clearTimeout(timer);
          this.#enter(holder);
          resolve();
        },
        refuse: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiters.push(waiter);
    });
  }

  /** Calls `next` at the moment when all is done, so that nobody sends more in between; after the timeout in any case. */
  #whenDone(isDone: () => boolean, timeout: number, next: () => Promise<void>): Promise<void> {
    if (isDone() || timeout <= 0) return next();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#onChange.delete(check);
        resolve(next());
      };
      const check = (): void => {
        if (isDone()) {
          end();
        }
      };
      const timer = setTimeout(end, timeout);
      this.#onChange.add(check);
    });
  }

  async #takeIdle(): Promise<Entry | undefined> {
    const { order, recycle, prePing } = this.#settings;
    for (;;) {
      const entry = order === 'lifo' ? this.#idle.pop() : this.#idle.shift();
      if (entry === undefined) {
        return undefined;
      }
      const now = performance.now();
      entry.driver.setIdle(false);
      const isDoubtful =
        entry.idleSince < this.#suspectBefore || (prePing !== false && now - entry.idleSince >= prePing);
      const isGood =
        !entry.driver.isLost && now - entry.openedAt < recycle && (!isDoubtful || (await this.#answers(entry.driver)));
      if (isGood) {
        return entry;
      }
      // Nobody waits for the farewell of a connection that nobody has.
      void this.#close(entry).catch(() => undefined);
    }
  }

  async #answers(driver: DriverConnection): Promise<boolean> {
    const timer = setTimeout(() => driver.destroy(), this.#connectionSettings.connectTimeout);
    try {
      await driver.run('SELECT 1', []);
      return true;
    } catch {
      this.#suspectBefore = performance.now();
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async #openEntry(): Promise<Entry> {
    const driver = await this.#open();
    return { driver, openedAt: performance.now(), generation: this.#generation, idleSince: 0 };
  }

  #lend(entry: Entry, holder: Holder): QueuedConnection {
    const connection: QueuedConnection = new QueuedConnection(entry.driver, this.#connectionSettings, async () => {
      try {
        await this.#giveBack(entry, holder, connection);
      } finally {
        this.#leave(holder);
      }
    });
    return connection;
  }

  async #giveBack(entry: Entry, holder: Holder, connection: QueuedConnection): Promise<void> {
    const { driver } = entry;
    const { size, isPinned } = this.#settings;
    const told = this.#tell('checkin', driver.place);
    if (told !== undefined) await told;
    if (connection.isLost) {
      this.#suspectBefore = performance.now();
    }
    const isUsable =
      !holder.isDedicated && !connection.isLost && (isPinned || !connection.hasChangedSession) && size > 0;
    const isClean = isUsable && (await resetSession(connection, driver));
    // Asked now: others may have given theirs back, or disposed of all, in the meantime.
    const isWanted = isPinned || this.#idle.length < size || this.#waiters.length > 0;
    if (isClean && isWanted && entry.generation === this.#generation) {
      entry.idleSince = performance.now();
      driver.setIdle(true);
      this.#idle.push(entry);
    } else {
      await this.#close(entry);
    }
  }

  async #close({ driver }: Entry): Promise<void> {
    await driver.close();
    await this.#tell('close', driver.place);
  }

  #tell(event: PoolEventName, place: string, connection?: Connection): Promise<void> | undefined {
    return this.#connectionSettings.events.tellPool(event, () => ({ place, connection }));
  }

  #explainTimeout(): PoolTimeoutError {
    const { size, overflow, timeout, isPinned } = this.#settings;
    const pooled = [...this.#holders].filter((holder) => !holder.isDedicated);
    const now = performance.now();
    const holders = pooled.map((holder) => holder.describe(now)).sort((a, b) => b.heldFor - a.heldFor);
    const what = isPinned ? 'The one connection of "sqlite::memory:"' : `No connection of the pool`;
    const count = isPinned ? '' : ` ${holders.length} of ${size + overflow} are taken;`;
    return new PoolTimeoutError(
      `${what} ${isPinned ? 'did not come' : 'came'} free within ${timeout} ms:${count} held by ${formatHolders(holders)}.`,
      {
        hint: isPinned
          ? 'Close the connection that holds it, or use a file.'
          : `Close connections as soon as they are not needed, or raise "pool.size" (now ${size}) or "pool.overflow" (now ${overflow}).`,
        details: { holders, size, overflow, timeout },
      },
    );
  }
}

async function resetSession(connection: QueuedConnection, driver: DriverConnection): Promise<boolean> {
  try {
    await connection.reset();
    if (connection.hasChangedSession && connection.dialect === 'sqlite') {
      // The one connection of a database in memory is used again in any case.
      await driver.run('PRAGMA foreign_keys = ON', []);
    }
    return true;
  } catch {
    return false;
  }
}

function disposed(): ConnectionLostError {
  return new ConnectionLostError('The engine was disposed while a connection was waited for.', {
    hint: 'Await what uses the engine before dispose().',
  });
}
