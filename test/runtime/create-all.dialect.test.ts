import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEngine, enumeration, fn, integer, MetaData, timestamp, varchar } from '../../src/index.js';
import type { Engine } from '../../src/engine/connection.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { dumpDatabase } from '../support/dump.js';

describe.each(dialects)('createAll on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  let engine: Engine;

  beforeEach(async () => {
    engine = createEngine(database.url);
  });

  afterEach(async () => {
    await engine.dispose();
  });

  /** Two tables that refer to each other, one to itself, and one to both. */
  function declare(): MetaData {
    const metadata = new MetaData();
    metadata.table('a_members', {
      id: integer().primaryKey(),
      teamId: integer().references('teams.id'),
      bossId: integer().references('a_members.id', { onDelete: 'set null' }),
      role: enumeration('member_role', ['lead', 'other']).notNull().serverDefault('other'),
      joinedAt: timestamp().notNull().serverDefault(fn.now()),
    });
    metadata.table('teams', { id: integer().primaryKey(), leadId: integer().references('a_members.id') });
    metadata.table('awards', {
      memberId: integer().primaryKey().references('a_members.id', { onDelete: 'cascade' }),
      teamId: integer().primaryKey().references('teams.id'),
      title: varchar(40).notNull().unique(),
    });
    return metadata;
  }

  test('creates in dependency order, cycles included, and dropAll leaves nothing', async () => {
    const metadata = declare();
    await metadata.createAll(engine);
    const dump = await dumpDatabase(database.url);
    expect(dump.filter((statement) => /^create table/i.test(statement))).toHaveLength(3);
    await metadata.dropAll(engine);
    expect(await dumpDatabase(database.url)).toEqual([]);
  });

  test('skips what exists', async () => {
    const metadata = declare();
    await metadata.createAll(engine);
    const dump = await dumpDatabase(database.url);
    await engine.transaction(async (connection) => {
      await connection.execute('INSERT INTO teams (id) VALUES (1)');
    });
    metadata.table('later', { id: integer().primaryKey() });
    await metadata.createAll(engine);
    expect(await dumpDatabase(database.url)).toEqual(expect.arrayContaining(dump));
    const connection = await engine.connect();
    expect((await connection.execute('SELECT id FROM teams')).rows).toEqual([{ id: 1 }]);
    expect((await connection.execute('SELECT id FROM later')).rows).toEqual([]);
  });

  test('dropAll on an empty database does nothing', async () => {
    await declare().dropAll(engine);
    await declare().createAll(engine);
    await declare().dropAll(engine);
    await declare().dropAll(engine);
    expect(await dumpDatabase(database.url)).toEqual([]);
  });
});
