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
import { insertRows, readComputed } from './insert-rows.js';
import { type DeletePlan, planDeletes } from './plan-deletes.js';
import { planSaves, type SaveLevel, type SavePlan } from './plan-saves.js';
import { switchRows } from './switch-rows.js';
import { type RowUpdate, updateRows } from './update-rows.js';
import { applyLink, changedColumns, type FlushHost, isToWrite, mapperOfState, type Work } from './work.js';
import type { RowWriter, Writing } from './write-host.js';
import { getOrMake, groupBy } from '../../util/group-by.js';

type Writer = RowWriter<FlushHost>;

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

  const writer: Writer = { host, active: await start() };
  await runDeletes(writer, early);
  await preset(writer, plan.presets);
  holdBack(host, work, plan);
  for (const level of plan.levels) await saveLevel(writer, work, level);
  await clearAssociations(writer.active, work.associationClears);
  await deleteAssociations(writer.active, work.associationDeletes.values());
  await insertAssociations(writer.active, work.associationInserts.values());
  await savePostponed(writer, plan);
  await runDeletes(writer, deletes);
  await readComputed(writer, work.saves);
  return { work, switched, isWritten: true };
}

async function collect(host: FlushHost, options: CollectOptions): Promise<Work> {
  const work = await collectWork(host, options);
  for (const [child, links] of work.links) for (const link of links.values()) applyLink(host, child, link);
  return work;
}

async function runDeletes(writer: Writer, { presets, ownPresets, steps }: DeletePlan): Promise<void> {
  const { active } = writer;
  // InnoDB does not let a row go that refers to itself.
  const { deletesOwnReferences } = active.dialect.capabilities;
  await preset(writer, deletesOwnReferences ? presets : [...presets, ...ownPresets]);
  for (const { part, rows } of steps) await deleteRows(active, part, rows);
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

async function saveLevel(writer: Writer, work: Work, { mappers, rows }: SaveLevel): Promise<void> {
  for (const state of work.links.size === 0 ? [] : rows) {
    for (const link of work.links.get(state)?.values() ?? []) applyLink(writer.host, state, link);
  }
  // Taken before the first part is written: a key makes a row one that is there.
  const added = rows.filter((state) => state.key === undefined);
  const changed = added.length === rows.length ? [] : rows.filter((state) => state.key !== undefined);
  for (const [part, sharing] of partsOf(mappers)) {
    await update({ ...writer, part }, ofMappers(changed, sharing, mappers));
    await insertRows({ ...writer, part }, ofMappers(added, sharing, mappers));
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
      getOrMake(parts, part, (): Mapper[] => []).push(mapper);
    }
  }
  return parts;
}

async function update(to: Writer & Writing, states: readonly ObjectState[]): Promise<void> {
  const { host, part } = to;
  const isVersioned = part.version !== undefined;
  const updates = states.flatMap((state) => {
    const changed = changedColumns(state).filter(({ spec }) => spec.isVersion !== true && spec.generated === null);
    if (changed.length === 0) return [];
    const columns = changed.filter((column) => part.columns.includes(column));
    // What changes in another table of the row counts here too.
    const isTouched = columns.length > 0 || isVersioned || part.hasOnUpdate;
    return isTouched ? [{ state, columns: stamp(host, part, state, columns), isVersioned }] : [];
  });
  await updateRows(to, updates);
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
async function savePostponed(writer: Writer, { postponed }: SavePlan): Promise<void> {
  for (const { state, link } of postponed) applyLink(writer.host, state, link);
  const updates = postponed.map(({ state, link }) => ({ state, columns: link.pairs.map(({ child }) => child) }));
  await updateAnywhere(writer, updates);
}

function preset(writer: Writer, presets: DeletePlan['presets']): Promise<void> {
  return updateAnywhere(
    writer,
    presets.map(({ state, values }) => ({ state, columns: [...values.keys()], values })),
  );
}

/** Updates of columns wherever they stand. */
async function updateAnywhere(writer: Writer, updates: readonly Omit<RowUpdate, 'isVersioned'>[]): Promise<void> {
  for (const [{ parts }, group] of groupBy(updates, ({ state }) => mapperOfState(state))) {
    for (const part of parts) {
      const own = group.map((each) => ({
        ...each,
        columns: each.columns.filter((column) => part.columns.includes(column)),
        isVersioned: false,
      }));
      const touched = own.filter(({ columns }) => columns.length > 0);
      await updateRows({ ...writer, part }, touched);
    }
  }
}
