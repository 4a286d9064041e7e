/**
 * The unit of work: everything that changed, in an order that the database accepts. Updates and inserts go table by
 * table with the referred rows first; then association rows; then deletes with the referring rows first.
 * The idea: https://docs.sqlalchemy.org/en/20/orm/session_basics.html#flushing
 */
import type { ObjectState } from '../mapping/entity.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { Mapper } from '../mapping/mapper.js';
import type { TablePart } from '../mapping/table-part.js';
import type { Active } from '../session/transaction.js';
import { clearAssociations, deleteAssociations, insertAssociations } from './association-rows.js';
import { collectWork, type CollectOptions } from './collect-work.js';
import { deleteRows } from './delete-rows.js';
import { insertRows } from './insert-rows.js';
import { type DeletePlan, planDeletes } from './plan-deletes.js';
import { planSaves, type SaveLevel, type SavePlan } from './plan-saves.js';
import { switchRows } from './switch-rows.js';
import type { Remedy } from './sort-rows.js';
import { readComputed } from './read-computed.js';
import { type RowUpdate, updateRows } from './update-rows.js';
import { applyLink, changedColumns, type FlushHost, groupBy, isToWrite, mapperOfState, type Work } from './work.js';

export interface Flushed {
  readonly work: Work;
  /** Rows that took the place of deleted ones. */
  readonly switched: ReadonlyMap<ObjectState, ObjectState>;
  /** False when nothing was sent. */
  readonly isWritten: boolean;
}

/** Nothing to do is found out without a connection: `start` is called when there is something to send. */
export async function flush(host: FlushHost, start: () => Promise<Active>, options: CollectOptions): Promise<Flushed> {
  let work = await collect(host, options);
  while (await host.announce(work)) work = await collect(host, options);
  const switched = switchRows(work);
  dropUnchanged(work);
  const plan = planSaves(work);
  const late = [...work.deletes].filter((state) => !plan.earlyDeletes.has(state) && !work.cascaded.has(state));
  const early = planDeletes(plan.earlyDeletes);
  const deletes = planDeletes(late);
  if (isEmpty(work)) return { work, switched, isWritten: false };

  const active = await start();
  await runDeletes(host, active, early);
  await preset(host, active, plan.presets);
  holdBack(host, work, plan);
  for (const level of plan.levels) await saveLevel(host, active, work, level);
  await clearAssociations(active, work.associationClears);
  await deleteAssociations(active, work.associationDeletes.values());
  await insertAssociations(active, work.associationInserts.values());
  await savePostponed(host, active, plan);
  await runDeletes(host, active, deletes);
  await readComputed(host, active, work.saves);
  return { work, switched, isWritten: true };
}

async function collect(host: FlushHost, options: CollectOptions): Promise<Work> {
  const work = await collectWork(host, options);
  for (const [child, links] of work.links) for (const link of links.values()) applyLink(host, child, link);
  return work;
}

async function runDeletes(host: FlushHost, active: Active, plan: DeletePlan): Promise<void> {
  // InnoDB does not let a row go that refers to itself.
  const { deletesOwnReferences } = active.dialect.capabilities;
  await preset(host, active, deletesOwnReferences ? plan.presets : [...plan.presets, ...plan.ownPresets]);
  for (const { part, rows } of plan.steps) await deleteRows(active, part, rows);
}

function isEmpty(work: Work): boolean {
  const parts = [work.saves, work.deletes, work.associationInserts, work.associationDeletes];
  return parts.every(({ size }) => size === 0);
}

/** Rows that are as the database has them, and whose links brought nothing new. */
function dropUnchanged(work: Work): void {
  for (const state of work.saves) if (!isToWrite(work, state)) work.saves.delete(state);
}

/** Keys that are set later stay what they are until then. */
function holdBack(host: FlushHost, work: Work, { postponed }: SavePlan): void {
  for (const { state, link } of postponed) {
    const links = work.links.get(state);
    for (const [name, known] of links ?? []) if (known.parent === link.parent) links?.delete(name);
    for (const { child } of link.pairs) {
      const before = state.key === undefined ? null : state.committed(child.property);
      if (state.row[child.property] !== before) host.write(state, child.property, before);
    }
  }
}

