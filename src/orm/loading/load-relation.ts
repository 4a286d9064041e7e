/** Loads one relation of many objects: a statement for each 500 keys, whatever the number of objects. */
import { type Entity, type IdentityKey, type ObjectState, stateOf } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import type { RelatedMany } from '../mapping/related-many.js';
import { RelatedOne } from '../mapping/related-one.js';
import type { ColumnPair, RelationMap, SecondaryMap } from '../mapping/relation-map.js';
import type { Active } from '../session/transaction.js';
import { codecOf } from '../values/codecs.js';
import { identityKey } from '../mapping/column-values.js';
import { hydrate, type LoadTarget } from './hydrate.js';
import { KEYS_A_STATEMENT, renderOrder, selectRows, type Values, type Write } from './select-rows.js';
import { chunk, run } from './sql-text.js';

export async function loadRelation(
  target: LoadTarget,
  active: Active,
  relation: RelationMap<Mapper>,
  states: readonly ObjectState[],
): Promise<void> {
  if (states.length === 0) return;
  if (relation.secondary !== undefined) await loadSecondary(target, active, relation, relation.secondary, states);
  else if (relation.direction === 'toOne') await loadToOne(target, active, relation, states);
  else await loadToMany(target, active, relation, states);
}

/** What the database holds for the side of a pair that belongs to `state`. */
function values(state: ObjectState, pairs: readonly ColumnPair[], side: 'owner' | 'target'): unknown[] {
  return pairs.map((pair) => state.committed(pair[side].property));
}

function isKnown(parts: readonly unknown[]): boolean {
  return parts.every((part) => part !== null && part !== undefined);
}

async function loadToOne(
  target: LoadTarget,
  active: Active,
  relation: RelationMap<Mapper>,
  states: readonly ObjectState[],
): Promise<void> {
  const wanted = new Map<IdentityKey, unknown[]>();
  const { target: mapper, pairs } = relation;
  const by = pairs.map((pair) => pair.target);
  for (const state of states) {
    const parts = relation.pairs.map((pair) => state.row[pair.owner.property]);
    if (isKnown(parts)) wanted.set(identityKey(by, parts), parts);
  }
  const rows = await selectRows(active, mapper, mapper.selected, by, [...wanted.values()]);
  const found = new Map<IdentityKey, Entity>();
  for (const state of hydrate(target, mapper, rows, active.dialect.name)) {
    found.set(identityKey(by, values(state, pairs, 'target')), state.entity);
  }
  for (const state of states) {
    const key = identityKey(
      by,
      relation.pairs.map((pair) => state.row[pair.owner.property]),
    );
    fillOne(state, relation, found.get(key) ?? null);
  }
}

async function loadToMany(
  target: LoadTarget,
  active: Active,
  relation: RelationMap<Mapper>,
  states: readonly ObjectState[],
): Promise<void> {
  const { target: mapper, pairs } = relation;
  const by = pairs.map((pair) => pair.target);
  const owners = new Map(states.map((state) => [identityKey(by, values(state, pairs, 'owner')), state]));
  const keys = states.map((state) => values(state, pairs, 'owner')).filter(isKnown);
  const order = relation.settings.orderBy ?? (() => keyOrder(mapper));
  const rows = await selectRows(active, mapper, mapper.selected, by, keys, order);
  const children = new Map<ObjectState, Entity[]>();
  const places = by.map((column) => ({
    at: mapper.selected.indexOf(column),
    decode: codecOf(column, active.dialect.name).decode,
  }));
  hydrate(target, mapper, rows, active.dialect.name).forEach((child, i) => {
    // The row says whose child it is: the object may have been moved in memory.
    const owner = owners.get(
      identityKey(
        by,
        places.map(({ at, decode }) => decode(rows[i]?.[at])),
      ),
    );
    if (owner !== undefined) append(children, owner, child.entity);
  });
  for (const state of states) fill(state, relation, children.get(state) ?? []);
}

async function loadSecondary(
  target: LoadTarget,
  active: Active,
  relation: RelationMap<Mapper>,
  secondary: SecondaryMap,
  states: readonly ObjectState[],
): Promise<void> {
  const { target: mapper } = relation;
  const { dialect } = active;
  const keyOf = (state: ObjectState): unknown[] =>
    secondary.owner.map(({ refers }) => state.committed(refers.property));
  const ownerColumns = secondary.owner.map(({ name, refers }) => ({ ...refers, name }));
  const owners = new Map(states.map((state) => [identityKey(ownerColumns, keyOf(state)), state]));
  const children = new Map<ObjectState, Entity[]>();
  const table = mapper.qualifier(dialect);
  const link = dialect.quoteTable(secondary.table);
  const order = relation.settings.orderBy ?? (() => keyOrder(mapper));
  for (const part of chunk(states.map(keyOf), KEYS_A_STATEMENT)) {
    const { rows } = await run(active, (text) => {
      const qualified: Write = ({ node }) => text.expression(node, { column: (c) => `${table}.${text.name(c)}` });
      const columns = mapper.selected.map((column) => `${table}.${text.name(column)}`);
      const keys = ownerColumns.map((column) => `${link}.${text.name(column)}`);
      const on = secondary.target.map(
        ({ name, refers }) => `${link}.${text.name({ name })} = ${table}.${text.name(refers)}`,
      );
      return `SELECT ${[...columns, ...keys].join(', ')} FROM ${mapper.source(dialect)} JOIN ${link} ON ${on.join(' AND ')} WHERE ${text.oneOf(ownerColumns, part, `${link}.`)} ORDER BY ${renderOrder(text, order(), qualified)}`;
    });
    const decoders = ownerColumns.map((column) => codecOf(column, dialect.name).decode);
    // The keys of the owners stand behind the columns of the model.
    const ownerKey = (row: Values | undefined): IdentityKey =>
      identityKey(
        ownerColumns,
        decoders.map((decode, i) => decode(row?.[mapper.selected.length + i])),
      );
    hydrate(target, mapper, rows, dialect.name).forEach((child, i) => {
      const owner = owners.get(ownerKey(rows[i]));
      if (owner !== undefined) append(children, owner, child.entity);
    });
  }
  for (const state of states) fill(state, relation, children.get(state) ?? []);
}

function fill(state: ObjectState, relation: RelationMap<Mapper>, found: readonly Entity[]): void {
  if (relation.kind === 'many') {
    (state.declared.of(state, relation.property) as RelatedMany).take(
      found.filter((item) => stays(state, relation, item)),
    );
  } else fillOne(state, relation, found[0] ?? null);
}

/** An object that was moved to another owner in memory is not put back by a collection that is loaded afterwards. */
function stays(owner: ObjectState, { inverse, direction }: RelationMap<Mapper>, item: Entity): boolean {
  const held = inverse === undefined ? undefined : stateOf(item).relations?.get(inverse);
  if (direction !== 'toMany' || !(held instanceof RelatedOne) || !held.isChanged) return true;
  return held.peek() === owner.entity;
}

function fillOne(state: ObjectState, { property }: RelationMap<Mapper>, value: Entity | null): void {
  (state.declared.of(state, property) as RelatedOne).take(value);
}

function keyOrder(mapper: Mapper): unknown[] {
  return mapper.keys.map(({ property }) => mapper.definition.c[property]);
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}
