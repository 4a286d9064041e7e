/** A map of limited size: the entry unused longest makes room for a new one. */
export class RecentMap<V> {
  readonly #limit: number;
  readonly #onDrop: (value: V) => void;
  readonly #entries: Map<string, { readonly value: V; usedAt: number }> = new Map();
  #clock = 0;

  constructor(limit: number, onDrop: (value: V) => void = () => undefined) {
    this.#limit = limit;
    this.#onDrop = onDrop;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.usedAt = ++this.#clock;
    return entry.value;
  }

  set(key: string, value: V): void {
    if (this.#entries.size >= this.#limit && !this.#entries.has(key)) this.delete(this.#oldest());
    this.#entries.set(key, { value, usedAt: ++this.#clock });
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (this.#entries.delete(key) && entry !== undefined) this.#onDrop(entry.value);
  }

  clear(): void {
    for (const key of this.#entries.keys()) this.delete(key);
  }

  /** Looked for when it is needed, which is seldom: moving entries at every use costs more. */
  #oldest(): string {
    let oldest = '';
    let usedAt = Infinity;
    for (const [key, entry] of this.#entries) if (entry.usedAt < usedAt) [oldest, usedAt] = [key, entry.usedAt];
    return oldest;
  }
}
