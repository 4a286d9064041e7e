import { fillColumn } from '../loading/hydrate.js';
import { loadBehind } from '../loading/load-behind.js';
import { planLoads } from '../loading/load-plan.js';
import { selectRows } from '../loading/select-rows.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { ObjectState } from '../mapping/entity.js';
import { mapperOfState } from '../unit-of-work/work.js';
import { rowDecoder } from '../../dialects/codecs.js';
import type { SessionCore } from './session-core.js';
import { RowCountError, UnsavedChangesError } from './session-errors.js';
import type { RefreshOptions } from './session-options.js';

/** Reads columns and relations of an object again, all columns or what is named. */
export async function refreshObject(
  core: SessionCore,
  state: ObjectState,
  properties: readonly string[] | undefined,
  { load = [], discard = false }: RefreshOptions,
): Promise<void> {
  const mapper = mapperOfState(state);
  const loaded = load.flatMap((each) => (each.kind === 'relation' ? [each.attribute.property] : []));
  const isRead = (name: string): boolean => (properties?.includes(name) ?? true) || loaded.includes(name);
  const lost = core.objects.changedProperties(state).filter(isRead);
  if (lost.length > 0 && !discard) throw new UnsavedChangesError(state.label, lost);
  core.objects.expire(state, properties === undefined ? undefined : [...properties, ...loaded]);
  const columns = mapper.columns.filter(({ property }) => properties?.includes(property) ?? true);
  if (columns.length > 0) await readColumns(core, state, columns);
  for (const name of properties?.filter((each) => mapper.declared.names.includes(each)) ?? []) {
    await mapper.declared.of(state, name).load({ only: true });
  }
  if (load.length > 0) {
    const plan = planLoads(mapper, load);
    await core.read(`a refresh of ${state.label}`, (active) => loadBehind(core.target, active, plan, [state]));
  }
}

async function readColumns(core: SessionCore, state: ObjectState, columns: readonly ColumnMap[]): Promise<void> {
  await core.read(`a refresh of ${state.label}`, async (active) => {
    const mapper = mapperOfState(state);
    const key = state.committedOf(mapper.keys);
    const [row] = await selectRows(active, mapper, columns, mapper.keys, [key]);
    if (row === undefined) {
      throw new RowCountError(`The row of ${state.label} is gone.`, 0, {
        hint: 'Somebody else has deleted it: expunge the object.',
      });
    }
    const values = rowDecoder(columns, active.dialect.name)(row);
    columns.forEach((column, i) => fillColumn(state, column, values[i]));
  });
}
