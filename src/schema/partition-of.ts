/** PostgreSQL: the option that makes a table a partition: `public.events FOR VALUES ...` or `public.events DEFAULT`. */
import { nameIn, sqlTokens } from '../util/sql-words.js';
import { findTable, type Table } from './table.js';

/** The name of the partitioned table as it was written, and the rows that it hands on. */
export function parsePartitionOf(text: string): { readonly parent: string; readonly bound: string } {
  const name = /^(?:"(?:[^"]|"")*"|[^".\s]+)(?:\.(?:"(?:[^"]|"")*"|[^".\s]+))?/.exec(text)?.[0] ?? text;
  return { parent: name, bound: text.slice(name.length).trim() };
}

/** A name with the default namespace said means a table without one; where there are two, the one that says it. */
export function findParent(text: string, tables: readonly Table[]): Table | undefined {
  const [name = '', namespace = null] = sqlTokens(text)
    .flatMap((token) => nameIn(token) ?? [])
    .toReversed();
  return findTable({ tables }, { namespace, name }) ?? findTable({ tables }, { namespace: null, name });
}
