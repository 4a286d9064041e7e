import { expect, it } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import type { Operation } from '../../../src/operations/operation.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { customType, integer, timestamp, varchar } from '../../../src/schema/columns.js';
import { verbatim } from '../../../src/schema/expressions/expression.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { EMPTY_SCHEMA } from '../../../src/schema/table.js';
import { describeEach } from '../../support/describe-each.js';
import { createDatabase, dump, findChanges, reflectAll, run, servers } from './support/database.js';
import { firstModels, secondModels } from './support/models.js';

describeEach(servers, '$name', ({ name, dialect, url }) => {
  const isMariadb = name === 'mariadb';

  it('creates what the models say and finds nothing more to do', async () => {
    const connection = await (await createDatabase(url)).connect();
    const wanted = dialect.normalise(firstModels(isMariadb), connection.server);
    await run(dialect, connection, compareSchemas(EMPTY_SCHEMA, wanted, dialect.capabilities));
    expect(await findChanges(dialect, connection, firstModels(isMariadb))).toEqual([]);
  });

  it('goes up and down through changes of every kind, and the dump is what it was', async () => {
    const connection = await (await createDatabase(url)).connect();
    await run(dialect, connection, await findChanges(dialect, connection, firstModels(isMariadb)));
    const original = await dump(connection);
    const up = await findChanges(dialect, connection, secondModels(isMariadb));
    await run(dialect, connection, up);
    expect(await findChanges(dialect, connection, secondModels(isMariadb))).toEqual([]);
    await run(dialect, connection, reverseAll(up));
    expect(await dump(connection)).toBe(original);
    expect(await findChanges(dialect, connection, firstModels(isMariadb))).toEqual([]);
  });

  it('keeps the values of a generated column that becomes a plain one, and no clock notices', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute(
      `CREATE TABLE t (id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) VIRTUAL,
         touched datetime NULL ON UPDATE CURRENT_TIMESTAMP)`,
    );
    await connection.execute("INSERT INTO t (id, n, touched) VALUES (1, 21, '2001-02-03 04:05:06')");
    const table = { namespace: null, name: 't' };
    const changes = { generated: null, nullable: false };
    await run(dialect, connection, [
      { kind: 'alterColumn', table, column: 'twice', changes, using: null, existing: null },
    ]);
    await connection.execute('UPDATE t SET n = 5, touched = touched');
    const { rows } = await connection.execute('SELECT twice, touched FROM t');
    expect(rows).toEqual([{ twice: 42, touched: '2001-02-03 04:05:06' }]);
  });

  it('stores a computed column, or computes a stored one, with all that stands on it', async () => {
    const connection = await (await createDatabase(url)).connect();
    const expression = isMariadb ? '' : ', KEY by_sum ((twice + 1))';
    await connection.execute(
      `CREATE TABLE t (id int PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED, KEY both_of (n, twice),
         UNIQUE KEY only (twice, n), CONSTRAINT small CHECK (TWICE < 100)${expression})`,
    );
    await connection.execute('INSERT INTO t (id, n) VALUES (1, 21)');
    const original = await dump(connection);
    const live = await reflectAll(dialect, connection);
    const existing = live.tables[0]?.columns.find(({ name: column }) => column === 'twice') ?? null;
    const generated = { expression: sql`n * 2`.node, stored: false };
    const up: Operation = {
      kind: 'alterColumn',
      table: { namespace: null, name: 't' },
      column: 'twice',
      changes: { generated },
      using: null,
      existing,
    };
    await run(dialect, connection, [up]);
    expect(await dump(connection)).toBe(original.replaceAll(' STORED', ' VIRTUAL'));
    await run(dialect, connection, reverseAll([up]));
    expect(await dump(connection)).toBe(original);
    expect((await connection.execute('SELECT n, twice FROM t')).rows).toEqual([{ n: 21, twice: 42 }]);
  });

  it('numbers the rows that are there when a table gets a counter, without touching them', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute('CREATE TABLE t (name varchar(9), touched datetime NULL ON UPDATE CURRENT_TIMESTAMP)');
    await connection.execute("INSERT INTO t VALUES ('a', NULL), ('b', NULL)");
    const metadata = new MetaData();
    metadata.table('t', {
      id: integer().primaryKey(),
      name: varchar(9),
      touched: timestamp({ precision: 0 }).onUpdateNow(),
    });
    const up = await findChanges(dialect, connection, buildSchema([metadata]));
    await run(dialect, connection, up);
    await connection.execute("INSERT INTO t (name) VALUES ('c')");
    const { rows } = await connection.execute('SELECT id, name, touched FROM t ORDER BY id');
    expect(rows).toEqual([
      { id: 1, name: 'a', touched: null },
      { id: 2, name: 'b', touched: null },
      { id: 3, name: 'c', touched: null },
    ]);
    await run(dialect, connection, reverseAll(up));
    expect(await dump(connection)).not.toContain('`id`');
  });

  it('keeps the options of a table that is dropped and comes back', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute(
      `CREATE TABLE t (a varchar(9), b varchar(9) COLLATE latin1_bin, KEY k (a) COMMENT 'it''s')
         ENGINE=InnoDB DEFAULT CHARSET=latin1 ROW_FORMAT=COMPRESSED COMMENT='x'`,
    );
    await connection.execute('CREATE TABLE u (a int) ENGINE=MyISAM');
    const original = await dump(connection);
    const down = await findChanges(dialect, connection, EMPTY_SCHEMA);
    await run(dialect, connection, down);
    expect(await dump(connection)).toBe('');
    await run(dialect, connection, reverseAll(down));
    expect(await dump(connection)).toBe(original);
  });

  it.runIf(isMariadb)('takes json_valid() for JSON in the collation of JSON alone', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute(
      `CREATE TABLE t (a json, b longtext CHARACTER SET latin1 CHECK (json_valid(b)),
         c longtext COLLATE utf8mb4_general_ci CHECK (json_valid(c)))`,
    );
    const [table] = (await reflectAll(dialect, connection)).tables;
    expect(table?.columns.map(({ type }) => (type.kind === 'custom' ? type.sql : type.kind))).toEqual([
      'json',
      'longtext',
      'longtext',
    ]);
    expect(table?.checks.map((check) => check.name)).toEqual(['b', 'c']);
    const original = await dump(connection);
    const down = await findChanges(dialect, connection, EMPTY_SCHEMA);
    await run(dialect, connection, [...down, ...reverseAll(down)]);
    expect(await dump(connection)).toBe(original);
  });

  it.runIf(isMariadb)('keeps the reference system of a geometry that changes otherwise', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute('CREATE TABLE t (g point REF_SYSTEM_ID=4326, h geometry)');
    const live = await reflectAll(dialect, connection);
    const metadata = new MetaData();
    metadata.table('t', {
      g: customType({ mariadb: 'POINT ref_system_id = 4326' }).comment('where'),
      h: customType({ mariadb: 'geometry' }),
    });
    const up = await findChanges(dialect, connection, buildSchema([metadata]));
    expect(up.map(({ kind }) => kind)).toEqual(['alterColumn']);
    await run(dialect, connection, up);
    await run(dialect, connection, reverseAll(up));
    expect(await reflectAll(dialect, connection)).toEqual(live);
  });

  it.runIf(!isMariadb)('refuses to run a trigger for the default of a new column', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute('CREATE TABLE t (id int PRIMARY KEY, n int)');
    await connection.execute('CREATE TRIGGER counts BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = OLD.n + 1');
    const column = { name: 'key', default: verbatim('(uuid())'), type: { kind: 'uuid' as const } };
    const existing = (await reflectAll(dialect, connection)).tables[0]?.columns[1];
    if (existing === undefined) throw new Error('unreachable: the table has two columns');
    await expect(
      run(dialect, connection, [
        { kind: 'addColumn', table: { namespace: null, name: 't' }, column: { ...existing, ...column } },
      ]),
    ).rejects.toThrow('would run trigger "counts"');
  });

  it('leaves nothing behind on the way down to an empty database', async () => {
    const connection = await (await createDatabase(url)).connect();
    const up = await findChanges(dialect, connection, firstModels(isMariadb));
    await run(dialect, connection, up);
    await run(dialect, connection, reverseAll(up));
    expect(await dump(connection)).toBe('');
  });
});
