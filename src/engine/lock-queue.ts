/** A lock of this process whose waiters are served in the order they came. It never blocks the event loop. */

export type Release = () => void;

interface Waiter {
  readonly grant: () => void;
}

export class LockQueue {
  #held = false;
  readonly #waiters: Waiter[] = [];

  /** True when nobody holds the lock and nobody waits for it. */
  get isIdle(): boolean {
    return !this.#held && this.#waiters.length === 0;
  }

  /** Waits for the lock; gives `undefined` when it was not free within `timeout` milliseconds. */
  acquire(timeout: number): Promise<Release | undefined> {
    if (!this.#held) {
      this.#held = true;
      return Promise.resolve(this.#makeRelease());
    }
    return new Promise((resolve) => {
      const waiter: Waiter = {
        grant: () => {
          clearTimeout(timer);
          resolve(this.#makeRelease());
        },
      };
      const timer = setTimeout(
        () => {
          this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
          resolve(undefined);
        },
        Math.max(0, timeout),
      );
      this.#waiters.push(waiter);
    });
  }

  #makeRelease(): Release {
    let isReleased = false;
    return () => {
      if (isReleased) {
        return;
      }
      isReleased = true;
      const next = this.#waiters.shift();
      if (next === undefined) {
        this.#held = false;
      } else {
        next.grant();
      }
    };
  }
}
