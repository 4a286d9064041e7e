import type { Connection, Row } from '../../engine/connection.js';
import { verbatim } from '../../schema/expressions/expression.js';
import type { Column, Generation, Identity, Schema, Table, TableName } from '../../schema/table.js';
import { relationKey } from '../../schema/objects.js';
import type { ColumnType } from '../../schema/types.js';
import type { ReflectOptions } from '../dialect.js';
import { byName } from '../normalise-schema.js';
import { flagOf, groupRows, textOf, textOrNull, textsOf } from '../row.js';
import * as catalog from './catalog.js';
import { withoutUsualOptions } from './identity.js';
import { sameLiteral } from './literals.js';
import { readCheck, readExclusion, readForeignKey, readPrimaryKey, readUnique } from './read-constraints.js';
import { readIndex } from './read-indexes.js';
import { isSerial, readSequence } from './read-sequences.js';
import { readObjects } from './objects/read-objects.js';
import { readTableOptions } from './read-table-options.js';
import { parseType } from './types.js';

/** What reflection needs to know of the session it runs in. */
export interface Settings {
  /** The namespace that unqualified names mean; `null` in schemas. */
  readonly defaultNamespace: string;
  readonly searchPath: string;
  readonly mayCreate: boolean;
  /** All but the server's own. */
  readonly namespaces: readonly string[];
}

/** Reads the default namespace and the given ones in ten statements, and one more where objects stand on others. */
export async function reflect(connection: Connection, options: ReflectOptions): Promise<Schema> {
  const settings = JUST_READ.get(connection) ?? (await readSettings(connection));
  JUST_READ.delete(connection);
  return withSearchPath(connection, '', settings.searchPath, () => reflectNamespaces(connection, settings, options));
}

/** What was read to name the default namespace serves the reflection behind it, once. */
const JUST_READ = new WeakMap<Connection, Settings>();

export async function readDefaultNamespace(connection: Connection): Promise<string> {
  const settings = await readSettings(connection);
  JUST_READ.set(connection, settings);
  return settings.defaultNamespace;
}

export async function readSettings(connection: Connection): Promise<Settings> {
  const { rows } = await connection.execute(catalog.SETTINGS);
  const row = rows[0] ?? {};
  return {
    defaultNamespace: textOrNull(row, 'namespace') ?? 'public',
    searchPath: textOf(row, 'path'),
    mayCreate: flagOf(row, 'may_create'),
    namespaces: textsOf(row, 'namespaces'),
  };
}

/** Under an empty path every name is printed in full, whichever namespaces a session looks into. */
export async function withSearchPath<T>(
  connection: Connection,
  path: string,
  restored: string,
  read: () => Promise<T>,
): Promise<T> {
  const set = (value: string) => connection.execute("SELECT set_config('search_path', $1, false)", [value]);
  await set(path);
  try {
    const result = await read();
    await set(restored);
    return result;
  } catch (error) {
    // In a failed transaction nothing can be set; ROLLBACK restores the path.
    await set(restored).catch(() => undefined);
    throw error;
  }
}

