import { PostgresQuery, type ToParameter, type Wire } from './postgres-query.js';
import { writeTextRows } from './text-rows.js';

/**
 * `COPY ... FROM STDIN` with the rows that it reads. They stand ready before it is sent: nothing can leave the server
 * waiting for the rest. It goes by the simple protocol, where an error needs no Sync behind it.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
export function makeCopyQuery(sql: string, rows: readonly (readonly unknown[])[], write: ToParameter): PostgresQuery {
  const data = writeTextRows(rows, (value) => {
    const written = write(value);
    return Buffer.isBuffer(written) ? `\\x${written.toString('hex')}` : written;
  });
  return new PostgresQuery({
    sql,
    isSimple: true,
    onCopy: (wire: Wire) => {
      wire.sendCopyFromChunk(data);
      wire.endCopyFrom();
    },
  });
}
