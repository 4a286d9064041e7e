import type { Capabilities } from '../../dialects/dialect.js';
import type { AlterColumn, ColumnChanges, Operation, SetComment } from '../../operations/operation.js';
import { isPartition } from '../../operations/partitions.js';
import { dropConstraint } from '../../operations/table-order.js';
import type { Column, Constraint, Index, Table, TableName } from '../../schema/table.js';
import { relationKey } from '../../schema/objects.js';
import { isHeir } from '../../operations/inheritance.js';
import { compareOptions, comparePartitioning, comparePeriod, hasColumn } from './compare-options.js';
import { heirChanges, heirSides, leaveCounters } from './heir-sides.js';
import { join, joinType, leave, leaveNumbers, leaveType } from './join-and-leave.js';
import { type Matched, matchConstraints, matchIndexes } from './match-parts.js';
import { isFollower, sidesOf } from './partition-sides.js';
import { sameData, sameExpression, sameType } from '../../schema/same.js';

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
  const options = compareOptions(from, to, name, [indexes, keys, uniques, exclusions]);
  const period = comparePeriod(from, to, name);
  const partitions = comparePartitioning(from, to, name, keys.added.length + uniques.added.length > 0);
  // Asked for only where a default changes: of many tables few do.
  const hasChildren = (): boolean => tables.some(({ dependsOn }) => dependsOn?.includes(relationKey(to)) === true);
  const follows = isFollower(live, wanted);
  const kept = follows ? { ...to, columns: to.columns.filter((column) => hasColumn(from, column.name)) } : to;
  const compared = compareColumns(from, kept, name, capabilities, hasChildren);
  const { first: numbers, rest: columns } = leaveNumbers(
    live,
    compared.flatMap((operation) => (follows ? ownChanges(operation) : heirChanges(operation, live, wanted))),
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
      ...numbers,
      ...dropAll(foreignKeys.removed),
    ],
    dropOthers: [
      ...options.first,
      ...partitions.first,
      ...indexes.removed.map((index): Operation => dropIndex(name, index)),
      ...dropAll([...exclusions.removed, ...checks.removed, ...uniques.removed, ...keys.removed]),
      ...period.first,
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
      ...period.last,
      ...addAll([...keys.added, ...uniques.added, ...checks.added, ...exclusions.added]),
      ...indexes.added.map((index): Operation => ({ kind: 'createIndex', table: name, index })),
      ...options.last,
      ...partitions.last,
    ],
    addForeignKeys: [
      ...addAll(foreignKeys.added),
      ...options.ofIndexes,
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

function isNaming(operation: Operation): boolean {
  return operation.kind === 'alterColumn' && Object.keys(operation.changes).join() === 'notNullName';
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
  if (to.nullable && from.nullable) return changes;
  if (from.notNullName !== to.notNullName) changes.notNullName = to.notNullName ?? null;
  if (from.notNullManner !== to.notNullManner) changes.notNullManner = to.notNullManner ?? null;
  return changes;
}

function listOf<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

function dropIndex(table: TableName, index: Index): Operation {
  return { kind: 'dropIndex', table, name: index.name, existing: index };
}
