/** INSERT and DELETE of rows that a revision holds, the same on every database but for names, marks and limits. */
import type { Backfill, BulkInsert, DeleteRows } from '../operations/operation.js';
import { isExpressionValue, type RowValue, toLiteral, toParameter } from '../operations/row-values.js';
import type { Expression } from '../schema/expressions/expression.js';
import type { TableName } from '../schema/table.js';
import type { Statement } from './dialect.js';
import type { CompileHandlers } from './dispatch.js';

export interface RowWriter {
  readonly quoteIdentifier: (name: string) => string;
  readonly quoteTable: (table: TableName) => string;
  /** The placeholder of a parameter at an index from 1. */
  readonly placeholder: (index: number) => string;
  readonly render: (expression: Expression) => string;
  readonly isPostgres: boolean;
  /** What stands for a row of defaults alone. */
  readonly noValues: string;
  /** Parameters of one statement at most. */
  readonly maxParameters: number;
}

/** Rows of one statement at most. SQLite counts the depth of an expression, of ORs for example, up to 1000. */
const MAX_ROWS = 500;

/** The handlers of what fills, inserts and deletes rows. */
export function rowHandlers(writer: RowWriter): Pick<CompileHandlers, 'backfill' | 'bulkInsert' | 'deleteRows'> {
  return {
    backfill: (operation) => fillColumn(operation, writer),
    bulkInsert: (operation) => insertRows(operation, writer),
    deleteRows: (operation) => deleteRows(operation, writer),
  };
}

function fillColumn({ table, column, value, keeps = [] }: Backfill, writer: RowWriter): Statement[] {
  const [name = '', ...kept] = [column, ...keeps].map(writer.quoteIdentifier);
  const set = [`${name} = ${writer.render(value)}`, ...kept.map((other) => `${other} = ${other}`)].join(', ');
  return [{ sql: `UPDATE ${writer.quoteTable(table)} SET ${set} WHERE ${name} IS NULL` }];
}

function insertRows({ table, groups }: BulkInsert, writer: RowWriter): Statement[] {
  return groups.flatMap(({ columns, rows }) => {
    if (columns.length === 0)
      return rows.map(() => ({ sql: `INSERT INTO ${writer.quoteTable(table)} ${writer.noValues}` }));
    const names = columns.map(writer.quoteIdentifier).join(', ');
    const head = `INSERT INTO ${writer.quoteTable(table)} (${names}) VALUES\n  `;
    return chunk(rows, columns.length, writer).map((part) =>
      makeStatement(writer, (write) => head + part.map((row) => `(${row.map(write).join(', ')})`).join(',\n  ')),
    );
  });
}

function deleteRows({ table, groups }: DeleteRows, writer: RowWriter): Statement[] {
  return groups.flatMap(({ columns, rows }) =>
    chunk(rows, columns.length, writer).map((part) =>
      makeStatement(writer, (write) => {
        const conditions = part.map((row) => {
          const terms = row.map((value, i) => {
            const name = writer.quoteIdentifier(columns[i] ?? '');
            return value === null ? `${name} IS NULL` : `${name} = ${write(value)}`;
          });
          return terms.length === 1 ? terms.join() : `(${terms.join(' AND ')})`;
        });
        return `DELETE FROM ${writer.quoteTable(table)} WHERE ${conditions.join('\n  OR ')}`;
      }),
    ),
  );
}

function chunk(rows: readonly (readonly RowValue[])[], width: number, { maxParameters }: RowWriter): RowValue[][][] {
  const size = Math.max(1, Math.min(MAX_ROWS, Math.floor(maxParameters / Math.max(1, width))));
  const count = Math.ceil(rows.length / size);
  return Array.from({ length: count }, (_, i) => rows.slice(i * size, (i + 1) * size).map((row) => [...row]));
}

function makeStatement(writer: RowWriter, text: (write: (value: RowValue) => string) => string): Statement {
  const params: unknown[] = [];
  const sql = text((value) => {
    if (isExpressionValue(value)) return writer.render(value.expression);
    params.push(toParameter(value));
    return writer.placeholder(params.length);
  });
  return {
    sql,
    params,
    get printed() {
      return text((value) => writer.render(toLiteral(value, writer.isPostgres)));
    },
  };
}
