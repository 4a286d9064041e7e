import type { Operation } from '../../operations/operation.js';
import { sameData } from '../../schema/same.js';
import {
  columnOfOption,
  type Exclusion,
  type Index,
  indexOfOption,
  isLayoutOption,
  isNotNullOption,
  type PrimaryKey,
  type Table,
  type TableName,
  type Unique,
} from '../../schema/table.js';
import { changeOption, type OptionValue } from './change-option.js';
import type { Matched } from './match-parts.js';

/** Changes before those of columns and keys, and behind them. */
type Halves = Record<'first' | 'last', readonly Operation[]>;

/** Indexes, and the keys that one stands behind. */
export type Indexed = Index | PrimaryKey | Unique | Exclusion;

/**
 * By stage: an option that names an index (replica identity, clustering) or a new column is set while that is there; what is said of an
 * index of a partition, once all tables have theirs.
 */
export function compareOptions(
  from: Table,
  to: Table,
  table: TableName,
  indexes: readonly Pick<Matched<Indexed>, 'removed' | 'added'>[],
): Record<'first' | 'usual' | 'last' | 'ofIndexes', Operation[]> {
  const keys = [...new Set([...Object.keys(from.options), ...Object.keys(to.options)])]
    .filter((key) => !['partitionOf', 'partitionBy', 'inherits', 'ofType', 'period'].includes(key))
    .sort();
  const isKnown = (key: string): boolean => !isLayoutOption(key) || isLaidOut(key, from) || isLaidOut(key, to);
  const [removed, added] = [indexes.flatMap((known) => known.removed), indexes.flatMap((known) => known.added)];
  const names = (key: string, { options }: Table, known: readonly Indexed[]): boolean => {
    const value = options[key];
    const index = indexOfOption(key);
    if (index !== null) return value !== undefined && known.some(({ name }) => name === index);
    return (
      OF_INDEX.has(key) &&
      typeof value === 'string' &&
      known.some(({ name }) => value === name || value.includes(`"${name}"`))
    );
  };
  // What is said of an index that goes, or of a NOT NULL, goes before it, and comes back with another one.
  const [lost, gained] = [
    keys.filter((key) => names(key, from, removed) || (isNotNullOption(key) && to.options[key] === undefined)),
    keys.filter(
      (key) =>
        names(key, to, added) ||
        ((isNotNullOption(key) || indexOfOption(key) !== null) && from.options[key] !== to.options[key]),
    ),
  ];
  const inTwo = lost.filter((key) => gained.includes(key) || from.options[key] === to.options[key]);
  const changed = keys.filter((key) => from.options[key] !== to.options[key] && isKnown(key) && !inTwo.includes(key));
  // How a column is laid out is said once it is there, and taken back while it is.
  const isOfDropped = (key: string): boolean => isLayoutOption(key) && !isLaidOut(key, to);
  // What a column is to be may be what allows to hide it.
  const isOfReady = (key: string): boolean => {
    const column = columnOfOption(key);
    return column !== null && (!hasColumn(from, column) || to.options[key] === true);
  };
  const first = changed.filter((key) => isOfDropped(key) || lost.includes(key));
  const last = changed.filter(
    (key) => !first.includes(key) && (isLayoutOption(key) || isOfReady(key) || gained.includes(key)),
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
  const said = inTwo.flatMap((key) => changeOption(table, key, null, to.options[key] ?? null));
  const isOfIndex = (key: string): boolean => indexOfOption(key) !== null;
  return {
    first: [...change(first), ...inTwo.flatMap((key) => changeOption(table, key, from.options[key] ?? null, null))],
    usual: change(changed.filter((key) => !first.includes(key) && !last.includes(key))),
    last: [...change(last.filter((key) => !isOfIndex(key))), ...said],
    ofIndexes: change(last.filter(isOfIndex)),
  };
}

/** Options whose value is the name of an index. */
const OF_INDEX: ReadonlySet<string> = new Set(['clusterOn', 'replicaIdentity']);

/**
 * MySQL: what a table is partitioned by names columns that every key has to hold: it is said once these are there, and taken
 * back while they are. In one step where the table has the same columns and keys before and after.
 */
export function comparePartitioning(from: Table, to: Table, table: TableName, changesKeys: boolean): Halves {
  const [known = null, wanted = null] = [from.options['partitionBy'], to.options['partitionBy']];
  if (known !== null && wanted !== null && !changesKeys && haveSameColumns(from, to)) {
    return { first: [], last: changeOption(table, 'partitionBy', known, wanted) };
  }
  return changeInTwo(table, 'partitionBy', known, wanted);
}

/** A period (MariaDB) goes while its columns are there and after the keys over it; another one comes once its columns are. */
export function comparePeriod(from: Table, to: Table, table: TableName): Halves {
  return changeInTwo(table, 'period', from.options['period'] ?? null, to.options['period'] ?? null);
}

/** Taken back while what it names is there, and said anew once that is. */
function changeInTwo(table: TableName, key: string, from: OptionValue, to: OptionValue): Halves {
  if (from === to) return { first: [], last: [] };
  return { first: changeOption(table, key, from, null), last: changeOption(table, key, null, to) };
}

function haveSameColumns(from: Table, to: Table): boolean {
  const shapeOf = ({ columns }: Table) => new Map(columns.map(({ name, type }) => [name, type]));
  const [known, wanted] = [shapeOf(from), shapeOf(to)];
  return known.size === wanted.size && [...wanted].every(([name, type]) => sameData(known.get(name), type));
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

/** Options of this kind name a column, or the columns of a constraint. */
function isLaidOut(key: string, { columns }: Table): boolean {
  return columns.some(({ name }) => key.endsWith(` ${name}`));
}

export function hasColumn(table: Table, column: string): boolean {
  return table.columns.some(({ name }) => name === column);
}
