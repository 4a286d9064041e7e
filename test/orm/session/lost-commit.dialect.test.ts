/** The answer to a COMMIT may be lost with its connection: nobody knows then whether the rows are there. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import {
  ConnectionLostError,
  createEngine,
  declarativeBase,
  type Engine,
  integer,
  sessionMaker,
  varchar,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();
class Payment extends Base.table('payments', { id: integer().primaryKey(), amount: varchar(20).notNull() }) {}
Base.register(Payment);

/** Where a COMMIT is lost: on its way to the server, or its answer on the way back. */
type Cut = 'question' | 'answer';

describeEach(
  dialects.filter(({ name }) => name !== 'sqlite'),
  'a COMMIT without an answer on $name',
  (dialect) => {
    const { url, rows } = useDatabase(dialect, Base);
    const opened: { close(): unknown }[] = [];
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
    });

    /** An engine behind a proxy that cuts the connection of the first COMMIT. */
    async function engineThatLoses(cut: Cut): Promise<Engine> {
      const target = new URL(url());
      let isCut = false;
      const proxy: Server = createServer((client) => {
        const server = connect(Number(target.port), target.hostname);
        const end = (): void => {
          client.destroy();
          server.destroy();
        };
        client.on('data', (data) => {
          const isCommit = !isCut && data.includes('COMMIT');
          isCut ||= isCommit;
          if (isCommit && cut === 'question') return end();
          // The server has carried it out when it answers.
          if (isCommit) server.removeAllListeners('data').once('data', end);
          server.write(data);
        });
        server.on('data', (data) => client.write(data));
        for (const socket of [client, server]) socket.on('error', end).on('close', end);
      }).listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const through = new URL(target);
      through.hostname = '127.0.0.1';
      through.port = String((proxy.address() as AddressInfo).port);
      const engine = createEngine(String(through));
      opened.push({ close: () => engine.dispose() }, proxy);
      return engine;
    }

    it.each([
      { cut: 'question' as const, saved: [] },
      { cut: 'answer' as const, saved: [['12.50']] },
    ])('says that the outcome is not known, and tries nothing again: the $cut was lost', async ({ cut, saved }) => {
      const db = sessionMaker(await engineThatLoses(cut));
      let calls = 0;
      const pay = db.begin(
        async (session) => {
          calls += 1;
          session.add(new Payment({ amount: '12.50' }));
        },
        { retries: 3 },
      );
      await expect(pay).rejects.toMatchObject({
        name: ConnectionLostError.name,
        message: expect.stringContaining('Whether its transaction was committed is not known.') as string,
        hint: 'Look for its rows before it is run again.',
      });
      expect(calls).toBe(1);
      expect(await rows('SELECT amount FROM payments')).toEqual(saved);
      // The pool has another connection.
      await db.begin(async (session) => session.add(new Payment({ amount: '1.00' })));
      expect(await rows("SELECT amount FROM payments WHERE amount = '1.00'")).toEqual([['1.00']]);
    });

    it('keeps a session from going on as if nothing had been sent', async () => {
      const session = sessionMaker(await engineThatLoses('answer'))();
      const payment = new Payment({ amount: '9.99' });
      session.add(payment);
      await expect(session.commit()).rejects.toThrow('Whether its transaction was committed is not known.');
      await expect(session.flush()).rejects.toMatchObject({
        code: 'ALUDEL_ROLLBACK_NEEDED',
        message: expect.stringMatching(/is over.* is not known\.$/) as string,
      });
      await session.rollback();
      await session.close();
      expect(await rows('SELECT amount FROM payments')).toEqual([['9.99']]);
    });
  },
);
