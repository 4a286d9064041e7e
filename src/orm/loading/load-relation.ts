/** Loads one relation of many objects: a statement for each 10,000 keys, whatever the number of objects. */
import type { ColumnMap } from '../mapping/column-map.js';
import { identityKey } from '../mapping/column-values.js';
import type { Entity, IdentityKey, ObjectState } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { ColumnPair, RelationMap, SecondaryMap } from '../mapping/relation-map.js';
import type { Active } from '../session/transaction.js';
import { codecOf } from '../values/codecs.js';
import { fillRelation, keyOrder } from './fill-relation.js';
import { fillColumn, type HydrateOptions, type LoadTarget } from './hydrate.js';
import { type LoadPlan, plainPlan } from './load-plan.js';
import { type ObjectQuery, type ObjectsRead, readObjects } from './read-objects.js';
import { placeOf } from './row-reader.js';
import { selectRows } from './select-rows.js';
import { chunkKeys } from './select-text.js';
import type { SqlText } from './sql-text.js';

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

/** What the database holds for the side of a pair that belongs to `state`. */
function values(state: ObjectState, pairs: readonly ColumnPair[], side: 'owner' | 'target'): unknown[] {
  return pairs.map((pair) => state.committed(pair[side].property));
}

function isKnown(parts: readonly unknown[]): boolean {
  return parts.every((part) => part !== null && part !== undefined);
}

/** Foreign keys that are expired: without them an object would seem to have no related one. */
async function readKeys({ active, relation, states }: Load): Promise<void> {
  const { owner } = relation;
  const columns = relation.pairs.map((pair) => pair.owner);
  const lacking = states.filter(
    ({ row, key }) => key !== undefined && columns.some(({ property }) => row[property] === undefined),
  );
  if (lacking.length === 0) return;
  const keyOf = (state: ObjectState): unknown[] => owner.keys.map(({ property }) => state.committed(property));
  const known = new Map(lacking.map((state) => [identityKey(owner.keys, keyOf(state)), state]));
  const wanted = [...owner.keys, ...columns];
  const decoders = wanted.map((column) => codecOf(column, active.dialect.name).decode);
  for (const row of await selectRows(active, owner, wanted, owner.keys, lacking.map(keyOf))) {
    const read = decoders.map((decode, i) => decode(row[i]));
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

async function loadToOne(load: Load): Promise<void> {
  const { relation, states } = load;
  const { pairs } = relation;
  const wanted = new Map<IdentityKey, unknown[]>();
  const by = pairs.map((pair) => pair.target);
  const ownerColumns = pairs.map((pair) => pair.owner);
  const partsOf = (state: ObjectState): unknown[] => ownerColumns.map(({ property }) => state.row[property]);
  for (const state of states) {
    const parts = partsOf(state);
    if (isKnown(parts)) wanted.set(identityKey(by, parts), parts);
  }
  const found = new Map<IdentityKey, Entity>();
  if (wanted.size > 0) {
    for (const state of (await readTargets(load, by, ownerColumns, [...wanted.values()])).states) {
      found.set(identityKey(by, values(state, pairs, 'target')), state.entity);
    }
  }
  for (const state of states) {
    const entity = found.get(identityKey(by, partsOf(state)));
    fillRelation(state, relation, entity === undefined ? [] : [entity]);
  }
}

async function loadToMany(load: Load): Promise<void> {
  const { active, relation, states, plan } = load;
  const { pairs, settings } = relation;
  const by = pairs.map((pair) => pair.target);
  const ownerColumns = pairs.map((pair) => pair.owner);
  const keys = states.map((state) => values(state, pairs, 'owner')).filter(isKnown);
  const orderBy = settings.orderBy?.() ?? keyOrder(plan.mapper);
  const places = by.map((column) => ({
    at: placeOf(plan.columns, column),
    decode: codecOf(column, active.dialect.name).decode,
  }));
  const found = await readTargets(load, by, ownerColumns, keys, () => ({ orderBy }));
  // The row says whose child it is: the object may have been moved in memory.
  share(
    load,
    found,
    (state) => identityKey(by, values(state, pairs, 'owner')),
    (row) =>
      identityKey(
        by,
        places.map(({ at, decode }) => decode(row[at])),
      ),
  );
}

async function loadSecondary(load: Load, secondary: SecondaryMap): Promise<void> {
  const { active, relation, states, plan } = load;
  const { dialect } = active;
  const { mapper, columns } = plan;
  const keyOf = (state: ObjectState): unknown[] =>
    secondary.owner.map(({ refers }) => state.committed(refers.property));
  const ownerColumns = secondary.owner.map(({ name, refers }) => ({ ...refers, name }));
  const link = dialect.quoteTable(secondary.table);
  const table = mapper.qualifier(dialect);
  const refers = secondary.owner.map((column) => column.refers);
  const found = await readTargets(load, ownerColumns, refers, states.map(keyOf), (text) => {
    const on = secondary.target.map(
      ({ name, refers: column }) => `${link}.${text.name({ name })} = ${table}.${text.name(column)}`,
    );
    return {
      prefix: `${link}.`,
      from: `${mapper.source(dialect)} JOIN ${link} ON ${on.join(' AND ')}`,
      extra: ownerColumns.map((column) => `${link}.${text.name(column)}`),
      orderBy: relation.settings.orderBy?.() ?? keyOrder(mapper),
    };
  });
  const decoders = ownerColumns.map((column) => codecOf(column, dialect.name).decode);
  // The keys of the owners stand behind the columns of the model.
  share(
    load,
    found,
    (state) => identityKey(ownerColumns, keyOf(state)),
    (row) =>
      identityKey(
        ownerColumns,
        decoders.map((decode, i) => decode(row[columns.length + i])),
      ),
  );
}

/** Gives each owner the objects of the rows that hold its key. */
function share(
  { relation, states }: Load,
  found: ObjectsRead,
  keyOfOwner: (state: ObjectState) => IdentityKey,
  keyOfRow: (row: readonly unknown[]) => IdentityKey,
): void {
  const lists = new Map<IdentityKey, Entity[]>();
  found.states.forEach(({ entity }, i) => {
    const key = keyOfRow(found.rows[i] ?? []);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [entity]);
    else list.push(entity);
  });
  for (const state of states) fillRelation(state, relation, lists.get(keyOfOwner(state)) ?? []);
}
