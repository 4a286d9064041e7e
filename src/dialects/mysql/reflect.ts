import type { Connection, Row, ServerVersion } from '../../engine/connection.js';
import type { Expression } from '../../schema/expressions/expression.js';
import { saidNoAction } from '../../schema/build-parts.js';
import type { Check, Column, ForeignKey, ForeignKeyAction, Schema, Table, TableOptions } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import type { ReflectOptions } from '../dialect.js';
import { byName } from '../normalise-schema.js';
import { flagOf, groupRows, textOf, textOrNull } from '../row.js';
import * as catalog from './catalog.js';
import { currentTimestampOf } from './defaults.js';
import { featuresOf } from './features.js';
import { normaliseTable } from './normalise.js';
import { readObjects } from './objects/read-objects.js';
import { readIndexes } from './reflect-indexes.js';
import { JSON_COLLATION, jsonCheck, type ShownTable } from './show-create.js';
import { showTable } from './show-table.js';
import {
  isBinaryType,
  readDefault,
  readExpression,
  spellDefault,
  spellLiteral,
  unescapeCatalogText,
} from './spelling.js';
import { printPeriod, withoutPeriodCheck } from './application-period.js';
import { readAttributes } from './column-attributes.js';
import { readInvisible } from './invisible-columns.js';
import { readSequences } from './sequences.js';
import { readSessionModes, type SessionModes } from './session-modes.js';
import { isOfPeriod, readVersioning, withoutPeriodEnd } from './system-versioning.js';
import { readCreateOptions } from './table-options.js';
import { charsetOf, parseType } from './types.js';
import { withoutDatabase } from './without-database.js';

/**
 * Reads the current database in seven statements, in one more each for sequences and for the reference systems of geometries where
 * MariaDB has any, and in one for each table, view, trigger and routine: no catalog has all that SHOW CREATE says of these. On MariaDB a
 * table with bytes for a default takes four more.
 */
export async function reflect(connection: Connection, options: ReflectOptions): Promise<Schema> {
  const modes = await readSessionModes(connection);
  return modes.whileReading(() => readSchema(connection, options, modes));
}

async function readSchema(connection: Connection, options: ReflectOptions, modes: SessionModes): Promise<Schema> {
  const { server } = connection;
  const { sqlMode } = modes;
  const features = featuresOf(server);
  const { isMariadb } = features;
  const read = async (query: string): Promise<readonly Row[]> => (await connection.execute(query)).rows;
  const found = await read(catalog.TABLES);
  const tables = found.filter((row) => !isSequence(row));
  const sequences = await readSequences(connection, found.filter(isSequence));
  const columnRows = await read(catalog.COLUMNS(features));
  const hasGeometry = isMariadb && columnRows.some(isGeometry);
  const systems = hasGeometry ? await read(catalog.REFERENCE_SYSTEMS) : [];
  const columns = groupRows(withSystems(columnRows, systems), 'table_name');
  const indexes = groupRows(await read(catalog.INDEXES(features)), 'table_name');
  const foreignKeys = groupRows(await read(catalog.FOREIGN_KEYS), 'table_name');
  const checks = groupRows(await read(catalog.CHECKS(isMariadb)), 'table_name');
  const objects = await readObjects(connection, sqlMode);
  const readTable = (row: Row, shown: ShownTable): Table => {
    const name = textOf(row, 'name');
    const collation = textOrNull(row, 'collation');
    const clauses = withoutPeriodCheck(checks.get(name) ?? [], shown.period);
    const rows = columns.get(name) ?? [];
    const documents = new Set(isMariadb ? namesOfDocuments(rows, clauses) : []);
    const ownRows = rows.filter((column) => !isOfPeriod(column));
    const { primaryKey, others } = readIndexes(withoutPeriodEnd(indexes.get(name) ?? [], rows), shown.indexes);
    const isDocument = (check: Row): boolean => documents.has(textOf(check, 'name')) && isJsonCheck(check);
    const table: Table = {
      namespace: null,
      name,
      columns: ownRows.map((column) => readColumn(column, collation, documents, server)),
      primaryKey,
      uniques: [],
      foreignKeys: [...groupRows(foreignKeys.get(name) ?? [], 'name').values()].map(readForeignKey).sort(byName),
      checks: clauses
        .filter((check) => !isDocument(check))
        .map((check) => readCheck(check, isMariadb))
        .sort(byName),
      indexes: others,
      comment: textOrNull(row, 'comment') || null,
      options: {
        ...readOptions(row, modes, shown.partitions),
        ...shown.options,
        ...(shown.period === null ? {} : { period: printPeriod(shown.period) }),
        ...readInvisible(ownRows),
        ...readAttributes(shown.columns),
        ...readVersioning(flagOf(row, 'versioned'), rows),
      },
    };
    return normaliseTable(table, server);
  };
  const known: Table[] = [];
  for (const row of tables) {
    const name = textOf(row, 'name');
    if (options.ignoredTables.includes(name)) continue;
    const shown = await showTable(connection, name);
    const table = readTable(row, shown);
    known.push(withShownTexts(isMariadb ? table : withSaidCollations(table, shown, row), shown, isMariadb));
  }
  return {
    namespaces: [],
    enums: [],
    sequences: sequences.sort(byName),
    tables: known.sort(byName),
    ...(objects.length === 0 ? {} : { objects }),
  };
}

