/**
 * Runs tasks one at a time, in the order of the calls: at once where none runs, for a promise that is waited for costs
 * more than many a statement of SQLite. A failed task does not stop those behind it.
 */
export class TaskQueue {
  /** Called each time that nothing runs or waits any more. */
  onIdle: (() => void) | undefined;
  #isBusy = false;
  readonly #waiting: (() => void)[] = [];

  get isIdle(): boolean {
    return !this.#isBusy;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#isBusy) await new Promise<void>((start) => this.#waiting.push(start));
    this.#isBusy = true;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next !== undefined) next();
      else {
        this.#isBusy = false;
        this.onIdle?.();
      }
    }
  }
}
