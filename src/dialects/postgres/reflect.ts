import type { Connection, PlainStatement, Row } from '../../engine/connection.js';
import type { EnumType, Schema, Table, TableName } from '../../schema/table.js';
import { isHeir, withoutInheritance } from '../../operations/inheritance.js';
import { verbatim } from '../../schema/expressions/expression.js';
import { relationKey } from '../../schema/objects.js';
import type { ReflectOptions } from '../dialect.js';
import { byName } from '../normalise-schema.js';
import { detailsOf, flagOf, groupRows, numberOf, textOf, textOrNull, textsOf, unfoldRare } from '../row.js';
import * as catalog from './catalog.js';
import { isPartition, readColumns } from './read-columns.js';
import { readCheck, readExclusion, readForeignKey, readPrimaryKey, readUnique } from './read-constraints.js';
import { readIndex } from './read-indexes.js';
import { completeSequence, readSequence } from './read-sequences.js';
import { partsOf } from './objects/catalog.js';
import { unionOf } from './objects/catalog-part.js';
import { presenceOf, readPresence } from './objects/catalog-presence.js';
import { readObjects } from './objects/read-objects.js';
import { readTableOptions } from './read-table-options.js';

/** What reflection needs to know of the session it runs in. */
export interface Settings {
  /** The namespace that unqualified names mean; `null` in schemas. */
  readonly defaultNamespace: string;
  readonly searchPath: string;
  readonly mayCreate: boolean;
  /** All but the server's own. */
  readonly namespaces: readonly string[];
}

