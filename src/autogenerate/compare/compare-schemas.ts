/**
 * The operations that lead from one schema to another: pure, deterministic, reversible. Both sides must be in the
 * database's terms (`normalise`, `canonicalise`), so that plain equality decides.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import type { Operation } from '../../operations/operation.js';
import { isPartition } from '../../operations/partitions.js';
import { isHeir, parentsFirst } from '../../operations/inheritance.js';
import { createTables, dropTables } from '../../operations/table-order.js';
import { findTable, type Schema, type Table, tableKey } from '../../schema/table.js';
import { applyRenames } from '../renames/apply-renames.js';
import type { DeclaredEnum, Rename } from '../renames/rename.js';
import { compareEnums } from './compare-enums.js';
import { compareObjects } from './compare-objects.js';
import { compareSequences } from './compare-sequences.js';
import { dependentForeignKeys } from './dependent-foreign-keys.js';
import { alongParents, followParents } from './follow-parents.js';
import { makeRoomForRenames } from './make-room-for-renames.js';
import { compareTable, isMadeAnew } from './compare-table.js';
import { compareParts, NO_PARTS, repeatsPart } from './partition-parts.js';
import { isFollower, withDemands } from './partition-sides.js';
import { splitByTypes } from './split-by-types.js';
import { swapTypes } from './swap-types.js';
import { unfoldSerials } from './unfold-serials.js';

/**
 * Ordered by dependency, then by name: what is used exists before its users, and goes after them. Renames come first:
 * those of `renames`, and those of constraints, indexes and enum types that say the same under another name. Objects of
 * which nobody has declared anything, by the keys of `undeclared`, are left to the database where that rewords them.
 */
export function compareSchemas(
  start: Schema,
  end: Schema,
  capabilities: Capabilities,
  renames: readonly Rename[] = [],
  enums: readonly DeclaredEnum[] = [],
  undeclared: ReadonlySet<string> = new Set(),
): Operation[] {
  const [from, to] = [unfoldSerials(start, end), unfoldSerials(end, start)];
  const { operations, schema } = applyRenames(from, to, renames, { capabilities, enums });
  const { dropped, objects } = makeRoomForRenames(
    from,
    to,
    operations,
    capabilities.rewordsRenamed === true ? undeclared : new Set(),
  );
  const { objects: _objects, ...rest } = schema;
  const left = { ...rest, ...(objects.length === 0 ? {} : { objects }) };
  return [...dropped, ...operations, ...compareNamed(left, to, capabilities)];
}

/** Two schemas in which what has one name is one thing. */
function compareNamed(from: Schema, to: Schema, capabilities: Capabilities): Operation[] {
  const anew = capabilities.partitionsFixed === true ? tablesMadeAnew(from, to) : new Set<string>();
  const stays = (table: Table): boolean => !anew.has(tableKey(table));
  const known = new Map(from.tables.filter(stays).map((table) => [tableKey(table), table]));
  const wanted = new Set(to.tables.filter(stays).map(tableKey));
  const created = createTables(
    to.tables.filter((table) => !known.has(tableKey(table))),
    capabilities.addForeignKey,
    to.tables,
  );
  const dropped = dropTables(
    from.tables.filter((table) => !wanted.has(tableKey(table))),
    capabilities.addForeignKey,
    from.tables,
  );
  const kept = parentsFirst(to.tables.filter((table) => known.has(tableKey(table))));
  const compared = kept.flatMap((table) => {
    const existing = known.get(tableKey(table));
    return existing === undefined ? [] : [compareTable(existing, table, from.tables, to.tables, capabilities)];
  });
  const changed = followParents(kept, compared);
  const parts = kept.map((table) => {
    const existing = known.get(tableKey(table));
    return existing !== undefined && isFollower(existing, table) ? compareParts(from, to, existing, table) : NO_PARTS;
  });
  const others = kept.flatMap((table, i) =>
    (changed[i]?.addOthers ?? []).map((operation) => [operation, table] as const),
  );
  const heirs = changed.filter((_, i) => kept[i] !== undefined && isHeir(kept[i]));
  const enums = capabilities.enumTypes ? compareEnums(from.enums, to.enums) : { created: [], altered: [], dropped: [] };
  const sequences = compareSequences(from.sequences, to.sequences);
  const altered = [...enums.altered, ...swapTypes(from, to, capabilities)];
  const columns = splitByTypes(alongParents(kept, changed), altered, from);
  const namespaces = to.namespaces.filter((name) => !from.namespaces.includes(name));
  const left = from.namespaces.filter((name) => !to.namespaces.includes(name));
  const dependent = dependentForeignKeys(from, to, anew, capabilities);
  const around = [
    ...changed.flatMap((changes) => changes.dropForeignKeys),
    ...dependent.dropped,
    ...dropped,
    ...changed.flatMap((changes) => changes.dropOthers),
    ...parts.flatMap((changes) => changes.dropped),
    ...columns.before,
    ...altered,
    ...columns.after,
  ];
  const demanding = { ...to, tables: withDemands(to.tables, known) };
  const objects = compareObjects(from, demanding, around, created.tables, capabilities);
  return [
    ...namespaces.map((name): Operation => ({ kind: 'createNamespace', name })),
    ...enums.created,
    ...objects.dropped,
    ...sequences.released,
    ...sequences.changed,
    ...objects.needed,
    // A dropped table may refer to a key that goes as well.
    ...(objects.left.length === 0 ? around : around.filter((operation) => !objects.left.includes(operation))),
    // An index of a partition may become a part of that of its table, which would else make another one.
    ...parts.flatMap((changes) => changes.added),
    ...others.flatMap(([operation, table]) =>
      isPartition(table) && !repeatsPart(operation, table) ? [operation] : [],
    ),
    // A check that a table and its heirs get is the heirs' own: theirs come first.
    ...heirs.toReversed().flatMap(({ addOthers }) => addOthers),
    ...others.flatMap(([operation, table]) => (isPartition(table) || isHeir(table) ? [] : [operation])),
    ...others.flatMap(([operation, table]) => (repeatsPart(operation, table) ? [operation] : [])),
    ...parts.flatMap((changes) => changes.comments),
    // A new table may refer to a key that is new as well.
    ...objects.created,
    ...created.parts,
    ...dependent.added,
    ...changed.flatMap((changes) => changes.addForeignKeys),
    ...created.foreignKeys,
    ...sequences.owned,
    ...objects.left,
    ...sequences.dropped,
    ...enums.dropped,
    ...left.map((name): Operation => ({ kind: 'dropNamespace', name })),
  ];
}

/** The keys of tables that have to go and come back, with their partitions. */
function tablesMadeAnew(from: Schema, to: Schema): ReadonlySet<string> {
  const anew = new Set<string>();
  for (const table of to.tables) {
    const live = findTable(from, table);
    if (live !== undefined && isMadeAnew(live, table)) anew.add(tableKey(table));
  }
  for (let size = anew.size === 0 ? 0 : -1; size < anew.size;) {
    size = anew.size;
    for (const table of [...from.tables, ...to.tables]) {
      const parents = isPartition(table) ? (table.dependsOn ?? []) : [];
      if ([...anew].some((key) => parents.includes(`table ${key}`))) anew.add(tableKey(table));
    }
  }
  return anew;
}
