/** Leaves out of both schemas what `include` refuses, so that a comparison never sees it. */
import {
  type Column,
  type Constraint,
  type EnumType,
  type Index,
  type Schema,
  type Sequence,
  type Table,
  type TableName,
  tableKey,
} from '../schema/table.js';
import { callExtension, wrongAnswer } from './call-extension.js';
import type { IncludeContext, IncludedObject, IncludedType } from './callbacks.js';
import type { Extensions } from './load-extensions.js';

export interface SchemaPair {
  /** The database. */
  readonly from: Schema;
  /** The models. */
  readonly to: Schema;
}

/** @throws AludelError ALUDEL_EXTENSION_FAILED where `include` throws or gives neither true nor false. */
export function filterIncluded({ from, to }: SchemaPair, extensions: Extensions): SchemaPair {
  if (extensions.include.length === 0) return { from, to };
  const asks = (object: IncludedObject, context: IncludeContext): boolean => isIncluded(object, context, extensions);
  const named = <T extends TableName & IncludedObject>(
    type: IncludedType,
    live: readonly T[],
    wanted: readonly T[],
  ): readonly [T[], T[]] => {
    const context = (object: T): Omit<IncludeContext, 'reflected' | 'compareTo'> => ({
      type,
      name: object.name,
      namespace: object.namespace,
      table: type === 'table' ? object.name : null,
    });
    return filterPair(live, wanted, tableKey, (object, facts) => asks(object, { ...context(object), ...facts }));
  };
  const [fromTables, toTables] = named<Table>('table', from.tables, to.tables);
  const [fromSequences, toSequences] = named<Sequence>('sequence', from.sequences, to.sequences);
  const [fromEnums, toEnums] = named<EnumType>('enum', from.enums, to.enums);
  const parts = filterParts(fromTables, toTables, asks);
  return {
    from: { ...from, tables: parts.from, sequences: fromSequences, enums: fromEnums },
    to: { ...to, tables: parts.to, sequences: toSequences, enums: toEnums },
  };
}

/** Whether something is on the database's side alone, and what it is compared with. */
type Facts = Pick<IncludeContext, 'reflected' | 'compareTo'>;

type Ask = (object: IncludedObject, context: IncludeContext) => boolean;

/** One question for a pair of the same name: the models' side is asked about, the database's is what it is compared with. */
function filterPair<T extends IncludedObject>(
  live: readonly T[],
  wanted: readonly T[],
  keyOf: (object: T) => string,
  asks: (object: T, facts: Facts) => boolean,
): readonly [T[], T[]] {
  const known = new Map(live.map((object) => [keyOf(object), object]));
  const keys = new Set(wanted.map(keyOf));
  const refused = new Set<string>();
  const to = wanted.filter((object) => {
    const isKept = asks(object, { reflected: false, compareTo: known.get(keyOf(object)) ?? null });
    if (!isKept) refused.add(keyOf(object));
    return isKept;
  });
  const from = live.filter((object) =>
    keys.has(keyOf(object)) ? !refused.has(keyOf(object)) : asks(object, { reflected: true, compareTo: null }),
  );
  return [from, to];
}

/** A table that goes keeps its parts, without which it could not come back. */
function filterParts(
  live: readonly Table[],
  wanted: readonly Table[],
  asks: Ask,
): { readonly from: Table[]; readonly to: Table[] } {
  const known = new Map(live.map((table) => [tableKey(table), table]));
  const changed = new Map<string, Table>();
  const to = wanted.map((table) => {
    const existing = known.get(tableKey(table));
    const [left, kept] = filterTable(existing ?? null, table, asks);
    if (left !== null) changed.set(tableKey(left), left);
    return kept;
  });
  return { from: live.map((table) => changed.get(tableKey(table)) ?? table), to };
}

function filterTable(live: Table | null, wanted: Table, asks: Ask): readonly [Table | null, Table] {
  const part = <T extends Column | Index | Constraint>(
    type: IncludedType,
    from: readonly T[],
    to: readonly T[],
  ): readonly [T[], T[]] =>
    // A constraint without a name is known by what it says.
    filterPair(
      from,
      to,
      (object) => object.name ?? JSON.stringify(object),
      (object, facts) =>
        asks(object, { type, name: object.name, namespace: wanted.namespace, table: wanted.name, ...facts }),
    );
  const [fromColumns, columns] = part('column', live?.columns ?? [], wanted.columns);
  const [fromIndexes, indexes] = part('index', live?.indexes ?? [], wanted.indexes);
  const [fromUniques, uniques] = part('unique', live?.uniques ?? [], wanted.uniques);
  const [fromKeys, foreignKeys] = part('foreignKey', live?.foreignKeys ?? [], wanted.foreignKeys);
  const [fromChecks, checks] = part('check', live?.checks ?? [], wanted.checks);
  const [fromExclusions, exclusions] = part('exclusion', live?.exclusions ?? [], wanted.exclusions ?? []);
  const left = live && {
    ...withExclusions(live, fromExclusions),
    columns: fromColumns,
    indexes: fromIndexes,
    uniques: fromUniques,
    foreignKeys: fromKeys,
    checks: fromChecks,
  };
  return [left, { ...withExclusions(wanted, exclusions), columns, indexes, uniques, foreignKeys, checks }];
}

/** The key is absent where there is none. */
function withExclusions(table: Table, exclusions: NonNullable<Table['exclusions']>): Table {
  const { exclusions: _all, ...rest } = table;
  return exclusions.length === 0 ? rest : { ...rest, exclusions };
}

function isIncluded(object: IncludedObject, context: IncludeContext, { include, configFile }: Extensions): boolean {
  return include.every(({ source, run }) => {
    const answer: unknown = callExtension(source, configFile, () => run(object, context));
    if (typeof answer === 'boolean') return answer;
    const what = answer instanceof Promise ? 'a promise' : `${answer === undefined ? 'nothing' : `a ${typeof answer}`}`;
    throw wrongAnswer(
      source,
      configFile,
      `gave ${what} for ${context.type} "${context.name}" instead of true or false`,
    );
  });
}
