/** A promise that does nothing until it is awaited: a forgotten `await` changes nothing. */
export class PendingRows implements PromiseLike<readonly Readonly<Record<string, unknown>>[]> {
  readonly #run: () => Promise<readonly Readonly<Record<string, unknown>>[]>;

  constructor(run: () => Promise<readonly Readonly<Record<string, unknown>>[]>) {
    this.#run = run;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- being awaited is what this class is for
  then<A, B>(
    onFulfilled?: ((rows: readonly Readonly<Record<string, unknown>>[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#run().then(onFulfilled, onRejected);
  }
}
