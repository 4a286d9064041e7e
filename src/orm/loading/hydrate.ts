import { AludelError } from '../../errors.js';
import type { DialectName } from '../../engine/connection.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { type ObjectState, type SessionLink, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { IdentityMap } from '../session/identity-map.js';
import { RowReader } from './row-reader.js';

/** Where loaded objects go. */
export interface LoadTarget {
  readonly identity: IdentityMap;
  readonly link: SessionLink;
}

export interface HydrateOptions {
  /**
   * Writes over what known objects hold, unsaved changes too; `unchanged`: but for these. Default: false, only what they lack
   * is filled in; with `forUpdate()` `unchanged`.
   */
  readonly refresh?: boolean | 'unchanged';
}

/**
 * Rows to objects, one object for each key. The values of a row begin with those of the model's columns in order. The
 * objects of one result are peers: they load relations together.
 */
export function hydrate(
  target: LoadTarget,
  mapper: Mapper,
  rows: readonly (readonly unknown[])[],
  dialect: DialectName,
  options: HydrateOptions = {},
): ObjectState[] {
  const { identity, link } = target;
  const known = identity.of(mapper);
  const readers = new Map<Mapper, RowReader>();
  const only = mapper.rows === undefined ? RowReader.of(mapper, dialect) : undefined;
  const states: ObjectState[] = [];
  for (const values of rows) {
    const reader = only ?? readerOf(mapper, values, readers, dialect);
    const key = reader.keyOf(values);
    let state = known.get(key);
    if (state === undefined) {
      state = stateOf(reader.mapper.create(reader.read(values)));
      state.status = 'persistent';
      state.session = link;
      state.key = key;
      known.set(key, state);
    } else if (state.declared === reader.mapper.declared) {
      for (const [i, column] of reader.mapper.columns.entries()) {
        const isTaken =
          options.refresh === true ||
          (options.refresh === 'unchanged' && state.original?.has(column.property) !== true);
        if (isTaken || lacks(state, column)) fillColumn(state, column, reader.valueAt(values, i));
      }
    }
    state.peers = states;
    states.push(state);
  }
  return states;
}

/** The reader for the class that a row says it belongs to. */
function readerOf(
  mapper: Mapper,
  values: readonly unknown[],
  readers: Map<Mapper, RowReader>,
  dialect: DialectName,
): RowReader {
  const shape = mapper.rows?.shapes.get(values[mapper.rows.place]);
  if (shape === undefined) {
    throw new AludelError('ALUDEL_MODELS_INVALID', `A row of "${mapper.label}" belongs to no class that is known.`, {
      hint: `Declare a child for what its column "${mapper.rows?.selected[mapper.rows.place]?.name}" holds, and export it or call Base.register() with it.`,
      details: { model: mapper.name },
    });
  }
  let reader = readers.get(shape.mapper);
  if (reader === undefined) readers.set(shape.mapper, (reader = new RowReader(shape, dialect)));
  return reader;
}

/** An expired column; one that was set since is not. */
function lacks(state: ObjectState, { property }: ColumnMap): boolean {
  return state.row[property] === undefined && state.original?.has(property) !== true;
}

/** Takes a value of the database, which is no change. */
export function fillColumn(state: ObjectState, { property }: ColumnMap, value: unknown): void {
  state.row[property] = value;
  state.original?.delete(property);
  state.watched?.delete(property);
}
