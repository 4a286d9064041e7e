import { EntitySchema, MikroORM as Core, Type } from '@mikro-orm/core';
import { KEYS, people } from './database.mjs';

// Their properties stand in the schemas.
/* oxlint-disable typescript/no-extraneous-class */
class Person {}
class Note {}
/* oxlint-enable typescript/no-extraneous-class */

/**
 * @param {string} dialect
 * @param {string} url
 */
export async function open(dialect, url) {
  const isSqlite = dialect === 'sqlite';
  const driver = isSqlite ? await import('@mikro-orm/better-sqlite') : await import('@mikro-orm/postgresql');
  const text = { type: 'string' };
  // SQLite's dates are text here, for which it has no type.
  const date = isSqlite ? { type: IsoDate } : { type: 'datetime' };
  const person = new EntitySchema({
    class: Person,
    tableName: 'people',
    properties: /** @type {any} */ ({
      id: { type: 'integer', primary: true, autoincrement: true },
      name: text,
      email: text,
      age: { type: 'integer' },
      score: { type: 'double' },
      active: { type: 'boolean' },
      city: text,
      zip: text,
      note: { ...text, nullable: true },
      kind: text,
      visits: { type: 'integer' },
      price: text,
      createdAt: date,
      updatedAt: { ...date, nullable: true },
      notes: { kind: '1:m', entity: () => Note, mappedBy: 'person' },
    }),
  });
  const note = new EntitySchema({
    class: Note,
    tableName: 'notes',
    properties: /** @type {any} */ ({
      id: { type: 'integer', primary: true },
      person: { kind: 'm:1', entity: () => Person },
      body: text,
      createdAt: date,
    }),
  });
  const orm = await Core.init(
    /** @type {any} */ ({
      driver: isSqlite ? driver.BetterSqliteDriver : driver.PostgreSqlDriver,
      ...(isSqlite ? { dbName: url.slice('sqlite:'.length) } : { clientUrl: url }),
      entities: [person, note],
      pool: { min: 1, max: 5 },
    }),
  );
  const all = { orderBy: { id: 'asc' } };
  return {
    load: async () => async () => void (await orm.em.fork().find(Person, {}, /** @type {any} */ (all))),
    get: async () => async () => {
      const em = orm.em.fork();
      for (const key of KEYS) await em.findOne(Person, /** @type {any} */ (key));
    },
    insert: async () => {
      const rows = people(10_000);
      return async () => {
        const em = orm.em.fork();
        for (const row of rows) em.persist(em.create(Person, /** @type {any} */ (row)));
        await em.flush();
      };
    },
    update: async () => async () => {
      const em = orm.em.fork();
      const rows = /** @type {any[]} */ (await em.find(Person, {}, /** @type {any} */ ({ ...all, limit: 5000 })));
      for (let i = 0; i < rows.length; i += 5) rows[i].visits += 1;
      await em.flush();
    },
    flush: async () => {
      const em = orm.em.fork();
      const rows = /** @type {any[]} */ (await em.find(Person, {}, /** @type {any} */ (all)));
      rows[rows.length >> 1].visits += 1;
      return () => em.flush();
    },
    session: async () => async () => {
      for (const key of KEYS) await orm.em.fork().findOne(Person, /** @type {any} */ (key));
    },
    eager: async () => async () =>
      void (await orm.em
        .fork()
        .find(Person, {}, /** @type {any} */ ({ ...all, populate: ['notes'], strategy: 'select-in' }))),
    stream: async () => async () => {
      let count = 0;
      for (let last = 0; ;) {
        const where = /** @type {any} */ ({ id: { $gt: last } });
        const rows = /** @type {any[]} */ (
          await orm.em.fork().find(Person, where, /** @type {any} */ ({ ...all, limit: 500 }))
        );
        for (const row of rows) count += row.visits;
        if (rows.length < 500) return void count;
        last = rows.at(-1).id;
      }
    },
    close: () => orm.close(true),
  };
}

class IsoDate extends Type {
  /** @param {any} value */
  convertToDatabaseValue(value) {
    return value instanceof Date ? value.toISOString() : value;
  }

  /** @param {any} value */
  convertToJSValue(value) {
    return typeof value === 'string' ? new Date(value) : value;
  }

  getColumnType() {
    return 'text';
  }

  compareAsType() {
    return 'string';
  }
}
