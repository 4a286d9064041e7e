import type { Row } from '../../engine/connection.js';
import type { Index, IndexPart, PrimaryKey } from '../../schema/table.js';
import { byName } from '../normalise-schema.js';
import { flagOf, groupRows, numberOf, textOf, textOrNull } from '../row.js';
import { indexParts } from './create-table.js';
import { readExpression, unescapeCatalogText } from './spelling.js';
import { quoteIdentifier, quoteString } from './sql.js';

export interface ReadIndexes {
  readonly primaryKey: PrimaryKey | null;
  /** All others, unique ones too. */
  readonly others: Index[];
}

/** The rows of one table, a row for each part. */
export function readIndexes(rows: readonly Row[], table: string): ReadIndexes {
  const groups = groupRows(rows, 'name');
  const key = groups.get('PRIMARY');
  groups.delete('PRIMARY');
  return {
    primaryKey:
      key === undefined
        ? null
        : {
            kind: 'primaryKey',
            name: null,
            columns: key.map((row) => textOf(row, 'column_name')),
            ...(textOf(key[0] ?? {}, 'comment') === '' ? {} : { comment: textOf(key[0] ?? {}, 'comment') }),
          },
    others: [...groups.values()].map((parts) => readIndex(parts, table)).sort(byName),
  };
}

function readIndex(rows: readonly Row[], table: string): Index {
  const row = rows[0] ?? {};
  const method = textOf(row, 'method').toLowerCase();
  const index: Index = {
    name: textOf(row, 'name'),
    unique: !flagOf(row, 'non_unique'),
    // The part length that a SPATIAL index shows is its own.
    parts: rows.map((part) => readPart(part, method === 'spatial')),
    where: null,
    method: method === 'btree' ? null : method,
    definition: null,
  };
  return { ...index, definition: unusualDefinition(index, row, table) };
}

function readPart(row: Row, isSpatial: boolean): IndexPart {
  const column = textOrNull(row, 'column_name');
  const hasLength = !isSpatial && textOrNull(row, 'length') !== null;
  return {
    expression:
      column === null
        ? readExpression(unescapeCatalogText(textOf(row, 'expression')))
        : { kind: 'column', name: column },
    descending: textOf(row, 'direction') === 'D',
    length: hasLength ? numberOf(row, 'length') : null,
  };
}

/** The whole statement for an index with a comment, or one that the optimizer does not see. */
function unusualDefinition(index: Index, row: Row, table: string): string | null {
  const comment = textOf(row, 'comment');
  const isInvisible = textOf(row, 'visible') === 'NO';
  if (comment === '' && !isInvisible) return null;
  const isWord = index.method === 'fulltext' || index.method === 'spatial';
  const kind = index.unique ? 'UNIQUE ' : isWord ? `${index.method?.toUpperCase()} ` : '';
  return [
    `CREATE ${kind}INDEX ${quoteIdentifier(index.name)} ON ${quoteIdentifier(table)} (${indexParts(index)})`,
    index.method === null || isWord ? '' : `USING ${index.method.toUpperCase()}`,
    comment === '' ? '' : `COMMENT ${quoteString(comment)}`,
    isInvisible ? 'INVISIBLE' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}
