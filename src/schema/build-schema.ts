/** Models to schema: resolves references, applies naming conventions, and finds every mistake at once. */
import { AludelError } from '../errors.js';
import type { ColumnSpec } from './column-builder.js';
import { columnsOf } from './expressions/expression.js';
import { isDeepStrictEqual } from 'node:util';
import type { MetaData, TableDefinition } from './metadata.js';
import { conventionalName, type NamedKind } from './naming.js';
import { formatTableName } from './table-name.js';
import { checkArgs, indexParts, toConstraint, toIndex } from './build-parts.js';
import type { TableArg } from './table-args.js';
import {
  type Check,
  type Column,
  type EnumType,
  type Exclusion,
  type ForeignKey,
  type Generation,
  type Index,
  type PrimaryKey,
  type Schema,
  type Table,
  tableKey,
  type Unique,
} from './table.js';
import { isIntegerKind } from './types.js';

/**
 * The schema that the models declare, in no dialect's words yet.
 * @throws AludelError ALUDEL_MODELS_INVALID with one line for each mistake.
 */
export function buildSchema(metadatas: readonly MetaData[]): Schema {
  const problems: string[] = [];
  const definitions = metadatas.flatMap((metadata) => [...metadata.tables.values()]);
  const seen = new Set<string>();
  for (const definition of definitions) {
    const key = tableKey(definition.tableName);
    if (seen.has(key)) problems.push(`Table "${key}" is declared in two MetaData.`);
    seen.add(key);
  }
  const tables = definitions.map((definition) => buildTable(definition, problems));
  checkReferences(tables, new Set(metadatas.flatMap(({ tablesElsewhere }) => [...tablesElsewhere])), problems);
  const alone = metadatas.flatMap((metadata) => [...metadata.enums.values()]);
  const enums = withComments(collectEnums(tables, alone, problems), definitions);
  const sequences = metadatas.flatMap((metadata) => [...metadata.sequences.values()]);
  findRepeated(sequences.map(tableKey)).forEach((key) =>
    problems.push(`Sequence "${key}" is declared in two MetaData.`),
  );
  const declared = metadatas.flatMap((metadata) => [...metadata.objects.values()]);
  const keys = metadatas.flatMap((metadata) => [...metadata.objects.keys()]);
  findRepeated(keys).forEach((key) => problems.push(`The ${key.trim()} is declared in two MetaData.`));
  if (problems.length > 0) {
    throw new AludelError('ALUDEL_MODELS_INVALID', problems.join('\n'), {
      hint: 'Mend the models, then run the command again.',
      details: { problems },
    });
  }
  // One that holds nothing may have a comment.
  const commented = declared.flatMap(({ kind, name }) => (kind === 'namespaceComment' ? [name] : []));
  const namespaces = new Set([
    ...[...tables, ...enums, ...sequences, ...declared].flatMap(({ namespace }) => namespace ?? []),
    ...commented,
  ]);
  return {
    namespaces: [...namespaces].sort(),
    enums,
    sequences,
    tables,
    ...(declared.length === 0 ? {} : { declared }),
  };
}

export function buildTable(definition: TableDefinition, problems: string[]): Table {
  const incomplete = definition.incomplete();
  if (incomplete !== undefined) problems.push(incomplete);
  const { tableName, metadata, columnNames } = definition;
  const label = formatTableName(tableName);
  const parts: MutableParts = {
    primaryKeys: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    exclusions: [],
    indexes: [],
  };
  const name = (kind: NamedKind, columns: readonly string[], extra: { referredTable?: string; name?: string } = {}) =>
    conventionalName(metadata.namingConvention, kind, {
      table: tableName.name,
      columns,
      referredTable: extra.referredTable ?? '',
      name: extra.name ?? '',
    });
  const specs = Object.entries(definition.columns).map(([property, builder]): [string, ColumnSpec] => [
    columnNames[property] ?? property,
    builder.spec,
  ]);
  const args = readArgs(definition, problems);
  const keyColumns = specs.filter(([, spec]) => spec.primaryKey).map(([column]) => column);
  if (keyColumns.length > 0) {
    parts.primaryKeys.push({ kind: 'primaryKey', name: name('primaryKey', keyColumns), columns: keyColumns });
  }
  for (const [column, spec] of specs) addColumnConstraints(column, spec, parts, name, tableName.namespace);
  for (const arg of args) addTableArg(arg, parts, metadata.namesAreFinal ? keepName : name);

  const columns = specs.map(([column, spec]) => buildColumn(column, spec, keyColumns));
  if (parts.primaryKeys.length > 1) problems.push(`Table "${label}" has two primary keys.`);
  findRepeated(columns.map((column) => column.name)).forEach((column) =>
    problems.push(`Table "${label}" has two columns called "${column}".`),
  );
  // A foreign key or a check may bear an index's name on every database. Those without a name are told apart by what they are.
  const { primaryKeys, uniques, exclusions, indexes, foreignKeys, checks } = parts;
  const namesakes = [[...primaryKeys, ...uniques, ...exclusions, ...indexes], foreignKeys, checks];
  namesakes
    .flatMap((group) => findRepeated(group.flatMap((part) => part.name || [])))
    .forEach((repeated) =>
      problems.push(
        `Table "${label}" has two constraints or indexes called "${repeated}": give one a name of its own.`,
      ),
    );
  const inherits = hasParents(definition.options);
  for (const part of inherits ? [] : [...parts.primaryKeys, ...parts.uniques, ...parts.foreignKeys, ...parts.indexes]) {
    for (const column of namedColumns(part)) {
      if (columns.some((known) => known.name === column)) continue;
      problems.push(`"${part.name}" of table "${label}" names the column "${column}", which the table does not have.`);
    }
  }
  const primaryKey = parts.primaryKeys[0] ?? null;
  const takesNull = args.some((arg) => arg.kind === 'primaryKey' && arg.options.nullable === true);
  return {
    ...tableName,
    columns: columns.map((c) =>
      primaryKey?.columns.includes(c.name) === true && !takesNull ? { ...c, nullable: false } : c,
    ),
    primaryKey,
    uniques: parts.uniques,
    foreignKeys: parts.foreignKeys,
    checks: parts.checks,
    ...(parts.exclusions.length === 0 ? {} : { exclusions: parts.exclusions }),
    indexes: parts.indexes,
    comment: definition.comment,
    options: {},
    ...(Object.keys(definition.options).length === 0 ? {} : { optionsByDatabase: definition.options }),
  };
}

