/**
 * PostgreSQL: what a table has from those that it inherits from. A table says of such a column only what it says otherwise than they do.
 * https://www.postgresql.org/docs/current/ddl-inherit.html
 */
import { type Expression, verbatim } from '../schema/expressions/expression.js';
import { relationKey } from '../schema/objects.js';
import { findParent } from '../schema/partition-of.js';
import { serialName } from '../schema/serial-name.js';
import { sameExpression } from '../schema/same.js';
import { sortTopologically } from '../util/topological-sort.js';
import { type Check, type Column, EMPTY_COLUMN, type Table } from '../schema/table.js';
import { changedColumn } from './changed-column.js';
import type { AlterColumn } from './operation.js';

/** A column that a table has from others. */
export interface InheritedColumn {
  /** As the table has it if it says nothing: its NOT NULL is theirs. */
  readonly column: Column;
  /** One of them takes no NULL there, so that the table does not either. */
  readonly isRequired: boolean;
  /** The default in the place of `column.default`, which goes with a sequence of one of them. */
  readonly counter: Expression | null;
}

export type InheritedColumns = ReadonlyMap<string, InheritedColumn>;

const NONE: InheritedColumns = new Map();

/** What an override says that takes the default away which the column would have. */
const NO_DEFAULT = verbatim('NULL');

export function isHeir(table: Table): boolean {
  return typeof table.options['inherits'] === 'string';
}

/** The names of the tables that one inherits from, in their order. */
export function parentNames({ options }: Table): readonly string[] {
  const { inherits } = options;
  return typeof inherits === 'string' ? inherits.split(/,\s*/) : [];
}

/** The tables that one inherits from itself, in their order. */
export function parentsOf(table: Table, tables: readonly Table[]): readonly Table[] {
  return parentNames(table).flatMap((name) => findParent(name, tables) ?? []);
}

/** The tables, those that inherit behind those that they inherit from. */
export function parentsFirst(tables: readonly Table[]): readonly Table[] {
  return tables.some(isHeir) ? sortTopologically(tables, (table) => parentsOf(table, tables)).order : tables;
}

/** What the table has from `parents`: all of its own, or some of them. */
export function inheritedColumns(
  table: Table,
  tables: readonly Table[],
  parents: readonly Table[] = parentsOf(table, tables),
): InheritedColumns {
  if (parents.length === 0) return NONE;
  const found = new Map<string, InheritedColumn>();
  for (const parent of parents) {
    const above = inheritedColumns(parent, tables);
    for (const [name, column] of wholeColumns(parent, above)) {
      const known = found.get(name);
      const isRequired = isRequiredBelow(column) || above.get(name)?.isRequired === true;
      const ownCounter = column.generation?.kind === 'serial' ? nextNumber(parent, name) : null;
      found.set(name, {
        counter: known?.counter ?? above.get(name)?.counter ?? ownCounter,
        column: known?.column.default == null ? passOn(column) : known.column,
        isRequired: isRequired || known?.isRequired === true,
      });
    }
  }
  return found;
}

/** All columns of a table by name: those that it inherits with what it says of them, in their order, then its own. */
export function wholeColumns(table: Table, inherited: InheritedColumns): ReadonlyMap<string, Column> {
  const said = new Map(table.columns.map((column) => [column.name, column]));
  const above = [...inherited].map(([name, { column }]): [string, Column] => {
    const own = said.get(name);
    if (own?.inherited !== true) return [name, own ?? column];
    const { type, collation, generated, generation } = column;
    return [name, { ...own, type, collation, generated, generation, default: own.default ?? column.default }];
  });
  return new Map([...above, ...[...said].filter(([name]) => !inherited.has(name))]);
}

/** The checks that a table has from others. */
export function inheritedChecks(
  table: Table,
  tables: readonly Table[],
  parents: readonly Table[] = parentsOf(table, tables),
): readonly Check[] {
  return parents.flatMap((parent) => [
    ...parent.checks.filter(({ noInherit }) => noInherit !== true),
    ...inheritedChecks(parent, tables),
  ]);
}

/**
 * The table, of which every column was read as it stands, without what it only has from others. `tables` are as they were read;
 * of a table that is not among them nothing is known.
 */
export function withoutInheritance(table: Table, tables: readonly Table[]): Table {
  if (!isHeir(table)) return table;
  const inherited = inheritedColumns(table, tables);
  const columns = table.columns.flatMap((column) => {
    if (column.inherited !== true) return [countedAbove(column, inherited.get(column.name))];
    const own = override(column, inherited.get(column.name), table.primaryKey?.columns ?? []);
    return saysNothing(own) ? [] : [own];
  });
  return { ...table, columns, options: withoutFollowing(table, inherited, tables) };
}

