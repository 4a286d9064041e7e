/** Runs tasks one at a time, in the order of the calls. A failed task does not stop those behind it. */
export class StatementQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
