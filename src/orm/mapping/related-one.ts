import { type Entity, type HeldRelation, type LoadOptions, stateOf } from './entity.js';
import { NotLoadedError } from './not-loaded.js';
import { counterpart, loadHint, type RelationPlace } from './relation-place.js';

/** A relation to one object, or to one or none when `T` holds null. */
export interface One<T> {
  /**
   * The related object.
   * @throws NotLoadedError where it was never set, or only its key is known.
   */
  readonly value: T;
  set(value: T): void;
  /**
   * The related object, from the database if need be, for all objects of the same result in one statement. An object
   * without a session gives what `value` gives.
   */
  load(options?: LoadOptions): Promise<T>;
}

export class RelatedOne implements One<object | null>, HeldRelation {
  readonly place: RelationPlace;
  #value: Entity | null | undefined;
  /** The object before the first change since the last flush; undefined where it was not loaded. */
  #before: Entity | null | undefined;
  #isChanged = false;
  /** The keys for which the database has shown no row: it is gone, or hidden by criteria. */
  #missing: readonly unknown[] | undefined;

  constructor(place: RelationPlace) {
    this.place = place;
  }

  get value(): object | null {
    const known = this.peek();
    const { owner, property, relation, keyProperties } = this.place;
    if (known === null && relation.kind === 'one' && this.#isMissing) {
      throw new NotLoadedError(`Relation "${property}" of ${owner.label} leads to a row that is not to be seen.`, {
        hint: 'It is gone, or hidden by criteria of the session: declare the relation with maybeOne(), or query with skipCriteria().',
        details: { model: owner.modelName, relation: property },
      });
    }
    if (known !== undefined) return known;
    const keys = keyProperties.filter((key) => (owner.row[key] ?? null) !== null);
    if (owner.key === undefined && relation.kind === 'maybeOne' && keys.length === 0) return null;
    const named = keys.map((key) => `"${key}"`).join(', ');
    const state =
      keys.length > 0
        ? `is not loaded: of what it leads to, only ${named} is known`
        : owner.key === undefined
          ? 'was never set'
          : 'is not loaded';
    const set = `Set the object: call ".${property}.set(...)", or pass "${property}" to the constructor.`;
    throw new NotLoadedError(`Relation "${property}" of a "${owner.modelName}" ${state}.`, {
      hint: owner.key === undefined ? set : loadHint(this.place),
      details: { model: owner.modelName, relation: property },
    });
  }

  /** The object as far as memory tells: null for none, undefined for not known. */
  peek(): Entity | null | undefined {
    const { owner, property } = this.place;
    if (this.#isChanged || owner.session === undefined || owner.key === undefined) return this.#value;
    const known = owner.session.findRelated(owner, property, this.#value);
    return known === undefined && this.#isMissing ? null : known;
  }

  get isLoaded(): boolean {
    return this.peek() !== undefined;
  }

  items(): Entity[] {
    const known = this.peek() ?? null;
    return known === null ? [] : [known];
  }

  get #isMissing(): boolean {
    const { owner, keyProperties } = this.place;
    return this.#missing?.every((key, i) => Object.is(key, owner.row[keyProperties[i] ?? ''])) === true;
  }

  get isChanged(): boolean {
    return this.#isChanged;
  }

  get before(): Entity | null | undefined {
    return this.#before;
  }

  set(value: object | null): void {
    const { owner, property } = this.place;
    owner.session?.changing(owner, 'set', property, value);
    if (value !== null) owner.session?.link(owner, property, stateOf(value));
    const from = this.peek() ?? null;
    const leaving = from === null || from === value ? undefined : counterpart(this.place, from);
    const joining = value === null ? undefined : counterpart(this.place, value);
    this.#change(value as Entity | null);
    leaving?.detach(owner.entity);
    joining?.attach(owner.entity);
  }

  async load(options: LoadOptions = {}): Promise<object | null> {
    const { owner, property } = this.place;
    if (this.peek() === undefined && owner.key !== undefined) await owner.session?.load(owner, property, options);
    return this.value;
  }

  attach(other: Entity): void {
    const from = this.peek() ?? null;
    if (from === other) return;
    this.#change(other);
    if (from !== null) counterpart(this.place, from)?.detach(this.place.owner.entity);
  }

  detach(other: Entity): void {
    if (this.peek() !== other) return;
    const { owner, relation } = this.place;
    this.#change(relation.kind === 'maybeOne' || owner.key !== undefined ? null : undefined);
  }

  /** Takes what the database says; a change that was not flushed yet stays. */
  take(value: Entity | null): void {
    if (this.#isChanged) return;
    this.#value = value;
    this.#missing = undefined;
    if (value !== null) return;
    const { owner, keyProperties } = this.place;
    const keys = keyProperties.map((key) => owner.row[key]);
    if (keys.length > 0 && keys.every((key) => (key ?? null) !== null)) this.#missing = keys;
  }

  expire(): void {
    this.#value = undefined;
    this.flushed();
  }

  flushed(): void {
    this.#isChanged = false;
    this.#before = undefined;
  }

  snapshot(): () => void {
    const [value, before, isChanged] = [this.#value, this.#before, this.#isChanged];
    return () => {
      this.#value = value;
      this.#before = before;
      this.#isChanged = isChanged;
    };
  }

  #change(value: Entity | null | undefined): void {
    const { owner } = this.place;
    owner.session?.touch(owner);
    if (!this.#isChanged) this.#before = this.peek();
    this.#value = value;
    this.#isChanged = this.#before === undefined || this.#before !== value;
    owner.session?.markDirty(owner);
  }
}
