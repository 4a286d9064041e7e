/** Rows of `catalog.PARTITIONS` as what stands behind PARTITION BY, by table. */
import type { Row } from '../../engine/connection.js';
import { groupRows, textOf, textOrNull } from '../row.js';
import { quoteIdentifier, quoteString } from './sql.js';

/** https://dev.mysql.com/doc/refman/8.4/en/partitioning-types.html */
export function readPartitions(rows: readonly Row[]): Map<string, string> {
  return new Map([...groupRows(rows, 'table_name')].map(([table, own]) => [table, partitionBy(own)]));
}

function partitionBy(rows: readonly Row[]): string {
  const first = rows[0] ?? {};
  const method = textOf(first, 'method');
  const head = `${method} (${textOf(first, 'expression')})`;
  const parts = [...groupRows(rows, 'name').values()];
  const subMethod = textOrNull(first, 'sub_method');
  const sub =
    subMethod === null
      ? ''
      : `\nSUBPARTITION BY ${subMethod} (${textOf(first, 'sub_expression')})\nSUBPARTITIONS ${parts[0]?.length ?? 0}`;
  // Hashed partitions have no bounds, and the names that the server gives.
  const count = parts.length === 1 ? '' : `\nPARTITIONS ${parts.length}`;
  if (textOrNull(first, 'description') === null) return `${head}${count}${sub}`;
  return `${head}${sub}\n(${parts.map(([part = {}]) => partition(part, method)).join(',\n ')})`;
}

function partition(row: Row, method: string): string {
  const description = textOf(row, 'description');
  const isColumns = method.endsWith('COLUMNS');
  const bound = method.startsWith('LIST')
    ? `IN (${description})`
    : `LESS THAN ${description === 'MAXVALUE' && !isColumns ? 'MAXVALUE' : `(${description})`}`;
  const comment = textOrNull(row, 'comment') || null;
  const said = comment === null ? '' : ` COMMENT = ${quoteString(comment)}`;
  return `PARTITION ${quoteIdentifier(textOf(row, 'name'))} VALUES ${bound}${said}`;
}
