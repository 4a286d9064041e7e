/**
 * Only the server knows how it prints an expression. Tables whose expressions are spelled otherwise than the live ones
 * are created as temporary tables, which commits nothing and shows them to nobody, and read back.
 */
import { randomBytes } from 'node:crypto';
import { AludelError, isRefusedStatement } from '../../errors.js';
import type { Connection } from '../../engine/connection.js';
import type { Schema, Table } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import { findTable } from '../../schema/table.js';
import { tablesInDoubt, takeSpelling } from '../expression-differences.js';
import { createTable } from './create-table.js';
import { render } from './expressions.js';
import { canonicaliseObjects } from './objects/canonicalise-objects.js';
import type { ShownTable } from './show-create.js';
import { withAnyKey } from './required-key.js';
import { readSessionModes, type SessionModes } from './session-modes.js';
import { showTable } from './show-table.js';
import { takeWords } from './take-words.js';
import { quoteIdentifier } from './sql.js';
import { withoutDatabase } from './without-database.js';

/** @throws AludelError ALUDEL_MODELS_INVALID when the server refuses a table of the models. */
export async function canonicalise(connection: Connection, wanted: Schema, live: Schema): Promise<Schema> {
  const modes = await readSessionModes(connection);
  const schema = takeUsualCollations(wanted, live, modes.collation);
  const respelled = new Map<Table, Table>();
  const doubtful = tablesInDoubt(schema, live);
  await withSequences(connection, sequencesOf(doubtful, wanted), async () => {
    for (const table of doubtful) respelled.set(table, await respell(connection, table, live, modes));
  });
  const objects = await canonicaliseObjects(connection, wanted, live, modes);
  return {
    ...schema,
    tables: schema.tables.map((table) => takeWords(respelled.get(table) ?? table, findTable(live, table))),
    ...(objects.length === 0 ? {} : { objects }),
  };
}

/** A column that names its table's own collation says nothing: it does so where the live one does. */
function takeUsualCollations(wanted: Schema, live: Schema, usual: string): Schema {
  const tables = wanted.tables.map((table): Table => {
    const known = findTable(live, table);
    const own = known?.options['collation'] ?? usual;
    if (known === undefined || (table.options['collation'] ?? own) !== own) return table;
    const collations = new Map(known.columns.map(({ name, collation }) => [name, collation]));
    const isOwn = (collation: string | null): boolean => collation === null || collation === own;
    const columns = table.columns.map((column) => {
      const collation = collations.get(column.name);
      return isOwn(column.collation) && collation !== undefined && isOwn(collation) ? { ...column, collation } : column;
    });
    return { ...table, columns };
  });
  return { ...wanted, tables };
}

/** The names of those that a default may count with. */
function sequencesOf(tables: readonly Table[], { sequences }: Schema): string[] {
  if (sequences.length === 0) return [];
  const defaults = tables.flatMap(({ columns }) => columns.flatMap((column) => column.default ?? [])).map(render);
  return sequences.map(({ name }) => name).filter((name) => defaults.some((text) => text.includes(name)));
}

/** MariaDB: a sequence may still be to come, or to be renamed. A temporary one stands before it. */
async function withSequences(
  connection: Connection,
  names: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const made: string[] = [];
  try {
    for (const name of names) {
      await connection.execute(`CREATE TEMPORARY SEQUENCE ${quoteIdentifier(name)}`);
      made.push(name);
    }
    await work();
  } finally {
    for (const name of made) await connection.execute(`DROP TEMPORARY SEQUENCE ${quoteIdentifier(name)}`);
  }
}

const OPTIONS_OF_SCRATCH: ReadonlySet<string> = new Set(['engine', 'charset', 'collation']);

