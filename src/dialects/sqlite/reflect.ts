/** SQLite's catalog is the text of its CREATE statements: it is read in two statements and parsed. */
import { AludelError } from '../../errors.js';
import type { Connection, Row } from '../../engine/connection.js';
import type { ForeignKey, Index, IndexPart, NamedSql, Schema, Table } from '../../schema/table.js';
import { verbatim } from '../../schema/expressions/expression.js';
import type { ReflectOptions } from '../dialect.js';
import { byName } from '../normalise-schema.js';
import { groupRows, textOf, textOrNull } from '../row.js';
import { parseCreateIndex } from './ddl/create-index.js';
import { parseCreateTable } from './ddl/create-table.js';
import { foldName } from './ddl/names.js';
import { compareByTokens } from './normalise.js';
import { readObjects } from './objects.js';
import { readTable } from './read-table.js';
import { quoteIdentifier } from './sql.js';

const CATALOG = `
SELECT type, name, tbl_name AS table_name, sql FROM sqlite_master
WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`;

/** Virtual tables, and the shadow tables in which they keep their rows, belong to their modules. */
const TABLE_KINDS = `SELECT name, type FROM pragma_table_list WHERE schema = 'main'`;

export async function reflect(connection: Connection, options: ReflectOptions): Promise<Schema> {
  const { rows } = await connection.execute(CATALOG);
  const kinds = groupRows((await connection.execute(TABLE_KINDS)).rows, 'type');
  const ofKind = (type: string): ReadonlySet<string> => new Set(kinds.get(type)?.map((row) => textOf(row, 'name')));
  const [real, virtual] = [ofKind('table'), ofKind('virtual')];
  const byType = groupRows(rows, 'type');
  const indexes = groupRows(byType.get('index') ?? [], 'table_name');
  const triggers = groupRows(byType.get('trigger') ?? [], 'table_name');
  const views = byType.get('view') ?? [];
  // Once a view: there may be a thousand of them, and a thousand tables.
  const mentioning = views.map((view) => ({ name: textOf(view, 'name'), words: foldName(textOf(view, 'sql')) }));
  const tables = (byType.get('table') ?? [])
    .filter((row) => real.has(textOf(row, 'name')) && !options.ignoredTables.includes(textOf(row, 'name')))
    .map((row): Table => {
      const name = textOf(row, 'name');
      const table = readOne(row);
      const own = (indexes.get(name) ?? []).filter((index) => textOrNull(index, 'sql') !== null);
      const source = {
        sql: textOf(row, 'sql'),
        indexes: own.map(namedSql),
        triggers: (triggers.get(name) ?? []).map(namedSql),
        views: namesOfViews(mentioning, name),
      };
      return compareByTokens({ ...table, indexes: own.map((index) => readIndex(index, table)).sort(byName), source });
    });
  const owners = new Set([...tables, ...views.map((view) => ({ name: textOf(view, 'name') }))].map(({ name }) => name));
  const objects = readObjects(rows, owners, virtual);
  return {
    namespaces: [],
    enums: [],
    sequences: [],
    tables: resolveTargets(tables).sort(byName),
    ...(objects.length === 0 ? {} : { objects }),
  };
}

function readOne(row: Row): Table {
  const name = textOf(row, 'name');
  const parsed = parseCreateTable(textOf(row, 'sql'));
  if (parsed.kind === 'table') return readTable(parsed, name);
  throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', `Table "${name}" cannot be read: ${parsed.reason}`, {
    hint: `Leave it out: exclude: ['${name}'] in the config.`,
  });
}

function namedSql(row: Row): NamedSql {
  return { name: textOf(row, 'name'), sql: textOf(row, 'sql') };
}

/** A view that only might mention the table counts: it is looked at again after a rebuild. */
function namesOfViews(views: readonly { readonly name: string; readonly words: string }[], table: string): string[] {
  const word = foldName(table);
  return views.filter(({ words }) => words.includes(word)).map(({ name }) => name);
}

function readIndex(row: Row, table: Table): Index {
  const sql = textOf(row, 'sql');
  const parsed = parseCreateIndex(sql);
  if (parsed.kind === 'other') {
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `Index "${textOf(row, 'name')}" cannot be read: ${parsed.reason}`,
    );
  }
  const parts = parsed.parts.map((part): IndexPart => {
    const name = part.column === null ? undefined : columnOf(table, part.column.value);
    const expression = name === undefined ? verbatim(part.expression.text) : ({ kind: 'column', name } as const);
    const collation = part.collate === null ? {} : { collation: collationText(part.collate.value) };
    return { expression, descending: part.order === 'desc', length: null, ...collation };
  });
  return {
    name: textOf(row, 'name'),
    unique: parsed.unique,
    parts,
    where: parsed.where === null ? null : verbatim(parsed.where.text),
    method: null,
    definition: null,
  };
}

/** As SQL, which is how index parts have it. */
function collationText(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : quoteIdentifier(name);
}

/** A column by any spelling of its name: SQLite does not tell letter cases apart. */
export function columnOf(table: Pick<Table, 'columns'>, name: string): string | undefined {
  return table.columns.find((column) => foldName(column.name) === foldName(name))?.name;
}

/** Foreign keys name tables in any letter case, and mean the primary key where they name no column. */
function resolveTargets(tables: readonly Table[]): Table[] {
  const byFolded = new Map(tables.map((table) => [foldName(table.name), table]));
  const resolve = (key: ForeignKey): ForeignKey => {
    const target = byFolded.get(foldName(key.target.name));
    if (target === undefined) return key;
    const named = key.targetColumns.map((column) => columnOf(target, column) ?? column);
    const targetColumns = named.length > 0 ? named : (target.primaryKey?.columns ?? []);
    return { ...key, target: { namespace: null, name: target.name }, targetColumns };
  };
  return tables.map((table) => ({ ...table, foreignKeys: table.foreignKeys.map(resolve) }));
}