/** The heir after a change of a column that it has from others; what it says of this one is said anew. */
export function alterInherited(table: Table, { column: name, changes }: AlterColumn, tables: readonly Table[]): Table {
  const inherited = inheritedColumns(table, tables);
  const known = wholeColumns(table, inherited).get(name);
  if (known?.inherited !== true) return table;
  const own = override(changedColumn(known, changes), inherited.get(name), table.primaryKey?.columns ?? []);
  const others = table.columns.filter((column) => column.name !== name);
  return { ...table, columns: saysNothing(own) ? others : [...others, own] };
}

/** The heirs without what they say of columns that nobody hands on to them any more. */
export function withoutOrphans(tables: readonly Table[]): readonly Table[] {
  return tables.map((table) => {
    if (!table.columns.some(({ inherited }) => inherited === true)) return table;
    const inherited = inheritedColumns(table, tables);
    return { ...table, columns: table.columns.filter((column) => !column.inherited || inherited.has(column.name)) };
  });
}

/** NO INHERIT: what the table had from those that it leaves is its own. INHERIT changes nothing about the table itself. */
export function changeParents(table: Table, inherits: string | null, tables: readonly Table[]): Table {
  const { inherits: _inherits, ...options } = table.options;
  const changed: Table = { ...table, options: inherits === null ? options : { ...options, inherits } };
  const left = parentsOf(table, tables).filter((parent) => !parentsOf(changed, tables).includes(parent));
  const kept = inheritedColumns(changed, tables);
  const own = [...wholeColumns(table, inheritedColumns(table, tables)).values()].flatMap((column) => {
    const { inherited, ...rest } = column;
    if (inherited !== true) return [column];
    return kept.has(column.name) ? table.columns.filter(({ name }) => name === column.name) : [rest];
  });
  const keys = new Set(parentsOf(table, tables).map(relationKey));
  const needs = (table.dependsOn ?? []).filter((key) => !keys.has(key));
  const dependsOn = [...needs, ...parentsOf(changed, tables).map(relationKey)];
  const { dependsOn: _dependsOn, ...rest } = changed;
  return {
    ...rest,
    columns: own,
    checks: [...table.checks, ...inheritedChecks(table, tables, left).filter(({ name }) => !has(table.checks, name))],
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
  };
}

function has(checks: readonly Check[], name: string | null): boolean {
  return checks.some((check) => check.name === name);
}

/** True for a column whose NOT NULL holds in the tables that inherit it. */
function isRequiredBelow({ nullable, notNullManner }: Column): boolean {
  return !nullable && notNullManner?.startsWith('no inherit') !== true;
}

function nextNumber({ namespace, name }: Table, column: string): Expression {
  const parts = [...(namespace === null ? [] : [namespace]), serialName(name, column)];
  const sequence = parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  return verbatim(`nextval('${sequence.replaceAll("'", "''")}')`);
}

/** The column as a table has it that inherits it: numbers are counted by the sequence of the other one. */
function passOn({ name, type, collation, default: value, generated }: Column): Column {
  return { ...EMPTY_COLUMN, name, type, collation, default: value, generated, inherited: true };
}

/** What the table says for itself. A NOT NULL that its primary key brings along is not said. */
function override(column: Column, known: InheritedColumn | undefined, key: readonly string[]): Column {
  const { notNullName, notNullManner, ...rest } = column;
  const isOfKey = known?.isRequired !== true && notNullName === undefined && key.includes(column.name);
  const nullable = column.nullable || isOfKey;
  const inherited = known?.column.default ?? null;
  const follows = known === undefined || sameExpression(column.default, inherited);
  return {
    ...rest,
    nullable,
    default: follows || column.generated !== null ? null : (column.default ?? NO_DEFAULT),
    generated: null,
    generation: null,
    collation: null,
    ...(nullable || notNullName === undefined ? {} : { notNullName }),
    ...(nullable || notNullManner === undefined ? {} : { notNullManner }),
  };
}

/** A column of both that is counted by the sequence of the other table says so by saying nothing. */
function countedAbove(column: Column, known: InheritedColumn | undefined): Column {
  if (known?.counter == null || column.generation !== null) return column;
  const isCounted = sameExpression(column.default, known.column.default);
  return { ...column, default: isCounted ? null : (column.default ?? NO_DEFAULT) };
}

function saysNothing({ nullable, default: value, comment }: Column): boolean {
  return nullable && value === null && comment === null;
}

/** How a column is stored it has from the others as well. */
function withoutFollowing(table: Table, inherited: InheritedColumns, tables: readonly Table[]): Table['options'] {
  const parents = parentsOf(table, tables);
  const follows = (key: string, value: string | boolean): boolean => {
    const [, column = ''] = /^column(?:Storage|Compression) (.+)$/s.exec(key) ?? [];
    return inherited.has(column) && parents.some(({ options }) => options[key] === value);
  };
  return Object.fromEntries(Object.entries(table.options).filter(([key, value]) => !follows(key, value)));
}