async function saveLevel(host: FlushHost, active: Active, work: Work, { mappers, rows }: SaveLevel): Promise<void> {
  for (const state of work.links.size === 0 ? [] : rows) {
    for (const link of work.links.get(state)?.values() ?? []) applyLink(host, state, link);
  }
  // Taken before the first part is written: a key makes a row one that is there.
  const added = rows.filter((state) => state.key === undefined);
  const changed = added.length === rows.length ? [] : rows.filter((state) => state.key !== undefined);
  for (const [part, sharing] of partsOf(mappers)) {
    await update(host, active, part, ofMappers(changed, sharing, mappers), part.version !== undefined);
    await insertRows(host, active, part, ofMappers(added, sharing, mappers));
  }
}

/** The rows of some of the models, in the order of these. */
function ofMappers(
  rows: readonly ObjectState[],
  wanted: readonly Mapper[],
  all: readonly Mapper[],
): readonly ObjectState[] {
  if (rows.length === 0 || all.length === 1) return rows;
  const groups = groupBy(rows, mapperOfState);
  return wanted.flatMap((mapper) => groups.get(mapper) ?? []);
}

/** The tables of models, those of parents first, each with the models whose rows stand in it. */
function partsOf(mappers: readonly Mapper[]): Map<TablePart, Mapper[]> {
  const parts = new Map<TablePart, Mapper[]>();
  const depth = Math.max(...mappers.map((mapper) => mapper.parts.length));
  for (let level = 0; level < depth; level++) {
    for (const mapper of mappers) {
      const part = mapper.parts[level];
      if (part === undefined) continue;
      const known = parts.get(part);
      if (known === undefined) parts.set(part, [mapper]);
      else known.push(mapper);
    }
  }
  return parts;
}

async function update(
  host: FlushHost,
  active: Active,
  part: TablePart,
  states: readonly ObjectState[],
  isVersioned: boolean,
): Promise<void> {
  const updates = states.flatMap((state) => {
    const changed = changedColumns(state).filter(({ spec }) => spec.isVersion !== true && spec.generated === null);
    if (changed.length === 0) return [];
    const columns = changed.filter((column) => part.columns.includes(column));
    // What changes in another table of the row counts here too.
    const isTouched = columns.length > 0 || isVersioned || part.hasOnUpdate;
    return isTouched ? [{ state, columns: stamp(host, part, state, columns), isVersioned }] : [];
  });
  await updateRows(host, active, part, updates);
}

/** The columns of an update with those that `onUpdate()` gives a value. */
function stamp(
  host: FlushHost,
  part: TablePart,
  state: ObjectState,
  changed: readonly ColumnMap[],
): readonly ColumnMap[] {
  const stamped = part.stamped.filter((column) => !changed.includes(column));
  if (stamped.length === 0) return changed;
  for (const { property, spec } of stamped) {
    const given = spec.clientOnUpdate;
    host.write(state, property, typeof given === 'function' ? (given as () => unknown)() : given);
  }
  return part.columns.filter((column) => changed.includes(column) || stamped.includes(column));
}

/** The keys that opened a circle, now that both rows are there. */
async function savePostponed(host: FlushHost, active: Active, { postponed }: SavePlan): Promise<void> {
  for (const [mapper, group] of groupBy(postponed, ({ state }) => mapperOfState(state))) {
    for (const { state, link } of group) applyLink(host, state, link);
    const updates = group.map(({ state, link }) => ({
      state,
      columns: link.pairs.map(({ child }) => child),
      isVersioned: false,
    }));
    await updateParts(host, active, mapper, updates);
  }
}

async function preset(
  host: FlushHost,
  active: Active,
  presets: readonly Extract<Remedy, { kind: 'preset' }>[],
): Promise<void> {
  for (const [mapper, group] of groupBy(presets, ({ state }) => mapperOfState(state))) {
    const updates = group.map(({ state, values }) => ({
      state,
      columns: [...values.keys()],
      values,
      isVersioned: false,
    }));
    await updateParts(host, active, mapper, updates);
  }
}

/** Updates of columns wherever they stand. */
async function updateParts(
  host: FlushHost,
  active: Active,
  mapper: Mapper,
  updates: readonly RowUpdate[],
): Promise<void> {
  for (const part of mapper.parts) {
    const own = updates.map((each) => ({ ...each, columns: each.columns.filter((c) => part.columns.includes(c)) }));
    await updateRows(
      host,
      active,
      part,
      own.filter(({ columns }) => columns.length > 0),
    );
  }
}
