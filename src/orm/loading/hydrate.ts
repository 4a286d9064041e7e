import type { DialectName } from '../../engine/connection.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { type ObjectState, type SessionLink, stateOf } from '../mapping/entity.js';
import type { IdentityMap } from '../session/identity-map.js';
import type { LoadPlan, LoadRoot } from './load-plan.js';
import type { CriteriaOptions } from './row-criteria.js';
import { RowReaders } from './row-reader.js';

/** Where loaded objects go. */
export interface LoadTarget {
  readonly identity: IdentityMap;
  readonly link: SessionLink;
  /** Takes note of new objects. */
  readonly created?: ObjectState[];
  /** What the query says of criteria: a later `load()` of its objects keeps to it. */
  readonly options?: CriteriaOptions;
}

/** What a query says of loads that come later. */
interface LaterLoads extends Pick<LoadPlan, 'refused'> {
  readonly options: CriteriaOptions | undefined;
}

/** By the objects of one result: the query that gave an object last decides. */
const laterLoads: WeakMap<readonly ObjectState[], LaterLoads> = new WeakMap();

/** What the query that gave an object has said of loading its relations. */
export function laterLoadsOf({ peers }: ObjectState): LaterLoads | undefined {
  return peers === undefined ? undefined : laterLoads.get(peers);
}

export interface HydrateOptions {
  /**
   * Writes over what known objects hold, unsaved changes too; `unchanged`: but for these. Default: false, only what they lack
   * is filled in; with `forUpdate()` `unchanged`.
   */
  readonly refresh?: boolean | 'unchanged' | undefined;
}

/**
 * Rows to objects, one object for each key; undefined for rows without one: an outer join has found none. The objects of
 * one result are peers: they load relations together.
 */
export function hydrate(
  { identity, link, created, options }: LoadTarget,
  { plan: { mapper, columns, refused }, from }: LoadRoot,
  rows: readonly (readonly unknown[])[],
  dialect: DialectName,
  { refresh = false }: HydrateOptions = {},
): (ObjectState | undefined)[] {
  const known = identity.of(mapper);
  const readers = RowReaders.of(mapper, columns, from, dialect);
  const peers: ObjectState[] = [];
  if (options !== undefined || refused !== undefined) laterLoads.set(peers, { options, refused });
  const states: (ObjectState | undefined)[] = [];
  for (const values of rows) {
    const reader = readers.readerOf(values);
    if (reader === undefined) {
      states.push(undefined);
      continue;
    }
    const key = reader.keyOf(values);
    let state = known.get(key);
    if (state === undefined) {
      state = stateOf(reader.mapper.create(reader.read(values)));
      state.status = 'persistent';
      state.session = link;
      state.key = key;
      known.set(key, state);
      created?.push(state);
    } else if (state.peers !== peers && state.declared === reader.mapper.declared) {
      for (const [i, column] of reader.mapper.columns.entries()) {
        const isTaken = refresh === true || (refresh === 'unchanged' && state.original?.has(column.property) !== true);
        if (reader.has(i) && (isTaken || lacks(state, column))) fillColumn(state, column, reader.valueAt(values, i));
      }
    }
    // Joins repeat rows.
    if (state.peers !== peers) peers.push(state);
    state.peers = peers;
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