function namedColumns(part: PrimaryKey | Unique | ForeignKey | Index): readonly string[] {
  return 'columns' in part ? part.columns : part.parts.flatMap(({ expression }) => columnsOf(expression));
}

/** The mistakes of the user's own function are named by the table: it runs far from where it was written. */
function readArgs(definition: TableDefinition, problems: string[]): readonly TableArg[] {
  try {
    return checkArgs(definition.args());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    problems.push(`The indexes and constraints of table "${formatTableName(definition.tableName)}": ${error.message}.`);
    return [];
  }
}

interface MutableParts {
  readonly primaryKeys: PrimaryKey[];
  readonly uniques: Unique[];
  readonly foreignKeys: ForeignKey[];
  readonly checks: Check[];
  readonly exclusions: Exclusion[];
  readonly indexes: Index[];
}

type Namer = (
  kind: NamedKind,
  columns: readonly string[],
  extra?: { referredTable?: string; name?: string },
) => string | null;

function buildColumn(column: string, spec: ColumnSpec, keyColumns: readonly string[]): Column {
  const isOnlyKey = keyColumns.length === 1 && keyColumns[0] === column;
  const countsUp =
    isOnlyKey &&
    isIntegerKind(spec.type.kind) &&
    spec.references === null &&
    spec.serverDefault === null &&
    spec.clientDefault === undefined &&
    spec.generated === null;
  const automatic: Generation | null = countsUp ? { kind: 'auto' } : null;
  // Few columns have what stands below, and spreading nothing takes longer than the rest.
  const made: { -readonly [K in keyof Column]: Column[K] } = {
    name: column,
    type: spec.type,
    nullable: spec.nullable,
    default: spec.serverDefault,
    generation: spec.generation === undefined ? automatic : spec.generation,
    generated: spec.generated,
    onUpdate: spec.onUpdate,
    collation: spec.collation,
    comment: spec.comment,
  };
  if (spec.notNullName !== undefined) made.notNullName = spec.notNullName;
  if (spec.notNullManner !== undefined) made.notNullManner = spec.notNullManner;
  if (spec.inherited === true) made.inherited = true;
  return made;
}

function addColumnConstraints(
  column: string,
  spec: ColumnSpec,
  parts: MutableParts,
  name: Namer,
  namespace: string | null,
): void {
  if (spec.unique !== false) {
    const given = spec.unique === true ? name('unique', [column]) : spec.unique;
    parts.uniques.push({ kind: 'unique', name: given, columns: [column] });
  }
  // A unique constraint has an index of its own: a second one would only be kept up to date.
  if (spec.index !== false && !(spec.index === true && spec.unique !== false)) {
    const given = spec.index === true ? (name('index', [column]) ?? '') : spec.index;
    const part = { expression: { kind: 'column', name: column }, descending: false, length: null } as const;
    parts.indexes.push({ name: given, unique: false, parts: [part], where: null, method: null, definition: null });
  }
  if (spec.references !== null) {
    const { target: path, onDelete, onUpdate, deferrable, saysNoAction, name: given } = spec.references;
    const [targetColumn = '', table = '', targetNamespace = namespace ?? undefined] = path.split('.').reverse();
    const target = { namespace: targetNamespace ?? null, name: table };
    parts.foreignKeys.push({
      kind: 'foreignKey',
      name: given ?? name('foreignKey', [column], { referredTable: table }),
      columns: [column],
      target,
      targetColumns: [targetColumn],
      onDelete,
      onUpdate,
      deferrable,
      ...(saysNoAction === undefined ? {} : { saysNoAction }),
    });
  }
}

