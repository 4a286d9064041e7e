/** What `compareType` and `compareServerDefault` say of columns that both sides have. */
import type { Column, Schema, Table, TableName } from '../schema/table.js';
import { tableKey } from '../schema/table.js';
import type { ColumnChanges, Operation } from '../operations/operation.js';
import { callExtension, type Sourced, wrongAnswer } from './call-extension.js';
import type { CompareColumn } from './callbacks.js';
import type { Extensions } from './load-extensions.js';

/** A difference that a callback sees where Aludel sees none. */
export interface ForcedChange {
  readonly table: TableName;
  readonly from: Column;
  readonly to: Column;
  readonly aspect: 'type' | 'default';
}

export interface SettledColumns {
  /** The models, with the database's type or default where a callback calls them the same. */
  readonly to: Schema;
  readonly forced: readonly ForcedChange[];
}

/** @throws AludelError ALUDEL_EXTENSION_FAILED where a callback throws or gives what is neither true, false nor undefined. */
export function settleColumns(from: Schema, to: Schema, extensions: Extensions): SettledColumns {
  if (extensions.compareType.length + extensions.compareServerDefault.length === 0) return { to, forced: [] };
  const known = new Map(from.tables.map((table) => [tableKey(table), table]));
  const forced: ForcedChange[] = [];
  const tables = to.tables.map((table) => {
    const existing = known.get(tableKey(table));
    return existing === undefined ? table : settleTable(existing, table, extensions, forced);
  });
  return { to: { ...to, tables }, forced };
}

/** The operations with those changes in them that a callback alone sees. */
export function forceChanges(operations: readonly Operation[], forced: readonly ForcedChange[]): readonly Operation[] {
  return forced.reduce<readonly Operation[]>((list, { table, from, to, aspect }) => {
    const change: ColumnChanges = aspect === 'type' ? { type: to.type } : { default: to.default };
    const isSame = (operation: Operation): boolean =>
      operation.kind === 'alterColumn' && operation.column === to.name && tableKey(operation.table) === tableKey(table);
    if (!list.some(isSame)) {
      return [...list, { kind: 'alterColumn', table, column: to.name, changes: change, using: null, existing: from }];
    }
    return list.map((operation) =>
      operation.kind === 'alterColumn' && isSame(operation)
        ? { ...operation, changes: { ...change, ...operation.changes } }
        : operation,
    );
  }, operations);
}

function settleTable(from: Table, to: Table, extensions: Extensions, forced: ForcedChange[]): Table {
  const known = new Map(from.columns.map((column) => [column.name, column]));
  const table: TableName = { namespace: to.namespace, name: to.name };
  const columns = to.columns.map((wanted) => {
    const live = known.get(wanted.name);
    if (live === undefined) return wanted;
    const ask = (callbacks: readonly Sourced<CompareColumn>[]): boolean | undefined =>
      answerOf(callbacks, table, live, wanted, extensions.configFile);
    const [type, byDefault] = [ask(extensions.compareType), ask(extensions.compareServerDefault)];
    if (type === true) forced.push({ table, from: live, to: wanted, aspect: 'type' });
    if (byDefault === true) forced.push({ table, from: live, to: wanted, aspect: 'default' });
    return {
      ...wanted,
      ...(type === false ? { type: live.type } : {}),
      ...(byDefault === false ? { default: live.default } : {}),
    };
  });
  return { ...to, columns };
}

/** The first callback that has an opinion. */
function answerOf(
  callbacks: readonly Sourced<CompareColumn>[],
  { namespace, name }: TableName,
  from: Column,
  to: Column,
  configFile: string,
): boolean | undefined {
  for (const { source, run } of callbacks) {
    const context = { table: name, namespace, column: to.name, from, to };
    const answer: unknown = callExtension(source, configFile, () => run(context));
    if (typeof answer === 'boolean') return answer;
    if (answer === undefined) continue;
    throw wrongAnswer(source, configFile, `gave for "${name}.${to.name}" what is neither true, false nor undefined`);
  }
  return undefined;
}
