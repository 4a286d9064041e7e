/** The part of a model's columns that stands in one table: what INSERT, UPDATE and DELETE are about. */
import type { Quoting } from './quoting.js';
import { isExpr } from '../../schema/expressions/expr.js';
import type { TableName } from '../../schema/table.js';
import type { ColumnMap } from './column-map.js';

export class TablePart {
  /** The class, for messages. */
  readonly name: string;
  /** The table's name for messages. */
  readonly label: string;
  readonly tableName: TableName;
  readonly columns: readonly ColumnMap[];
  readonly keys: readonly ColumnMap[];
  readonly version: ColumnMap | undefined;
  /** The key that the database counts up. */
  readonly counted: ColumnMap | undefined;
  /** Columns that get a value of `onUpdate()` with every update, SQL left out. */
  readonly stamped: readonly ColumnMap[];
  /** Columns that every update of the row sets or has set. */
  readonly hasOnUpdate: boolean;

  constructor(part: Pick<TablePart, 'name' | 'label' | 'tableName' | 'columns' | 'keys' | 'counted'>) {
    this.name = part.name;
    this.label = part.label;
    this.tableName = part.tableName;
    this.columns = part.columns;
    this.keys = part.keys;
    this.counted = part.counted;
    this.version = this.columns.find(({ spec }) => spec.isVersion === true);
    this.stamped = this.columns.filter(({ spec: { clientOnUpdate: value } }) => value !== undefined && !isExpr(value));
    this.hasOnUpdate = this.columns.some(({ spec }) => spec.clientOnUpdate !== undefined || spec.onUpdate !== null);
  }

  source(dialect: Quoting): string {
    return dialect.quoteTable(this.tableName);
  }
}
