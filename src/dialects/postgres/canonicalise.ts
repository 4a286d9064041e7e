/**
 * Only PostgreSQL knows how PostgreSQL prints an expression. What differs in spelling is created in a scratch namespace
 * inside a transaction that is rolled back, and read back by the same queries as the live schema.
 */
import { randomBytes } from 'node:crypto';
import { AludelError, isRefusedStatement } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import { formatTableName } from '../../schema/table-name.js';
import { findTable, type Schema, type Table, type TableName } from '../../schema/table.js';
import { tablesInDoubt, takeSpelling, withoutKnownSpellings } from '../expression-differences.js';
import { adoptSerials } from './adopt-serials.js';
import { compileCreateTable } from './create-table.js';
import { readSettings, reflectNamespaces, type Settings, withSearchPath } from './reflect.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable } from './sql.js';

/** Real namespaces to the scratch ones that stand for them; the default namespace under its real name. */
type ScratchNames = ReadonlyMap<string, string>;

/** @throws AludelError ALUDEL_MODELS_INVALID when PostgreSQL refuses a table of the models. */
export async function canonicalise(connection: Connection, declared: Schema, live: Schema): Promise<Schema> {
  const wanted = adoptSerials(declared, live);
  const doubtful = tablesInDoubt(wanted, live);
  if (doubtful.length === 0) return wanted;
  await connection.begin();
  try {
    const settings = await readSettings(connection);
    const asked = doubtful.map((table) => withoutKnownSpellings(table, live));
    const spelled = await spell(connection, settings, asked, wanted);
    const respelled = new Map(doubtful.map((table, i) => [table, spelled[i] ?? table]));
    return {
      ...wanted,
      tables: wanted.tables.map((table) => takeSpelling(table, respelled.get(table) ?? table)),
    };
  } finally {
    await connection.rollback();
  }
}

/** The tables as PostgreSQL reads them back, in the order given. */
async function spell(
  connection: Connection,
  settings: Settings,
  tables: readonly Table[],
  { enums, sequences }: Schema,
): Promise<Table[]> {
  const scratch = await createScratchNamespaces(connection, settings, [...tables, ...enums, ...sequences]);
  const move = (name: TableName): TableName => ({
    namespace: scratch.get(name.namespace ?? settings.defaultNamespace) ?? null,
    name: name.name,
  });
  for (const type of enums) {
    const values = type.values.map(quoteString).join(', ');
    await connection.execute(`CREATE TYPE ${quoteTable(move(type))} AS ENUM (${values})`);
  }
  for (const sequence of sequences) await connection.execute(`CREATE SEQUENCE ${quoteTable(move(sequence))}`);
  // Scratch names first, then what the session looks into, so that functions are found as they would be.
  const { rows } = await connection.execute('SELECT current_schemas(false)::text[] AS path');
  const visible = rows[0]?.['path'];
  const path = quoteList([...new Set([...scratch.values(), ...(Array.isArray(visible) ? visible.map(String) : [])])]);
  await withSearchPath(connection, path, '', async () => {
    for (const table of tables) await createScratchTable(connection, table, move);
  });
  const found = await reflectNamespaces(connection, settings.defaultNamespace, {
    namespaces: [...scratch.values()],
    ignoredTables: [],
  });
  return tables.map((table) => {
    const copy = findTable(found, move(table));
    return copy === undefined ? table : restoreNames(copy, scratch);
  });
}

/** Unguessable names, so that they can be told apart in any text; `pg_temp` where no namespace may be created. */
async function createScratchNamespaces(
  connection: Connection,
  settings: Settings,
  objects: readonly TableName[],
): Promise<ScratchNames> {
  const homes = [...new Set(objects.map(({ namespace }) => namespace ?? settings.defaultNamespace))].sort();
  const stem = `aludel_${randomBytes(9).toString('hex')}`;
  if (!settings.mayCreate) {
    await connection.execute(`CREATE TEMPORARY TABLE ${quoteIdentifier(stem)} ()`);
    const { rows } = await connection.execute(
      'SELECT nspname AS name FROM pg_namespace WHERE oid = pg_my_temp_schema()',
    );
    return new Map(homes.map((home) => [home, String(rows[0]?.['name'])]));
  }
  const names = new Map(homes.map((home, i) => [home, `${stem}_${i}`]));
  for (const name of names.values()) await connection.execute(`CREATE SCHEMA ${quoteIdentifier(name)}`);
  return names;
}

/** Keys and unique constraints have no expression; foreign keys would lock the live tables. */
async function createScratchTable(
  connection: Connection,
  table: Table,
  move: (name: TableName) => TableName,
): Promise<void> {
  const bare: Table = {
    ...table,
    ...move(table),
    columns: table.columns.map((column) => ({
      ...column,
      generation: null,
      comment: null,
      type: column.type.kind === 'enum' ? { ...column.type, ...move(column.type) } : column.type,
    })),
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    comment: null,
  };
  try {
    for (const { sql } of compileCreateTable(bare)) await connection.execute(sql);
  } catch (error) {
    if (!isRefusedStatement(error)) throw error;
    const name = formatTableName(table);
    throw new AludelError('ALUDEL_MODELS_INVALID', `PostgreSQL refuses the model of "${name}": ${error.message}`, {
      hint: 'Check its defaults, checks, generated columns and index expressions.',
      details: error.details,
      cause: error,
    });
  }
}

/** Puts the real names in place of the scratch ones, wherever a text of the table mentions them. */
function restoreNames(table: Table, scratch: ScratchNames): Table {
  const text = [...scratch].reduce((known, [home, name]) => {
    const printed = /^[a-z_][a-z0-9_$]*$/.test(home) ? home : quoteIdentifier(home);
    return known.replaceAll(`${name}.`, JSON.stringify(`${printed}.`).slice(1, -1));
  }, JSON.stringify(table));
  return JSON.parse(text) as Table;
}
