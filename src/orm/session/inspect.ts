import { isLoaded } from '../loading/fill-relation.js';
import { mapperOfState } from '../unit-of-work/work.js';
import { isSame } from '../mapping/column-values.js';
import { type Entity, type IdentityKey, type ObjectState, type Status, stateOf } from '../mapping/entity.js';
import { RelatedMany } from '../mapping/related-many.js';
import type { RelatedOne } from '../mapping/related-one.js';
import { SessionObjects } from './session-objects.js';

/** What changed of a column or relation since the last flush. */
export interface History<V = unknown> {
  readonly added: readonly V[];
  readonly unchanged: readonly V[];
  /** Empty where the old value was never loaded. */
  readonly deleted: readonly V[];
  readonly hasChanges: boolean;
}

export interface Inspection {
  readonly status: Status;
  /** The key of its row; undefined before the INSERT. */
  readonly key: IdentityKey | undefined;
  /** True when a flush would write something of it. */
  readonly isModified: boolean;
  /** Columns and relations that a read of would throw NotLoadedError. */
  readonly unloaded: readonly string[];
  history(property: string): History;
}

/** What a session knows of an object. */
export function inspect(object: object): Inspection {
  const state = stateOf(object);
  return {
    status: state.status,
    key: state.key,
    isModified: state.session instanceof SessionObjects && state.session.isModified(state),
    unloaded: unloadedOf(state),
    history: (property) => {
      if (state.session instanceof SessionObjects) state.session.detectChanges();
      return historyOf(state, property);
    },
  };
}

function unloadedOf(state: ObjectState): string[] {
  if (state.key === undefined) return [];
  const { columns, relations } = mapperOfState(state);
  return [
    ...columns.map(({ property }) => property).filter((property) => state.row[property] === undefined),
    ...relations.filter((relation) => !isLoaded(state, relation)).map(({ property }) => property),
  ];
}

/** Of a new object everything is new. */
export function historyOf(state: ObjectState, property: string, isNew: boolean = state.key === undefined): History {
  if (!state.declared.names.includes(property)) return columnHistory(state, property, isNew);
  const held = state.declared.of(state, property) as RelatedMany | RelatedOne;
  if (held instanceof RelatedMany) {
    const unchanged = [...held.peek()].filter((item) => !held.added.has(item));
    return history([...held.added], unchanged, [...held.removed]);
  }
  const value = entities(held.peek());
  return held.isChanged ? history(value, [], entities(held.before)) : history([], value, []);
}

function columnHistory(state: ObjectState, property: string, isNew: boolean): History {
  const value = state.row[property];
  const now = value === undefined ? [] : [value];
  if (isNew) return history(now, [], []);
  if (state.original?.has(property) !== true) return history([], now, []);
  const before = state.original.get(property);
  const column = mapperOfState(state).byProperty.get(property);
  const isBack = column !== undefined && isSame(column, before, value);
  return isBack ? history([], now, []) : history(now, [], before === undefined ? [] : [before]);
}

function entities(value: Entity | null | undefined): Entity[] {
  return value === null || value === undefined ? [] : [value];
}

function history(added: readonly unknown[], unchanged: readonly unknown[], deleted: readonly unknown[]): History {
  return { added, unchanged, deleted, hasChanges: added.length + deleted.length > 0 };
}
