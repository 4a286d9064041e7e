/** The drivers by hand, as a careful program without a library would use them; no named statements. */
import Database from 'better-sqlite3';
import { COLUMNS, KEYS, makePool, people, toSqlite } from './database.mjs';

const ALL = `id, ${COLUMNS.join(', ')}`;

/**
 * @param {string} dialect
 * @param {string} url
 */
export function open(dialect, url) {
  return dialect === 'sqlite' ? openSqlite(url.slice('sqlite:'.length)) : openPostgres(url);
}

/** @param {string} url */
function openPostgres(url) {
  const pool = makePool(url);
  /** @type {<T>(fn: (client: import('pg').PoolClient) => Promise<T>) => Promise<T>} */
  const begin = async (fn) => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const value = await fn(client);
      await client.query('COMMIT');
      return value;
    } finally {
      client.release();
    }
  };
  return {
    load: async () => () => begin(async (client) => void (await client.query(`SELECT ${ALL} FROM people ORDER BY id`))),
    stream: async () => () =>
      begin(async (client) => {
        await client.query(`DECLARE c NO SCROLL CURSOR FOR SELECT ${ALL} FROM people ORDER BY id`);
        let count = 0;
        for (;;) {
          const { rows } = await client.query('FETCH FORWARD 1000 FROM c');
          for (const row of rows) count += row.id > 0 ? 1 : 0;
          if (rows.length < 1000) break;
        }
        if (count !== 50_000) throw new Error('not all was read');
      }),
    get: async () => () =>
      begin(async (client) => {
        for (const key of KEYS) await client.query(`SELECT ${ALL} FROM people WHERE id = $1`, [key]);
      }),
    insert: async () => {
      const rows = people(10_000);
      return () =>
        begin(async (client) => {
          const ids = [];
          for (let start = 0; start < rows.length; start += 1000) {
            const values = rows.slice(start, start + 1000).flatMap((row) => Object.values(row));
            const width = COLUMNS.length;
            const tuples = Array.from(
              { length: values.length / width },
              (_, i) => `(${COLUMNS.map((__, j) => `$${i * width + j + 1}`).join(', ')})`,
            );
            const sql = `INSERT INTO people (${COLUMNS.join(', ')}) VALUES ${tuples.join(', ')} RETURNING id`;
            ids.push(...(await client.query(sql, values)).rows);
          }
        });
    },
    update: async () => () =>
      begin(async (client) => {
        const { rows } = await client.query(`SELECT ${ALL} FROM people ORDER BY id LIMIT 5000`);
        const changed = rows.filter((_, i) => i % 5 === 0).map((row) => [row.id, row.visits + 1]);
        const tuples = changed.map((_, i) => `($${i * 2 + 1}::int, $${i * 2 + 2}::int)`).join(', ');
        const sql = `UPDATE people AS t SET visits = v.visits FROM (VALUES ${tuples}) AS v (id, visits) WHERE t.id = v.id`;
        await client.query(sql, changed.flat());
      }),
    flush: async () => {
      const { rows } = await pool.query(`SELECT ${ALL} FROM people ORDER BY id`);
      const one = rows[rows.length >> 1];
      return () =>
        begin((client) => client.query('UPDATE people SET visits = $1 WHERE id = $2', [one.visits + 1, one.id]));
    },
    session: async () => async () => {
      for (const key of KEYS) {
        await begin((client) => client.query(`SELECT ${ALL} FROM people WHERE id = $1`, [key]));
      }
    },
    eager: async () => () =>
      begin(async (client) => {
        const { rows } = await client.query(`SELECT ${ALL} FROM people ORDER BY id`);
        const byId = new Map(rows.map((row) => [row.id, Object.assign(row, { notes: [] })]));
        const sql = 'SELECT id, person_id, body, created_at FROM notes WHERE person_id = ANY($1) ORDER BY id';
        const found = await client.query(sql, [[...byId.keys()]]);
        for (const note of found.rows) byId.get(note.person_id).notes.push(note);
      }),
    close: () => pool.end(),
  };
}

/** @param {string} path */
function openSqlite(path) {
  const db = new Database(path);
  const all = db.prepare(`SELECT ${ALL} FROM people ORDER BY id`);
  const some = db.prepare(`SELECT ${ALL} FROM people ORDER BY id LIMIT 5000`);
  const one = db.prepare(`SELECT ${ALL} FROM people WHERE id = ?`);
  const notes = db.prepare(
    'SELECT id, person_id, body, created_at FROM notes WHERE person_id IN (SELECT id FROM people) ORDER BY id',
  );
  const insert = db.prepare(`INSERT INTO people (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`);
  const update = db.prepare('UPDATE people SET visits = ? WHERE id = ?');
  /** Rows as a program wants them: driver and database know neither dates nor booleans. */
  const read = (/** @type {any} */ row) => {
    row.active = row.active === 1;
    row.created_at = new Date(row.created_at);
    if (row.updated_at !== null) row.updated_at = new Date(row.updated_at);
    return row;
  };
  const [begin, commit] = ['BEGIN IMMEDIATE', 'COMMIT'].map((sql) => db.prepare(sql));
  return {
    load: async () => async () => void all.all().map(read),
    stream: async () => async () => {
      let count = 0;
      for (const row of all.iterate()) count += read(row).id > 0 ? 1 : 0;
      if (count !== 50_000) throw new Error('not all was read');
    },
    get: async () => async () => {
      for (const key of KEYS) read(one.get(key));
    },
    insert: async () => {
      const rows = people(10_000);
      return async () => void db.transaction(() => rows.map((row) => insert.run(toSqlite(row)).lastInsertRowid))();
    },
    update: async () => async () => {
      db.transaction(() => {
        const rows = some.all().map(read);
        for (let i = 0; i < rows.length; i += 5) update.run(rows[i].visits + 1, rows[i].id);
      })();
    },
    flush: async () => {
      const rows = all.all().map(read);
      const middle = rows[rows.length >> 1];
      return async () => void db.transaction(() => update.run(middle.visits + 1, middle.id))();
    },
    session: async () => async () => {
      for (const key of KEYS) {
        begin?.run();
        read(one.get(key));
        commit?.run();
      }
    },
    eager: async () => async () => {
      const rows = all.all().map(read);
      const byId = new Map(rows.map((row) => [row.id, Object.assign(row, { notes: [] })]));
      for (const note of /** @type {any[]} */ (notes.all())) {
        note.created_at = new Date(note.created_at);
        byId.get(note.person_id)?.notes.push(note);
      }
    },
    close: async () => void db.close(),
  };
}
