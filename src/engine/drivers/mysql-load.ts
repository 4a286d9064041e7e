/**
 * LOAD DATA LOCAL with rows of ours. A server may ask for a local file in the place of any answer; the driver refuses it
 * where a statement brings no stream, and a stream of ours holds these rows, whatever file the server names.
 * https://dev.mysql.com/doc/refman/8.4/en/load-data-local-security.html
 */
import { Readable } from 'node:stream';
import type { Connection as MysqlClient, ResultSetHeader } from 'mysql2/promise';
import { toMysqlText } from './mysql-parameters.js';
import { writeTextRows } from './text-rows.js';

/** Bytes a packet: servers refuse those over `max_allowed_packet`. */
const PACKET = 256 * 1024;

/**
 * Sends the rows. With LOCAL the server leaves out or changes what does not fit, and tells it as warnings: here they are
 * errors, and the caller takes back what was written.
 */
export async function loadMysqlRows(
  client: MysqlClient,
  sql: string,
  rows: readonly (readonly unknown[])[],
): Promise<ResultSetHeader> {
  const data = writeTextRows(rows, toMysqlText);
  const [result] = await client.query<ResultSetHeader>({
    sql,
    infileStreamFactory: () => Readable.from(packets(data)),
  });
  if (result.warningStatus > 0) await refuseWarnings(client);
  if (result.affectedRows === rows.length) return result;
  throw new Error(`${result.affectedRows} of ${rows.length} rows were written`);
}

function* packets(data: Buffer): Generator<Buffer> {
  for (let start = 0; start < data.length; start += PACKET) yield data.subarray(start, start + PACKET);
}

/** Notes are what an INSERT would do without a word, too: a number is rounded, spaces at the end go. */
async function refuseWarnings(client: MysqlClient): Promise<void> {
  const [warnings] = await client.query({ sql: 'SHOW WARNINGS', rowsAsArray: true });
  const found = (warnings as unknown as readonly [string, number, string][]).find(([level]) => level !== 'Note');
  if (found === undefined) return;
  const [, errno, message] = found;
  throw Object.assign(new Error(message), { errno });
}