/** Reads namespaces while the search path is empty; `defaultNamespace` becomes `null`. */
export async function reflectNamespaces(
  connection: Connection,
  { defaultNamespace, namespaces }: Pick<Settings, 'defaultNamespace' | 'namespaces'>,
  options: ReflectOptions,
): Promise<Schema> {
  const others = options.namespaces === 'all' ? namespaces : options.namespaces;
  const wanted = [...new Set([defaultNamespace, ...others])];
  const read = async (query: string, ...more: readonly string[]): Promise<readonly Row[]> =>
    (await connection.execute(query, [wanted, ...more])).rows;
  const { major } = connection.server;
  const tables = await read(catalog.TABLES);
  const columns = groupRows(await read(catalog.columnsOf(major), defaultNamespace), 'table_oid');
  const constraints = groupRows(await read(catalog.constraintsOf(major)), 'table_oid');
  const indexes = groupRows(await read(catalog.indexesOf(major)), 'table_oid');
  const sequences = await read(catalog.SEQUENCES);
  const ownSequences = groupRows(sequences, 'table_oid');
  const enumRows = await read(catalog.ENUMS);
  const enums = enumRows.map((row) => ({
    namespace: relative(textOf(row, 'namespace'), defaultNamespace),
    name: textOf(row, 'name'),
    values: textsOf(row, 'values'),
  }));
  const enumType = (row: Row): ColumnType | null => {
    const name = textOrNull(row, 'enum_name');
    if (name === null) return null;
    const namespace = relative(textOf(row, 'enum_namespace'), defaultNamespace);
    const known = enums.find((candidate) => candidate.name === name && candidate.namespace === namespace);
    return known === undefined ? null : { kind: 'enum', ...known };
  };
  const found = tables.filter((row) => !options.ignoredTables.includes(textOf(row, 'name')));
  const toName = (row: Row): TableName => ({
    namespace: relative(textOf(row, 'namespace'), defaultNamespace),
    name: textOf(row, 'name'),
  });
  const names = new Map(found.map((row) => [textOf(row, 'oid'), toName(row)]));
  const { objects, needs } = await readObjects(connection, wanted, (name) => relative(name, defaultNamespace), {
    relations: names,
    enums: new Map(enumRows.map((row) => [textOf(row, 'oid'), toName(row)])),
    sequences: new Map(sequences.map((row) => [textOf(row, 'oid'), toName(row)])),
  });
  const readTables = found.map((row): Table => {
    const oid = textOf(row, 'oid');
    const isPartition = textOrNull(row, 'bound') !== null;
    // What a table inherits is not said again; what a partition has in common with its table tells it apart when it leaves.
    const isOwn = (part: Row): boolean => isPartition || (!flagOf(part, 'inherited') && part['local'] !== false);
    const ownColumns = (columns.get(oid) ?? []).filter(isOwn);
    const ownIndexes = (indexes.get(oid) ?? []).filter(isOwn);
    const parents = textsOf(row, 'parents').flatMap((parent) => names.get(parent) ?? []);
    const dependsOn = [...(needs.get(oid) ?? []), ...parents.map(relationKey)];
    const own = ownSequences.get(oid) ?? [];
    const ownConstraints = (constraints.get(oid) ?? []).filter(isOwn);
    const of = (type: string): Row[] => ownConstraints.filter((con) => textOf(con, 'type') === type);
    const primaryKey = of('p')[0];
    const exclusions = of('x').map(readExclusion).sort(byName);
    return {
      namespace: relative(textOf(row, 'namespace'), defaultNamespace),
      name: textOf(row, 'name'),
      columns: ownColumns.map((column) => readColumn(column, own, enumType(column))),
      primaryKey: primaryKey === undefined ? null : readPrimaryKey(primaryKey),
      uniques: of('u').map(readUnique).sort(byName),
      foreignKeys: of('f')
        .map((con) => readForeignKey(con, (namespace) => relative(namespace, defaultNamespace)))
        .sort(byName),
      checks: of('c').map(readCheck).sort(byName),
      ...(exclusions.length === 0 ? {} : { exclusions }),
      indexes: ownIndexes.map(readIndex).sort(byName),
      comment: textOrNull(row, 'comment'),
      options: readTableOptions(row, ownColumns, [...ownIndexes, ...ownConstraints]),
      ...(isPartition && wasAlone(ownColumns, ownConstraints) ? { attached: true as const } : {}),
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
    };
  });
  const byOid = new Map(found.map((row, i) => [textOf(row, 'oid'), readTables[i]]));
  return {
    namespaces: namespaces.filter((name) => name !== defaultNamespace && wanted.includes(name)),
    enums: enums.sort(byName),
    sequences: sequences
      .filter((row) => isOwnObject(row, byOid))
      .map((row) => readSequence(row, (namespace) => relative(namespace, defaultNamespace)))
      .sort(byName),
    tables: readTables.toSorted(byName),
    ...(objects.length === 0 ? {} : { objects }),
  };
}

/** Columns of its own, or a key that became a part of its table's index: the partition was there first. */
function wasAlone(columns: readonly Row[], constraints: readonly Row[]): boolean {
  return columns.every((column) => column['local'] === true) || constraints.some((con) => flagOf(con, 'backs_index'));
}

/** A sequence that no serial or identity column implies, and whose owner, if any, was read. */
function isOwnObject(sequence: Row, tables: ReadonlyMap<string, Table | undefined>): boolean {
  const owner = textOrNull(sequence, 'table_oid');
  if (owner === null) return true;
  const column = tables.get(owner)?.columns.find(({ name }) => name === textOf(sequence, 'column'));
  return column !== undefined && column.generation === null;
}

function relative(namespace: string, defaultNamespace: string): string | null {
  return namespace === defaultNamespace ? null : namespace;
}

function readColumn(row: Row, sequences: readonly Row[], enumType: ColumnType | null): Column {
  const name = textOf(row, 'name');
  const type = enumType ?? parseType(textOf(row, 'type'));
  const notNullName = textOrNull(row, 'not_null_name');
  const text = textOrNull(row, 'default_text');
  const isGenerated = textOf(row, 'generated') !== '';
  const sequence = sequences.find((candidate) => textOf(candidate, 'column') === name);
  const generation = readGeneration(row, sequence, text);
  const hasDefault = text !== null && !isGenerated && generation?.kind !== 'serial';
  return {
    name,
    type,
    nullable: !flagOf(row, 'not_null'),
    default: hasDefault ? verbatim(text, sameLiteral(text, textOf(row, 'type'))) : null,
    generation,
    generated:
      isGenerated && text !== null ? { expression: verbatim(text), stored: textOf(row, 'generated') === 's' } : null,
    onUpdate: null,
    collation: textOrNull(row, 'collation'),
    comment: textOrNull(row, 'comment'),
    ...(notNullName === null ? {} : { notNullName }),
  };
}

function readGeneration(row: Row, sequence: Row | undefined, defaultText: string | null): Generation | null {
  if (sequence === undefined) return null;
  if (textOf(row, 'identity') === '') {
    return isSerial(sequence, { type: textOf(row, 'type'), defaultText }) ? { kind: 'serial' } : null;
  }
  const identity: Identity = {
    kind: 'identity',
    always: textOf(row, 'identity') === 'a',
    start: textOf(sequence, 'start'),
    increment: textOf(sequence, 'increment'),
    min: textOf(sequence, 'min'),
    max: textOf(sequence, 'max'),
    cache: textOf(sequence, 'cache'),
    cycle: flagOf(sequence, 'cycle'),
  };
  return withoutUsualOptions(identity, textOf(sequence, 'type'));
}
