/** From a parsed CREATE TABLE to the schema's table, and what of it the schema cannot say. */
import { type Expression, verbatim } from '../../schema/expressions/expression.js';
import type { Check, Column, ForeignKey, PrimaryKey, Table, Unique } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import { byName } from '../normalise-schema.js';
import type { ColumnConstraint } from './ddl/column-constraints.js';
import type { ColumnDefinition, CreateTable } from './ddl/create-table.js';
import type { Deferrable, References } from './ddl/foreign-key-clause.js';
import type { IndexedColumn } from './ddl/indexed-columns.js';
import { foldName } from './ddl/names.js';
import type { TableConstraint } from './ddl/table-constraints.js';
import { readLayout } from './layout.js';
import { isClockWord } from './sql.js';
import { readEnumCheck } from './enum-check.js';
import { parseType } from './types.js';

export function readTable(parsed: CreateTable, name: string): Table {
  const primaryKey = readPrimaryKey(parsed);
  const found: Constraints = { uniques: [], foreignKeys: [], checks: [] };
  for (const column of parsed.columns) readColumnConstraints(column, found);
  for (const constraint of parsed.constraints) readTableConstraint(constraint, found);
  const columns = parsed.columns.map((column) => readColumn(column, primaryKey, parsed));
  const { strict, withoutRowid } = parsed.options;
  const table: Table = {
    namespace: null,
    name,
    columns,
    primaryKey: primaryKey === null ? null : { ...primaryKey, columns: actualNames(columns, primaryKey.columns) },
    uniques: found.uniques.map((unique) => ({ ...unique, columns: actualNames(columns, unique.columns) })).sort(byName),
    foreignKeys: found.foreignKeys.map((key) => ({ ...key, columns: actualNames(columns, key.columns) })).sort(byName),
    checks: found.checks.sort(byName),
    indexes: [],
    comment: null,
    options: { ...(strict ? { strict } : {}), ...(withoutRowid ? { withoutRowid } : {}) },
  };
  return { ...table, options: { ...table.options, ...readLayout(parsed, table) } };
}

interface Constraints {
  readonly uniques: Unique[];
  readonly foreignKeys: ForeignKey[];
  readonly checks: Check[];
}

function actualNames(columns: readonly Column[], names: readonly string[]): string[] {
  return names.map((name) => columns.find((column) => foldName(column.name) === foldName(name))?.name ?? name);
}

function readPrimaryKey(parsed: CreateTable): PrimaryKey | null {
  for (const column of parsed.columns) {
    const constraint = find(column, 'primaryKey');
    if (constraint !== undefined) {
      return { kind: 'primaryKey', name: constraint.name?.value ?? null, columns: [column.name.value] };
    }
  }
  for (const constraint of parsed.constraints) {
    if (constraint.kind !== 'primaryKey') continue;
    return { kind: 'primaryKey', name: constraint.name?.value ?? null, columns: constraint.columns.map(nameOf) };
  }
  return null;
}

function readColumn(column: ColumnDefinition, primaryKey: PrimaryKey | null, parsed: CreateTable): Column {
  const name = column.name.value;
  const declared = column.type?.text ?? '';
  const values = column.constraints.flatMap((constraint) =>
    constraint.kind === 'check' && constraint.name === null ? readEnumCheck(constraint.expression.text, name) : [],
  );
  const isEnum = values.length > 0 && declared.toUpperCase() === 'TEXT';
  const type: ColumnType = isEnum ? { kind: 'enum', namespace: null, name, values } : parseType(declared);
  const isKey = primaryKey?.columns.some((key) => foldName(key) === foldName(name)) === true;
  const isRowId = isKey && primaryKey.columns.length === 1 && declared.toUpperCase() === 'INTEGER';
  const isImplied = isKey && (isRowId || parsed.options.withoutRowid);
  const value = find(column, 'default');
  const generated = find(column, 'generated');
  const counts =
    find(column, 'primaryKey')?.autoincrement === true ||
    parsed.constraints.some((constraint) => constraint.kind === 'primaryKey' && isKey && constraint.autoincrement);
  return {
    name,
    type,
    nullable: find(column, 'notNull') === undefined && !isImplied,
    default: value === undefined ? null : readDefault(value.value.text, type),
    generation: counts ? { kind: 'autoincrement' } : null,
    generated:
      generated === undefined
        ? null
        : { expression: verbatim(generated.expression.text), stored: generated.storage === 'stored' },
    onUpdate: null,
    collation: find(column, 'collate')?.collation.value ?? null,
    comment: null,
  };
}

