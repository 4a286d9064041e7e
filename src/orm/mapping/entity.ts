/**
 * What every object of a model is made of: a row of plain data under a symbol, and a state that nobody sees. The row is
 * an own enumerable property, so that comparing two objects compares their data.
 */

import type { ColumnSpec } from '../../schema/column-builder.js';

/** The property that holds the column values of an object, by property name. */
export const ROW: unique symbol = Symbol('aludel.row');

/** Tells the constructor of a model that a row of the database follows. */
export const HYDRATE: unique symbol = Symbol('aludel.hydrate');

export type EntityRow = Record<string, unknown>;

/** The five states of an object: https://docs.sqlalchemy.org/en/20/orm/session_state_management.html */
export type Status = 'transient' | 'pending' | 'persistent' | 'deleted' | 'detached';

/** A primary key as the identity map holds it. */
export type IdentityKey = string | number | bigint;

/** What objects tell their session, and ask of it. */
export interface SessionLink {
  /** Called before anything of the object changes, so that a rollback can restore it. */
  touch(state: ObjectState): void;
  /** Called before a property is given a value, or a collection gets or loses an object; may throw. */
  changing(state: ObjectState, event: 'set' | 'append' | 'remove', property: string, value: unknown): void;
  /** Called when the object may have something to write. */
  markDirty(state: ObjectState): void;
  /** Called when a value was read that can change in place. */
  watch(state: ObjectState, column: { readonly property: string; readonly spec: ColumnSpec }, value: unknown): void;
  /** Called before an object is put into a relation: it comes into the session where the cascade says so. */
  link(owner: ObjectState, property: string, other: ObjectState): void;
  /** Called when an object was taken out of a collection. */
  unlink(owner: ObjectState, property: string, other: ObjectState): void;
  /**
   * The related object as far as memory tells: null for none, undefined for not known. `held` is what the relation held
   * last: the key may have been set by hand since.
   */
  findRelated(state: ObjectState, property: string, held: Entity | null | undefined): Entity | null | undefined;
  /** Loads a relation of an object and of its peers. */
  load(state: ObjectState, property: string, options: LoadOptions): Promise<void>;
}

export interface LoadOptions {
  /** Loads for this object alone. Default: for all objects of the same result that lack it. */
  readonly only?: boolean;
}

/** What an object holds for a relation, as far as any session has to know. */
export interface HeldRelation {
  readonly isChanged: boolean;
  /** True where memory says which objects there are, or that there is none. */
  readonly isLoaded: boolean;
  /** The objects in memory, loaded or not. */
  items(): Entity[];
  /** Mirrors a change that began on the other side. */
  attach(other: Entity): void;
  detach(other: Entity): void;
  /** Gives what brings the relation back to what it is now. */
  snapshot(): () => void;
  /** Forgets what was loaded, and what was changed: as it was before its first use. */
  expire(): void;
  /** The changes are in the database. */
  flushed(): void;
}

/** The relations that a model declares. */
export interface ModelRelations<R extends HeldRelation = HeldRelation> {
  readonly names: readonly string[];
  /** The mapper of the model, once there is one: found here in less time than by the class. */
  readonly mapper: object | undefined;
  /** What the object holds for a relation, made when it is first asked for. */
  of(owner: ObjectState, property: string): R;
}

let lastId = 0;

export class ObjectState {
  /** Tells objects apart where no key does yet. */
  readonly id: number = ++lastId;
  readonly entity: Entity;
  row: EntityRow;
  readonly declared: ModelRelations;
  status: Status = 'transient';
  session: SessionLink | undefined;
  /** The key under which the row is known; unset before the INSERT. */
  key: IdentityKey | undefined;
  /** The first old value of every changed column. */
  original: Map<string, unknown> | undefined;
  /** The columns of a new object that hold a default which nobody asked for. */
  defaulted: Set<string> | undefined;
  /** What values that can change in place looked like when they were read. */
  watched: Map<string, unknown> | undefined;
  relations: Map<string, HeldRelation> | undefined;
  /** The objects that came with the same result. */
  peers: readonly ObjectState[] | undefined;
  toDelete = false;
  /** The transaction level that holds a snapshot of this object. */
  epoch = 0;

  constructor(entity: Entity, row: EntityRow, declared: ModelRelations) {
    this.entity = entity;
    this.row = row;
    this.declared = declared;
  }

  get modelName(): string {
    return this.entity.constructor.name;
  }

  /** `User 7` or `new User`, for messages. Keys are no secrets of the row, but text keys may be: those are left out. */
  get label(): string {
    return typeof this.key === 'number' || typeof this.key === 'bigint'
      ? `${this.modelName} ${this.key}`
      : this.modelName;
  }

  /** The value that the database holds for a column, as far as it is known. */
  committed(property: string): unknown {
    return this.original?.has(property) === true ? this.original.get(property) : this.row[property];
  }

  /** The same for several columns: a key, most often. */
  committedOf(columns: readonly { readonly property: string }[]): unknown[] {
    return columns.map(({ property }) => this.committed(property));
  }
}

// A computed name in the class itself could not be written to declaration files without inference.
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor sets it
export interface Entity {
  [ROW]: EntityRow;
}

export class Entity {
  readonly #state: ObjectState;

  constructor(row: EntityRow, declared: ModelRelations) {
    this[ROW] = row;
    this.#state = new ObjectState(this, row, declared);
  }

  /** The state of an object, if it is one of a model. */
  static stateOf(object: object): ObjectState | undefined {
    return #state in object ? object.#state : adopted.get(object);
  }
}

/** States of objects whose classes know nothing of us. */
const adopted: WeakMap<object, ObjectState> = new WeakMap();

/** Makes an object of a plain class one of its model; a method of the prototype. */
export const ADOPT: unique symbol = Symbol('aludel.adopt');

/** A new object of a plain class, of which no column was set yet. */
function adoptNew(object: object): ObjectState | undefined {
  const { [ADOPT]: adoptIt } = object as { readonly [ADOPT]?: () => void };
  adoptIt?.call(object);
  return adopted.get(object);
}

/** Makes an object of a plain class one of its model. */
export function adopt(object: object, row: EntityRow, declared: ModelRelations): Entity {
  const entity = Object.assign(object, { [ROW]: row }) as unknown as Entity;
  adopted.set(entity, new ObjectState(entity, row, declared));
  return entity;
}

/** The state of an object that must be one of a model. */
export function stateOf(object: object): ObjectState {
  const state = Entity.stateOf(object) ?? adoptNew(object);
  if (state === undefined) throw new TypeError(`A "${object.constructor.name}" is no object of a model.`);
  return state;
}
