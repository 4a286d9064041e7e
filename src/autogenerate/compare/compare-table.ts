import type { Capabilities } from '../../dialects/dialect.js';
import type { AlterColumn, ColumnChanges, Operation, SetComment } from '../../operations/operation.js';
import { isPartition } from '../../operations/partitions.js';
import { dropConstraint } from '../../operations/table-order.js';
import {
  type Column,
  type Constraint,
  type Index,
  columnOfOption,
  isLayoutOption,
  type Table,
  type TableName,
} from '../../schema/table.js';
import { relationKey } from '../../schema/objects.js';
import { isHeir, parentNames } from '../../operations/inheritance.js';
import { heirChanges, heirSides, leaveCounters } from './heir-sides.js';
import { isFollower, sidesOf } from './partition-sides.js';
import { sameButValidity, sameConstraint, sameData, sameExpression, sameIndex, sameType } from '../../schema/same.js';

/** The changes of one table, by the stage of the plan that they belong to. */
export interface TableChanges {
  readonly dropForeignKeys: readonly Operation[];
  /** Constraints and indexes that stand in the way of column changes. */
  readonly dropOthers: readonly Operation[];
  readonly columns: readonly Operation[];
  readonly addOthers: readonly Operation[];
  readonly addForeignKeys: readonly Operation[];
}

const NO_CHANGES: TableChanges = {
  dropForeignKeys: [],
  dropOthers: [],
  columns: [],
  addOthers: [],
  addForeignKeys: [],
};

/** The two states of one table, with all tables before, and those after, of which it may join one. */
export function compareTable(
  live: Table,
  wanted: Table,
  before: readonly Table[],
  tables: readonly Table[],
  capabilities: Capabilities,
): TableChanges {
  // A partition may have to follow its table, and an heir those above it, whatever they say of themselves.
  if (live === wanted && !isPartition(wanted) && !isHeir(wanted)) return NO_CHANGES;
  const [from, to] = heirSides(...sidesOf(live, wanted, tables), before, tables);
  const name: TableName = { namespace: to.namespace, name: to.name };
  const foreignKeys = matchConstraints(from.foreignKeys, to.foreignKeys);
  const keys = matchConstraints(listOf(from.primaryKey), listOf(to.primaryKey));
  const uniques = matchConstraints(from.uniques, to.uniques);
  const checks = matchConstraints(from.checks, to.checks);
  const exclusions = matchConstraints(from.exclusions ?? [], to.exclusions ?? []);
  const indexes = matchIndexes(from.indexes, to.indexes);
  const options = compareOptions(from, to, name, indexes);
  const partitions = comparePartitioning(from, to, name, keys.added.length + uniques.added.length > 0);
  // Asked for only where a default changes: of many tables few do.
  const hasChildren = (): boolean => tables.some(({ dependsOn }) => dependsOn?.includes(relationKey(to)) === true);
  const follows = isFollower(live, wanted);
  const kept = follows ? { ...to, columns: to.columns.filter((column) => has(from, column.name)) } : to;
  const compared = compareColumns(from, kept, name, capabilities, hasChildren);
  const columns = compared.flatMap((operation) =>
    follows ? ownChanges(operation) : heirChanges(operation, live, wanted),
  );
  // The table that a partition joins has to be there first: no two constraints get one name from the server.
  const names = join(from, to, name).length === 0 ? [] : columns.filter(isNaming);
  const dropAll = (constraints: readonly Constraint[]): Operation[] => constraints.map((c) => dropConstraint(name, c));
  const addAll = (constraints: readonly Constraint[]): Operation[] =>
    constraints.map((constraint) => ({ kind: 'addConstraint', table: name, constraint }));
  return {
    dropForeignKeys: [
      ...leaveType(from, to, name),
      ...leave(from, to, name),
      ...leaveCounters(live, wanted, before),
      ...dropAll(foreignKeys.removed),
    ],
    dropOthers: [
      ...options.first,
      ...partitions.first,
      ...indexes.removed.map((index): Operation => dropIndex(name, index)),
      ...dropAll([...exclusions.removed, ...checks.removed, ...uniques.removed, ...keys.removed]),
      ...changePeriod(name, from.options['period'], to.options['period']).dropped,
    ],
    columns: [
      ...compareComment(from, to, name),
      ...columns.filter(isDisinherited),
      ...options.usual,
      ...compareComments('constraint', [keys, uniques, checks, exclusions], name),
      ...compareComments('index', [indexes], name),
      ...columns.filter((operation) => !isDisinherited(operation) && !names.includes(operation)),
    ],
    addOthers: [
      ...changePeriod(name, from.options['period'], to.options['period']).added,
      ...addAll([...keys.added, ...uniques.added, ...checks.added, ...exclusions.added]),
      ...indexes.added.map((index): Operation => ({ kind: 'createIndex', table: name, index })),
      ...options.last,
      ...partitions.last,
    ],
    addForeignKeys: [
      ...addAll(foreignKeys.added),
      ...names,
      ...join(from, to, name),
      ...joinType(from, to, name),
      // A foreign key that is taken off meanwhile is back by now.
      ...compareComments('constraint', [foreignKeys], name),
      ...compareValidity([...foreignKeys.kept, ...checks.kept], name),
    ],
  };
}

