import type { ServerVersion } from '../../engine/connection.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { Column, Table } from '../../schema/table.js';
import { constraintDefinition, indexDefinition } from './create-table.js';
import { featuresOf } from './features.js';
import { render } from './expressions.js';
import { quoteIdentifier } from './sql.js';
import { tokenize } from './tokens.js';

export interface ActionsAroundColumn {
  readonly dropped: readonly string[];
  readonly added: readonly string[];
}

/**
 * The actions of an ALTER TABLE that take off and put back what stands on columns: DROP COLUMN takes the column out of
 * plain indexes without a word, and fails for checks and indexes that compute with it.
 */
export function actionsAroundColumn(
  table: Table,
  columns: readonly string[],
  server: ServerVersion,
): ActionsAroundColumn {
  const isIn = (expression: Expression): boolean => columns.some((column) => mentions(expression, column));
  const indexes = table.indexes.filter((index) => index.parts.some((part) => isIn(part.expression)));
  const uniques = table.uniques.filter((unique) => columns.some((column) => unique.columns.includes(column)));
  const checks = table.checks.filter((check) => isIn(check.expression));
  const dropIndex = (name: string | null): string => `DROP INDEX ${quoteIdentifier(name ?? '')}`;
  const dropCheck = featuresOf(server).isMariadb ? 'DROP CONSTRAINT' : 'DROP CHECK';
  return {
    dropped: [
      ...[...indexes, ...uniques].map(({ name }) => dropIndex(name)),
      ...checks.map(({ name }) => `${dropCheck} ${quoteIdentifier(name ?? '')}`),
    ],
    added: [
      ...uniques.map((unique) => `ADD ${constraintDefinition(unique)}`),
      ...indexes.map((index) => `ADD ${indexDefinition(index, table, server)}`),
      ...checks.map((check) => `ADD ${constraintDefinition(check)}`),
    ],
  };
}

/** The generated columns that are made of a column, and those that are made of them, in the order of the table. */
export function madeOfColumn({ columns }: Table, column: string): readonly Column[] {
  const made = new Set<Column>();
  for (let size = -1; size < made.size;) {
    size = made.size;
    for (const one of columns) {
      const { generated, name } = one;
      const names = [column, ...[...made].map((other) => other.name)].filter((other) => other !== name);
      if (generated !== null && names.some((other) => mentions(generated.expression, other))) made.add(one);
    }
  }
  return columns.filter((one) => made.has(one) && one.name !== column);
}

/** True when an expression has the column's name in it. Names of columns know no case. */
export function mentions(expression: Expression, column: string): boolean {
  const [bare, quoted] = [column.toLowerCase(), quoteIdentifier(column).toLowerCase()];
  return tokenize(render(expression)).some(({ kind, text }) => {
    const name = text.toLowerCase();
    return (kind === 'word' && name === bare) || (kind === 'name' && name === quoted);
  });
}
