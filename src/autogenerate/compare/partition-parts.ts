/**
 * PostgreSQL: parts that a partition has from its table, under names of their own. An index that is there before that of its table becomes
 * a part of it; dropped, that one takes it along.
 */
import type { Operation } from '../../operations/operation.js';
import { hasIndex, usualName } from '../../operations/part-names.js';
import { addPart, isPartial } from '../../operations/partition-parts.js';
import { doesFor, isPartition, type Part, partsOf, tablesAbove } from '../../operations/partitions.js';
import { reverse } from '../../operations/reverse.js';
import { sameConstraint, sameIndex } from '../../schema/same.js';
import type { Constraint, Schema, Table } from '../../schema/table.js';

export interface PartChanges {
  /** Before the table gets its own. */
  readonly added: readonly Operation[];
  readonly comments: readonly Operation[];
  /** Once the table has lost its own. */
  readonly dropped: readonly Operation[];
}

export const NO_PARTS: PartChanges = { added: [], comments: [], dropped: [] };

/** The changes of the parts of a partition that stays with its table. */
export function compareParts(from: Schema, to: Schema, live: Table, wanted: Table): PartChanges {
  const [before, after] = [tablesAbove(live, from.tables), tablesAbove(wanted, to.tables)];
  return {
    added: partsFrom(after, before, wanted).map((part) => addPart(part, wanted)),
    comments: compareComments(live, wanted),
    dropped: partsFrom(before, after, live).flatMap((part) => {
      const reversed = reverse(addPart(part, live));
      return 'irreversible' in reversed ? [] : [reversed];
    }),
  };
}

/** Inherited parts of which the demand is new, and which the server would not make, or call otherwise. */
function partsFrom(demanding: readonly Table[], others: readonly Table[], table: Table): Part[] {
  const known = others.flatMap(partsOf);
  const fresh = demanding.flatMap(partsOf).filter((demand) => !known.some((other) => samePart(other, demand)));
  if (fresh.length === 0) return [];
  return partsOf(table).filter((part) => {
    const demands = part.inherited === true && hasIndex(part) ? fresh.filter((demand) => doesFor(part, demand)) : [];
    const isUsual = part.name === usualName(part, table) && part.comment === undefined;
    return demands.length > 0 && (!isUsual || demands.some(isPartial));
  });
}

/** But for the comment. */
function samePart(from: Part, to: Part): boolean {
  if ('kind' in from) return 'kind' in to && sameConstraint<Constraint>(from, to);
  return !('kind' in to) && sameIndex(from, to);
}

function compareComments(live: Table, { namespace, name, ...wanted }: Table): Operation[] {
  const known = partsOf(live).filter(({ inherited }) => inherited === true);
  return partsOf({ namespace, name, ...wanted }).flatMap((part): Operation[] => {
    const from =
      part.inherited === true ? known.find((other) => other.name === part.name && doesFor(other, part)) : undefined;
    const [existing, comment] = [from?.comment ?? null, part.comment ?? null];
    if (from === undefined || part.name === null || existing === comment) return [];
    const object = 'kind' in part ? 'constraint' : 'index';
    return [{ kind: 'setComment', object, table: { namespace, name }, name: part.name, comment, existing }];
  });
}

/** Indexes of a partition's own that say the same as one that it has from its table: that one must find the other first. */
export function repeatsPart(operation: Operation, wanted: Table | undefined): boolean {
  if (operation.kind !== 'createIndex' || wanted === undefined || !isPartition(wanted)) return false;
  const { index } = operation;
  return index.inherited !== true && wanted.indexes.some((other) => other.inherited === true && doesFor(other, index));
}
