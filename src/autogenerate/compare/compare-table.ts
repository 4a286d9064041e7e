import type { Capabilities } from '../../dialects/dialect.js';
import type { AlterColumn, ColumnChanges, Operation, SetComment } from '../../operations/operation.js';
import { dropConstraint } from '../../operations/table-order.js';
import type { Column, Constraint, Index, Table, TableName } from '../../schema/table.js';
import { sameButValidity, sameConstraint, sameData, sameExpression, sameIndex, sameType } from './same.js';

/** The changes of one table, by the stage of the plan that they belong to. */
export interface TableChanges {
  readonly dropForeignKeys: readonly Operation[];
  /** Constraints and indexes that stand in the way of column changes. */
  readonly dropOthers: readonly Operation[];
  readonly columns: readonly Operation[];
  readonly addOthers: readonly Operation[];
  readonly addForeignKeys: readonly Operation[];
}

export function compareTable(from: Table, to: Table, capabilities: Capabilities): TableChanges {
  const name: TableName = { namespace: to.namespace, name: to.name };
  const foreignKeys = matchConstraints(from.foreignKeys, to.foreignKeys);
  const keys = matchConstraints(listOf(from.primaryKey), listOf(to.primaryKey));
  const uniques = matchConstraints(from.uniques, to.uniques);
  const checks = matchConstraints(from.checks, to.checks);
  const exclusions = matchConstraints(from.exclusions ?? [], to.exclusions ?? []);
  const indexes = matchIndexes(from.indexes, to.indexes);
  const dropAll = (constraints: readonly Constraint[]): Operation[] => constraints.map((c) => dropConstraint(name, c));
  const addAll = (constraints: readonly Constraint[]): Operation[] =>
    constraints.map((constraint) => ({ kind: 'addConstraint', table: name, constraint }));
  return {
    dropForeignKeys: dropAll(foreignKeys.removed),
    dropOthers: [
      ...indexes.removed.map((index): Operation => dropIndex(name, index)),
      ...dropAll([...exclusions.removed, ...checks.removed, ...uniques.removed, ...keys.removed]),
    ],
    columns: [
      ...compareComment(from, to, name),
      ...compareComments('constraint', [keys, uniques, checks, exclusions], name),
      ...compareComments('index', [indexes], name),
      ...compareColumns(from, to, name, capabilities),
    ],
    addOthers: [
      ...addAll([...keys.added, ...uniques.added, ...checks.added, ...exclusions.added]),
      ...indexes.added.map((index): Operation => ({ kind: 'createIndex', table: name, index })),
    ],
    addForeignKeys: [
      ...addAll(foreignKeys.added),
      // A foreign key that is taken off meanwhile is back by now.
      ...compareComments('constraint', [foreignKeys], name),
      ...compareValidity([...foreignKeys.kept, ...checks.kept], name),
    ],
  };
}

function compareComment(from: Table, to: Table, table: TableName): Operation[] {
  if (from.comment === to.comment) return [];
  return [{ kind: 'setTableComment', table, comment: to.comment, existing: from.comment }];
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

/** The rows that were there when a constraint came are checked, or no longer answered for. */
function compareValidity(kept: readonly (readonly [Constraint, Constraint])[], table: TableName): Operation[] {
  return kept.flatMap(([from, to]): Operation[] => {
    const isValid = !('notValid' in to);
    if (isValid !== 'notValid' in from || from.name === null) return [];
    return [{ kind: 'validateConstraint', table, name: from.name, isValid, existing: from }];
  });
}

/** What a generated column is made of is there before it, and goes after it. */
function compareColumns(from: Table, to: Table, table: TableName, capabilities: Capabilities): Operation[] {
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
      return [{ kind: 'alterColumn', table, column: column.name, changes, ...casts, existing }];
    }),
    ...[...dropped.filter(isGenerated), ...dropped.filter((column) => !isGenerated(column))].map(
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
export function columnChanges(from: Column, to: Column, enumTypes: boolean): ColumnChanges {
  const changes: { -readonly [K in keyof Column]?: Column[K] } = {};
  if (!sameType(from.type, to.type, enumTypes)) changes.type = to.type;
  if (from.nullable !== to.nullable) changes.nullable = to.nullable;
  if (!sameExpression(from.default, to.default)) changes.default = to.default;
  if (JSON.stringify(from.generation) !== JSON.stringify(to.generation)) changes.generation = to.generation;
  if (!sameData(from.generated, to.generated)) changes.generated = to.generated;
  if (!sameExpression(from.onUpdate, to.onUpdate)) changes.onUpdate = to.onUpdate;
  if (from.collation !== to.collation) changes.collation = to.collation;
  if (from.comment !== to.comment) changes.comment = to.comment;
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
