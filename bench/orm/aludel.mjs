import { KEYS, people } from './database.mjs';

const { boolean, createEngine, declarativeBase, double, integer, select, sessionMaker, text, timestamp, varchar } =
  await import(String(new URL('../../dist/index.js', import.meta.url)));

const Base = declarativeBase();

/** @type {any} */
const table = Base.table('people', {
  id: integer().primaryKey(),
  name: varchar(50).notNull(),
  email: varchar(100).notNull(),
  age: integer().notNull(),
  score: double().notNull(),
  active: boolean().notNull(),
  city: varchar(50).notNull(),
  zip: varchar(10).notNull(),
  note: text(),
  kind: varchar(10).notNull(),
  visits: integer().notNull(),
  price: varchar(20).notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull(),
  updatedAt: timestamp({ withTimezone: true }),
});
class Person extends table {}
Base.register(Person);

/**
 * @param {string} _dialect
 * @param {string} url
 */
export async function open(_dialect, url) {
  const engine = createEngine(url);
  const db = sessionMaker(engine);
  const query = select(Person).orderBy(table.c.id);
  return {
    load: async () => () => db.begin(async (/** @type {any} */ session) => void (await session.all(query))),
    stream: async () => () =>
      db.begin(async (/** @type {any} */ session) => {
        let count = 0;
        for await (const person of session.stream(query, { batch: 1000 })) count += person.id > 0 ? 1 : 0;
        if (count !== 50_000) throw new Error('not all was read');
      }),
    get: async () => () =>
      db.begin(async (/** @type {any} */ session) => {
        for (const key of KEYS) {
          await session.get(Person, key);
        }
      }),
    insert: async () => {
      const rows = people(10_000);
      return () =>
        db.begin(async (/** @type {any} */ session) =>
          session.add(...rows.map((row) => Reflect.construct(Person, [row]))),
        );
    },
    update: async () => () =>
      db.begin(async (/** @type {any} */ session) => {
        const found = await session.all(query.limit(5000));
        for (let i = 0; i < found.length; i += 5) found[i].visits += 1;
      }),
    flush: async () => {
      const session = db();
      const found = await session.all(query);
      found[25_000].visits += 1;
      return async () => {
        await session.flush();
        return () => session.close();
      };
    },
    session: async () => async () => {
      for (const key of KEYS) {
        const session = db({ mode: 'deferred' });
        await session.get(Person, key);
        await session.close();
      }
    },
    close: () => engine.dispose(),
  };
}
