/**
 * PostgreSQL: what a table has from those that it inherits from. A table says of such a column only what it says otherwise than they do.
 * https://www.postgresql.org/docs/current/ddl-inherit.html
 */
import { verbatim } from '../schema/expressions/expression.js';
import { findParent } from '../schema/partition-of.js';
import { sameExpression } from '../schema/same.js';
import { type Check, type Column, EMPTY_COLUMN, type Table } from '../schema/table.js';

/** A column that a table has from others. */
export interface InheritedColumn {
  /** As the table has it if it says nothing: its NOT NULL is theirs. */
  readonly column: Column;
  /** One of them takes no NULL there, so that the table does not either. */
  readonly isRequired: boolean;
}

export type InheritedColumns = ReadonlyMap<string, InheritedColumn>;

const NONE: InheritedColumns = new Map();

/** What an override says that takes the default away which the column would have. */
const NO_DEFAULT = verbatim('NULL');

export function isHeir(table: Table): boolean {
  return table.options['inherits'] !== undefined;
}

/** The names of the tables that one inherits from, in their order. */
export function parentNames({ options }: Table): readonly string[] {
  const { inherits } = options;
  return typeof inherits === 'string' ? inherits.split(', ') : [];
}

/** The tables that one inherits from itself, in their order. */
export function parentsOf(table: Table, tables: readonly Table[]): readonly Table[] {
  return parentNames(table).flatMap((name) => findParent(name, tables) ?? []);
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
      found.set(name, {
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
  if (!table.columns.some(({ inherited }) => inherited === true)) return table;
  const inherited = inheritedColumns(table, tables);
  const columns = table.columns.flatMap((column) => {
    if (column.inherited !== true) return [column];
    const own = override(column, inherited.get(column.name), table.primaryKey?.columns ?? []);
    return saysNothing(own) ? [] : [own];
  });
  return { ...table, columns, options: withoutFollowing(table, inherited, tables) };
}

/** True for a column whose NOT NULL holds in the tables that inherit it. */
function isRequiredBelow({ nullable, notNullManner }: Column): boolean {
  return !nullable && notNullManner?.startsWith('no inherit') !== true;
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
