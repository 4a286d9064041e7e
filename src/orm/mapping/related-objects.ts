/**
 * What an object holds for its relations: `One` and `Many`. An object without a session is complete in memory: nothing is
 * loaded, and with `inverse` a change on one side shows on the other.
 */
import { AludelError } from '../../errors.js';
import type { Cardinality, Relation } from './relation.js';

/** A relation to one object, or to one or none when `T` holds null. */
export interface One<T> {
  /**
   * The related object.
   * @throws AludelError ALUDEL_NOT_LOADED where it was never set, or only its key is known.
   */
  readonly value: T;
  set(value: T): void;
  /** The related object, from the database if need be; an object without a session gives what `value` gives. */
  load(): Promise<T>;
}

/** A collection of related objects, each at most once, in the order they were added. */
export interface Many<T> extends Iterable<T> {
  readonly length: number;
  /** The object at a position; negative ones count from the end. */
  at(position: number): T | undefined;
  map<U>(transform: (item: T, position: number) => U): U[];
  add(...items: readonly T[]): void;
  remove(...items: readonly T[]): void;
  /** This collection, from the database if need be; an object without a session gives it as it is. */
  load(): Promise<this>;
}

/** Where a relation of an object stands. */
export interface RelationPlace {
  readonly owner: object;
  readonly modelName: string;
  readonly property: string;
  readonly relation: Relation<object, Cardinality>;
  /** The properties that hold the key of the related object. */
  readonly keyProperties: readonly string[];
}

/** The side that a change did not start from follows through these, and tells nobody. */
interface Side {
  attach(other: object): void;
  detach(other: object): void;
}

export class RelatedOne implements One<object | null>, Side {
  readonly #place: RelationPlace;
  #value: object | null | undefined;

  constructor(place: RelationPlace) {
    this.#place = place;
  }

  get value(): object | null {
    if (this.#value !== undefined) return this.#value;
    const { owner, modelName, property, relation, keyProperties } = this.#place;
    const known = keyProperties.filter((key) => (Reflect.get(owner, key) ?? null) !== null);
    if (relation.kind === 'maybeOne' && known.length === 0) return null;
    const keys = known.map((key) => `"${key}"`).join(', ');
    const state = known.length === 0 ? 'was never set' : `is not loaded: of what it leads to, only ${keys} is known`;
    throw new AludelError('ALUDEL_NOT_LOADED', `Relation "${property}" of a "${modelName}" ${state}.`, {
      hint: `Set the object: call ".${property}.set(...)", or pass "${property}" to the constructor.`,
      details: { model: modelName, relation: property },
    });
  }

  set(value: object | null): void {
    const from = this.#value ?? null;
    const leaving = from === null || from === value ? undefined : counterpart(this.#place, from);
    const joining = value === null ? undefined : counterpart(this.#place, value);
    this.#value = value;
    leaving?.detach(this.#place.owner);
    joining?.attach(this.#place.owner);
  }

  async load(): Promise<object | null> {
    return this.value;
  }

  attach(other: object): void {
    const from = this.#value ?? null;
    this.#value = other;
    if (from !== null && from !== other) counterpart(this.#place, from)?.detach(this.#place.owner);
  }

  detach(other: object): void {
    if (this.#value === other) this.#value = this.#place.relation.kind === 'maybeOne' ? null : undefined;
  }
}

export class RelatedMany implements Many<object>, Side {
  readonly #place: RelationPlace;
  readonly #items: object[] = [];
  readonly #known: Set<object> = new Set();

  constructor(place: RelationPlace) {
    this.#place = place;
  }

  get length(): number {
    return this.#items.length;
  }

  [Symbol.iterator](): Iterator<object> {
    return this.#items[Symbol.iterator]();
  }

  at(position: number): object | undefined {
    return this.#items.at(position);
  }

  map<U>(transform: (item: object, position: number) => U): U[] {
    return this.#items.map((item, position) => transform(item, position));
  }

  add(...items: readonly object[]): void {
    for (const item of items) {
      const side = counterpart(this.#place, item);
      this.attach(item);
      side?.attach(this.#place.owner);
    }
  }

  remove(...items: readonly object[]): void {
    for (const item of items) {
      if (!this.#known.has(item)) continue;
      this.detach(item);
      counterpart(this.#place, item)?.detach(this.#place.owner);
    }
  }

  async load(): Promise<this> {
    return this;
  }

  attach(other: object): void {
    if (this.#known.has(other)) return;
    this.#known.add(other);
    this.#items.push(other);
  }

  detach(other: object): void {
    if (this.#known.delete(other)) this.#items.splice(this.#items.indexOf(other), 1);
  }
}

/** The relation of the other object that mirrors this one, if the declaration names it. */
function counterpart(place: RelationPlace, other: object): Side | undefined {
  const { inverse } = place.relation.options;
  if (inverse === undefined) return undefined;
  const side: unknown = Reflect.get(other, inverse);
  if (side instanceof RelatedOne || side instanceof RelatedMany) return side;
  const label = `"${place.property}" of "${place.modelName}"`;
  throw new AludelError(
    'ALUDEL_MODELS_INVALID',
    `Relation ${label} names the inverse "${inverse}", which is no relation.`,
    {
      hint: `Name a relation of "${other.constructor.name}", or leave "inverse" out.`,
      details: { model: place.modelName, relation: place.property, inverse },
    },
  );
}