/** A column that shared its table's collation and gets one of its own says so before the table has another. */
function isDisinherited(operation: Operation): boolean {
  if (operation.kind !== 'alterColumn') return false;
  return operation.changes.collation != null && operation.existing?.collation === null;
}

/** True for tables of which one cannot become the other: what a table is partitioned by is said when it is made. */
export function isMadeAnew(from: Table, to: Table): boolean {
  return from.options['partitionBy'] !== to.options['partitionBy'];
}

function compareComment(from: Table, to: Table, table: TableName): Operation[] {
  if (from.comment === to.comment) return [];
  return [{ kind: 'setTableComment', table, comment: to.comment, existing: from.comment }];
}

type Value = string | boolean | null;
type Partitioning = Record<'first' | 'last', readonly Operation[]>;

/** A table leaves what it is a partition or an heir of before that goes or changes, and joins another one once that is there. */
function leave(from: Table, to: Table, table: TableName): Operation[] {
  const { partitionOf = null } = from.options;
  if (partitionOf === null || partitionOf === to.options['partitionOf']) return leaveParents(from, to, table);
  return [{ kind: 'setTableOptions', table, changes: { partitionOf: null }, existing: { partitionOf } }];
}

/** True for a table that goes on to be of a composite type: the columns of both are the same. */
function staysOfType(from: Table, to: Table): boolean {
  const columnsOf = ({ columns }: Table): unknown =>
    columns.map(({ name, type, collation }) => ({ name, type, collation }));
  return from.options['ofType'] === to.options['ofType'] && sameData(columnsOf(from), columnsOf(to));
}

function leaveType(from: Table, to: Table, table: TableName): Operation[] {
  const { ofType = null } = from.options;
  if (ofType === null || staysOfType(from, to)) return [];
  return [{ kind: 'setTableOptions', table, changes: { ofType: null }, existing: { ofType } }];
}

function joinType(from: Table, to: Table, table: TableName): Operation[] {
  const { ofType = null } = to.options;
  if (ofType === null || staysOfType(from, to)) return [];
  return [{ kind: 'setTableOptions', table, changes: { ofType }, existing: { ofType: null } }];
}

/** The parents that stay are those before the first that is another one: new ones come last. */
function parentsThatStay(from: Table, to: Table): string | null {
  const [known, wanted] = [parentNames(from), parentNames(to)];
  const end = known.findIndex((name, at) => name !== wanted[at]);
  return known.slice(0, end === -1 ? known.length : end).join(', ') || null;
}

function leaveParents(from: Table, to: Table, table: TableName): Operation[] {
  const [existing, inherits] = [from.options['inherits'] ?? null, parentsThatStay(from, to)];
  if (inherits === existing) return [];
  return [{ kind: 'setTableOptions', table, changes: { inherits }, existing: { inherits: existing } }];
}

