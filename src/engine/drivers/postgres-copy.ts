import type { Submittable } from 'pg';
import { writeTextRows } from './text-rows.js';

type Pg = typeof import('pg');

/** What `@types/pg` leaves out. */
interface PgInternals {
  readonly utils: { prepareValue(value: unknown): Buffer | string | null };
}

interface CopyWire {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * `COPY ... FROM STDIN` with the rows that it reads. They stand ready before it is sent: nothing can leave the server
 * waiting for the rest. It goes by the simple protocol, where an error needs no Sync behind it.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */
export function makeCopyQuery(pg: Pg, sql: string, rows: readonly (readonly unknown[])[]): Submittable {
  const { prepareValue } = (pg as unknown as PgInternals).utils;
  const data = writeTextRows(rows, (value) => {
    if (typeof value === 'string') return value;
    const prepared = prepareValue(value);
    return Buffer.isBuffer(prepared) ? `\\x${prepared.toString('hex')}` : prepared;
  });
  return Object.assign(new pg.Query({ text: sql }), {
    handleCopyInResponse(connection: CopyWire): void {
      connection.sendCopyFromChunk(data);
      connection.endCopyFrom();
    },
  });
}
