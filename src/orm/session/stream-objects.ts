import { AludelError } from '../../errors.js';
import type { ObjectState } from '../mapping/entity.js';
import type { Select } from '../query/select.js';
import { openStream } from '../query/stream-select.js';
import type { SessionCore } from './session-core.js';
import { checkBatch } from './session-options.js';

/** The rows of a query, a batch at a time; what nobody has changed leaves the session with its batch. */
export async function* streamObjects<T>(
  core: SessionCore,
  query: Select<T>,
  batch: number,
): AsyncGenerator<T, void, undefined> {
  checkBatch(batch);
  const what = `a stream of ${query.label}`;
  const opened = await core.read(what, async (active) => ({ rows: await openStream(active, query), in: core.active }));
  const isOpen = (): boolean => opened.in === core.active;
  const refuseEnded = (): void => {
    if (isOpen()) return;
    throw new AludelError('ALUDEL_OBJECT_STATE', 'The stream is over: the transaction in which it read has ended.', {
      hint: 'Commit behind the loop, or write through another session.',
    });
  };
  let created: ObjectState[] = [];
  try {
    for (let isOver = false; !isOver;) {
      // Before, since a read begins another transaction; and when its turn has come.
      refuseEnded();
      const items = await core.read(what, (active) => {
        refuseEnded();
        return opened.rows.next({ ...core.target, created }, active, batch);
      });
      isOver = items.length < batch;
      yield* items;
      core.objects.release(created);
      created = [];
    }
  } finally {
    if (isOpen()) await core.inTurn(() => opened.rows.close());
  }
}
