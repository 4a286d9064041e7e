/** What entity-relationship diagrams show of a schema, whatever they are drawn with. */
import { type Column, type ForeignKey, type Schema, type Table, tableKey } from '../../../schema/table.js';
import type { ColumnType } from '../../../schema/types.js';

export interface DiagramColumn {
  readonly name: string;
  readonly type: string;
  readonly isKey: boolean;
  readonly isReference: boolean;
  readonly isUnique: boolean;
  readonly isNullable: boolean;
}

export interface DiagramTable {
  readonly key: string;
  readonly columns: readonly DiagramColumn[];
}

export interface DiagramReference {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly string[];
  /** Every row of `from` has one; else one or none. */
  readonly isRequired: boolean;
  /** At most one row of `from` leads to a row of `to`. */
  readonly isSingle: boolean;
}

export interface Diagram {
  readonly tables: readonly DiagramTable[];
  readonly references: readonly DiagramReference[];
}

export function makeDiagram(schema: Schema): Diagram {
  const known = new Set(schema.tables.map(tableKey));
  return {
    tables: schema.tables.map((table) => ({
      key: tableKey(table),
      columns: table.columns.map((column) => describeColumn(column, table)),
    })),
    references: schema.tables.flatMap((table) =>
      table.foreignKeys.filter((key) => known.has(tableKey(key.target))).map((key) => describeReference(key, table)),
    ),
  };
}

function describeColumn({ name, type, nullable }: Column, table: Table): DiagramColumn {
  return {
    name,
    type: typeText(type),
    isKey: table.primaryKey?.columns.includes(name) === true,
    isReference: table.foreignKeys.some((key) => key.columns.includes(name)),
    isUnique: table.uniques.some(({ columns }) => columns.length === 1 && columns[0] === name),
    isNullable: nullable,
  };
}

function describeReference(key: ForeignKey, table: Table): DiagramReference {
  const keys = [table.primaryKey?.columns ?? [], ...table.uniques.map((unique) => unique.columns)];
  return {
    from: tableKey(table),
    to: tableKey(key.target),
    columns: key.columns,
    isRequired: key.columns.every((name) => table.columns.find((column) => column.name === name)?.nullable === false),
    isSingle: keys.some((one) => one.length === key.columns.length && one.every((name) => key.columns.includes(name))),
  };
}

/** The type in few words, as the functions of the models are called. */
function typeText(type: ColumnType): string {
  switch (type.kind) {
    case 'numeric':
      return type.precision === null ? 'numeric' : `numeric(${type.precision},${type.scale ?? 0})`;
    case 'char':
    case 'varchar':
      return type.length === null ? type.kind : `${type.kind}(${type.length})`;
    case 'time':
    case 'timestamp':
      return `${type.kind}${type.withTimezone ? 'tz' : ''}${type.precision === null ? '' : `(${type.precision})`}`;
    case 'enum':
      return type.name;
    case 'custom':
      return typeof type.sql === 'string' ? type.sql : 'custom';
    default:
      return type.kind;
  }
}
