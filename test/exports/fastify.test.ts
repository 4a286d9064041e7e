import { Readable } from 'node:stream';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { createEngine, declarativeBase, type Engine, integer, select, type SessionMaker, sessionMaker } from 'aludel';
import { sessions } from 'aludel/fastify';

const Base = declarativeBase();
class Visit extends Base.table('visits', { id: integer().primaryKey() }) {}
Base.register(Visit);

/** What is used of Fastify, which need not be there for the types of the other tests. */
interface App {
  register(plugin: unknown): PromiseLike<unknown>;
  get(path: string, handler: (request: unknown, reply: { send(payload?: unknown): unknown }) => unknown): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

let engine: Engine;
let db: SessionMaker;
let app: App;
beforeEach(async () => {
  engine = createEngine('sqlite::memory:');
  await Base.metadata.createAll(engine);
  db = sessionMaker(engine);
  const name: string = 'fastify';
  app = ((await import(name)) as { default: () => App }).default();
  await app.register(sessions(db));
  onTestFinished(async () => {
    await app.close();
    await engine.dispose();
  });
});

const ask = async (path: string): Promise<Response> => fetch((await app.listen({ port: 0, host: '127.0.0.1' })) + path);
const countVisits = (): Promise<number> => db.begin((s) => s.count(select(Visit)));

it('commits what a handler wrote that answers without waiting', async () => {
  app.get('/', (_request, reply) => {
    db.current().add(new Visit({}));
    reply.send('thanks');
  });
  expect(await (await ask('/')).text()).toBe('thanks');
  expect(await countVisits()).toBe(1);
});

/** Adds a visit, then sends a line for each that there is. */
async function* writeVisits(): AsyncGenerator<string> {
  const session = db.current();
  session.add(new Visit({}));
  for await (const { id } of session.stream(select(Visit))) yield `visit ${id}\n`;
}

it('lets a stream read from the session, and commits before it ends', async () => {
  app.get('/', (_request, reply) => reply.send(Readable.from(writeVisits())));
  expect(await (await ask('/')).text()).toBe('visit 1\n');
  expect(await countVisits()).toBe(1);
});

it('rolls back when a stream fails, and breaks the answer off', async () => {
  const rolledBack = new Promise<void>((resolve) => {
    db.on('afterRollback', () => resolve());
  });
  async function* fail(): AsyncGenerator<string> {
    yield* writeVisits();
    throw new Error('no paper');
  }
  app.get('/', (_request, reply) => reply.send(Readable.from(fail())));
  await expect(ask('/').then((answer) => answer.text())).rejects.toThrow();
  await rolledBack;
  expect(await countVisits()).toBe(0);
});

it('breaks the answer off when the commit behind a stream fails', async () => {
  db.on('beforeCommit', () => {
    throw new Error('no room');
  });
  app.get('/', (_request, reply) => reply.send(Readable.from(writeVisits())));
  await expect(ask('/').then((answer) => answer.text())).rejects.toThrow();
  expect(await sessionMaker(engine).begin((s) => s.count(select(Visit)))).toBe(0);
});
