import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createEngine, declarativeBase, integer, select, sessionMaker } from 'aludel';
import { sessionPerRequest } from 'aludel/express';

const Base = declarativeBase();
class Visit extends Base.table('visits', { id: integer().primaryKey() }) {}
Base.register(Visit);

it('rolls back when the client goes away before the answer', async () => {
  const engine = createEngine('sqlite::memory:');
  onTestFinished(() => engine.dispose());
  await Base.metadata.createAll(engine);
  const db = sessionMaker(engine);
  const rolledBack = new Promise<void>((resolve) => {
    db.on('afterRollback', () => resolve());
  });
  const client = new AbortController();
  const middleware = sessionPerRequest(db);
  const server = createServer((request, response) => {
    middleware(request, response, () => {
      db.current().add(new Visit({}));
      // Never answered.
      void db
        .current()
        .flush()
        .then(() => client.abort());
    });
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(fetch(url, { signal: client.signal })).rejects.toThrow('aborted');
  await rolledBack;
  expect(await db.begin((s) => s.count(select(Visit)))).toBe(0);
});
