import { expect, it } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { customType, integer, smallint, text, timestamp, varchar } from '../../../src/schema/columns.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { foreignKey, unique } from '../../../src/schema/table-args.js';
import { index } from '../../../src/schema/index-arg.js';
import { EMPTY_SCHEMA, type Schema } from '../../../src/schema/table.js';
import { describeEach } from '../../support/describe-each.js';
import { createDatabase, dump, findChanges, reflectAll, run, servers } from './support/database.js';

/** The words that mean nothing to the server, and that a dump shows. */
const spoken = (isMariadb: boolean): string[] => [
  'CREATE TABLE parents (id int NOT NULL, PRIMARY KEY (id) USING BTREE)',
  `CREATE TABLE children (
     id int(7) NOT NULL, parent_id int NOT NULL, other_id int NOT NULL, code smallint NOT NULL,
     body text COLLATE ${isMariadb ? 'utf8mb4_general_ci' : 'utf8mb4_0900_ai_ci'} NOT NULL,
     PRIMARY KEY (id), UNIQUE KEY uq_code (code) USING BTREE, KEY ix_parent (parent_id) USING BTREE,
     FULLTEXT KEY ft_body (body), KEY other_id (other_id),
     CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parents (id)
       ON DELETE ${isMariadb ? 'NO ACTION' : 'RESTRICT'} ON UPDATE CASCADE,
     CONSTRAINT fk_other FOREIGN KEY (other_id) REFERENCES parents (id))`,
];

/** Models that say none of them. */
function models(): Schema {
  const metadata = new MetaData();
  metadata.table('parents', { id: integer().primaryKey().autoincrement(false) });
  metadata.table(
    'children',
    {
      id: integer().primaryKey().autoincrement(false),
      parentId: integer().notNull(),
      otherId: integer().notNull(),
      code: smallint().notNull(),
      body: text().notNull(),
    },
    (c) => [
      unique([c.code], { name: 'uq_code' }),
      index('ix_parent', [c.parentId]),
      index('ft_body', [c.body], { method: 'fulltext' }),
      foreignKey([c.parentId], 'parents', ['id'], { name: 'fk_parent', onUpdate: 'cascade' }),
      // The server made its index under the name of the column.
      foreignKey([c.otherId], 'parents', ['id'], { name: 'fk_other' }),
    ],
  );
  return buildSchema([metadata]);
}