/** Reads the default namespace and the given ones in ten statements, and one or two more where there are objects. */
export async function reflect(connection: Connection, options: ReflectOptions): Promise<Schema> {
  // Namespaces may have been made since.
  const known = options.namespaces === 'all' ? undefined : JUST_READ.get(connection);
  const settings = known ?? (await readSettings(connection));
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

/**
 * Reads namespaces while the search path is empty; `defaultNamespace` becomes `null`. `inherited`: columns that a table only inherits
 * are read as well where it says nothing of them.
 */
export async function reflectNamespaces(
  connection: Connection,
  { defaultNamespace, namespaces }: Pick<Settings, 'defaultNamespace' | 'namespaces'>,
  options: ReflectOptions & { readonly inherited?: true },
): Promise<Schema> {
  const others = options.namespaces === 'all' ? namespaces : options.namespaces;
  const wanted = [...new Set([defaultNamespace, ...others])];
  const near = (namespace: string): string | null => relative(namespace, defaultNamespace);
  const toName = (row: Row): TableName => ({ namespace: near(textOf(row, 'namespace')), name: textOf(row, 'name') });
  const { major } = connection.server;
  const parts = partsOf(major);
  const found = await connection.execute(presenceOf(parts), [wanted]);
  const { parts: present, hasOdd, hasExclusions } = readPresence(found.rows, parts);
  // All in one go: while the rows of one become a part of the schema, the server works on the next.
  const [tableRows, objectRows, sequenceRows, notNullRows, columnRows, constraintRows, indexRows] = readAll(
    connection,
    [
      { sql: catalog.TABLES, params: [wanted] },
      present.length === 0 ? null : { sql: unionOf(present), params: [wanted] },
      { sql: catalog.SEQUENCES, params: [wanted] },
      major >= 18 ? { sql: catalog.NOT_NULLS, params: [wanted] } : null,
      { sql: catalog.columnsOf(major), params: [wanted, defaultNamespace] },
      { sql: catalog.constraintsOf(major, hasExclusions), params: [wanted] },
      { sql: catalog.indexesOf(major, hasOdd), params: [wanted] },
    ],
  );
  options.onAsked?.();

  const tables = await tableRows;
  const readable = tables.filter((row) => !options.ignoredTables.includes(textOf(row, 'name')));
  const tablesByOid = new Map(tables.map((row) => [textOf(row, 'oid'), row]));
  const rowsOfObjects = await objectRows;
  const enums = new Map(rowsOfObjects.filter(isEnum).map((row) => [textOf(row, 'oid'), readEnum(row, near)]));
  const sequences = await sequenceRows;
  const notNulls = await notNullRows;
  const columnsByTable = readColumns(await columnRows, {
    enums,
    sequences: groupRows(sequences, 'table_oid'),
    tables: tablesByOid,
    notNulls: new Map(notNulls.map((row) => [textOf(row, 'table_oid'), row])),
  });
  const constraints = groupRows(unfoldRare(await constraintRows), 'table_oid');
  const indexes = groupRows(unfoldRare(await indexRows), 'table_oid');
  const names = new Map(readable.map((row) => [textOf(row, 'oid'), toName(row)]));
  const { objects, needs } = await readObjects(
    connection,
    rowsOfObjects.filter((row) => !isEnum(row)),
    near,
    {
      relations: names,
      enums,
      sequences: new Map(sequences.map((row) => [textOf(row, 'oid'), toName(row)])),
    },
  );
  const namesOf = (oid: string, numbers: string): (string | null)[] => {
    const known = columnsByTable.get(oid)?.names;
    return (numbers.match(/\d+/g) ?? []).map((number) => known?.[Number(number)] ?? null);
  };
  const columnNames = (oid: string, numbers: string): string[] =>
    namesOf(oid, numbers).filter((column) => column !== null);
  // Of a table in a namespace that is not read, the server says what it and its columns are called.
  const targetOf = (con: Row): TableName => {
    const known = tablesByOid.get(textOf(con, 'target_oid'));
    return known === undefined
      ? { namespace: near(textOf(con, 'target_namespace')), name: textOf(con, 'target_name') }
      : toName(known);
  };
  const targetKeyOf = (con: Row): string[] =>
    Array.isArray(con['target_names'])
      ? textsOf(con, 'target_names')
      : columnNames(textOf(con, 'target_oid'), textOf(con, 'target_columns'));
  const readTables = readable.map((row): Table => {
    const oid = textOf(row, 'oid');
    const isPart = isPartition(row);
    // What a table inherits is not said again; what a partition has in common with its table tells it apart when it leaves.
    const isOwn = (part: Row): boolean => isPart || !flagOf(part, 'inherited');
    const { columns = [], options: columnOptions = {}, areAllLocal = true } = columnsByTable.get(oid) ?? {};
    const ownIndexes = (indexes.get(oid) ?? []).filter(isOwn);
    const parents = textsOf(row, 'parents').flatMap((parent) => names.get(parent) ?? []);
    const dependsOn = [...(needs.get(oid) ?? []), ...parents.map(relationKey)];
    const ownConstraints = (constraints.get(oid) ?? []).filter(isOwn);
    const of = (type: string): Row[] => ownConstraints.filter((con) => textOf(con, 'type') === type);
    const keyOf = (con: Row): string[] => columnNames(oid, textOf(con, 'columns'));
    const onDeleteOf = (con: Row): string[] => columnNames(oid, textOf(con, 'on_delete_columns'));
    const primaryKey = of('p')[0];
    const exclusions = of('x').map(readExclusion).sort(byName);
    const table: Table = {
      ...toName(row),
      columns,
      primaryKey: primaryKey === undefined ? null : readPrimaryKey(primaryKey, keyOf(primaryKey)),
      uniques: of('u')
        .map((con) => readUnique(con, keyOf(con)))
        .sort(byName),
      foreignKeys: of('f')
        .map((con) => readForeignKey(con, keyOf(con), targetOf(con), targetKeyOf(con), onDeleteOf(con)))
        .sort(byName),
      checks: of('c').map(readCheck).sort(byName),
      ...(exclusions.length === 0 ? {} : { exclusions }),
      indexes: ownIndexes.map((index) => readIndex(index, namesOf(oid, textOf(index, 'columns')))).sort(byName),
      comment: textOrNull(detailsOf(row, 'comments'), '0'),
      options: readTableOptions(row, columnOptions, [...ownIndexes, ...ownConstraints]),
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
    };
    return isPart && wasAlone(areAllLocal, ownConstraints) ? { ...table, attached: true } : table;
  });
  const byOid = new Map(readable.map((row, i) => [textOf(row, 'oid'), readTables[i]]));
  // A serial column has no default of its own here, and those that inherit it have the text.
  const asInherited = (table: Table, i: number): Table => {
    const { serials = new Map<string, string>() } = columnsByTable.get(textOf(readable[i] ?? {}, 'oid')) ?? {};
    if (serials.size === 0) return table;
    const columns = table.columns.map((column) => {
      const text = serials.get(column.name);
      return text === undefined ? column : { ...column, default: verbatim(text) };
    });
    return { ...table, columns };
  };
  const isWhole = options.inherited === true || !readTables.some(isHeir);
  const whole = isWhole ? readTables : readTables.map(asInherited);
  return {
    namespaces: namespaces.filter((name) => name !== defaultNamespace && wanted.includes(name)),
    enums: [...enums.values()].sort(byName),
    sequences: sequences
      .map((row) => {
        const owner = textOf(row, 'table_oid');
        return completeSequence(
          row,
          tablesByOid.get(owner),
          columnsByTable.get(owner)?.names[numberOf(row, 'position')],
        );
      })
      .filter((row) => isOwnObject(row, byOid))
      .map((row) => readSequence(row, near))
      .sort(byName),
    tables: (isWhole ? readTables : readTables.map((table) => withoutInheritance(table, whole))).toSorted(byName),
    ...(objects.length === 0 ? {} : { objects }),
  };
}

/** The rows of each, thrown where they are awaited unless an earlier one has failed; of `null` there are none. */
function readAll<const T extends readonly (PlainStatement | null)[]>(
  connection: Connection,
  statements: T,
): { readonly [K in keyof T]: Promise<readonly Row[]> } {
  const asked = statements.filter((statement) => statement !== null);
  const answers = connection.executeAll?.(asked) ?? asked.map(({ sql, params }) => connection.execute(sql, params));
  const rest = answers[Symbol.iterator]();
  const readings = statements.map(async (statement) => {
    if (statement === null) return [];
    return (await rest.next().value)?.rows ?? [];
  });
  for (const reading of readings) reading.catch(() => undefined);
  return readings as { readonly [K in keyof T]: Promise<readonly Row[]> };
}

function isEnum(row: Row): boolean {
  return row['kind'] === 'enum';
}

/** Values are in their order. */
function readEnum(row: Row, near: (namespace: string) => string | null): EnumType {
  const comment = textOrNull(row, 'comment');
  return {
    namespace: near(textOf(row, 'namespace')),
    name: textOf(row, 'name'),
    values: textsOf(detailsOf(row, 'details'), 'values'),
    ...(comment === null ? {} : { comment }),
  };
}

/** Columns of its own, or a key that became a part of its table's index: the partition was there first. */
function wasAlone(areColumnsLocal: boolean, constraints: readonly Row[]): boolean {
  return areColumnsLocal || constraints.some((con) => flagOf(con, 'backs_index'));
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
