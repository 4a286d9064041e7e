/** The accessors of columns: they read and write the row, and tell the session. */
import type { ColumnSpec } from '../../schema/column-builder.js';
import { Entity, type ObjectState, ROW } from './entity.js';
import { NotLoadedError } from './not-loaded.js';

/** The property descriptor of a column. */
export function columnAttribute(property: string, spec: ColumnSpec): PropertyDescriptor {
  const changesInPlace = canChangeInPlace(spec);
  return {
    configurable: true,
    get(this: Entity) {
      const value = this[ROW][property];
      if (value === undefined) return readMissing(this, property);
      if (changesInPlace && value !== null) {
        const state = Entity.stateOf(this);
        state?.session?.watch(state, property, value);
      }
      return value;
    },
    set(this: Entity, value: unknown) {
      writeColumn(Entity.stateOf(this) as ObjectState, property, value);
    },
  };
}

/** Sets a column and keeps the first old value. */
export function writeColumn(state: ObjectState, property: string, value: unknown): void {
  const { row } = state;
  state.defaulted?.delete(property);
  const old = row[property];
  if (Object.is(old, value)) return;
  state.session?.touch(state);
  if (state.key !== undefined) {
    state.original ??= new Map();
    if (!state.original.has(property)) state.original.set(property, old);
    else if (isSame(state.original.get(property), value)) state.original.delete(property);
  }
  row[property] = value;
  state.watched?.delete(property);
  state.session?.markDirty(state);
}

/** Equality of column values; dates, bytes and JSON by what they hold. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return fingerprint(one) === fingerprint(other);
}

/** What a value looks like, as text. */
export function fingerprint(value: unknown): string {
  if (value instanceof Date) return String(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? '';
}

export function canChangeInPlace({ type }: ColumnSpec): boolean {
  return ['json', 'jsonb', 'bytes', 'timestamp', 'custom'].includes(type.kind);
}

/** New objects have no value yet for what the database makes; a row that was loaded should have one. */
function readMissing(entity: Entity, property: string): undefined {
  const state = Entity.stateOf(entity);
  if (state === undefined || state.key === undefined || state.original?.has(property) === true) return undefined;
  const hint =
    state.session === undefined
      ? 'The object belongs to no session any more: load it again in one.'
      : `Read it again: await session.refresh(object, ['${property}']).`;
  throw new NotLoadedError(`Column "${property}" of ${state.label} is expired.`, {
    hint,
    details: { model: state.modelName, property },
  });
}
