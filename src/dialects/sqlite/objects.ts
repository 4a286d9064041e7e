/** Views, triggers and virtual tables: SQLite keeps their statements as they were written, so they are compared token by token. */
import type { Row } from '../../engine/connection.js';
import { byObjectKey, type DatabaseObject } from '../../schema/objects.js';
import { textOf, textOrNull } from '../row.js';
import { normaliseTokens } from './ddl/normalise-tokens.js';
import { printTokens, tokenize } from './ddl/tokenizer.js';

/**
 * Rows of the catalog; `tables` are the names of what triggers may belong to, tables and views. `virtual` are the names of the
 * virtual tables.
 */
export function readObjects(
  rows: readonly Row[],
  tables: ReadonlySet<string>,
  virtual: ReadonlySet<string>,
): DatabaseObject[] {
  return rows
    .flatMap((row): DatabaseObject[] => {
      const [type, name, definition] = [textOf(row, 'type'), textOf(row, 'name'), textOrNull(row, 'sql')];
      if (definition === null) return [];
      const named = { namespace: null, name, definition };
      if (type === 'view') return [compareByTokens({ ...named, kind: type })];
      if (type === 'table') return virtual.has(name) ? [compareByTokens({ ...named, kind: 'virtualTable' })] : [];
      if (type !== 'trigger') return [];
      const table = textOf(row, 'table_name');
      return tables.has(table)
        ? [compareByTokens({ ...named, kind: type, table: { namespace: null, name: table } })]
        : [];
    })
    .toSorted(byObjectKey);
}

/** The statement in the form in which it is compared, with what was written beside it. */
export function compareByTokens(object: DatabaseObject): DatabaseObject {
  const { comment: _comment, ...rest } = object;
  const source = object.source ?? object.definition;
  return { ...rest, definition: normaliseTokens(withoutIfNotExists(source)), source };
}

/** `CREATE VIEW IF NOT EXISTS a AS ...;` is kept as `CREATE VIEW a AS ...`. */
function withoutIfNotExists(sql: string): string {
  const tokens = tokenize(sql);
  const words = tokens.map(({ text }) => text.toUpperCase());
  const at = words.indexOf('IF');
  const isSaid = at > 0 && at < 4 && words[at + 1] === 'NOT' && words[at + 2] === 'EXISTS';
  const rest = isSaid ? tokens.toSpliced(at, 3) : tokens;
  const last = rest.at(-2);
  return printTokens(last?.text === ';' ? rest.toSpliced(-2, 1) : rest);
}
