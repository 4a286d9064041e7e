/**
 * The first part of a plan: everything that only gets another name. The rest of the comparison then finds these things
 * under the names that the models give them.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import { apply } from '../../operations/apply.js';
import type { Operation } from '../../operations/operation.js';
import { isPartition } from '../../operations/partitions.js';
import { findTable, type Schema, type TableName, tableKey } from '../../schema/table.js';
import { renameParts } from './rename-parts.js';
import { type Fold, orderRenames, type RenameStep } from './order-renames.js';
import type { DeclaredEnum, Rename, RenamedColumn, RenamedEnumValue, RenamedObject } from './rename.js';
import { groupBy } from '../../util/group-by.js';

export interface AppliedRenames {
  readonly operations: readonly Operation[];
  /** The schema after them. */
  readonly schema: Schema;
}

export interface RenameContext {
  readonly capabilities: Pick<Capabilities, 'enumTypes' | 'foldColumn' | 'foldTable'>;
  /** Where databases have no enum types: which columns hold the values of one. */
  readonly enums?: readonly DeclaredEnum[];
}

/**
 * Carries out the renames that were decided on, and those that need no decision: constraints, indexes and enum types that
 * say the same under another name lose nothing by it.
 */
export function applyRenames(
  from: Schema,
  to: Schema,
  renames: readonly Rename[],
  { capabilities, enums = [] }: RenameContext,
): AppliedRenames {
  const operations: Operation[] = [];
  let schema = from;
  const run = (operation: Operation): void => {
    operations.push(operation);
    schema = apply(schema, operation);
  };
  renameObjects('enum', [...renames, ...equalEnums(schema, to, capabilities)], schema.enums).forEach(run);
  renameObjects('sequence', renames, schema.sequences).forEach(run);
  renameObjects('table', renames, schema.tables, capabilities.foldTable).forEach(run);
  const ofColumns = [...renames.filter(isColumn), ...otherwiseCased(schema, to, renames, capabilities.foldColumn)];
  const columns = [...groupBy(ofColumns, ({ table }) => tableKey(table)).values()];
  const ofPartition = ([first]: readonly RenamedColumn[]): number => {
    const table = first === undefined ? undefined : findTable(schema, first.table);
    return table !== undefined && isPartition(table) ? 1 : 0;
  };
  // The columns of a partition take their names from its table.
  for (const own of columns.toSorted((a, b) => ofPartition(a) - ofPartition(b))) {
    const left = ofPartition(own) === 1 ? own.filter((rename) => !isDone(schema, rename)) : own;
    renameColumns(schema, left, capabilities.foldColumn).forEach((operation) => run(withExisting(schema, operation)));
  }
  for (const [, own] of groupBy(renames.filter(isEnumValue), (rename) => tableKey(rename.enum))) {
    renameValues(schema, own, capabilities.enumTypes ? null : enums).forEach(run);
  }
  // Renamed columns and types can make two types or constraints equal that were not.
  if (renames.length > 0) renameObjects('enum', equalEnums(schema, to, capabilities), schema.enums).forEach(run);
  renameParts(schema, to).forEach(run);
  return { operations, schema };
}

function renameObjects(
  kind: RenamedObject['kind'],
  all: readonly Rename[],
  known: readonly TableName[],
  fold: Fold = (name) => name,
): Operation[] {
  const renames = all.filter((rename): rename is RenamedObject => rename.kind === kind);
  return [...groupBy(renames, ({ from }) => from.namespace ?? '')].flatMap(([, own]) => {
    const namespace = own[0]?.from.namespace ?? null;
    const names = known.filter((object) => object.namespace === namespace).map(({ name }) => name);
    const steps = orderRenames(
      own.map(({ from, to }) => ({ from: from.name, to })),
      names,
      fold,
    );
    return steps.map(({ from, to }): Operation => {
      const name = { namespace, name: from };
      if (kind === 'table') return { kind: 'renameTable', table: name, to };
      return kind === 'enum' ? { kind: 'renameEnum', enum: name, to } : { kind: 'renameSequence', sequence: name, to };
    });
  });
}

