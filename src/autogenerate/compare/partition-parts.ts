/**
 * PostgreSQL: parts that a partition has from its table, under names of their own. An index that is there before that of its table becomes
 * a part of it; dropped, that one takes it along.
 */
import type { Operation } from '../../operations/operation.js';
import { usualName } from '../../operations/part-names.js';
import { addPart, isPartial } from '../../operations/partition-parts.js';
import { doesFor, type Part, partsOf, tablesAbove } from '../../operations/partitions.js';
import { reverse } from '../../operations/reverse.js';
import { sameData } from '../../schema/same.js';
import type { Schema, Table } from '../../schema/table.js';

export interface PartChanges {
  /** Before the table gets its own. */
  readonly added: readonly Operation[];
  /** Once the table has lost its own. */
  readonly dropped: readonly Operation[];
}

export const NO_PARTS: PartChanges = { added: [], dropped: [] };

/** The changes of the parts of a partition that stays with its table. */
export function compareParts(from: Schema, to: Schema, live: Table, wanted: Table): PartChanges {
  const [before, after] = [tablesAbove(live, from.tables), tablesAbove(wanted, to.tables)];
  return {
    added: partsFrom(after, before, wanted).map((part) => addPart(part, wanted)),
    dropped: partsFrom(before, after, live).flatMap((part) => {
      const reversed = reverse(addPart(part, live));
      return 'irreversible' in reversed ? [] : [reversed];
    }),
  };
}

/** Inherited parts of which the demand is new, and which the server would not make, or call otherwise. */
function partsFrom(demanding: readonly Table[], others: readonly Table[], table: Table): Part[] {
  const known = others.flatMap(partsOf);
  const fresh = demanding.flatMap(partsOf).filter((demand) => !known.some((other) => sameData(other, demand)));
  if (fresh.length === 0) return [];
  return partsOf(table).filter((part) => {
    const demands = part.inherited === true && hasIndex(part) ? fresh.filter((demand) => doesFor(part, demand)) : [];
    return demands.length > 0 && (part.name !== usualName(part, table) || demands.some(isPartial));
  });
}

function hasIndex(part: Part): boolean {
  return !('kind' in part) || (part.kind !== 'check' && part.kind !== 'foreignKey');
}
