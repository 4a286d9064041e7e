import { KEYS, people } from './database.mjs';

const {
  boolean,
  createEngine,
  declarativeBase,
  double,
  integer,
  many,
  one,
  select,
  selectin,
  sessionMaker,
  text,
  timestamp,
  varchar,
} = await import(String(new URL('../../dist/index.js', import.meta.url)));

const Base = declarativeBase();

/** @type {any} */
const table = Base.table(
  'people',
  {
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
  },
  {
    get notes() {
      return many(Note, { inverse: 'person' });
    },
  },
);
class Person extends table {}

/** @type {any} */
const notes = Base.table(
  'notes',
  {
    id: integer().primaryKey(),
    personId: integer().notNull().references('people.id').index(),
    body: varchar(200).notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
  },
  {
    get person() {
      return one(Person, { inverse: 'notes' });
    },
  },
);
class Note extends notes {}
Base.register(Person, Note);

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
      await session.commit();
      found[found.length >> 1].visits += 1;
      return async () => {
        await session.commit();
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
    eager: async () => () =>
      db.begin(async (/** @type {any} */ session) => {
        for (const person of await session.all(query.options(selectin(table.c.notes)))) void person.notes.length;
      }),
    close: () => engine.dispose(),
  };
}