/** Migration files say every name themselves; a constraint without one is meant to have none. */
const keepName = (_kind: NamedKind, _columns: readonly string[], extra: { name?: string } = {}): string | null =>
  extra.name ?? null;

function addTableArg(arg: TableArg, parts: MutableParts, name: Namer | typeof keepName): void {
  if (arg.kind === 'index') {
    const columns = indexParts(arg).map((part) =>
      part.expression.kind === 'column' ? part.expression.name : 'expression',
    );
    const given = arg.indexName ?? name('index', columns) ?? '';
    parts.indexes.push(toIndex(given, arg));
    return;
  }
  const constraint = toConstraint(arg);
  switch (constraint.kind) {
    case 'primaryKey':
      parts.primaryKeys.push({ ...constraint, name: constraint.name ?? name('primaryKey', constraint.columns) });
      break;
    case 'unique':
      parts.uniques.push({ ...constraint, name: constraint.name ?? name('unique', constraint.columns) });
      break;
    case 'foreignKey': {
      const referredTable = constraint.target.name;
      const given = constraint.name ?? name('foreignKey', constraint.columns, { referredTable });
      parts.foreignKeys.push({ ...constraint, name: given });
      break;
    }
    case 'exclusion':
      parts.exclusions.push(constraint);
      break;
    case 'check':
      parts.checks.push({
        ...constraint,
        name: name('check', [], constraint.name === null ? {} : { name: constraint.name }),
      });
  }
}

/** True for a table that may have columns which only its parents declare. */
function hasParents(options: Table['optionsByDatabase'] = {}): boolean {
  return Object.values(options).some(({ inherits }) => inherits !== undefined);
}

function checkReferences(tables: readonly Table[], elsewhere: ReadonlySet<string>, problems: string[]): void {
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  for (const table of tables) {
    for (const { target, targetColumns, name } of table.foreignKeys) {
      const referred = byKey.get(tableKey(target));
      if (referred === undefined && elsewhere.has(tableKey(target))) continue;
      const from = `Foreign key "${name}" of table "${formatTableName(table)}"`;
      if (referred === undefined) {
        const known = [...byKey.keys()].sort().join(', ');
        problems.push(
          `${from} refers to table "${formatTableName(target)}", which no model declares (there are: ${known}).`,
        );
        continue;
      }
      for (const column of targetColumns) {
        if (hasParents(referred.optionsByDatabase) || referred.columns.some(({ name: known }) => known === column))
          continue;
        const known = referred.columns.map((candidate) => candidate.name).join(', ');
        problems.push(`${from} refers to column "${column}" of "${formatTableName(target)}", which has: ${known}.`);
      }
    }
  }
}

/** The named enums of all columns, and those that stand alone; one name must always mean the same values. */
function collectEnums(tables: readonly Table[], alone: readonly EnumType[], problems: string[]): EnumType[] {
  const enums = new Map<string, EnumType>();
  for (const found of alone) {
    const known = enums.get(tableKey(found));
    if (known !== undefined) problems.push(`Enum "${tableKey(found)}" is declared in two MetaData.`);
    enums.set(tableKey(found), found);
  }
  for (const table of tables) {
    for (const { type, name } of table.columns) {
      if (type.kind !== 'enum') continue;
      const found = { namespace: type.namespace, name: type.name, values: type.values };
      const known = enums.get(tableKey(found));
      if (known !== undefined && !isDeepStrictEqual(known.values, found.values)) {
        const where = `${formatTableName(table)}.${name}`;
        problems.push(`Enum "${tableKey(found)}" is declared with other values at "${where}" than elsewhere.`);
      }
      enums.set(tableKey(found), known ?? found);
    }
  }
  return [...enums.values()].sort((a, b) => (tableKey(a) < tableKey(b) ? -1 : 1));
}

/** What columns say of their enum: the first one that does. */
function withComments(enums: readonly EnumType[], definitions: readonly TableDefinition[]): EnumType[] {
  const comments = new Map<string, string>();
  for (const { spec } of definitions.flatMap(({ columns }) => Object.values(columns))) {
    const comment = spec.enumOptions?.comment;
    if (spec.type.kind !== 'enum' || comment === undefined || comments.has(tableKey(spec.type))) continue;
    comments.set(tableKey(spec.type), comment);
  }
  return enums.map((type): EnumType => {
    const comment = type.comment ?? comments.get(tableKey(type));
    return comment === undefined ? type : { ...type, comment };
  });
}

function findRepeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}