/** What a person would write for a default, where that is beyond doubt. */
function readDefault(text: string, type: ColumnType): Expression {
  if (isClockWord(text) && text.toUpperCase() === 'CURRENT_TIMESTAMP') return verbatim(text, { kind: 'now' });
  if (type.kind === 'boolean' && /^[01]$/.test(text)) return verbatim(text, { kind: 'literal', value: text === '1' });
  if (text === String(Number(text)) && /^-?\d{1,15}$/.test(text))
    return verbatim(text, { kind: 'literal', value: Number(text) });
  const string = /^'((?:[^']|'')*)'$/s.exec(text);
  if (string?.[1] === undefined) return verbatim(text);
  return verbatim(text, { kind: 'literal', value: string[1].replaceAll("''", "'") });
}

function readColumnConstraints(column: ColumnDefinition, found: Constraints): void {
  const name = column.name.value;
  for (const constraint of column.constraints) {
    const given = constraint.name?.value ?? null;
    switch (constraint.kind) {
      case 'unique':
        found.uniques.push({ kind: 'unique', name: given, columns: [name] });
        break;
      case 'check':
        if (given === null && isEnumColumn(column) && readEnumCheck(constraint.expression.text, name).length > 0) break;
        found.checks.push({ kind: 'check', name: given, expression: verbatim(constraint.expression.text) });
        break;
      case 'references': {
        const apart = find(column, 'deferrable')?.deferrable ?? null;
        found.foreignKeys.push(readForeignKey(given, [name], constraint.references, apart));
        break;
      }
      default:
    }
  }
}

function readTableConstraint(constraint: TableConstraint, found: Constraints): void {
  const name = constraint.name?.value ?? null;
  switch (constraint.kind) {
    case 'unique':
      found.uniques.push({ kind: 'unique', name, columns: constraint.columns.map(nameOf) });
      break;
    case 'check':
      found.checks.push({ kind: 'check', name, expression: verbatim(constraint.expression.text) });
      break;
    case 'foreignKey': {
      const columns = constraint.columns.map((column) => column.value);
      found.foreignKeys.push(readForeignKey(name, columns, constraint.references, null));
      break;
    }
    default:
  }
}

function readForeignKey(
  name: string | null,
  columns: readonly string[],
  references: References,
  apart: Deferrable | null,
): ForeignKey {
  const deferrable = references.deferrable ?? apart;
  return {
    kind: 'foreignKey',
    name,
    columns,
    target: { namespace: null, name: references.table.value },
    targetColumns: references.columns?.map((column) => column.value) ?? [],
    onDelete: references.onDelete ?? 'no action',
    onUpdate: references.onUpdate ?? 'no action',
    deferrable: deferrable?.isDeferred === true ? 'deferred' : null,
  };
}

function isEnumColumn(column: ColumnDefinition): boolean {
  return column.type?.text.toUpperCase() === 'TEXT';
}

function nameOf(column: IndexedColumn): string {
  return column.column?.value ?? column.expression.text;
}

type Of<K extends ColumnConstraint['kind']> = Extract<ColumnConstraint, { readonly kind: K }>;

function find<K extends ColumnConstraint['kind']>(column: ColumnDefinition, kind: K): Of<K> | undefined {
  return column.constraints.find((constraint): constraint is Of<K> => constraint.kind === kind);
}