async function respell(connection: Connection, table: Table, live: Schema, modes: SessionModes): Promise<Table> {
  const name = `aludel_${randomBytes(9).toString('hex')}`;
  const quoted = quoteIdentifier(name);
  // A temporary table has neither partitions nor periods, and lies where and how the server likes.
  const known = Object.entries(findTable(live, table)?.options ?? {});
  const options = Object.fromEntries(known.filter(([key]) => OPTIONS_OF_SCRATCH.has(key)));
  const scratch = scratchTable(table, name, options);
  try {
    const statement = createTable(
      modes.needsKey ? withAnyKey(scratch) : scratch,
      connection.server,
      'CREATE TEMPORARY TABLE',
    );
    await modes.whileWriting(() => connection.execute(statement));
  } catch (error) {
    throw explain(error, table, connection);
  }
  try {
    const shown = await modes.whileReading(() =>
      showTable(connection, name, (text) => withoutOwnDatabase(text, modes.database)),
    );
    return takeSpelling(table, withSpelling(table, scratch, shown));
  } finally {
    await connection.execute(`DROP TEMPORARY TABLE IF EXISTS ${quoted}`);
  }
}

/** A default that counts with a sequence says in which database. */
function withoutOwnDatabase(text: string, database: string): string {
  return /\b(?:nextval|lastval|setval)\(/i.test(text) ? withoutDatabase(text, database) : text;
}

/** Only what holds expressions. The names of checks are one pool per database on MySQL, so that these get their own. */
function scratchTable(table: Table, name: string, options: Table['options']): Table {
  return {
    ...table,
    name,
    options,
    columns: table.columns.map((column) => ({ ...column, generation: null, comment: null })),
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: table.checks.map((check, i) => ({ ...check, name: `${name}_${i}` })),
    indexes: table.indexes.filter(
      ({ parts, definition }) => definition === null && parts.some(({ expression }) => expression.kind !== 'column'),
    ),
    comment: null,
  };
}

/** MariaDB shows no reference system. */
function isUnshown(type: ColumnType): boolean {
  return type.kind === 'custom' && typeof type.sql === 'string' && /\bref_system_id=/.test(type.sql);
}

/** The table with its expressions and types as they were shown, under its own names. */
function withSpelling(table: Table, scratch: Table, shown: ShownTable): Table {
  const columns = new Map(shown.columns.map((column) => [column.name, column]));
  const checks = new Map(shown.checks.map((check) => [check.name, check.expression]));
  const indexes = new Map(shown.indexes.map((index) => [index.name, index.parts]));
  return {
    ...table,
    columns: table.columns.map((column) => {
      const known = columns.get(column.name);
      if (known === undefined) return column;
      const { generated } = column;
      return {
        ...column,
        type: isUnshown(column.type) ? column.type : known.type,
        default: known.default,
        generated: generated && {
          ...generated,
          expression: known.generated ?? generated.expression,
        },
      };
    }),
    checks: table.checks.map((check, i) => ({
      ...check,
      expression: checks.get(scratch.checks[i]?.name ?? '') ?? check.expression,
    })),
    indexes: table.indexes.map((index) => ({
      ...index,
      parts: index.parts.map((part, i) => ({
        ...part,
        expression: indexes.get(index.name)?.[i] ?? part.expression,
      })),
    })),
  };
}

const DENIED: ReadonlySet<unknown> = new Set(['ER_DBACCESS_DENIED_ERROR', 'ER_TABLEACCESS_DENIED_ERROR']);

function explain(error: unknown, table: Table, connection: Connection): unknown {
  if (!isRefusedStatement(error)) return error;
  const server = connection.dialect === 'mariadb' ? 'MariaDB' : 'MySQL';
  if (DENIED.has(error.details['driverCode'])) {
    return new AludelError(
      'ALUDEL_STATEMENT_FAILED',
      `The account may not create temporary tables, which is how ${server} is asked to spell the model of "${table.name}".`,
      {
        hint: 'GRANT CREATE TEMPORARY TABLES ON the database to it.',
        details: error.details,
        cause: error,
      },
    );
  }
  return new AludelError('ALUDEL_MODELS_INVALID', `${server} refuses the model of "${table.name}": ${error.message}`, {
    hint: 'Check its defaults, checks, generated columns and index expressions.',
    details: error.details,
    cause: error,
  });
}
