import 'reflect-metadata';
import { DataSource, EntitySchema, MoreThan } from 'typeorm';
import { KEYS, people } from './database.mjs';

/** SQLite's dates are text here, for which it has no type. */
const iso = {
  to: (/** @type {unknown} */ value) => (value instanceof Date ? value.toISOString() : value),
  from: (/** @type {unknown} */ value) => (typeof value === 'string' ? new Date(value) : value),
};

/**
 * @param {string} dialect
 * @param {string} url
 */
export async function open(dialect, url) {
  const isSqlite = dialect === 'sqlite';
  const date = isSqlite ? { type: 'text', transformer: iso } : { type: 'timestamptz' };
  const text = { type: 'varchar' };
  const Person = new EntitySchema(
    /** @type {any} */ ({
      name: 'Person',
      tableName: 'people',
      columns: {
        id: { type: 'integer', primary: true, generated: true },
        name: text,
        email: text,
        age: { type: 'integer' },
        score: { type: isSqlite ? 'real' : 'double precision' },
        active: { type: 'boolean' },
        city: text,
        zip: text,
        note: { type: 'text', nullable: true },
        kind: text,
        visits: { type: 'integer' },
        price: text,
        createdAt: { ...date, name: 'created_at' },
        updatedAt: { ...date, name: 'updated_at', nullable: true },
      },
      relations: { notes: { type: 'one-to-many', target: 'Note', inverseSide: 'person' } },
    }),
  );
  const Note = new EntitySchema(
    /** @type {any} */ ({
      name: 'Note',
      tableName: 'notes',
      columns: {
        id: { type: 'integer', primary: true, generated: true },
        body: text,
        createdAt: { ...date, name: 'created_at' },
      },
      relations: {
        person: { type: 'many-to-one', target: 'Person', joinColumn: { name: 'person_id' }, inverseSide: 'notes' },
      },
    }),
  );
  const source = new DataSource(
    /** @type {any} */ ({
      ...(isSqlite ? { type: 'better-sqlite3', database: url.slice('sqlite:'.length) } : { type: 'postgres', url }),
      entities: [Person, Note],
    }),
  );
  await source.initialize();
  const repository = /** @type {any} */ (source.getRepository(Person));
  const all = { order: { id: 'ASC' } };
  return {
    load: async () => async () => void (await repository.find(all)),
    get: async () => async () => {
      for (const id of KEYS) await repository.findOneBy({ id });
    },
    insert: async () => {
      const rows = people(10_000);
      return async () =>
        void (await repository.save(
          rows.map((row) => repository.create(row)),
          { chunk: 2000 },
        ));
    },
    update: async () => async () => {
      const rows = await repository.find({ ...all, take: 5000 });
      const changed = rows.filter((/** @type {any} */ _, /** @type {number} */ i) => i % 5 === 0);
      for (const row of changed) row.visits += 1;
      await repository.save(changed);
    },
    flush: async () => {
      const rows = await repository.find(all);
      const row = rows[rows.length >> 1];
      row.visits += 1;
      return async () => void (await repository.save(row));
    },
    session: async () => async () => {
      for (const id of KEYS)
        await source.transaction((manager) => manager.findOneBy(Person, /** @type {any} */ ({ id })));
    },
    eager: async () => async () => void (await repository.find({ ...all, relations: { notes: true } })),
    stream: async () => async () => {
      let count = 0;
      for (let last = 0; ;) {
        const rows = await repository.find({ ...all, where: { id: MoreThan(last) }, take: 500 });
        for (const row of rows) count += row.visits;
        if (rows.length < 500) return void count;
        last = rows.at(-1).id;
      }
    },
    close: () => source.destroy(),
  };
}
