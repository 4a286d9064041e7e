/** Stands between a process and PostgreSQL and counts what is sent, whatever language the process is written in. */
import { connect, createServer } from 'node:net';

/**
 * @param {string} url
 * @returns {Promise<{ url: string, count(): number, close(): Promise<void> }>}
 */
export async function openProxy(url) {
  const target = new URL(url);
  let statements = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    let rest = Buffer.alloc(0);
    let hasStarted = false;
    client.on('data', (data) => {
      rest = Buffer.concat([rest, data]);
      // https://www.postgresql.org/docs/current/protocol-message-formats.html: the first message has no type.
      for (;;) {
        const head = hasStarted ? 1 : 0;
        if (rest.length < head + 4) break;
        const length = head + rest.readInt32BE(head);
        if (rest.length < length) break;
        // Query and Execute.
        if (hasStarted && (rest[0] === 0x51 || rest[0] === 0x45)) statements += 1;
        // A request for TLS is answered first, and the start-up message comes then.
        if (!hasStarted && rest.readInt32BE(4) !== 80877103) hasStarted = true;
        rest = rest.subarray(length);
      }
      upstream.write(data);
    });
    upstream.pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one?.on('error', () => other?.destroy()).on('close', () => other?.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
  return {
    url: String(through),
    count: () => statements,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
