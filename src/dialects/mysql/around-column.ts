import type { ServerVersion } from '../../engine/connection.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { Table } from '../../schema/table.js';
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
 * The actions of an ALTER TABLE that take off and put back what stands on a column: DROP COLUMN takes the column out of
 * plain indexes without a word, and fails for checks and indexes that compute with it.
 */
export function actionsAroundColumn(table: Table, column: string, server: ServerVersion): ActionsAroundColumn {
  const indexes = table.indexes.filter((index) => index.parts.some(({ expression }) => mentions(expression, column)));
  const uniques = table.uniques.filter((unique) => unique.columns.includes(column));
  const checks = table.checks.filter((check) => mentions(check.expression, column));
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

/** True when an expression has the column's name in it. Names of columns know no case. */
export function mentions(expression: Expression, column: string): boolean {
  const [bare, quoted] = [column.toLowerCase(), quoteIdentifier(column).toLowerCase()];
  return tokenize(render(expression)).some(({ kind, text }) => {
    const name = text.toLowerCase();
    return (kind === 'word' && name === bare) || (kind === 'name' && name === quoted);
  });
}
