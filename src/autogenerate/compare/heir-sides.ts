/**
 * PostgreSQL: the two states of a table that inherits, with the columns and checks that it has from others. Those that it keeps having
 * from them follow them; a column that becomes its own, or was its own, is one and the same column.
 */
import {
  inheritedChecks,
  type InheritedColumns,
  inheritedColumns,
  isHeir,
  parentNames,
  wholeColumns,
} from '../../operations/inheritance.js';
import type { AlterColumn, Operation } from '../../operations/operation.js';
import { doesFor } from '../../operations/partitions.js';
import { findParent } from '../../schema/partition-of.js';
import { sameExpression } from '../../schema/same.js';
import type { Check, Column, Table } from '../../schema/table.js';

/** One state: the table, and what it has from others. */
interface Side {
  readonly table: Table;
  readonly inherited: InheritedColumns;
  /** From tables that it has in both states, and from those that it has in this one alone. */
  readonly kept: InheritedColumns;
  readonly moved: InheritedColumns;
  readonly columns: ReadonlyMap<string, Column>;
  readonly keptChecks: readonly Check[];
  readonly movedChecks: readonly Check[];
}

/** `before` and `after` are the tables of the two schemas. */
export function heirSides(
  live: Table,
  wanted: Table,
  before: readonly Table[],
  after: readonly Table[],
): readonly [Table, Table] {
  if (!isHeir(live) && !isHeir(wanted)) return [live, wanted];
  const [from, to] = [sideOf(live, wanted, before), sideOf(wanted, live, after)];
  const names = new Set([...to.columns.keys(), ...from.columns.keys()]);
  const pairs = [...names].map((name) => pairOf(name, from, to));
  return [
    { ...live, columns: pairs.flatMap(([column]) => column ?? []), checks: checksFrom(from, to) },
    { ...wanted, columns: pairs.flatMap(([, column]) => column ?? []), checks: checksTo(from, to) },
  ];
}

function sideOf(table: Table, other: Table, tables: readonly Table[]): Side {
  const others = parentNames(other);
  // Both sides name a parent as the server does.
  const find = (isWanted: (name: string) => boolean): Table[] =>
    parentNames(table).flatMap((name) => (isWanted(name) ? (findParent(name, tables) ?? []) : []));
  const [kept, moved] = [find((name) => others.includes(name)), find((name) => !others.includes(name))];
  const inherited = inheritedColumns(table, tables);
  return {
    table,
    inherited,
    kept: inheritedColumns(table, tables, kept),
    moved: inheritedColumns(table, tables, moved),
    columns: wholeColumns(table, inherited),
    keptChecks: inheritedChecks(table, tables, kept),
    movedChecks: inheritedChecks(table, tables, moved),
  };
}

/** What a column is compared as; `undefined` where it is not there, or comes and goes with that of another table. */
function pairOf(name: string, from: Side, to: Side): readonly [Column | undefined, Column | undefined] {
  const [had, has] = [from.columns.get(name), to.columns.get(name)];
  const [wasTheirs, isTheirs] = [from.kept.has(name), to.kept.has(name)];
  const orphan = [from, to].find((side) => isOrphan(name, side))?.columns.get(name);
  if (orphan !== undefined) {
    const silent = { ...orphan, nullable: true, default: null, comment: null };
    return [had ?? silent, has ?? silent];
  }
  if (wasTheirs && isTheirs && had !== undefined && has !== undefined) {
    const known = { ...had, inherited: true as const };
    return [known, follow({ ...has, inherited: true as const }, known, to.inherited)];
  }
  // A table that leaves another one keeps its columns, and one that joins it needs them.
  const before = had === undefined ? undefined : alone(had, from.moved);
  const after = has === undefined ? undefined : counted(alone(has, to.moved), to.moved);
  if (wasTheirs && had?.inherited !== true) return [before, after];
  if (wasTheirs) {
    // What goes with that of the other table takes along what this one said of it: the way back says it again.
    const above = from.inherited.get(name)?.column;
    return after === undefined && above !== undefined
      ? [had, follow(above, had ?? above, from.inherited)]
      : [undefined, after];
  }
  if (!isTheirs) return [before, after];
  // The column of the other table is new.
  if (has?.inherited !== true) return [before, after && before ? follow(after, before, to.inherited) : after];
  const above = to.inherited.get(name)?.column;
  return had === undefined ? [above, above && follow(has, above, to.inherited)] : [before, undefined];
}

/** True for a column of a table that is not looked at. */
function isOrphan(name: string, { columns, inherited }: Side): boolean {
  return columns.get(name)?.inherited === true && !inherited.has(name);
}

