import Database from 'better-sqlite3';
import { asc, eq, gt, inArray, relations, sql } from 'drizzle-orm';
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import * as p from 'drizzle-orm/pg-core';
import * as s from 'drizzle-orm/sqlite-core';
import { KEYS, makePool, people } from './database.mjs';

/** Drizzle has no type for dates that SQLite keeps as text. */
const isoDate = s.customType({
  dataType: () => 'text',
  toDriver: (value) => /** @type {Date} */ (value).toISOString(),
  fromDriver: (value) => new Date(/** @type {string} */ (value)),
});

/**
 * @param {string} dialect
 * @param {string} url
 */
export async function open(dialect, url) {
  const isSqlite = dialect === 'sqlite';
  const t = /** @type {any} */ (isSqlite ? s : p);
  const date = (/** @type {string} */ name) => (isSqlite ? isoDate(name) : p.timestamp(name, { withTimezone: true }));
  const table = (isSqlite ? s.sqliteTable : /** @type {any} */ (p.pgTable))('people', {
    id: isSqlite ? s.integer('id').primaryKey() : p.integer('id').primaryKey().generatedByDefaultAsIdentity(),
    name: t.text('name').notNull(),
    email: t.text('email').notNull(),
    age: t.integer('age').notNull(),
    score: isSqlite ? s.real('score').notNull() : p.doublePrecision('score').notNull(),
    active: isSqlite ? s.integer('active', { mode: 'boolean' }).notNull() : p.boolean('active').notNull(),
    city: t.text('city').notNull(),
    zip: t.text('zip').notNull(),
    note: t.text('note'),
    kind: t.text('kind').notNull(),
    visits: t.integer('visits').notNull(),
    price: t.text('price').notNull(),
    createdAt: date('created_at').notNull(),
    updatedAt: date('updated_at'),
  });
  const pool = isSqlite ? undefined : makePool(url);
  const file = isSqlite ? new Database(url.slice('sqlite:'.length)) : undefined;
  const notes = (isSqlite ? s.sqliteTable : /** @type {any} */ (p.pgTable))('notes', {
    id: t.integer('id').primaryKey(),
    personId: t.integer('person_id').notNull(),
    body: t.text('body').notNull(),
    createdAt: date('created_at').notNull(),
  });
  const schema = {
    people: table,
    notes,
    peopleRelations: relations(table, ({ many }) => ({ notes: many(notes) })),
    notesRelations: relations(notes, ({ one }) => ({
      person: one(table, { fields: [notes.personId], references: [table.id] }),
    })),
  };
  const db = /** @type {any} */ (
    file === undefined ? drizzlePg(/** @type {any} */ (pool), { schema }) : drizzleSqlite(file, { schema })
  );
  const byKey = db
    .select()
    .from(table)
    .where(eq(table.id, sql.placeholder('key')))
    .prepare('by_key');
  const begin = (/** @type {(trx: any) => any} */ fn) => (isSqlite ? fn(db) : db.transaction(fn));
  const inTransaction = async (/** @type {() => Promise<void>} */ fn) => {
    file?.exec('BEGIN');
    await fn();
    file?.exec('COMMIT');
  };
  return {
    load: async () => async () => void (await db.select().from(table).orderBy(asc(table.id))),
    get: async () => async () => {
      for (const key of KEYS) await byKey.execute({ key });
    },
    insert: async () => {
      const rows = people(10_000);
      return () =>
        inTransaction(() =>
          begin(async (trx) => {
            for (let start = 0; start < rows.length; start += 1000) {
              await trx
                .insert(table)
                .values(rows.slice(start, start + 1000))
                .returning({ id: table.id });
            }
          }),
        );
    },
    update: async () => () =>
      inTransaction(() =>
        begin(async (trx) => {
          const rows = await trx.select().from(table).orderBy(asc(table.id)).limit(5000);
          const changed = rows.filter((/** @type {any} */ _, /** @type {number} */ i) => i % 5 === 0);
          const cases = changed.map(
            (/** @type {any} */ row) => sql`when ${table.id} = ${row.id} then cast(${row.visits + 1} as integer)`,
          );
          const visits = sql`case ${sql.join(cases, sql.raw(' '))} end`;
          await trx
            .update(table)
            .set({ visits })
            .where(
              inArray(
                table.id,
                changed.map((/** @type {any} */ row) => row.id),
              ),
            );
        }),
      ),
    flush: async () => {
      const rows = await db.select().from(table).orderBy(asc(table.id));
      return () =>
        inTransaction(() =>
          begin((trx) =>
            trx
              .update(table)
              .set({ visits: rows[rows.length >> 1].visits + 1 })
              .where(eq(table.id, rows[rows.length >> 1].id)),
          ),
        );
    },
    session: async () => async () => {
      for (const key of KEYS) {
        await inTransaction(() => begin((trx) => trx.select().from(table).where(eq(table.id, key))));
      }
    },
    eager: async () => async () =>
      void (await db.query.people.findMany({ with: { notes: true }, orderBy: asc(table.id) })),
    stream: async () => async () => {
      let count = 0;
      for (let last = 0; ;) {
        const rows = await db.select().from(table).where(gt(table.id, last)).orderBy(asc(table.id)).limit(500);
        for (const row of rows) count += row.visits;
        if (rows.length < 500) return void count;
        last = rows.at(-1).id;
      }
    },
    close: async () => {
      await pool?.end();
      file?.close();
    },
  };
}
