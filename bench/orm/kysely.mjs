import Database from 'better-sqlite3';
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import { COLUMNS, KEYS, makePool, people, toSqlite } from './database.mjs';

/**
 * @param {string} dialect
 * @param {string} url
 */
export async function open(dialect, url) {
  const isSqlite = dialect === 'sqlite';
  /** @type {Kysely<any>} */
  const db = new Kysely({
    dialect: isSqlite
      ? new SqliteDialect({ database: new Database(url.slice('sqlite:'.length)) })
      : new PostgresDialect({ pool: makePool(url) }),
  });
  const query = () => db.selectFrom('people').selectAll().orderBy('id');
  const rowOf = (/** @type {any} */ row) => {
    const values = isSqlite ? toSqlite(row) : Object.values(row);
    return Object.fromEntries(COLUMNS.map((name, i) => [name, values[i]]));
  };
  const read = (/** @type {any} */ row) => {
    if (!isSqlite) return row;
    row.active = row.active === 1;
    row.created_at = new Date(row.created_at);
    if (row.updated_at !== null) row.updated_at = new Date(row.updated_at);
    return row;
  };
  return {
    load: async () => async () => void (await query().execute()).map(read),
    get: async () => () =>
      db.connection().execute(async (one) => {
        for (const key of KEYS) {
          read(await one.selectFrom('people').selectAll().where('id', '=', key).executeTakeFirst());
        }
      }),
    insert: async () => {
      const rows = people(10_000).map(rowOf);
      return () =>
        db.transaction().execute(async (trx) => {
          for (let start = 0; start < rows.length; start += 1000) {
            await trx
              .insertInto('people')
              .values(rows.slice(start, start + 1000))
              .returning('id')
              .execute();
          }
        });
    },
    update: async () => () =>
      db.transaction().execute(async (trx) => {
        const rows = (await trx.selectFrom('people').selectAll().orderBy('id').limit(5000).execute()).map(read);
        const changed = rows.filter((_, i) => i % 5 === 0);
        const values = sql.join(
          changed.map((row) => sql`(cast(${row.id} as integer), cast(${row.visits + 1} as integer))`),
        );
        await sql`WITH v (id, visits) AS (VALUES ${values}) UPDATE people SET visits = v.visits FROM v WHERE people.id = v.id`.execute(
          trx,
        );
      }),
    flush: async () => {
      const rows = await query().execute();
      return () =>
        db.transaction().execute(async (trx) => {
          const { id, visits } = /** @type {any} */ (rows[rows.length >> 1]);
          await trx
            .updateTable('people')
            .set({ visits: visits + 1 })
            .where('id', '=', id)
            .execute();
        });
    },
    session: async () => async () => {
      for (const key of KEYS) {
        await db.transaction().execute(async (trx) => {
          read(await trx.selectFrom('people').selectAll().where('id', '=', key).executeTakeFirst());
        });
      }
    },
    eager: async () => async () => {
      const { jsonArrayFrom } = isSqlite
        ? await import('kysely/helpers/sqlite')
        : await import('kysely/helpers/postgres');
      const rows = await query()
        .select((eb) =>
          jsonArrayFrom(
            eb
              .selectFrom('notes')
              .select(['notes.id', 'notes.person_id', 'notes.body', 'notes.created_at'])
              .whereRef('notes.person_id', '=', 'people.id')
              .orderBy('notes.id'),
          ).as('notes'),
        )
        .execute();
      for (const row of rows.map(read)) {
        if (isSqlite && typeof row.notes === 'string') row.notes = JSON.parse(row.notes);
        for (const note of row.notes) note.created_at = new Date(note.created_at);
      }
    },
    stream: async () => async () => {
      let count = 0;
      // Without pg-cursor it has no stream on PostgreSQL.
      for (let last = 0; ;) {
        const rows = (await query().where('id', '>', last).limit(500).execute()).map(read);
        for (const row of rows) count += row.visits;
        if (rows.length < 500) return void count;
        last = rows.at(-1)?.id;
      }
    },
    close: () => db.destroy(),
  };
}