/** Where letter case tells no columns apart, another case is another way to write the name. */
function otherwiseCased(schema: Schema, to: Schema, renames: readonly Rename[], fold: Fold): RenamedColumn[] {
  const taken = new Set(
    renames
      .filter(isColumn)
      .flatMap(({ table, ...names }) => [`${tableKey(table)} ${names.from}`, `${tableKey(table)} ${names.to}`]),
  );
  const live = new Map(schema.tables.map((table) => [tableKey(table), table.columns]));
  return to.tables.flatMap((table) => {
    const known = new Map(live.get(tableKey(table))?.map(({ name }) => [fold(name), name]));
    return table.columns.flatMap(({ name }): RenamedColumn[] => {
      const from = known.get(fold(name));
      if (from === undefined || from === name) return [];
      if ([from, name].some((one) => taken.has(`${tableKey(table)} ${one}`))) return [];
      return [{ kind: 'column', table: { namespace: table.namespace, name: table.name }, from, to: name }];
    });
  });
}

function isDone(schema: Schema, { table, from, to }: RenamedColumn): boolean {
  const names = findTable(schema, table)?.columns.map(({ name }) => name) ?? [];
  return names.includes(to) && !names.includes(from);
}

type ColumnStep = RenameStep & { readonly table: TableName };

function renameColumns(schema: Schema, renames: readonly RenamedColumn[], fold: Fold): ColumnStep[] {
  const table = renames[0]?.table ?? { namespace: null, name: '' };
  const names = findTable(schema, table)?.columns.map(({ name }) => name) ?? [];
  return orderRenames(renames, names, fold).map((step) => ({ ...step, table }));
}

function withExisting(schema: Schema, { table, from, to }: ColumnStep): Operation {
  const existing = findTable(schema, table)?.columns.find(({ name }) => name === from) ?? null;
  return { kind: 'alterColumn', table, column: from, changes: { name: to }, using: null, existing };
}

function renameValues(
  schema: Schema,
  renames: readonly RenamedEnumValue[],
  declared: readonly DeclaredEnum[] | null,
): Operation[] {
  const type = renames[0]?.enum ?? { namespace: null, name: '' };
  const uses = declared?.find((known) => tableKey(known) === tableKey(type))?.columns ?? [];
  const columns = uses.filter(({ table, column }) => enumValuesOf(schema, table, column) !== null);
  const values =
    declared === null
      ? (schema.enums.find((known) => tableKey(known) === tableKey(type))?.values ?? [])
      : columns.flatMap(({ table, column }) => enumValuesOf(schema, table, column) ?? []);
  return orderRenames(renames, values).map(({ from, to }): Operation => ({
    kind: 'renameEnumValue',
    enum: { namespace: type.namespace, name: type.name },
    value: from,
    to,
    columns: columns.filter(
      ({ table, column }) => from.startsWith('__') || enumValuesOf(schema, table, column)?.includes(from),
    ),
  }));
}

/** The values that a column allows, where it is an enumeration. */
export function enumValuesOf(schema: Schema, table: TableName, column: string): readonly string[] | null {
  const type = findTable(schema, table)?.columns.find(({ name }) => name === column)?.type;
  return type?.kind === 'enum' ? type.values : null;
}

/** Types of which nothing but the name differs, in the columns that are there on both sides. */
function equalEnums(from: Schema, to: Schema, capabilities: RenameContext['capabilities']): RenamedObject[] {
  if (!capabilities.enumTypes) return [];
  const [known, wanted] = [new Set(from.enums.map(tableKey)), new Set(to.enums.map(tableKey))];
  const dropped = from.enums.filter((type) => !wanted.has(tableKey(type)));
  const claimed = new Set<string>();
  return to.enums
    .filter((type) => !known.has(tableKey(type)))
    .flatMap((type): RenamedObject[] => {
      const partner = dropped.find(
        (other) =>
          !claimed.has(tableKey(other)) &&
          other.namespace === type.namespace &&
          other.values.join('\0') === type.values.join('\0'),
      );
      if (partner === undefined) return [];
      claimed.add(tableKey(partner));
      return [{ kind: 'enum', from: { namespace: partner.namespace, name: partner.name }, to: type.name }];
    });
}

function isColumn(rename: Rename): rename is RenamedColumn {
  return rename.kind === 'column';
}

function isEnumValue(rename: Rename): rename is RenamedEnumValue {
  return rename.kind === 'enumValue';
}
