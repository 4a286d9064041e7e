import { AludelError } from '../../errors.js';
import type { HYDRATE } from '../mapping/entity.js';
import { type Entity, type ObjectState, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { RelatedMany } from '../mapping/related-many.js';
import type { RelatedOne } from '../mapping/related-one.js';
import { writeColumn } from '../mapping/attributes.js';
import { changedColumns, mapperOfState } from '../unit-of-work/work.js';
import type { KeyOf } from './read-key.js';
import type { SessionObjects } from './session-objects.js';

export interface MergeOptions {
  /** Compares with the database. `false` trusts the object, which must have no changes. Default: true. */
  readonly load?: boolean;
}

/** Finds an object by its key, or gives null. */
export type Find = (mapper: Mapper, key: KeyOf) => Promise<object | null>;

/** Copies an object and what it leads to onto the objects of a session. Values that were never set copy nothing. */
export async function mergeObjects(
  find: Find,
  objects: SessionObjects,
  object: object,
  options: MergeOptions,
): Promise<Entity> {
  const done = new Map<ObjectState, Entity>();
  const merge = async (source: ObjectState): Promise<Entity> => {
    const known = done.get(source);
    if (known !== undefined) return known;
    if (source.session === objects) return source.entity;
    const target = await findTarget(find, objects, source, options);
    done.set(source, target.entity);
    for (const column of mapperOfState(source).columns) {
      const { property } = column;
      const value = source.row[property];
      if (column.computedBy !== undefined || value === undefined || source.defaulted?.has(property) === true) continue;
      writeColumn(target, column, value);
    }
    if (options.load === false) target.original = undefined;
    for (const [property, held] of source.relations ?? []) {
      if (!mapperOfState(source).relation(property).cascade.merge) continue;
      await mergeRelation(target, property, held as RelatedMany | RelatedOne, merge, options);
    }
    return target.entity;
  };
  return merge(stateOf(object));
}

async function findTarget(
  find: Find,
  objects: SessionObjects,
  source: ObjectState,
  { load }: MergeOptions,
): Promise<ObjectState> {
  const mapper = mapperOfState(source);
  const key = mapper.keyOf((property) => source.row[property]);
  if (load === false) {
    if (key === undefined || changedColumns(source).length > 0) throw refuseUnloaded(source);
    const known = objects.identity.get(mapper, key);
    if (known !== undefined) return known;
    const state = stateOf(mapper.create({ ...source.row }));
    state.key = key;
    objects.add(state);
    return state;
  }
  const parts = mapper.keys.map(({ property }) => source.row[property]);
  const found = key === undefined ? null : await find(mapper, parts);
  if (found !== null) return stateOf(found);
  // What was not given starts as in any new object.
  const state = stateOf(new mapper.model({} as typeof HYDRATE, {}));
  objects.add(state);
  return state;
}

async function mergeRelation(
  target: ObjectState,
  property: string,
  held: RelatedMany | RelatedOne,
  merge: (source: ObjectState) => Promise<Entity>,
  { load }: MergeOptions,
): Promise<void> {
  const mine = target.declared.of(target, property) as RelatedMany | RelatedOne;
  const isUnset = held instanceof RelatedMany ? !held.isLoaded || held.length === 0 : held.peek() === undefined;
  if (isUnset) return;
  // Loaded first, so that its objects need not be looked for one by one.
  if (mine instanceof RelatedMany && load !== false && target.key !== undefined) await mine.load({ only: true });
  const items: Entity[] = [];
  for (const item of held.items()) items.push(await merge(stateOf(item)));
  if (!(mine instanceof RelatedMany)) {
    if (mine.peek() !== (items[0] ?? null)) mine.set(items[0] ?? null);
    return;
  }
  if (load === false) {
    mine.take(items);
    return;
  }
  mine.remove(...[...mine.peek()].filter((item) => !items.includes(item)));
  mine.add(...items);
}

function refuseUnloaded(source: ObjectState): AludelError {
  return new AludelError(
    'ALUDEL_OBJECT_STATE',
    `${source.label} has changes or no key, so it cannot be merged without loading.`,
    {
      hint: 'Flush its changes where they were made, or leave "load" out.',
      details: { model: source.modelName },
    },
  );
}
