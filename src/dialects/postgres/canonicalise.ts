/**
 * Only PostgreSQL knows how PostgreSQL prints an expression. What differs in spelling is created in a scratch namespace
 * inside a transaction that is rolled back, and read back by the same queries as the live schema.
 */
import { AludelError, isRefusedStatement } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import { isHeir } from '../../operations/inheritance.js';
import { byObjectKey, type DatabaseObject, describeObject } from '../../schema/objects.js';
import { serialName } from '../../schema/serial-name.js';
import { formatTableName } from '../../schema/table-name.js';
import { findObject, findTable, type Schema, type Table, tableKey, type TableName } from '../../schema/table.js';
import { sqlWords } from '../../util/sql-words.js';
import { tablesInDoubt, takeSpelling, withNeeds, withoutKnownSpellings } from '../expression-differences.js';
import { adoptSerials } from './adopt-serials.js';
import { type InPlace, isInPlace, makeRoom, readMade, sortInPlace } from './canonicalise-in-place.js';
import { compileCreateTable } from './create-table.js';
import { moveNames, namesMade, restoreObject, restoreTable, type ScratchNames } from './objects/scratch-names.js';
import { createObject } from './objects/statements.js';
import { readSettings, reflectNamespaces, type Settings, withSearchPath } from './reflect.js';
import { attempt, createScratchNamespaces } from './scratch-namespaces.js';
import { takeLiterals } from './take-literals.js';
import { takeOptionWords } from './take-option-words.js';
import { takeReloaded } from './take-reloaded.js';
import { doBlock, quoteIdentifier, quoteList, quoteString, quoteTable } from './sql.js';

/** @throws AludelError ALUDEL_MODELS_INVALID when PostgreSQL refuses a table or another object of the models. */
export async function canonicalise(connection: Connection, declared: Schema, live: Schema): Promise<Schema> {
  return takeOptionWords(connection, await spellExpressions(connection, declared, live), live);
}

async function spellExpressions(connection: Connection, declared: Schema, live: Schema): Promise<Schema> {
  const wanted = takeLiterals(adoptSerials(declared, live), live);
  const doubtful = tablesInDoubt(wanted, live);
  const { objects = [], ...rest } = wanted;
  const apart = objects.filter(isApart);
  const others = objects.filter((object) => !isApart(object));
  const inPlace = sortInPlace(others, live);
  const own = others.filter((object) => !isInPlace(object));
  if (doubtful.length === 0 && objects.length === 0) return wanted;
  await connection.begin();
  try {
    const settings = await readSettings(connection);
    const extensions = apart.filter((object) => findObject(live, object) === null);
    if (extensions.length > 0 || inPlace.asked.length > 0) {
      const missing = wanted.namespaces.filter((name) => !settings.namespaces.includes(name));
      for (const name of missing) await connection.execute(`CREATE SCHEMA ${quoteIdentifier(name)}`);
    }
    await createExtensions(connection, extensions);
    const inDoubt = new Set(doubtful);
    const isMentioned = mentionedBy([...own, ...inPlace.asked]);
    const mentioned = wanted.tables.filter((table) => inDoubt.has(table) || isMentioned(table));
    const tables = withAncestors(mentioned, wanted.tables);
    const asked = tables.map((table) => withoutKnownSpellings(table, live));
    const spelled = await spell(connection, settings, asked, wanted, own, inPlace);
    const made = new Map(tables.map((table, i) => [table, spelled.tables[i] ?? table]));
    const known = [...apart.map((object) => findObject(live, object) ?? object), ...inPlace.known];
    const all = [...known, ...spelled.objects].sort(byObjectKey);
    const printed = wanted.tables.map((table) => {
      const copy = made.get(table);
      if (copy === undefined) return table;
      return inDoubt.has(table) ? takeSpelling(table, copy) : withNeeds(table, copy);
    });
    const settled = await takeReloaded({ ...rest, tables: printed }, live, (copies, schema) =>
      reload(connection, settings, copies, schema),
    );
    return { ...settled, ...(all.length === 0 ? {} : { objects: all }) };
  } finally {
    await connection.rollback();
  }
}

/** An extension is in no namespace, and cannot be made twice. */
function isApart({ kind }: DatabaseObject): boolean {
  return kind === 'extension';
}

/** What the models declare may speak of types and operator classes of an extension that is not there yet. */
async function createExtensions(connection: Connection, extensions: readonly DatabaseObject[]): Promise<void> {
  await createInAnyOrder(
    connection,
    extensions.map((object) => ({
      what: describeObject(object),
      hint: 'Install its files on the server, or leave it out of the models.',
      statements: createObject(object).map(({ sql }) => sql),
    })),
  );
}

/** What a table inherits from, whose columns it has without saying them. */
function withAncestors(chosen: readonly Table[], tables: readonly Table[]): Table[] {
  const keys = new Set(chosen.map(tableKey));
  for (let size = -1; size < keys.size;) {
    size = keys.size;
    for (const table of tables) {
      if (!keys.has(tableKey(table)) || !isHeir(table)) continue;
      for (const key of table.dependsOn ?? []) keys.add(key.slice('table '.length));
    }
  }
  return tables.filter((table) => keys.has(tableKey(table)));
}