function isSequence(row: Row): boolean {
  return flagOf(row, 'is_sequence');
}

const GEOMETRY = /^(?:geometry(?:collection)?|(?:multi)?(?:point|linestring|polygon))$/;

function isGeometry(row: Row): boolean {
  return GEOMETRY.test(textOf(row, 'type'));
}

/** https://mariadb.com/kb/en/ref_system_id/ */
function withSystems(columns: readonly Row[], systems: readonly Row[]): readonly Row[] {
  if (systems.length === 0) return columns;
  const keyOf = (row: Row): string => JSON.stringify([textOf(row, 'table_name'), textOf(row, 'name')]);
  const known = new Map(systems.map((row) => [keyOf(row), textOf(row, 'srid')]));
  return columns.map((row) => {
    const srid = known.get(keyOf(row));
    return srid === undefined ? row : { ...row, type: `${textOf(row, 'type')} ref_system_id=${srid}` };
  });
}

/** MySQL remembers of a column that it said the collation of its table: only SHOW CREATE TABLE tells. */
function withSaidCollations(table: Table, shown: ShownTable, row: Row): Table {
  const said = new Set(shown.columns.flatMap(({ name, saysCharset }) => (saysCharset ? [name] : [])));
  if (said.size === 0) return table;
  const collation = textOrNull(row, 'collation');
  const columns = table.columns.map((column) =>
    column.collation === null && said.has(column.name) ? { ...column, collation } : column,
  );
  return { ...table, columns };
}

/**
 * MySQL's information_schema ends the default of a BINARY or VARBINARY at its first zero byte, and prints characters beyond
 * U+FFFF of a literal as `?`, as MariaDB's does in any expression. SHOW CREATE TABLE has these as they are.
 */
function withShownTexts(table: Table, shown: ShownTable, isMariadb: boolean): Table {
  const columns = new Map(shown.columns.map((column) => [column.name, column]));
  const checks = new Map(shown.checks.map(({ name, expression }) => [name, expression]));
  return {
    ...table,
    columns: table.columns.map((column) => {
      const { default: value, generated, type } = column;
      const known = columns.get(column.name);
      if (known === undefined) return column;
      const isDefaultCutOff = isMariadb ? isCutOff(value) : isCutOffLiteral(value, type);
      const isGeneratedCutOff = isMariadb && isCutOff(generated?.expression);
      return {
        ...column,
        default: isDefaultCutOff ? known.default : value,
        generated:
          isGeneratedCutOff && generated !== null && known.generated !== null
            ? { ...generated, expression: known.generated }
            : generated,
      };
    }),
    checks: table.checks.map((check) => {
      const expression = isMariadb && isCutOff(check.expression) ? checks.get(check.name ?? '') : undefined;
      return expression === undefined ? check : { ...check, expression };
    }),
  };
}

/** MySQL prints the expression of a default as it is. */
function isCutOffLiteral(value: Expression | null, type: ColumnType): boolean {
  return value?.kind === 'verbatim' && (isBinaryType(type) || (value.text.startsWith("'") && isCutOff(value)));
}

function isCutOff(expression: Expression | null | undefined): boolean {
  return expression?.kind === 'verbatim' && /'[^']*\?/.test(expression.text);
}

/** The columns that MariaDB makes of JSON. */
function namesOfDocuments(columns: readonly Row[], checks: readonly Row[]): string[] {
  const checked = new Set(checks.filter(isJsonCheck).map((check) => textOf(check, 'name')));
  return columns
    .filter((row) => textOf(row, 'type') === 'longtext' && textOf(row, 'collation') === JSON_COLLATION)
    .map((row) => textOf(row, 'name'))
    .filter((name) => checked.has(name));
}

