import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createEngine } from 'aludel';

const packet = (number: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, body]);
};

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html */
const GREETING = Buffer.concat([
  Buffer.from('\u000a8.4.0\0', 'latin1'),
  Buffer.from([1, 0, 0, 0]),
  Buffer.from('abcdefgh\0'),
  // PROTOCOL_41, LOCAL_FILES, SECURE_CONNECTION, PLUGIN_AUTH
  Buffer.from([0x80, 0x82, 45, 2, 0, 0x08, 0x00, 21]),
  Buffer.alloc(10),
  Buffer.from('ijklmnopqrst\0mysql_native_password\0'),
]);
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

/** A server that asks for a file in the place of the first answer, and keeps what it gets. */
function answerWithRequest(socket: Socket, keep: (sent: Buffer) => void): void {
  let step = 0;
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    step += 1;
    if (step === 1) socket.write(packet(2, OK));
    else if (step === 2)
      socket.write(packet(1, Buffer.concat([Buffer.from([0xfb]), Buffer.from(import.meta.filename)])));
    else {
      keep(data);
      socket.destroy();
    }
  });
  socket.write(packet(0, GREETING));
}

it('gives a server that asks for a file an empty one, whatever the options of the driver say', async () => {
  const sent: Buffer[] = [];
  const server = createServer((socket) => answerWithRequest(socket, (data) => sent.push(data))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const engine = createEngine(`mysql://root@127.0.0.1:${port}/app`, {
    connectArgs: { infileStreamFactory: (path: string) => createReadStream(path) },
  });
  await expect(engine.connect()).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_FAILED' });
  expect(sent).toEqual([packet(2, Buffer.alloc(0))]);
  server.close();
});
