import { takesBulkRows } from '../../dialects/bulk-rows.js';
import { insert, type InsertRow, type WriteTarget } from '../query/write.js';
import { writeTable } from '../query/write-table.js';
import type { SessionCore } from './session-core.js';
import { checkBatch } from './session-options.js';
import { runStatement } from './session-reads.js';

/** Inserts rows a batch at a time, each by statements of its own: nothing waits for the source while a server reads. */
export async function insertMany<S>(
  core: SessionCore,
  target: WriteTarget<S>,
  rows: Iterable<InsertRow<S>> | AsyncIterable<InsertRow<S>>,
  batch: number,
): Promise<{ readonly rowCount: number }> {
  checkBatch(batch);
  core.refuseReadOnly();
  const statement = insert(target);
  return core.nested(async () => {
    const { part } = writeTable(statement.parts);
    const isBulk = await core.read('insertMany()', ({ connection, dialect }) =>
      takesBulkRows(connection, dialect, part.tableName),
    );
    let rowCount = 0;
    for await (const values of inBatches(rows, batch)) {
      const { parts } = statement.values(values);
      rowCount += (await runStatement(core, { parts: { ...parts, isBulk } })).rowCount;
    }
    return { rowCount };
  });
}

async function* inBatches<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    if (batch.push(item) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
