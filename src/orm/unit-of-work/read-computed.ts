import { selectRows } from '../loading/select-rows.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Active } from '../session/transaction.js';
import { takeByKey } from './insert-rows.js';
import { groupBy, mapperOfState } from './work.js';
import type { WriteHost } from './write-host.js';

/** Reads what the database computes of rows that were written, in one statement for each model that has any. */
export async function readComputed(host: WriteHost, active: Active, states: Iterable<ObjectState>): Promise<void> {
  for (const [mapper, group] of groupBy([...states], mapperOfState)) {
    // What a query has left out on purpose stays out.
    const computed = mapper.columns.filter(
      ({ computedBy, property }) =>
        computedBy !== undefined && group.some(({ key, row }) => key === undefined || row[property] !== undefined),
    );
    if (computed.length === 0) continue;
    const { keys } = mapper;
    const columns = [...keys, ...computed];
    const values = group.map(({ row }) => keys.map(({ property }) => row[property]));
    takeByKey(host, active, mapper, group, await selectRows(active, mapper, columns, keys, values), columns, computed);
  }
}
