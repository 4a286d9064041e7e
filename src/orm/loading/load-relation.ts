/** Loads one relation of many objects: a statement for each 10,000 keys, whatever the number of objects. */
import type { ColumnMap } from '../mapping/column-map.js';
import { identityKey, wholeKey } from '../mapping/column-values.js';
import type { Entity, IdentityKey, ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { RelationMap, SecondaryMap } from '../mapping/relation-map.js';
import type { Active } from '../session/transaction.js';
import { rowDecoder } from '../../dialects/codecs.js';
import { fillRelation, keyOrder } from './fill-relation.js';
import { fillColumn, type HydrateOptions, type LoadTarget } from './hydrate.js';
import { type LoadPlan, plainPlan } from './load-plan.js';
import { type ObjectQuery, type ObjectsRead, readObjects } from './read-objects.js';
import { keyReader, placeOf } from './row-reader.js';
import { selectRows } from './select-rows.js';
import { chunkKeys } from './select-text.js';
import type { SqlText } from './sql-text.js';
import { getOrMake } from '../../util/group-by.js';

/** A SELECT in brackets that gives the values of some columns of the owners. */
export type KeyQuery = (text: SqlText, columns: readonly ColumnMap[]) => string;

export interface RelationLoadOptions extends HydrateOptions {
  /** What is read of the related objects. Default: all columns, and nothing with them. */
  readonly plan?: LoadPlan;
  /** Finds the owners by the query that gave them instead of by their keys. */
  readonly owners?: KeyQuery | undefined;
}

/** One relation that is being loaded. */
interface Load {
  readonly target: LoadTarget;
  readonly active: Active;
  readonly relation: RelationMap<Mapper>;
  readonly states: readonly ObjectState[];
  readonly plan: LoadPlan;
  readonly options: RelationLoadOptions;
}

export async function loadRelation(
  target: LoadTarget,
  active: Active,
  relation: RelationMap<Mapper>,
  states: readonly ObjectState[],
  options: RelationLoadOptions = {},
): Promise<void> {
  if (states.length === 0) return;
  const { plan = plainPlan(relation.target) } = options;
  const load: Load = { target, active, relation, states, plan, options };
  await readKeys(load);
  if (relation.secondary !== undefined) await loadSecondary(load, relation.secondary);
  else if (relation.direction === 'toOne') await loadToOne(load);
  else await loadToMany(load);
}

/** Foreign keys that are expired: without them an object would seem to have no related one. */
async function readKeys({ active, relation: { owner, pairs }, states }: Load): Promise<void> {
  const columns = pairs.map((pair) => pair.owner);
  const lacking = states.filter(
    ({ row, key }) => key !== undefined && columns.some(({ property }) => row[property] === undefined),
  );
  if (lacking.length === 0) return;
  const keys = lacking.map((state) => state.committedOf(owner.keys));
  const known = new Map(lacking.map((state, i) => [identityKey(owner.keys, keys[i] ?? []), state]));
  const wanted = [...owner.keys, ...columns];
  const decode = rowDecoder(wanted, active.dialect.name);
  for (const row of await selectRows(active, owner, wanted, owner.keys, keys)) {
    const read = decode(row);
    const state = known.get(identityKey(owner.keys, read.slice(0, owner.keys.length)));
    for (const [i, column] of columns.entries()) {
      if (state?.row[column.property] === undefined && state !== undefined) {
        fillColumn(state, column, read[owner.keys.length + i]);
      }
    }
  }
}

/** Statements for the rows whose columns hold one of these lists of values; one with the owners' own query. */
function readTargets(
  { target, active, plan, options }: Load,
  by: readonly ColumnMap[],
  ownerColumns: readonly ColumnMap[],
  keys: readonly (readonly unknown[])[],
  more: (text: SqlText) => Omit<ObjectQuery, 'where'> & { readonly prefix?: string } = () => ({}),
): Promise<ObjectsRead> {
  const { owners } = options;
  const build = (text: SqlText, where: (prefix: string) => string): ObjectQuery => {
    const { prefix = '', ...rest } = more(text);
    return { ...rest, where: () => where(prefix) };
  };
  const queries =
    owners === undefined
      ? chunkKeys(by, keys).map((part) => (text: SqlText) => build(text, (prefix) => text.among(by, part, prefix)))
      : [
          (text: SqlText) =>
            build(text, (prefix) => {
              const names = by.map((column) => `${prefix}${text.name(column)}`);
              return `${names.length === 1 ? names[0] : `(${names.join(', ')})`} IN ${owners(text, ownerColumns)}`;
            }),
        ];
  return readObjects(target, active, plan, queries, options);
}

/** By what the objects are found that owners lead to; `wanted` holds the values of each key that is whole. */
function keysOf(
  states: readonly ObjectState[],
  by: readonly ColumnMap[],
  partsOf: (state: ObjectState) => unknown[],
): { readonly keys: readonly (IdentityKey | undefined)[]; readonly wanted: ReadonlyMap<IdentityKey, unknown[]> } {
  const wanted = new Map<IdentityKey, unknown[]>();
  const keys = states.map((state) => {
    const parts = partsOf(state);
    const key = wholeKey(by, parts);
    if (key !== undefined) wanted.set(key, parts);
    return key;
  });
  return { keys, wanted };
}

async function loadToOne(load: Load): Promise<void> {
  const { relation, states } = load;
  const { pairs } = relation;
  const by = pairs.map((pair) => pair.target);
  const ownerColumns = pairs.map((pair) => pair.owner);
  const { keys, wanted } = keysOf(states, by, ({ row }) => ownerColumns.map(({ property }) => row[property]));
  const found = new Map<IdentityKey, Entity>();
  if (wanted.size > 0) {
    for (const state of (await readTargets(load, by, ownerColumns, [...wanted.values()])).states) {
      if (state !== undefined) found.set(identityKey(by, state.committedOf(by)), state.entity);
    }
  }
  states.forEach((state, i) => {
    const key = keys[i];
    const entity = key === undefined ? undefined : found.get(key);
    fillRelation(state, relation, entity === undefined ? [] : [entity]);
  });
}

async function loadToMany(load: Load): Promise<void> {
  const { relation, plan } = load;
  const by = relation.pairs.map((pair) => pair.target);
  const owner = relation.pairs.map((pair) => pair.owner);
  const orderBy = relation.settings.orderBy?.() ?? keyOrder(plan.mapper);
  const places = by.map((column) => placeOf(plan.columns, column));
  await loadCollections(load, by, owner, places, () => ({ orderBy }));
}

async function loadSecondary(load: Load, secondary: SecondaryMap): Promise<void> {
  const { active, relation, plan } = load;
  const { mapper, columns } = plan;
  const by = secondary.owner.map(({ name, refers }) => ({ ...refers, name }));
  const owner = secondary.owner.map(({ refers }) => refers);
  const link = active.dialect.quoteTable(secondary.table);
  const table = mapper.qualifier(active.dialect);
  // The keys of the owners stand behind the columns of the model.
  const places = by.map((_, i) => columns.length + i);
  await loadCollections(load, by, owner, places, (text) => {
    const on = secondary.target.map(
      ({ name, refers }) => `${link}.${text.name({ name })} = ${table}.${text.name(refers)}`,
    );
    return {
      prefix: `${link}.`,
      from: `${mapper.source(active.dialect)} JOIN ${link} ON ${on.join(' AND ')}`,
      extra: by.map((column) => `${link}.${text.name(column)}`),
      orderBy: relation.settings.orderBy?.() ?? keyOrder(mapper),
    };
  });
}

/** Gives each owner the objects of the rows that hold its key, as the row says it: objects may have been moved in memory. */
async function loadCollections(
  load: Load,
  by: readonly ColumnMap[],
  owner: readonly ColumnMap[],
  places: readonly number[],
  more: Parameters<typeof readTargets>[4],
): Promise<void> {
  const { active, relation, states } = load;
  const lists = new Map<IdentityKey | undefined, Entity[]>();
  const { keys, wanted } = keysOf(states, by, (state) => state.committedOf(owner));
  const found = await readTargets(load, by, owner, [...wanted.values()], more);
  const keyOf = keyReader(by, places, active.dialect.name);
  found.states.forEach((state, i) => {
    if (state !== undefined) getOrMake(lists, keyOf(found.rows[i] ?? []), () => []).push(state.entity);
  });
  states.forEach((state, i) => fillRelation(state, relation, lists.get(keys[i]) ?? []));
}
