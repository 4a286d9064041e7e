import type { Expression } from '../../schema/expressions/expression.js';
import type { TableName } from '../../schema/table.js';

/** As much of a dialect as it takes to name tables and columns. */
export interface Quoting {
  readonly name: string;
  quoteIdentifier(name: string): string;
  quoteTable(table: TableName): string;
  renderExpression(expression: Expression): string;
}
