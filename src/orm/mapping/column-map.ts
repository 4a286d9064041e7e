import type { ColumnSpec } from '../../schema/column-builder.js';
import type { TableDefinition } from '../../schema/metadata.js';
import type { Table, TableName } from '../../schema/table.js';
import type { DeclaredRelations } from './declared-relations.js';

/** A column between its property and its place in the database. */
export interface ColumnMap {
  readonly property: string;
  readonly name: string;
  readonly spec: ColumnSpec;
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
