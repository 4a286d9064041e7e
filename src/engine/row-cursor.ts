/** Rows that a driver gives one after the other. */
import type { DriverCursor } from './driver.js';

/** A cursor over what a driver iterates, whose connection is free again once the rest is taken into memory. */
export class IteratorCursor implements DriverCursor {
  readonly #rows: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #onOver: () => void;
  #kept: unknown[] = [];
  #isOver = false;

  constructor(rows: Iterator<unknown> | AsyncIterator<unknown>, onOver: () => void) {
    this.#rows = rows;
    this.#onOver = onOver;
  }

  async read(count: number): Promise<readonly unknown[]> {
    await this.#fill(count);
    const rows = this.#kept.slice(0, count);
    this.#kept = this.#kept.slice(count);
    return rows;
  }

  /** Takes the rest into memory. */
  buffer(): Promise<void> {
    return this.#fill(Infinity);
  }

  async close(): Promise<void> {
    this.#kept = [];
    if (this.#isOver) return;
    this.#end();
    await this.#rows.return?.();
  }

  async #fill(count: number): Promise<void> {
    while (!this.#isOver && this.#kept.length < count) {
      const step = this.#rows.next();
      // A promise for each row of a driver that needs none would take longer than the row.
      const { done, value } = step instanceof Promise ? await step : step;
      if (done === true) this.#end();
      else this.#kept.push(value);
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#onOver();
  }
}
