import type { RenameIndex } from '../../operations/operation.js';
import type { Table } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';
import { createIndex } from './create-table.js';
import { parseCreateIndex } from './ddl/create-index.js';
import { spliceTokens } from './ddl/splice-tokens.js';
import { quoteIdentifier } from './sql.js';

/** SQLite cannot rename an index: it is made anew from its own text, under the new name. */
export function renameIndex(operation: RenameIndex, table: Table): Statement[] {
  const { name, to } = operation;
  const index = table.indexes.find((known) => known.name === name) ?? refuse(operation, 'the table has no such index');
  const text = table.source?.indexes.find((known) => known.name === name)?.sql;
  const created = text === undefined ? createIndex(table, { ...index, name: to }).sql : withName(text, to);
  return [{ sql: `DROP INDEX ${quoteIdentifier(name)}` }, { sql: created }];
}

/** The CREATE INDEX as it was written, with another name. */
function withName(sql: string, to: string): string {
  const parsed = parseCreateIndex(sql);
  if (parsed.kind === 'other') throw new Error(`unreachable: ${parsed.reason}`);
  const { start, end } = parsed.name;
  return spliceTokens(parsed.tokens, [{ start, end, text: quoteIdentifier(to) }]);
}