function joinParents(from: Table, to: Table, table: TableName): Operation[] {
  const [existing, inherits] = [parentsThatStay(from, to), to.options['inherits'] ?? null];
  if (inherits === existing) return [];
  return [{ kind: 'setTableOptions', table, changes: { inherits }, existing: { inherits: existing } }];
}

function join(from: Table, to: Table, table: TableName): Operation[] {
  const { partitionOf = null } = to.options;
  if (partitionOf === null || partitionOf === from.options['partitionOf']) return joinParents(from, to, table);
  return [{ kind: 'setTableOptions', table, changes: { partitionOf }, existing: { partitionOf: null } }];
}

/**
 * MySQL: what a table is partitioned by names columns that every key has to hold: it is said once these are there, and taken
 * back while they are. In one step where the table has the same columns and keys before and after.
 */
function comparePartitioning(from: Table, to: Table, table: TableName, changesKeys: boolean): Partitioning {
  const [known = null, wanted = null] = [from.options['partitionBy'], to.options['partitionBy']];
  const change = (before: Value, after: Value): Operation[] => {
    if (before === after) return [];
    const [changes, existing] = [{ partitionBy: after }, { partitionBy: before }];
    return [{ kind: 'setTableOptions', table, changes, existing }];
  };
  if (known !== null && wanted !== null && !changesKeys && haveSameColumns(from, to)) {
    return { first: [], last: change(known, wanted) };
  }
  return known === wanted ? { first: [], last: [] } : { first: change(known, null), last: change(null, wanted) };
}

function haveSameColumns(from: Table, to: Table): boolean {
  const shapeOf = ({ columns }: Table) => new Map(columns.map(({ name, type }) => [name, type]));
  const [known, wanted] = [shapeOf(from), shapeOf(to)];
  return known.size === wanted.size && [...wanted].every(([name, type]) => sameData(known.get(name), type));
}

/** By stage: an option that names an index (replica identity, clustering) or a new column is set while that is there. */
function compareOptions(
  from: Table,
  to: Table,
  table: TableName,
  indexes: Matched<Index>,
): Record<'first' | 'usual' | 'last', Operation[]> {
  const keys = [...new Set([...Object.keys(from.options), ...Object.keys(to.options)])]
    .filter((key) => !['partitionOf', 'partitionBy', 'inherits', 'ofType', 'period'].includes(key))
    .sort();
  const isKnown = (key: string): boolean => !isLayoutOption(key) || isLaidOut(key, from) || isLaidOut(key, to);
  const changed = keys.filter((key) => from.options[key] !== to.options[key] && isKnown(key));
  // How a column is laid out is said once it is there, and taken back while it is.
  const isOfDropped = (key: string): boolean => isLayoutOption(key) && !isLaidOut(key, to);
  const names = (value: string | boolean | undefined, known: readonly Index[]): boolean =>
    typeof value === 'string' && known.some(({ name }) => value === name || value.includes(`"${name}"`));
  // What a column is to be may be what allows to hide it.
  const isOfReady = (key: string): boolean => {
    const column = columnOfOption(key);
    return column !== null && (!has(from, column) || to.options[key] === true);
  };
  const first = changed.filter((key) => isOfDropped(key) || names(from.options[key], indexes.removed));
  const last = changed.filter(
    (key) => !first.includes(key) && (isLayoutOption(key) || isOfReady(key) || names(to.options[key], indexes.added)),
  );
  const change = (some: readonly string[]): Operation[] => {
    const rest = some.filter((key) => !isStorage(key));
    const storage = storageToSay(some.filter(isStorage), from, to);
    const pick = ({ options }: Table) => {
      const inOrder = Object.keys(options).filter((key) => storage.has(key));
      return Object.fromEntries(
        [...rest, ...new Set([...inOrder, ...storage])].map((key) => [key, options[key] ?? null]),
      );
    };
    const [changes, existing] = [pick(to), pick(from)];
    return some.length === 0 ? [] : [{ kind: 'setTableOptions', table, changes, existing }];
  };
  return {
    first: change(first),
    usual: change(changed.filter((key) => !first.includes(key) && !last.includes(key))),
    last: change(last),
  };
}

