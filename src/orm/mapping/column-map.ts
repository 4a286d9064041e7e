import type { DialectName } from '../../engine/connection.js';
import type { Expr } from '../../schema/expressions/expr.js';
import type { ColumnSpec } from '../../schema/column-builder.js';
import type { TableDefinition } from '../../schema/metadata.js';
import type { Table, TableName } from '../../schema/table.js';
import type { DeclaredRelations } from './declared-relations.js';

/** A column between its property and its place in the database. */
export interface ColumnMap {
  readonly property: string;
  readonly name: string;
  readonly spec: ColumnSpec;
  /** Set where the database works the value out whenever it is read: `computed()`. */
  readonly computedBy?: {
    readonly expression: Expr<unknown>;
    /** How its values are read. */
    readonly decoder: (dialect: DialectName) => (value: unknown) => unknown;
  };
}

/** The columns that a table declares. */
export function columnMapsOf({ columns, columnNames }: TableDefinition): ColumnMap[] {
  return Object.entries(columns).map(([property, { spec }]) => ({
    property,
    name: columnNames[property] ?? property,
    spec,
  }));
}

/** A model as far as its relations have to know it. */
export interface MappedTable {
  /** The name of the class. */
  readonly name: string;
  /** The name of the table, for messages. */
  readonly label: string;
  readonly definition: TableDefinition;
  readonly table: Table;
  readonly keys: readonly ColumnMap[];
  readonly byName: ReadonlyMap<string, ColumnMap>;
  readonly declared: DeclaredRelations;
  /** True where rows of the model stand in the table. */
  isIn(table: TableName): boolean;
}
