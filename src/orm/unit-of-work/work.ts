/** What one flush has to do, gathered before anything is sent. */
import { AludelError } from '../../errors.js';
import { isExpr } from '../../schema/expressions/expr.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { HeldRelation, ObjectState } from '../mapping/entity.js';
import { type Mapper, mapperOf } from '../mapping/mapper.js';
import { isSame } from '../mapping/column-values.js';
import {
  type LinkPair,
  linkPairsOf,
  type RelationMap,
  type SecondaryColumn,
  type SecondaryMap,
} from '../mapping/relation-map.js';
import { toReferring } from '../../dialects/codecs.js';
import { getOrMake } from '../../util/group-by.js';

/** A key that a row takes from another one; `parent: null` for none. */
export interface Link {
  readonly parent: ObjectState | null;
  readonly pairs: readonly LinkPair[];
}

/** A row of an association table. */
export interface AssociationRow {
  readonly table: SecondaryMap['table'];
  readonly cells: readonly { readonly column: SecondaryColumn; readonly state: ObjectState }[];
}

/** What a flush asks of its session. */
export interface FlushHost {
  /** Says what will be written. True when that may have changed it. */
  announce(work: Work): Promise<boolean>;
  readonly pending: ReadonlySet<ObjectState>;
  readonly dirty: ReadonlySet<ObjectState>;
  readonly toDelete: ReadonlySet<ObjectState>;
  isMember(state: ObjectState): boolean;
  /** Sets a value on behalf of the flush, so that a rollback takes it back. */
  write(state: ObjectState, property: string, value: unknown): void;
  markDelete(state: ObjectState): void;
  expunge(state: ObjectState): void;
  load(relation: RelationMap<Mapper>, states: readonly ObjectState[]): Promise<void>;
  /** The rows that hold the key of an object, for a relation to one that was replaced before it was loaded. */
  loadReplaced(relation: RelationMap<Mapper>, state: ObjectState): Promise<readonly ObjectState[]>;
}

export class Work {
  readonly saves: Set<ObjectState> = new Set();
  readonly deletes: Set<ObjectState> = new Set();
  /** Deleted by the database itself, with the row that they refer to. */
  readonly cascaded: Set<ObjectState> = new Set();
  readonly links: Map<ObjectState, Map<string, Link>> = new Map();
  readonly associationInserts: Map<string, AssociationRow> = new Map();
  readonly associationDeletes: Map<string, AssociationRow> = new Map();
  /** All rows of an association table that hold the keys of these objects. */
  readonly associationClears: Map<RelationMap<Mapper>, ObjectState[]> = new Map();
  /** Relations whose changes wait for a flush that was asked for. */
  readonly deferred: Set<HeldRelation> = new Set();

  link(child: ObjectState, pairs: readonly LinkPair[], parent: ObjectState | null): void {
    getOrMake(this.links, child, () => new Map()).set(linkName(pairs), { parent, pairs });
    this.saves.add(child);
  }

  linkOf(child: ObjectState, pairs: readonly LinkPair[]): Link | undefined {
    return this.links.get(child)?.get(linkName(pairs));
  }
}

function linkName(pairs: readonly LinkPair[]): string {
  return pairs.map((pair) => pair.child.name).join(',');
}

export function mapperOfState(state: ObjectState): Mapper {
  return (state.declared.mapper as Mapper | undefined) ?? mapperOf(state.entity.constructor);
}

/** The pairs of a relation, seen from the row that holds the key. */
export function linkPairs(relation: RelationMap<Mapper>): LinkPair[] {
  return relation.pairs.map(({ owner, target }) =>
    relation.direction === 'toOne' ? { child: owner, parent: target } : { child: target, parent: owner },
  );
}

/** The foreign keys of one model that lead to another one: their columns, and what these refer to. */
export function keysBetween(from: Mapper, to: Mapper): LinkPair[][] {
  return from.table.foreignKeys.flatMap((key) => {
    const pairs = to.isIn(key.target) ? linkPairsOf(key, from, to) : [];
    return pairs.length === key.columns.length ? [pairs] : [];
  });
}

/** The columns whose values differ from what the database holds. */
export function changedColumns(state: ObjectState): ColumnMap[] {
  if (state.original === undefined || state.original.size === 0) return [];
  return mapperOfState(state).columns.filter((column) => isChanged(state, column));
}

/** True where a column was set, and not back to what it was. */
export function isChanged({ original, row }: ObjectState, column: ColumnMap): boolean {
  const { property } = column;
  return original?.has(property) === true && !isSame(column, original.get(property), row[property]);
}

/** What a child takes from its parent: null where there is none, undefined as long as the database alone knows. */
function keyFrom(parent: ObjectState | null, pair: LinkPair): unknown {
  const value = parent === null ? null : parent.row[pair.parent.property];
  return value === undefined || isExpr(value) ? undefined : toReferring(pair.parent.spec, pair.child.spec, value);
}

/** True for a row that the database has not, or has otherwise, or that waits for the key of one. */
export function isToWrite({ links }: Work, state: ObjectState): boolean {
  if (state.key === undefined || changedColumns(state).length > 0) return true;
  return [...(links.get(state)?.values() ?? [])].some(({ parent, pairs }) =>
    pairs.some((pair) => keyFrom(parent, pair) === undefined),
  );
}

/** True for a link that can be left empty at first. */
export function isOptional({ pairs }: Link): boolean {
  return pairs.every(({ child }) => child.spec.nullable && !child.spec.primaryKey);
}

/** Takes the key of the parent, if it has one by now. Gives false where it has not. */
export function applyLink(host: FlushHost, child: ObjectState, { parent, pairs }: Link): boolean {
  const values = pairs.map((pair) => keyFrom(parent, pair));
  if (values.some((value) => value === undefined)) return false;
  pairs.forEach(({ child: column }, i) => {
    if (values[i] === null && column.spec.primaryKey) throw cannotClear(child, column);
    if (!Object.is(child.row[column.property], values[i])) host.write(child, column.property, values[i]);
  });
  return true;
}

function cannotClear(child: ObjectState, column: ColumnMap): AludelError {
  return new AludelError(
    'ALUDEL_OBJECT_STATE',
    `${child.label} was taken out of a relation whose key "${column.property}" is part of its primary key.`,
    {
      hint: `Delete it, or declare the relation with cascade: 'all, delete-orphan'.`,
      details: { model: child.modelName, property: column.property },
    },
  );
}