/** A column of the table's own, with what others demanded or will demand of it. */
function alone({ inherited: _inherited, ...column }: Column, moved: InheritedColumns): Column {
  return moved.get(column.name)?.isRequired === true ? { ...column, nullable: false } : column;
}

/** A table that joins another one takes its numbers from where that one does. */
function counted(column: Column, moved: InheritedColumns): Column {
  return { ...column, default: column.default ?? moved.get(column.name)?.counter ?? null };
}

/** Where others take no NULL the server changes nothing about that of the table. */
function follow(wanted: Column, live: Column, inherited: InheritedColumns): Column {
  if (inherited.get(wanted.name)?.isRequired !== true) return wanted;
  const { notNullName: _name, notNullManner: _manner, ...column } = wanted;
  const { nullable, notNullName, notNullManner } = live;
  return {
    ...column,
    nullable,
    ...(notNullName === undefined ? {} : { notNullName }),
    ...(notNullManner === undefined ? {} : { notNullManner }),
  };
}

/** A check that others keep demanding cannot be taken off. */
function checksFrom({ table, movedChecks }: Side, to: Side): readonly Check[] {
  return [...table.checks, ...missing(movedChecks, table.checks)].filter(
    (check) => isAmong(check, to.table.checks) || !isAmong(check, [...to.keptChecks, ...to.movedChecks]),
  );
}

/** What others demanded all along is there, and what they will demand has to be there first. */
function checksTo(from: Side, { table, keptChecks, movedChecks }: Side): readonly Check[] {
  const known = [...from.table.checks, ...from.movedChecks];
  const isThere = (check: Check): boolean => isAmong(check, keptChecks) && isAmong(check, from.keptChecks);
  return [
    ...table.checks.filter((check) => isAmong(check, known) || !isThere(check)),
    ...missing(movedChecks, [...table.checks, ...known]),
  ];
}

function missing(checks: readonly Check[], known: readonly Check[]): readonly Check[] {
  return checks.filter((check, at) => !isAmong(check, [...known, ...checks.slice(0, at)]));
}

function isAmong(check: Check, others: readonly Check[]): boolean {
  return others.some((other) => doesFor(other, check));
}

/**
 * What a table changes of its own about a column that follows another one, which takes along what both have. The new type of a column
 * with a default puts that one in place of the table's: it is said again behind it, and before it for the way back.
 */
export function heirChanges(operation: Operation, live: Table, wanted: Table): Operation[] {
  if (operation.kind !== 'alterColumn' || operation.existing?.inherited !== true) return [operation];
  const { changes, existing, column } = operation;
  const after = wanted.columns.find(({ name }) => name === column) ?? existing;
  const { type, collation: _collation, generated: _generated, generation: _generation, ...own } = changes;
  if (type === undefined) return Object.keys(own).length === 0 ? [] : [{ ...operation, changes: own, using: null }];
  const isOwn = [live, wanted].some((table) =>
    table.columns.some(({ name, default: value }) => name === column && value),
  );
  if (!isOwn) return [];
  const say = (value: Column['default'], rest: AlterColumn['changes']): Operation => ({
    kind: 'alterColumn',
    table: operation.table,
    column,
    changes: { ...rest, default: value },
    using: null,
    existing,
  });
  return [say(existing.default, {}), say(after.default, own)];
}

/** True for what is said for the way back alone: it is so already, and is said again behind it. */
export function isForTheWayBack(operation: Operation, at: number, all: readonly Operation[]): boolean {
  const next = all[at + 1];
  if (operation.kind !== 'alterColumn' || next?.kind !== 'alterColumn' || next.column !== operation.column)
    return false;
  return sameExpression(operation.changes.default ?? null, operation.existing?.default ?? null);
}

/** Numbers from a sequence of a table that another one leaves: without it the sequence, and the table, could not be dropped. */
export function leaveCounters(live: Table, wanted: Table, before: readonly Table[]): Operation[] {
  if (!isHeir(live)) return [];
  const { moved } = sideOf(live, wanted, before);
  return [...moved].flatMap(([name, { column, counter }]): Operation[] => {
    const { inherited: _inherited, ...own } = column;
    const isTheirs = counter !== null && !live.columns.some((known) => known.name === name && known.default !== null);
    if (!isTheirs) return [];
    const table = { namespace: live.namespace, name: live.name };
    const existing = { ...own, default: counter };
    return [{ kind: 'alterColumn', table, column: name, changes: { default: null }, using: null, existing }];
  });
}
