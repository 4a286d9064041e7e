import type { Expression } from './expressions/expression.js';
import type { Table } from './table.js';

/** The table with every expression in it changed: defaults, generated columns, checks, exclusions and indexes. */
export function mapExpressions(table: Table, change: (expression: Expression) => Expression): Table {
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      default: column.default && change(column.default),
      generated: column.generated && { ...column.generated, expression: change(column.generated.expression) },
    })),
    checks: table.checks.map((check) => ({ ...check, expression: change(check.expression) })),
    ...(table.exclusions !== undefined && {
      exclusions: table.exclusions.map((exclusion) => ({
        ...exclusion,
        where: exclusion.where && change(exclusion.where),
        elements: exclusion.elements.map((element) => ({ ...element, expression: change(element.expression) })),
      })),
    }),
    indexes: table.indexes.map((index) => ({
      ...index,
      where: index.where && change(index.where),
      parts: index.parts.map((part) => ({ ...part, expression: change(part.expression) })),
    })),
  };
}
