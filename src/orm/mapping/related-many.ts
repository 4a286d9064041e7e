import { type Entity, type HeldRelation, type LoadOptions, stateOf } from './entity.js';
import { NotLoadedError } from './not-loaded.js';
import { counterpart, loadHint, type RelationPlace } from './relation-place.js';

/** A collection of related objects, each at most once, in the order they were added. */
export interface Many<T> extends Iterable<T> {
  /** @throws NotLoadedError, as everything that reads, where the objects were not loaded. */
  readonly length: number;
  /** The object at a position; negative ones count from the end. */
  at(position: number): T | undefined;
  map<U>(transform: (item: T, position: number) => U): U[];
  /** Never loads: what is added to a collection that is not loaded is there when it is. */
  add(...items: readonly T[]): void;
  /** Never loads. */
  remove(...items: readonly T[]): void;
  /**
   * This collection, from the database if need be, for all objects of the same result in one statement for each 10,000. An
   * object without a session gives it as it is.
   */
  load(options?: LoadOptions): Promise<this>;
}

export class RelatedMany implements Many<object>, HeldRelation {
  readonly place: RelationPlace;
  #items: Set<Entity> = new Set();
  #isLoaded: boolean;
  /** Made when they are needed: most collections are only read. */
  #added: Set<Entity> | undefined;
  #removed: Set<Entity> | undefined;

  constructor(place: RelationPlace) {
    this.place = place;
    this.#isLoaded = place.owner.key === undefined;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get isChanged(): boolean {
    return (this.#added?.size ?? 0) > 0 || (this.#removed?.size ?? 0) > 0;
  }

  /** What was added since the last flush. */
  get added(): Set<Entity> {
    return (this.#added ??= new Set());
  }

  /** What was removed since. */
  get removed(): Set<Entity> {
    return (this.#removed ??= new Set());
  }

  get length(): number {
    return this.#read().size;
  }

  [Symbol.iterator](): Iterator<object> {
    return this.#read()[Symbol.iterator]();
  }

  at(position: number): object | undefined {
    return [...this.#read()].at(position);
  }

  map<U>(transform: (item: object, position: number) => U): U[] {
    return [...this.#read()].map((item, position) => transform(item, position));
  }

  /** The objects in memory, loaded or not. */
  peek(): ReadonlySet<Entity> {
    return this.#items;
  }

  items(): Entity[] {
    return [...this.#items];
  }

  add(...items: readonly object[]): void {
    const { owner, property } = this.place;
    for (const item of items) {
      const state = stateOf(item);
      owner.session?.changing(owner, 'append', property, state.entity);
      owner.session?.link(owner, property, state);
      const side = counterpart(this.place, item);
      this.attach(state.entity);
      side?.attach(owner.entity);
    }
  }

  remove(...items: readonly object[]): void {
    const { owner, property } = this.place;
    for (const item of items) {
      const state = stateOf(item);
      if (this.#isLoaded && !this.#items.has(state.entity)) continue;
      owner.session?.changing(owner, 'remove', property, state.entity);
      this.detach(state.entity);
      counterpart(this.place, item)?.detach(owner.entity);
      owner.session?.unlink(owner, property, state);
    }
  }

  async load(options: LoadOptions = {}): Promise<this> {
    const { owner, property } = this.place;
    if (!this.#isLoaded) await owner.session?.load(owner, property, options);
    this.#read();
    return this;
  }

  attach(other: Entity): void {
    if (this.#items.has(other)) return;
    this.#touch();
    this.#items.add(other);
    if (!this.removed.delete(other)) this.added.add(other);
  }

  detach(other: Entity): void {
    if (this.#isLoaded && !this.#items.has(other)) return;
    this.#touch();
    this.#items.delete(other);
    if (!this.added.delete(other)) this.removed.add(other);
  }

  /** Takes what the database says; changes that were not flushed yet are kept on top. */
  take(items: readonly Entity[]): void {
    const added = this.#items;
    this.#items = new Set(items);
    for (const item of this.#removed ?? []) this.#items.delete(item);
    for (const item of added) this.#items.add(item);
    this.#isLoaded = true;
  }

  /** Drops an object that is gone, which is no change of the collection. */
  forget(item: Entity): void {
    if (!this.#items.has(item) && !this.removed.has(item)) return;
    const { owner } = this.place;
    owner.session?.touch(owner);
    this.#items.delete(item);
    this.added.delete(item);
    this.removed.delete(item);
  }

  expire(): void {
    this.#items = new Set();
    this.#isLoaded = this.place.owner.key === undefined;
    this.#added = undefined;
    this.#removed = undefined;
  }

  flushed(): void {
    this.#added?.clear();
    this.#removed?.clear();
    this.#dropUnloaded();
  }

  /** Only what was added is in the database: whether what was removed is an orphan is decided later. */
  flushedAdded(): void {
    this.#added?.clear();
    this.#dropUnloaded();
  }

  snapshot(): () => void {
    const [items, added, removed] = [[...this.#items], [...(this.#added ?? [])], [...(this.#removed ?? [])]];
    const isLoaded = this.#isLoaded;
    return () => {
      this.#items = new Set(items);
      this.#isLoaded = isLoaded;
      this.#added = new Set(added);
      this.#removed = new Set(removed);
    };
  }

  /** What was added to a collection that is not loaded will come with the rest. */
  #dropUnloaded(): void {
    if (!this.#isLoaded) this.#items = new Set();
  }

  #touch(): void {
    const { owner } = this.place;
    owner.session?.touch(owner);
    owner.session?.markDirty(owner);
  }

  #read(): ReadonlySet<Entity> {
    if (this.#isLoaded) return this.#items;
    const { owner, property, relation } = this.place;
    const isWriteOnly = relation.options.writeOnly === true;
    throw new NotLoadedError(
      `Relation "${property}" of a "${owner.modelName}" is ${isWriteOnly ? 'for writing only' : 'not loaded'}.`,
      {
        hint: isWriteOnly ? 'Query for the objects that you need, with a limit.' : loadHint(this.place),
        details: { model: owner.modelName, relation: property },
      },
    );
  }
}