/** A period (MariaDB) goes while its columns are there and after the keys over it; another one comes once its columns are. */
function changePeriod(
  table: TableName,
  from: string | boolean | undefined,
  to: string | boolean | undefined,
): Record<'dropped' | 'added', Operation[]> {
  const change = (before: typeof from, after: typeof to): Operation[] =>
    from === to || before === after
      ? []
      : [
          {
            kind: 'setTableOptions',
            table,
            changes: { period: after ?? null },
            existing: { period: before ?? null },
          },
        ];
  return { dropped: change(from, undefined), added: change(undefined, to) };
}

function isStorage(key: string): boolean {
  return key.startsWith('storage ');
}

/** Storage parameters that change, and all where the server, which puts what is said behind the rest, would have another order. */
function storageToSay(changed: readonly string[], from: Table, to: Table): ReadonlySet<string> {
  const storageOf = ({ options }: Table): string[] => Object.keys(options).filter(isStorage);
  const isInOrder = (known: readonly string[], wanted: readonly string[]): boolean => {
    const kept = known.filter((key) => wanted.includes(key) && !changed.includes(key));
    return [...kept, ...wanted.filter((key) => changed.includes(key))].join() === wanted.join();
  };
  const [known, wanted] = [storageOf(from), storageOf(to)];
  const says = changed.length === 0 || (isInOrder(known, wanted) && isInOrder(wanted, known));
  return new Set(says ? changed : [...known, ...wanted]);
}

function isNaming(operation: Operation): boolean {
  return operation.kind === 'alterColumn' && Object.keys(operation.changes).join() === 'notNullName';
}

/** Options of this kind name a column, or the columns of a constraint. */
function isLaidOut(key: string, { columns }: Table): boolean {
  return columns.some(({ name }) => key.endsWith(` ${name}`));
}

function compareComments(
  object: SetComment['object'],
  matches: readonly Matched<Constraint | Index>[],
  table: TableName,
): Operation[] {
  return matches
    .flatMap(({ kept }) => kept)
    .flatMap(([from, to]): Operation[] => {
      const [existing, comment] = [from.comment ?? null, to.comment ?? null];
      if (existing === comment || from.name === null) return [];
      return [{ kind: 'setComment', object, table, name: from.name, comment, existing }];
    });
}

/** A partition's columns follow its table, but for what each partition says for itself; to say that twice does no harm. */
function ownChanges(operation: Operation): Operation[] {
  if (operation.kind !== 'alterColumn' || operation.changes.type !== undefined) return [];
  const { nullable, default: value, comment } = operation.changes;
  const changes = {
    ...(nullable === undefined ? {} : { nullable }),
    ...(value === undefined ? {} : { default: value }),
    ...(comment === undefined ? {} : { comment }),
  };
  return Object.keys(changes).length === 0 ? [] : [{ ...operation, changes }];
}

function has(table: Table, column: string): boolean {
  return table.columns.some(({ name }) => name === column);
}

/** The rows that were there when a constraint came are checked, or no longer answered for. */
function compareValidity(kept: readonly (readonly [Constraint, Constraint])[], table: TableName): Operation[] {
  return kept.flatMap(([from, to]): Operation[] => {
    const isValid = !('notValid' in to);
    if (isValid !== 'notValid' in from || from.name === null) return [];
    return [{ kind: 'validateConstraint', table, name: from.name, isValid, existing: from }];
  });
}

