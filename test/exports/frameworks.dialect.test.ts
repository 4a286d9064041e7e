/** The examples of the web frameworks, over HTTP: what is tested is what they show. */
import { execFile } from 'node:child_process';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, type Engine, type MetaData, select, type SessionMaker, sessionMaker } from 'aludel';
import { dialects, useEmptyDatabase } from '../support/databases.js';

const folder = join(import.meta.dirname, '../../examples/frameworks');
// Not by their names: the frameworks need not be there for the types of the rest.
const load = (name: string): Promise<Record<string, unknown>> => import(join(folder, `${name}.ts`));

type Send = (path: string, init?: RequestInit) => Promise<Response>;

interface App {
  readonly send: Send;
  close(): Promise<unknown>;
}

type CreateApp = (db: SessionMaker) => unknown;

const overHttp =
  (url: string): Send =>
  (path, init) =>
    fetch(`${url}${path}`, init);

const FRAMEWORKS: Readonly<Record<string, (createApp: CreateApp, db: SessionMaker) => Promise<App>>> = {
  express: async (createApp, db) => {
    const app = createApp(db) as { listen(port: number, host: string, done: () => void): Server };
    const server = await new Promise<Server>((resolve) => {
      const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    return { send: overHttp(urlOf(server)), close: () => new Promise((resolve) => server.close(resolve)) };
  },
  fastify: async (createApp, db) => {
    const app = (await createApp(db)) as { listen(options: object): Promise<string>; close(): Promise<void> };
    return { send: overHttp(await app.listen({ port: 0, host: '127.0.0.1' })), close: () => app.close() };
  },
  hono: async (createApp, db) => {
    const app = createApp(db) as { request: Send };
    return { send: async (path, init) => app.request(path, init), close: async () => undefined };
  },
  nestjs: async (createApp, db) => {
    const app = (await createApp(db)) as { listen(port: number): Promise<Server>; close(): Promise<void> };
    const server = await app.listen(0);
    return { send: overHttp(urlOf(server)), close: () => app.close() };
  },
};

function urlOf(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

interface Notes {
  readonly Base: { readonly metadata: MetaData };
  readonly Note: (abstract new (...args: never[]) => { text: string; author: string | null }) & { readonly c: never };
}

describe.each(dialects)('$name', (dialect) => {
  describe.each(Object.keys(FRAMEWORKS))('with %s', (framework) => {
    const database = useEmptyDatabase(dialect);
    let engine: Engine;
    let db: SessionMaker;
    let app: App;
    let notes: Notes;

    beforeEach(async () => {
      engine = createEngine(database.url);
      db = sessionMaker(engine);
      notes = (await load('notes')) as unknown as Notes;
      await notes.Base.metadata.createAll(engine);
      const { createApp } = await load(framework);
      const start = FRAMEWORKS[framework];
      if (start === undefined) throw new Error('unreachable: a framework without a server');
      app = await start(createApp as CreateApp, db);
    });
    afterEach(async () => {
      await app.close();
      await engine.dispose();
    });

    const post = (text: string, user = 'ann'): Promise<Response> =>
      app.send('/notes', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': user },
        body: JSON.stringify({ text }),
      });
    const stored = async (): Promise<string[]> =>
      (await db.begin((s) => s.all(select(notes.Note)))).map(({ text }) => text).toSorted();

    it('has committed when the answer comes, each request in a session of its own', async () => {
      const answers = await Promise.all(['a', 'b', 'c', 'd'].map((text) => post(text, `user of ${text}`)));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(await stored()).toEqual(['a', 'b', 'c', 'd']);
      const list = (await (await app.send('/notes')).json()) as { text: string; author: string }[];
      expect(list.every(({ text, author }) => author === `user of ${text}`)).toBe(true);
    });

    it('rolls back what an answer of 400 or more has written, and an error', async () => {
      await post('a');
      expect((await post('refused')).status).toBe(422);
      expect((await post('a')).status).toBe(500);
      expect(await stored()).toEqual(['a']);
    });

    it('answers with an error when the commit fails', async () => {
      const off = db.on('beforeCommit', () => {
        throw new Error('no room');
      });
      const answer = await post('a');
      off();
      expect(answer.status).toBe(500);
      expect(await answer.text()).not.toContain('"text":"a"');
      expect(await stored()).toEqual([]);
    });

    it('gives the connection back in every case', async () => {
      for (const text of ['a', 'a', 'refused', 'b']) await post(text);
      const held: unknown[] = [];
      const connections = await Promise.all(Array.from({ length: 15 }, () => engine.connect()));
      for (const connection of connections) held.push(await connection.close());
      expect(held).toHaveLength(15);
    });
  });
});

describe('the examples', () => {
  it('compile with the types of the frameworks', async () => {
    const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error) => error);
    expect(stdout).toBe('');
  });
});
