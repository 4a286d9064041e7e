/** The models straight to a database, without revisions: for tests, prototypes and scripts. */
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Engine } from '../engine/connection.js';
import { apply } from '../operations/apply.js';
import { arrangeCreates, arrangeDrops, createNode } from '../operations/object-order.js';
import type { Operation } from '../operations/operation.js';
import { createSequences, dropSequences } from '../operations/sequence-order.js';
import { createTables, dropTables } from '../operations/table-order.js';
import { buildSchema } from '../schema/build-schema.js';
import { leaveOutNamespace } from '../schema/default-namespace.js';
import type { MetaData } from '../schema/metadata.js';
import { type DatabaseObject, objectKey, relationKey } from '../schema/objects.js';
import { formatTableName } from '../schema/table-name.js';
import { findTable, type Schema, type Table, tableKey, withoutRefusedOptions } from '../schema/table.js';

/** Finds the dialect of a connection; given from above, since `engine/` knows none. */
export type DialectOf = (connection: Connection) => Promise<Dialect>;

/**
 * Creates the tables (with enums and namespaces) that do not exist yet, in the order of their foreign keys, cycles
 * included. What exists is left as it is, even where it differs.
 * @throws AludelError ALUDEL_MODELS_INVALID, ALUDEL_TYPE_UNSUPPORTED, ALUDEL_STATEMENT_FAILED.
 * @see https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.create_all
 */
export async function createAll(metadata: MetaData, engine: Engine, dialectOf: DialectOf): Promise<void> {
  await change(metadata, engine, dialectOf, (wanted, live, dialect) => {
    const missing = wanted.tables.filter((table) => findTable(live, table) === undefined);
    const { tables, parts, foreignKeys } = createTables(
      missing.map(withoutRefusedOptions),
      dialect.capabilities.addForeignKey,
    );
    const enums = new Set(live.enums.map(tableKey));
    const known = new Set(live.sequences.map(tableKey));
    const sequences = createSequences(wanted.sequences.filter((sequence) => !known.has(tableKey(sequence))));
    const missingObjects = (wanted.objects ?? []).filter((object) => !(live.objects ?? []).some(isSame(object)));
    const objects = arrangeCreates(wanted, missingObjects.map(createNode), tables);
    return [
      ...wanted.namespaces
        .filter((name) => dialect.capabilities.namespaces && !live.namespaces.includes(name))
        .map((name): Operation => ({ kind: 'createNamespace', name })),
      ...wanted.enums
        .filter((type) => dialect.capabilities.enumTypes && !enums.has(tableKey(type)))
        .map((type): Operation => ({ kind: 'createEnum', enum: type })),
      ...sequences.created,
      ...objects.needed,
      ...objects.created,
      ...parts,
      ...foreignKeys,
      ...sequences.owned,
    ];
  });
}

/**
 * Drops the tables of the models that exist, and the enums that only they used. Other tables stay.
 * @throws AludelError ALUDEL_STATEMENT_FAILED, when another table refers to one of these for example.
 */
export async function dropAll(metadata: MetaData, engine: Engine, dialectOf: DialectOf): Promise<void> {
  await change(metadata, engine, dialectOf, (wanted, live, dialect) => {
    const existing = live.tables.filter((table) => findTable(wanted, table) !== undefined);
    const enums = live.enums.filter((type) => wanted.enums.some((known) => tableKey(known) === tableKey(type)));
    const dropped = new Set(existing.map(tableKey));
    const declared = new Set(wanted.sequences.map(tableKey));
    // An owned sequence goes with its table.
    const sequences = live.sequences.filter(
      (known) =>
        declared.has(tableKey(known)) && (known.ownedBy === null || !dropped.has(tableKey(known.ownedBy.table))),
    );
    const gone = objectsToDrop(live, wanted, existing);
    const tables = dropTables(existing, dialect.capabilities.addForeignKey);
    const objects = arrangeDrops(
      live,
      gone,
      tables.filter((operation) => operation.kind === 'dropTable'),
    );
    return [
      ...objects.dropped,
      ...tables.filter((operation) => !objects.left.includes(operation)),
      ...objects.left,
      ...dropSequences(sequences),
      ...enums.map((type): Operation => ({
        kind: 'dropEnum',
        enum: { namespace: type.namespace, name: type.name },
        existing: type,
      })),
    ];
  });
}

/** The same object, as far as a declaration says: a function's argument types are the server's to print. */
function isSame(declared: DatabaseObject): (known: DatabaseObject) => boolean {
  return (known) => {
    const { signature: _signature, ...name } = known;
    return objectKey(known) === objectKey(declared) || objectKey(name) === objectKey(declared);
  };
}

/** What the models declare, and what could not stay without their tables. */
function objectsToDrop(live: Schema, wanted: Schema, tables: readonly Table[]): DatabaseObject[] {
  const gone = new Set(tables.map(relationKey));
  const columns = tables.map((table) => `column ${formatTableName(table)}.`);
  const found: DatabaseObject[] = [];
  const needs = (object: DatabaseObject): string[] => [
    ...(object.dependsOn ?? []),
    ...(object.table === undefined ? [] : [relationKey(object.table), objectKey({ ...object.table, kind: 'view' })]),
  ];
  for (let size = -1; size < found.length;) {
    size = found.length;
    for (const object of live.objects ?? []) {
      if (found.includes(object)) continue;
      const isDeclared = (wanted.objects ?? []).some((declared) => isSame(declared)(object));
      const isLost = needs(object).some((key) => gone.has(key) || columns.some((column) => key.startsWith(column)));
      if (!isDeclared && !isLost) continue;
      gone.add(objectKey(object));
      found.push(object);
    }
  }
  return found;
}

async function change(
  metadata: MetaData,
  engine: Engine,
  dialectOf: DialectOf,
  plan: (wanted: Schema, live: Schema, dialect: Dialect) => Operation[],
): Promise<void> {
  const connection = await engine.connect();
  try {
    const dialect = await dialectOf(connection);
    const declared = leaveOutNamespace(buildSchema([metadata]), await dialect.defaultNamespace(connection));
    const wanted = dialect.normalise(declared, connection.server);
    const live = await dialect.reflect(connection, { namespaces: wanted.namespaces, ignoredTables: [] });
    const operations = plan(wanted, live, dialect);
    if (operations.length > 0) await runOperations(operations, live, connection, dialect);
  } finally {
    await connection.close();
  }
}

/** Runs operations, in one transaction where the database can undo DDL. */
export async function runOperations(
  operations: readonly Operation[],
  live: Schema,
  connection: Connection,
  dialect: Dialect,
): Promise<void> {
  const { transactionalDdl } = dialect.capabilities;
  const hidesKeys = operations.some((operation) => dialect.needsForeignKeysOff(operation));
  if (hidesKeys) await connection.execute('PRAGMA foreign_keys = OFF');
  try {
    if (transactionalDdl) await connection.begin({ mode: 'immediate' });
    let before = live;
    for (const operation of operations) {
      for (const { sql } of dialect.compile(operation, { server: connection.server, before })) {
        await connection.execute(sql);
      }
      before = apply(before, operation);
    }
    if (transactionalDdl) await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    if (hidesKeys) await connection.execute('PRAGMA foreign_keys = ON');
  }
}
