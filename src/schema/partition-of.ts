/** PostgreSQL: the option that makes a table a partition: `public.events FOR VALUES ...` or `public.events DEFAULT`. */
import { nameIn, sqlTokens } from '../util/sql-words.js';
import { relationKey } from './objects.js';
import type { TableName } from './table-name.js';
import { findTable, type Table } from './table.js';

/** The name of the partitioned table as it was written, and the rows that it hands on. */
export function parsePartitionOf(text: string): { readonly parent: string; readonly bound: string } {
  const name = /^(?:"(?:[^"]|"")*"|[^".\s]+)(?:\.(?:"(?:[^"]|"")*"|[^".\s]+))?/.exec(text)?.[0] ?? text;
  return { parent: name, bound: text.slice(name.length).trim() };
}

/** Names of tables with commas between them; what is in no quotes is written in small letters, as PostgreSQL reads it. */
export function parseNames(text: string): TableName[] {
  const lists: string[][] = [[]];
  for (const token of sqlTokens(text)) {
    const name = token.kind === 'word' ? token.text.toLowerCase() : nameIn(token);
    if (token.text === ',') lists.push([]);
    else if (name !== undefined) lists.at(-1)?.push(name);
  }
  return lists.map((parts) => ({ namespace: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }));
}

/** A name with the default namespace said means a table without one; where there are two, the one that says it. */
export function findParent(text: string, tables: readonly Table[]): Table | undefined {
  const [{ namespace, name } = { namespace: null, name: '' }] = parseNames(text);
  return findTable({ tables }, { namespace, name }) ?? findTable({ tables }, { namespace: null, name });
}

/** A partition is made after its table, and what inherits after what it inherits from; the options name these. */
export function withParents(table: Table, tables: readonly Table[]): Table {
  const { partitionOf, inherits } = table.options;
  const texts = [
    ...(typeof partitionOf === 'string' ? [parsePartitionOf(partitionOf).parent] : []),
    ...(typeof inherits === 'string' ? inherits.split(/,\s*/) : []),
  ];
  const { dependsOn = [] } = table;
  const parents = texts.flatMap((text) => findParent(text, tables) ?? []).map(relationKey);
  const missing = parents.filter((key) => !dependsOn.includes(key));
  return missing.length === 0 ? table : { ...table, dependsOn: [...dependsOn, ...missing] };
}
