import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { createEngine, declarativeBase, type Engine, integer, select, type SessionMaker, sessionMaker } from 'aludel';
import { sessionPerRequest } from 'aludel/express';

const Base = declarativeBase();
class Visit extends Base.table('visits', { id: integer().primaryKey() }) {}
Base.register(Visit);

let engine: Engine;
let db: SessionMaker;
beforeEach(async () => {
  engine = createEngine('sqlite::memory:');
  onTestFinished(() => engine.dispose());
  await Base.metadata.createAll(engine);
  db = sessionMaker(engine);
});

/** The address of a server that answers by `handle`, behind the middleware. */
async function serve(handle: (response: ServerResponse) => void): Promise<string> {
  const middleware = sessionPerRequest(db);
  const server = createServer((request, response) => middleware(request, response, () => handle(response)));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const countVisits = (): Promise<number> => db.begin((s) => s.count(select(Visit)));

it('commits what a handler wrote that answers without waiting', async () => {
  const url = await serve((response) => {
    db.current().add(new Visit({}));
    response.end('thanks');
  });
  expect(await (await fetch(url)).text()).toBe('thanks');
  expect(await countVisits()).toBe(1);
});

it('answers once where the handler ends the answer twice', async () => {
  const url = await serve((response) => {
    db.current().add(new Visit({}));
    response.end('thanks');
    response.end();
  });
  expect(await (await fetch(url)).text()).toBe('thanks');
  expect(await countVisits()).toBe(1);
});

it('rolls back when the client goes away before the answer, and lends no connection to what still runs', async () => {
  const rolledBack = new Promise<void>((resolve) => {
    db.on('afterRollback', () => resolve());
  });
  const client = new AbortController();
  const late = new Promise((_, reject) => {
    void serve(() => {
      const session = db.current();
      session.add(new Visit({}));
      void session
        .flush()
        .then(() => client.abort())
        .then(() => rolledBack)
        .then(() => session.count(select(Visit)))
        .catch(reject);
    }).then((url) => fetch(url, { signal: client.signal }).catch(() => undefined));
  });
  await expect(late).rejects.toMatchObject({
    code: 'ALUDEL_OBJECT_STATE',
    message: expect.stringContaining('is over'),
  });
  expect(await countVisits()).toBe(0);
});