/** The check of a column bears the column's name. */
function isJsonCheck(row: Row): boolean {
  return textOf(row, 'expression') === jsonCheck(textOf(row, 'name'));
}

/** One row of the catalog. MariaDB keeps JSON as text: `documents` says which columns are meant. */
export function readColumn(
  row: Row,
  tableCollation: string | null,
  documents: ReadonlySet<string>,
  server: ServerVersion,
): Column {
  const { isMariadb } = featuresOf(server);
  const name = textOf(row, 'name');
  const printed = textOf(row, 'type');
  const collation = textOrNull(row, 'collation');
  const isJson = documents.has(name);
  const type = parseType(isJson ? 'json' : printed, name, server);
  const extra = textOf(row, 'extra');
  const isGenerated = /\b(?:STORED|VIRTUAL|PERSISTENT) GENERATED\b/.test(extra);
  const expression = textOf(row, 'expression');
  const onUpdate = /on update (current_timestamp(?:\(\d*\))?)/i.exec(extra)?.[1];
  return {
    name,
    type,
    nullable: textOf(row, 'nullable') === 'YES',
    default: isGenerated ? null : readDefaultOf(row, type, isMariadb),
    generation: /\bauto_increment\b/i.test(extra) ? { kind: 'autoincrement' } : null,
    generated: isGenerated
      ? {
          expression: readExpression(isMariadb ? expression : unescapeCatalogText(expression)),
          stored: !extra.includes('VIRTUAL'),
        }
      : null,
    onUpdate: onUpdate === undefined ? null : currentTimestampOf(onUpdate),
    collation: collation === tableCollation || isJson ? null : collation,
    comment: textOrNull(row, 'comment') || null,
  };
}

/** MariaDB prints SQL; MySQL prints values as they are, and expressions when EXTRA says DEFAULT_GENERATED. */
function readDefaultOf(row: Row, type: ColumnType, isMariadb: boolean): Expression | null {
  const text = textOrNull(row, 'default_text');
  if (text === null) return null;
  const spelled = isMariadb
    ? spellDefault(withoutDatabase(text, textOf(row, 'namespace')), type, true)
    : spellOfMysql(text, type, textOf(row, 'extra'));
  return spelled === null ? null : readDefault(spelled, type);
}

function spellOfMysql(text: string, type: ColumnType, extra: string): string | null {
  if (!extra.includes('DEFAULT_GENERATED')) return spellLiteral(text, type);
  if (/^CURRENT_TIMESTAMP(\(\d\))?$/.test(text)) return text;
  return spellDefault(`(${unescapeCatalogText(text)})`, type, false);
}

function readCheck(row: Row, isMariadb: boolean): Check {
  const text = textOf(row, 'expression');
  const expression = readExpression(isMariadb ? text : unescapeCatalogText(text));
  const isOff = textOf(row, 'enforced') === 'NO';
  return { kind: 'check', name: textOf(row, 'name'), expression, ...(isOff ? { notEnforced: true } : {}) };
}

const ACTIONS: Readonly<Record<string, ForeignKeyAction>> = {
  'NO ACTION': 'no action',
  RESTRICT: 'restrict',
  CASCADE: 'cascade',
  'SET NULL': 'set null',
  'SET DEFAULT': 'set default',
};

function readForeignKey(rows: readonly Row[]): ForeignKey {
  const row = rows[0] ?? {};
  const action = (key: string): ForeignKeyAction => ACTIONS[textOf(row, key)] ?? 'no action';
  const actions = { onDelete: action('on_delete'), onUpdate: action('on_update') };
  return {
    kind: 'foreignKey',
    name: textOf(row, 'name'),
    columns: rows.map((part) => textOf(part, 'column_name')),
    target: { namespace: textOrNull(row, 'target_namespace'), name: textOf(row, 'target_name') },
    targetColumns: rows.map((part) => textOf(part, 'target_column')),
    ...actions,
    ...saidNoAction(actions),
    deferrable: null,
  };
}

/** What differs from a table that says nothing: so that a dropped table comes back the same. */
function readOptions(row: Row, modes: SessionModes, partitionBy: string | null): TableOptions {
  const engine = textOf(row, 'engine');
  const collation = textOf(row, 'collation');
  return {
    ...((engine === 'InnoDB' && modes.engine === engine) || engine === '' ? {} : { engine }),
    ...(collation === modes.collation || collation === '' ? {} : { charset: charsetOf(collation), collation }),
    ...readCreateOptions(textOf(row, 'options')),
    ...(partitionBy === null ? {} : { partitionBy }),
  };
}