/** What a generated column is made of is there before it, and goes after it. */
function compareColumns(
  from: Table,
  to: Table,
  table: TableName,
  capabilities: Capabilities,
  hasChildren: () => boolean,
): Operation[] {
  const known = new Map(from.columns.map((column) => [column.name, column]));
  const wanted = new Set(to.columns.map((column) => column.name));
  const added = to.columns.filter((column) => !known.has(column.name));
  const dropped = from.columns.filter((column) => !wanted.has(column.name));
  return [
    ...[...added.filter((column) => !isGenerated(column)), ...added.filter(isGenerated)].map((column): Operation => ({
      kind: 'addColumn',
      table,
      column,
    })),
    ...to.columns.flatMap((column): Operation[] => {
      const existing = known.get(column.name);
      const changes = existing === undefined ? {} : columnChanges(existing, column, capabilities.enumTypes);
      if (existing === undefined || Object.keys(changes).length === 0) return [];
      const casts = castsFor(existing, changes, capabilities);
      const setsDefault = changes.default !== undefined && changes.type === undefined;
      const only = setsDefault && hasChildren() ? { only: true as const } : {};
      return [{ kind: 'alterColumn', table, column: column.name, changes, ...only, ...casts, existing }];
    }),
    // One generated column may be made of another before it.
    ...[...dropped.filter(isGenerated).reverse(), ...dropped.filter((column) => !isGenerated(column))].map(
      (column): Operation => ({ kind: 'dropColumn', table, column: column.name, existing: column }),
    ),
  ];
}

/** What both ways of a new type have to say of the values, where the server does not convert by itself. */
function castsFor(
  { name, type, generated }: Column,
  changes: ColumnChanges,
  { castColumn }: Capabilities,
): Pick<AlterColumn, 'using' | 'usingBack'> {
  if (changes.type === undefined || castColumn === undefined || generated !== null) return { using: null };
  const back = changes.generated == null ? castColumn(name, changes.type, type) : null;
  return { using: castColumn(name, type, changes.type), ...(back === null ? {} : { usingBack: back }) };
}

function isGenerated(column: Column): boolean {
  return column.generated !== null;
}

/** What differs between two columns of one name; empty when nothing does. */
function columnChanges(from: Column, to: Column, enumTypes: boolean): ColumnChanges {
  const changes: { -readonly [K in keyof ColumnChanges]: ColumnChanges[K] } = {};
  if (!sameType(from.type, to.type, enumTypes)) changes.type = to.type;
  if (from.nullable !== to.nullable) changes.nullable = to.nullable;
  if (!sameExpression(from.default, to.default)) changes.default = to.default;
  if (JSON.stringify(from.generation) !== JSON.stringify(to.generation)) changes.generation = to.generation;
  if (!sameData(from.generated, to.generated)) changes.generated = to.generated;
  if (!sameExpression(from.onUpdate, to.onUpdate)) changes.onUpdate = to.onUpdate;
  if (from.collation !== to.collation) changes.collation = to.collation;
  if (from.comment !== to.comment) changes.comment = to.comment;
  if (to.nullable) return changes;
  if (from.notNullName !== to.notNullName) changes.notNullName = to.notNullName ?? null;
  if (from.notNullManner !== to.notNullManner) changes.notNullManner = to.notNullManner ?? null;
  return changes;
}

interface Matched<T> {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  /** Pairs that are equal but for their comments. */
  readonly kept: readonly (readonly [from: T, to: T])[];
}

/** Pairs what is equal, once each; what is left over on either side was removed or added. */
function matchConstraints<C extends Constraint>(from: readonly C[], to: readonly C[]): Matched<C> {
  const left = [...from];
  const kept: [C, C][] = [];
  const added = to.filter((wanted) => {
    const byName = left.findIndex((known) => known.name === wanted.name && sameButValidity(known, wanted));
    const at = byName === -1 ? left.findIndex((known) => sameConstraint(known, wanted)) : byName;
    if (at === -1) return true;
    kept.push(...left.splice(at, 1).map((known): [C, C] => [known, wanted]));
    return false;
  });
  return { removed: left, added, kept };
}

function matchIndexes(from: readonly Index[], to: readonly Index[]): Matched<Index> {
  const known = new Map(from.map((index) => [index.name, index]));
  const kept: [Index, Index][] = [];
  const added = to.filter((index) => {
    const existing = known.get(index.name);
    if (existing === undefined || !sameIndex(existing, index)) return true;
    known.delete(index.name);
    kept.push([existing, index]);
    return false;
  });
  return { removed: [...known.values()], added, kept };
}

function listOf<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

function dropIndex(table: TableName, index: Index): Operation {
  return { kind: 'dropIndex', table, name: index.name, existing: index };
}
