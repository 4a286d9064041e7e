import type { DialectName } from '../../engine/connection.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { type EntityRow, HYDRATE, type ObjectState, type SessionLink, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { IdentityMap } from '../session/identity-map.js';
import { codecOf } from '../values/codecs.js';
import { identityKey } from '../mapping/column-values.js';

/** Where loaded objects go. */
export interface LoadTarget {
  readonly identity: IdentityMap;
  readonly link: SessionLink;
}

export interface HydrateOptions {
  /** Writes over what known objects hold, unsaved changes too. Default: false, only what they lack is filled in. */
  readonly refresh?: boolean;
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
  const { columns } = mapper;
  const decoders = columns.map((column) => codecOf(column, dialect).decode);
  const properties = columns.map(({ property }) => property);
  const keys = mapper.keys.map((key) => columns.indexOf(key));
  const states: ObjectState[] = [];
  for (const values of rows) {
    const parts = keys.map((place) => decoders[place]?.(values[place]));
    const key = identityKey(mapper.keys, parts);
    let state = known.get(key);
    if (state === undefined) {
      const row: EntityRow = {};
      for (let i = 0; i < properties.length; i++) row[properties[i] as string] = decoders[i]?.(values[i]);
      state = stateOf(new mapper.model(HYDRATE, row));
      state.status = 'persistent';
      state.session = link;
      state.key = key;
      known.set(key, state);
    } else {
      for (const [i, column] of columns.entries()) {
        if (options.refresh === true || lacks(state, column)) fillColumn(state, column, decoders[i]?.(values[i]));
      }
    }
    state.peers = states;
    states.push(state);
  }
  return states;
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
