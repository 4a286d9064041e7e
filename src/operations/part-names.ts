/** PostgreSQL: what the parts of partitions are called. */
import type { IndexPart } from '../schema/table-index.js';
import type { ExclusionElement, Table } from '../schema/table.js';
import type { Part } from './partitions.js';

/** What ATTACH would call the part; `null` where that is too long to be told: it is left to ATTACH then. */
export function usualName(part: Part, { name: table }: Table): string | null {
  if (!('kind' in part)) return fitting(table, ...part.parts.map(nameOf), 'idx');
  switch (part.kind) {
    case 'primaryKey':
      return fitting(table, 'pkey');
    case 'unique':
      return fitting(table, ...part.columns, 'key');
    case 'exclusion':
      return fitting(table, ...part.elements.map(nameOf), 'excl');
    case 'check':
    case 'foreignKey':
      return part.name;
  }
}

function nameOf({ expression }: IndexPart | ExclusionElement): string {
  return expression.kind === 'column' ? expression.name : 'expr';
}

function fitting(...words: readonly string[]): string | null {
  const name = words.join('_');
  return Buffer.byteLength(name) < 64 ? name : null;
}

/** True for a part that an index stands behind. */
export function hasIndex(part: Part): boolean {
  return !('kind' in part) || (part.kind !== 'check' && part.kind !== 'foreignKey');
}
