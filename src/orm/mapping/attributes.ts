/** The accessors of columns: they read and write the row, and tell the session. */
import type { ColumnSpec } from '../../schema/column-builder.js';
import { Entity, type ObjectState, ROW } from './entity.js';
import { NotLoadedError } from './not-loaded.js';
import { canChangeInPlace, isSame } from './column-values.js';

export interface Attribute {
  readonly property: string;
  readonly spec: ColumnSpec;
}

/** The property descriptor of a column. */
export function columnAttribute(property: string, spec: ColumnSpec): PropertyDescriptor {
  const column = { property, spec };
  const changesInPlace = canChangeInPlace(spec);
  return {
    configurable: true,
    get(this: Entity) {
      const value = this[ROW][property];
      if (value === undefined) return readMissing(this, property);
      if (changesInPlace && value !== null) {
        const state = Entity.stateOf(this);
        state?.session?.watch(state, column, value);
      }
      return value;
    },
    set(this: Entity, value: unknown) {
      writeColumn(Entity.stateOf(this) as ObjectState, column, value);
    },
  };
}

/** Sets a column and keeps the first old value. */
export function writeColumn(state: ObjectState, column: Attribute, value: unknown): void {
  const { row } = state;
  const { property } = column;
  state.defaulted?.delete(property);
  const old = row[property];
  if (Object.is(old, value)) return;
  state.session?.changing(state, 'set', property, value);
  state.session?.touch(state);
  if (state.key !== undefined) {
    state.original ??= new Map();
    if (!state.original.has(property)) state.original.set(property, old);
    else if (isSame(column, state.original.get(property), value)) state.original.delete(property);
  }
  row[property] = value;
  state.watched?.delete(property);
  state.session?.markDirty(state);
}

/** New objects have no value yet for what the database makes; a row that was loaded should have one. */
export function readMissing(entity: Entity, property: string): undefined {
  const state = Entity.stateOf(entity);
  if (state === undefined || state.key === undefined || state.original?.has(property) === true) return undefined;
  const hint =
    state.session === undefined
      ? 'The object belongs to no session any more: load it again in one.'
      : `Read it: await session.refresh(object, ['${property}']).`;
  throw new NotLoadedError(`Column "${property}" of ${state.label} is not loaded.`, {
    hint,
    details: { model: state.modelName, property },
  });
}
