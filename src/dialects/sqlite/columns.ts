import type { Column } from '../../schema/table.js';
import { renderEnumCheck } from './enum-check.js';
import { render, renderDefault } from './expressions.js';
import { quoteIdentifier } from './sql.js';
import { renderType } from './types.js';

/** The parts of a column, each as it is written or empty; named as the parser names them. */
export interface PrintedColumn {
  readonly type: string;
  readonly collate: string;
  readonly generated: string;
  readonly notNull: string;
  readonly default: string;
  readonly check: string;
}

export function printColumn(column: Column): PrintedColumn {
  const { generated, collation, type } = column;
  const storage = generated?.stored === true ? 'STORED' : 'VIRTUAL';
  return {
    type: isCounting(column) ? 'INTEGER' : renderType(type),
    collate: collation === null ? '' : `COLLATE ${quoteIdentifier(collation)}`,
    generated: generated === null ? '' : `GENERATED ALWAYS AS (${render(generated.expression)}) ${storage}`,
    notNull: column.nullable ? '' : 'NOT NULL',
    default: column.default === null ? '' : `DEFAULT ${renderDefault(column.default)}`,
    check: type.kind === 'enum' ? renderEnumCheck(column.name, type.values) : '',
  };
}

export function columnDefinition(column: Column): string {
  const parts = printColumn(column);
  return [quoteIdentifier(column.name), ...Object.values(parts)].filter((part) => part !== '').join(' ');
}

/** However a revision says it, SQLite counts up in one way. */
export function isCounting(column: Column): boolean {
  return column.generation !== null;
}
