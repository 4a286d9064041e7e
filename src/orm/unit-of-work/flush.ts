/**
 * The unit of work: everything that changed, in an order that the database accepts. Updates and inserts go table by
 * table with the referred rows first; then association rows; then deletes with the referring rows first.
 * The idea: https://docs.sqlalchemy.org/en/20/orm/session_basics.html#flushing
 */
import type { ObjectState } from '../mapping/entity.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { Mapper } from '../mapping/mapper.js';
import type { Active } from '../session/transaction.js';
import { clearAssociations, deleteAssociations, insertAssociations } from './association-rows.js';
import { collectWork, type CollectOptions } from './collect-work.js';
import { deleteRows } from './delete-rows.js';
import { insertRows } from './insert-rows.js';
import { type DeletePlan, planDeletes } from './plan-deletes.js';
import { planSaves, type SaveLevel, type SavePlan } from './plan-saves.js';
import { switchRows } from './switch-rows.js';
import type { Remedy } from './sort-rows.js';
import { updateRows } from './update-rows.js';
import { applyLink, changedColumns, type FlushHost, groupBy, mapperOfState, type Work } from './work.js';

export interface Flushed {
  readonly work: Work;
  /** Rows that took the place of deleted ones. */
  readonly switched: ReadonlyMap<ObjectState, ObjectState>;
}

/** Nothing to do is found out without a connection: `start` is called when there is something to send. */
export async function flush(host: FlushHost, start: () => Promise<Active>, options: CollectOptions): Promise<Flushed> {
  const work = await collectWork(host, options);
  for (const [child, links] of work.links) for (const link of links.values()) applyLink(host, child, link);
  const switched = switchRows(work);
  dropUnchanged(work);
  const plan = planSaves(work);
  const late = [...work.deletes].filter((state) => !plan.earlyDeletes.has(state) && !work.cascaded.has(state));
  const early = planDeletes(plan.earlyDeletes);
  const deletes = planDeletes(late);
  if (isEmpty(work)) return { work, switched };

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
  return { work, switched };
}

async function runDeletes(host: FlushHost, active: Active, plan: DeletePlan): Promise<void> {
  // InnoDB does not let a row go that refers to itself.
  const isInnoDb = active.dialect.name === 'mysql' || active.dialect.name === 'mariadb';
  await preset(host, active, isInnoDb ? [...plan.presets, ...plan.ownPresets] : plan.presets);
  for (const { mapper, rows } of plan.steps) await deleteRows(active, mapper, rows);
}

function isEmpty(work: Work): boolean {
  const parts = [work.saves, work.deletes, work.associationInserts, work.associationDeletes];
  return parts.every(({ size }) => size === 0);
}

/** Rows that are as the database has them, and whose links brought nothing new. */
function dropUnchanged(work: Work): void {
  for (const state of work.saves) {
    if (state.key === undefined) continue;
    const isWaiting = [...(work.links.get(state)?.values() ?? [])].some(
      ({ parent, pairs }) => parent !== null && pairs.some((pair) => parent.row[pair.parent.property] === undefined),
    );
    if (!isWaiting && changedColumns(state).length === 0) work.saves.delete(state);
  }
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
  for (const state of rows) {
    for (const link of work.links.get(state)?.values() ?? []) applyLink(host, state, link);
  }
  const groups = groupBy(rows, mapperOfState);
  for (const mapper of mappers) {
    const group = groups.get(mapper) ?? [];
    const updates = group.filter((state) => state.key !== undefined);
    await update(host, active, mapper, updates, mapper.version !== undefined);
    await insertRows(
      host,
      active,
      mapper,
      group.filter((state) => state.key === undefined),
    );
  }
}

async function update(
  host: FlushHost,
  active: Active,
  mapper: Mapper,
  states: readonly ObjectState[],
  isVersioned: boolean,
): Promise<void> {
  const updates = states.flatMap((state) => {
    const columns = changedColumns(state).filter(
      (column) => column !== mapper.version && column.spec.generated === null,
    );
    return columns.length === 0 ? [] : [{ state, columns: stamp(host, mapper, state, columns), isVersioned }];
  });
  await updateRows(host, active, mapper, updates);
}

/** The columns of an update with those that `onUpdate()` gives a value. */
function stamp(
  host: FlushHost,
  mapper: Mapper,
  state: ObjectState,
  changed: readonly ColumnMap[],
): readonly ColumnMap[] {
  const stamped = mapper.stamped.filter((column) => !changed.includes(column));
  if (stamped.length === 0) return changed;
  for (const { property, spec } of stamped) {
    const given = spec.clientOnUpdate;
    host.write(state, property, typeof given === 'function' ? (given as () => unknown)() : given);
  }
  return mapper.columns.filter((column) => changed.includes(column) || stamped.includes(column));
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
    await updateRows(host, active, mapper, updates);
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
    await updateRows(host, active, mapper, updates);
  }
}