describeEach(servers, '$name', ({ name, dialect, url }) => {
  const isMariadb = name === 'mariadb';

  it('finds no difference in words that mean nothing', async () => {
    const connection = await (await createDatabase(url)).connect();
    for (const statement of spoken(isMariadb)) await connection.execute(statement);
    expect(await findChanges(dialect, connection, models())).toEqual([]);
  });

  it('finds no difference in other words for options and collations', async () => {
    const connection = await (await createDatabase(url)).connect();
    const options = { charset: 'UTF8', collation: 'utf8_BIN', engine: 'heap' };
    await connection.execute('CREATE TABLE a (note varchar(20)) ENGINE=MEMORY CHARSET=utf8mb3 COLLATE=utf8mb3_bin');
    await connection.execute(
      'CREATE TABLE b (id int, note varchar(20) COLLATE utf8mb3_general_ci) ROW_FORMAT=COMPRESSED',
    );
    const metadata = new MetaData();
    metadata.table('a', { note: varchar(20) }, undefined, { options: { mysql: options, mariadb: options } });
    const others = { engine: 'innodb', rowFormat: 'compressed', tablespace: false, charset: false } as const;
    metadata.table('b', { id: integer(), note: varchar(20).collate('utf8_general_ci') }, undefined, {
      options: { mysql: others, mariadb: others },
    });
    expect(await findChanges(dialect, connection, buildSchema([metadata]))).toEqual([]);
  });

  it('changes the size of the blocks of a table, and of no key with it', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute(
      'CREATE TABLE t (id int PRIMARY KEY, note varchar(20), KEY by_note (note)) KEY_BLOCK_SIZE=8',
    );
    const metadata = new MetaData();
    const [options, columns] = [
      { keyBlockSize: '4' },
      { id: integer().primaryKey().autoincrement(false), note: varchar(20) },
    ];
    metadata.table('t', columns, (t) => [index('by_note', [t.note])], {
      options: { mysql: options, mariadb: options },
    });
    const found = await findChanges(dialect, connection, buildSchema([metadata]));
    expect(found.map(({ kind }) => kind)).toEqual(['setTableOptions']);
    await run(dialect, connection, found);
    expect(await dump(connection)).toContain('PRIMARY KEY (`id`) KEY_BLOCK_SIZE=8');
    expect(await findChanges(dialect, connection, buildSchema([metadata]))).toEqual([]);
  });

  it('writes no password that a table connects with, and finds no difference in it', async () => {
    const connection = await (await createDatabase(url)).connect();
    const address = (password: string): string => `mysql://reader:${password}@elsewhere:3306/app/t`;
    await connection.execute(`CREATE TABLE t (id int) ENGINE=MyISAM CONNECTION='${address('se@cret')}'`);
    const live = await reflectAll(dialect, connection);
    expect(live.tables[0]?.options['connection']).toBe(address('***'));
    for (const password of ['se@cret', '***']) {
      const metadata = new MetaData();
      const options = { engine: 'MyISAM', connection: address(password) };
      metadata.table('t', { id: integer() }, undefined, { options: { mysql: options, mariadb: options } });
      expect(await findChanges(dialect, connection, buildSchema([metadata]))).toEqual([]);
    }
  });

  it('makes a database again in the words of another one', async () => {
    const [first, second] = [await createDatabase(url), await createDatabase(url)];
    const [from, to] = [await first.connect(), await second.connect()];
    for (const statement of spoken(isMariadb)) await from.execute(statement);
    await from.execute(
      `CREATE TABLE others (a int, b varchar(20), KEY ix_a (a) KEY_BLOCK_SIZE=4 COMMENT 'USING HASH',
         KEY ix_b (b(5)) USING BTREE ${isMariadb ? 'IGNORED' : 'INVISIBLE'})`,
    );
    await run(dialect, to, compareSchemas(EMPTY_SCHEMA, await reflectAll(dialect, from), dialect.capabilities));
    expect(await dump(to)).toEqual(await dump(from));
  });

  it('shows two databases apart by them', async () => {
    const [first, second] = [await createDatabase(url), await createDatabase(url)];
    const [from, to] = [await first.connect(), await second.connect()];
    await from.execute('CREATE TABLE t (id int, KEY ix_id (id))');
    await to.execute('CREATE TABLE t (id int, KEY ix_id (id) USING BTREE)');
    await run(
      dialect,
      from,
      compareSchemas(await reflectAll(dialect, from), await reflectAll(dialect, to), dialect.capabilities),
    );
    expect(await dump(from)).toEqual(await dump(to));
  });

  it('reads a view with the character sets of its literals and its algorithm', async () => {
    const connection = await (await createDatabase(url)).connect();
    await connection.execute('CREATE TABLE t (id int)');
    await connection.execute("CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT _latin1'x' AS a FROM t");
    const { objects = [] } = await reflectAll(dialect, connection);
    expect(objects[0]?.definition).toMatch(
      /^CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `v` AS select _latin1'x' AS/,
    );
  });

  it('makes and changes a table with a zero date, which the usual mode refuses', async () => {
    const connection = await (await createDatabase(url)).connect();
    const metadata = new MetaData();
    const at = timestamp({ precision: 0 })
      .notNull()
      .serverDefault(sql`'0000-00-00 00:00:00'`);
    metadata.table('t', { id: integer().primaryKey(), at, note: customType('varchar(9)') });
    const wanted = buildSchema([metadata]);
    await run(dialect, connection, await findChanges(dialect, connection, wanted));
    expect(await findChanges(dialect, connection, wanted)).toEqual([]);
    const { rows } = await connection.execute('SELECT @@sql_mode AS mode');
    expect(String(rows[0]?.['mode']).includes('NO_ZERO_DATE')).toBe(!isMariadb);
  });
});