/** A view is only understood beside the tables that it mentions. */
function mentionedBy(objects: readonly DatabaseObject[]): (table: Table) => boolean {
  const keys = new Set(objects.flatMap(({ table }) => (table === undefined ? [] : [tableKey(table)])));
  const words = new Set(objects.flatMap(({ definition }) => [...sqlWords(definition)]));
  return (table) => keys.has(tableKey(table)) || words.has(table.name.toLowerCase());
}

/** Sequences of serial columns from which the defaults of other columns take their numbers too. */
function sharedSerials(tables: readonly Table[], all: readonly Table[]): TableName[] {
  const defaults = JSON.stringify(tables.map(({ columns }) => columns.map((column) => column.default)));
  const names = [...defaults.matchAll(/\bnextval\('([^']*)'/gi)].map(([, name = '']) => name.replaceAll('\\"', '"'));
  const mentioned = sqlWords(names.join(' '));
  return all.flatMap(({ namespace, name: table, columns }) =>
    columns.flatMap((column) => {
      const name = column.generation?.kind === 'serial' ? serialName(table, column.name) : '';
      return mentioned.has(name.toLowerCase()) ? [{ namespace, name }] : [];
    }),
  );
}

interface Spelled {
  /** As PostgreSQL reads them back, in the order given. */
  readonly tables: readonly Table[];
  readonly objects: readonly DatabaseObject[];
}

async function spell(
  connection: Connection,
  settings: Settings,
  tables: readonly Table[],
  { enums, namespaces, sequences: declared, tables: all }: Schema,
  objects: readonly DatabaseObject[],
  inPlace: InPlace,
): Promise<Spelled> {
  const { defaultNamespace } = settings;
  const sequences = [...declared, ...sharedSerials(tables, all)];
  const names = [...tables, ...enums, ...sequences, ...objects];
  const scratch = await createScratchNamespaces(connection, settings, names);
  const made = new Set(
    names.flatMap((known) => namesMade(known).map((name) => `${known.namespace ?? defaultNamespace}.${name}`)),
  );
  const move = (name: TableName): TableName => ({
    namespace: scratch.get(name.namespace ?? defaultNamespace) ?? null,
    name: name.name,
  });
  const moveText = (sql: string): string =>
    moveNames(sql, scratch, (name) => made.has(`${name.namespace}.${name.name}`));
  for (const type of enums) {
    const values = type.values.map(quoteString).join(', ');
    await connection.execute(`CREATE TYPE ${quoteTable(move(type))} AS ENUM (${values})`);
  }
  for (const sequence of sequences) await connection.execute(`CREATE SEQUENCE ${quoteTable(move(sequence))}`);
  // Scratch names first, then what the session looks into, so that functions are found as they would be.
  const { rows } = await connection.execute('SELECT current_schemas(false)::text[] AS path');
  const visible = rows[0]?.['path'];
  const first = scratch.get(defaultNamespace) ?? '';
  let left: ReadonlySet<string> = new Set();
  const pathOf = (others: readonly string[]): string =>
    quoteList([...new Set([first, ...scratch.values(), ...others])].filter((name) => name !== ''));
  const path = pathOf(Array.isArray(visible) ? visible.map(String) : []);
  await withSearchPath(connection, path, '', async () => {
    left = await makeRoom(inPlace, (statements) => attempt(connection, statements));
    const tried = [...objects, ...inPlace.asked];
    const item = (object: DatabaseObject): Item => {
      const statements = createObject(object).map(({ sql }) => moveText(sql));
      return {
        what: describeObject(object),
        hint: 'Check its SQL, and that what it mentions is declared.',
        statements,
        ...(object.kind === 'operator' ? { among: underPath(statements, pathOf([]), path) } : {}),
      };
    };
    await createInAnyOrder(connection, [
      ...tables.map((table) => ({
        what: `the model of "${formatTableName(table)}"`,
        hint: 'Check its defaults, checks, generated columns and index expressions.',
        statements: scratchTable(table, move, tried.length > 0).map(moveText),
      })),
      ...tried.filter((object) => !actsOnOthers(object)).map(item),
    ]);
    await createInAnyOrder(connection, tried.filter(actsOnOthers).map(item));
  });
  const found = await reflectNamespaces(connection, settings, {
    namespaces: [...scratch.values()],
    ignoredTables: [],
    inherited: true,
  });
  const scratchNames = [...scratch.values()];
  const inNamespaces = [...new Set([...scratchNames, defaultNamespace, ...namespaces])];
  const around = await readMade(connection, inPlace, inNamespaces, left);
  const hasGrants = objects.some(({ kind }) => kind === 'grant');
  const isScratch = (name: TableName | undefined): boolean =>
    name !== undefined && name.namespace !== null && scratchNames.includes(name.namespace);
  return {
    tables: tables.map((table) => {
      const copy = findTable(found, move(table));
      return copy === undefined ? table : restoreTable(copy, scratch, defaultNamespace);
    }),
    objects: (found.objects ?? [])
      .filter((object) =>
        // Scratch tables get what usual privileges give them: nobody declared it.
        object.kind === 'grant'
          ? hasGrants && mentionsScratch(object, scratch)
          : isScratch(object) || isScratch(object.table),
      )
      .concat(around)
      .map((object) => restoreObject(object, scratch, defaultNamespace)),
  };
}

/** `null` where something that a table needs is only declared, or its name is taken in the one temporary namespace. */
async function reload(
  connection: Connection,
  settings: Settings,
  tables: readonly Table[],
  schema: Schema,
): Promise<readonly Table[] | null> {
  await connection.execute('SAVEPOINT aludel_reload');
  try {
    const { tables: printed } = await spell(connection, settings, tables, schema, [], NOTHING_IN_PLACE);
    return printed;
  } catch (error) {
    const isInvalid = error instanceof AludelError && error.code === 'ALUDEL_MODELS_INVALID';
    if (!isInvalid && !isRefusedStatement(error)) throw error;
    await connection.execute('ROLLBACK TO SAVEPOINT aludel_reload');
    return null;
  }
}

const NOTHING_IN_PLACE: InPlace = { known: [], asked: [], live: [] };

/** Usual privileges and event triggers see to what is made after them. */
function actsOnOthers({ kind }: DatabaseObject): boolean {
  return kind === 'defaultGrant' || kind === 'eventTrigger';
}

/** A grant is in no namespace, but on something in one. */
function mentionsScratch({ signature }: DatabaseObject, scratch: ScratchNames): boolean {
  return [...scratch.values()].some((name) => signature?.includes(`${name}.`) === true);
}

interface Item {
  readonly what: string;
  readonly hint: string;
  readonly statements: readonly string[];
  /** Tried first: an operator names others that are still to come, and must not take the live ones of these names for them. */
  readonly among?: readonly string[];
}

function underPath(statements: readonly string[], path: string, restored: string): string[] {
  return [`SET LOCAL search_path = ${path}`, ...statements, `SET LOCAL search_path = ${restored}`];
}

/**
 * All at once, as one statement however many there are; where that fails, one by one. What fails then may need something that is
 * made later: it is tried again until nothing more succeeds.
 */
async function createInAnyOrder(connection: Connection, items: readonly Item[]): Promise<void> {
  if (items.length === 0) return;
  // Bodies are looked at when they run: what they mention need not be there.
  await connection.execute('SET LOCAL check_function_bodies = off');
  if ((await attempt(connection, [together(items)])) === null) return;
  let waiting = items;
  while (waiting.length > 0) {
    const failed: { readonly item: Item; readonly error: unknown }[] = [];
    for (const item of waiting) {
      const isMade = item.among !== undefined && (await attempt(connection, item.among)) === null;
      const error = isMade ? null : await attempt(connection, item.statements);
      if (error !== null) failed.push({ item, error });
    }
    // What misses something may only miss what another one failed to make.
    if (failed.length === waiting.length) refuse(failed.find(({ error }) => !missesSomething(error)) ?? failed[0]);
    waiting = failed.map(({ item }) => item);
  }
}

/** Class 42 of https://www.postgresql.org/docs/current/errcodes-appendix.html: an undefined object, table, function or column. */
function missesSomething(error: unknown): boolean {
  const state = isRefusedStatement(error) ? error.details['driverCode'] : undefined;
  return typeof state === 'string' && ['42704', '42P01', '42883', '42703'].includes(state);
}

function together(items: readonly Item[]): string {
  const lines = items
    .flatMap(({ statements, among }) => among ?? statements)
    .map((sql) => `EXECUTE ${quoteString(sql)};`);
  return doBlock(`BEGIN ${lines.join('\n')} END`);
}

function refuse(failure: { readonly item: Item; readonly error: unknown } | undefined): never {
  if (failure === undefined || !isRefusedStatement(failure.error)) throw failure?.error;
  const { item, error } = failure;
  throw new AludelError('ALUDEL_MODELS_INVALID', `PostgreSQL refuses ${item.what}: ${error.message}`, {
    hint: item.hint,
    details: error.details,
    cause: error,
  });
}

/** Unique constraints have no expression; foreign keys would lock the live tables. A view may stand on the primary key. */
function scratchTable(table: Table, move: (name: TableName) => TableName, hasObjects: boolean): string[] {
  const bare: Table = {
    ...table,
    ...move(table),
    columns: table.columns.map((column) => ({
      ...column,
      generation: null,
      comment: null,
      nullable: column.nullable || column.inherited === true,
      type: column.type.kind === 'enum' ? { ...column.type, ...move(column.type) } : column.type,
    })),
    primaryKey: hasObjects ? table.primaryKey : null,
    uniques: [],
    foreignKeys: [],
    comment: null,
    options: isHeir(table) ? { inherits: table.options['inherits'] ?? '' } : {},
  };
  return compileCreateTable(bare).map(({ sql }) => sql);
}
