import { describe, expect, it } from 'vitest';
import { mariadb, mysql } from '../../../src/dialects/mysql/index.js';
import { AludelError } from '../../../src/errors.js';
import type { Operation } from '../../../src/operations/operation.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { boolean, enumeration, integer, text, timestamp, uuid, varchar } from '../../../src/schema/columns.js';
import { col, sql } from '../../../src/schema/expressions/sql-template.js';
import { fn } from '../../../src/schema/expressions/functions.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { check } from '../../../src/schema/table-args.js';
import { index } from '../../../src/schema/index-arg.js';
import { type Column, findTable, type Schema, type Table } from '../../../src/schema/table.js';

function models(): Schema {
  const metadata = new MetaData();
  metadata.table('users', { id: integer().primaryKey() });
  metadata.table(
    'tickets',
    {
      id: integer().primaryKey(),
      key: uuid().notNull(),
      userId: integer().notNull().references('users.id', { onDelete: 'cascade' }).index(),
      status: enumeration('status', ['open', "it's"]).serverDefault('open'),
      isUrgent: boolean().notNull().serverDefault(false),
      body: text().serverDefault('x').comment('what "they" say'),
      createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().serverDefault(fn.now()),
      slug: varchar(20).generatedAs(sql`lower(body)`),
    },
    (c) => [index('ix_z', [c.status, c.createdAt.desc()]).where(c.isUrgent.eq(true)), check('ok', c.id.gt(0))],
    { comment: 'c' },
  );
  return buildSchema([metadata]);
}

function tableOf(schema: Schema, name: string): Table {
  const table = findTable(schema, { namespace: null, name });
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

function columnOf(schema: Schema, name: string): Column {
  const column = tableOf(schema, 'tickets').columns.find((known) => known.name === name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column;
}

const tickets = { namespace: null, name: 'tickets' };

describe.each([mysql, mariadb])('$name', (dialect) => {
  const isMariadb = dialect.name === 'mariadb';
  const server = dialect.assumedServer;
  const before = dialect.normalise(models(), server);
  const compile = (operation: Operation, schema: Schema | null = before): string[] =>
    dialect.compile(operation, { server, before: schema }).map((statement) => statement.sql);

  it('creates a table with all that belongs to it in one statement', () => {
    expect(compile({ kind: 'createTable', table: tableOf(models(), 'tickets') })).toEqual([
      [
        'CREATE TABLE `tickets` (',
        '  `id` int NOT NULL AUTO_INCREMENT,',
        '  `key` char(36) NOT NULL,',
        '  `user_id` int NOT NULL,',
        "  `status` enum('open','it''s') DEFAULT 'open',",
        '  `is_urgent` tinyint(1) NOT NULL DEFAULT 0,',
        isMariadb
          ? "  `body` text DEFAULT 'x' COMMENT 'what \"they\" say',"
          : "  `body` text DEFAULT ('x') COMMENT 'what \"they\" say',",
        '  `created_at` timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),',
        '  `slug` varchar(20) GENERATED ALWAYS AS (lower(body)) STORED,',
        '  PRIMARY KEY (`id`),',
        '  INDEX `ix_tickets_user_id` (`user_id`),',
        '  INDEX `ix_z` (`status`, `created_at` DESC),',
        '  CONSTRAINT `fk_tickets_user_id_users` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,',
        '  CONSTRAINT `ck_tickets_ok` CHECK (`id` > 0)',
        ") COMMENT='c'",
      ].join('\n'),
    ]);
  });

  it('compiles operations as models say them as well as normalised ones', () => {
    const said = compile({ kind: 'createTable', table: tableOf(models(), 'tickets') });
    // MariaDB 10.5 has no descending indexes, so that nothing is left of DESC where it was read back.
    expect(compile({ kind: 'createTable', table: tableOf(before, 'tickets') })).toEqual(
      isMariadb ? said.map((statement) => statement.replace(' DESC)', ')')) : said,
    );
  });

  it('restates the whole column when one thing about it changes', () => {
    const existing = columnOf(before, 'created_at');
    const change = { kind: 'alterColumn', table: tickets, column: 'created_at', using: null } as const;
    expect(compile({ ...change, changes: { comment: "it's" }, existing }, null)).toEqual([
      "ALTER TABLE `tickets` MODIFY `created_at` timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) COMMENT 'it''s'",
    ]);
    expect(compile({ ...change, changes: { name: 'made', default: null }, existing: null })).toEqual([
      'ALTER TABLE `tickets` CHANGE `created_at` `made` timestamp(3) NOT NULL',
    ]);
    expect(compile({ ...change, changes: { name: 'made' }, existing: null }, null)).toEqual([
      'ALTER TABLE `tickets` RENAME COLUMN `created_at` TO `made`',
    ]);
  });

  it('looks for rows before it adds a required column without a default, which would fill them with zeros', () => {
    const added = columnOf(before, 'user_id');
    expect(dialect.compile({ kind: 'addColumn', table: tickets, column: added }, { server, before })).toEqual([
      {
        sql: 'SELECT 1 FROM `tickets` LIMIT 1',
        expect: {
          kind: 'noRows',
          problem: 'Column "user_id" is required and has no default, and table "tickets" has rows.',
        },
      },
      { sql: 'ALTER TABLE `tickets` ADD COLUMN `user_id` int NOT NULL' },
    ]);
  });

  it('says its own words where the mode of the server has others for them', () => {
    const operation = { kind: 'setTableComment', table: tickets, comment: 'x', existing: null } as const;
    const sqlModes = ['ANSI_QUOTES', 'ORACLE,ANSI_QUOTES', 'PAD_CHAR_TO_FULL_LENGTH'];
    const statements = sqlModes.map((sqlMode) =>
      dialect.compile(operation, { server: { ...server, sqlMode }, before: null }).map((statement) => statement.sql),
    );
    const alter = "ALTER TABLE `tickets` COMMENT = 'x'";
    const back = 'SET sql_mode = @aludel_sql_mode';
    expect(statements).toEqual([
      [alter],
      ["SET @aludel_sql_mode = @@sql_mode, sql_mode = REPLACE(@@sql_mode, 'ORACLE', '')", alter, back],
      ["SET @aludel_sql_mode = @@sql_mode, sql_mode = REPLACE(@@sql_mode, 'PAD_CHAR_TO_FULL_LENGTH', '')", alter, back],
    ]);
    const escaped = dialect.compile({ ...operation, comment: 'a\\b' }, { server, before: null });
    expect(escaped[0]?.sql).toContain("REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')");
  });

  it('looks for NULL before it requires a column', () => {
    const operation = {
      kind: 'alterColumn',
      table: tickets,
      column: 'slug',
      changes: { nullable: false },
      using: null,
      existing: { ...columnOf(before, 'slug'), generated: null },
    } as const;
    expect(dialect.compile(operation, { server, before: null })).toEqual([
      { sql: expect.stringContaining("sql_mode = CONCAT('STRICT_ALL_TABLES,") },
      {
        sql: 'SELECT 1 FROM `tickets` WHERE `slug` IS NULL LIMIT 1',
        expect: { kind: 'noRows', problem: 'Column "slug" of table "tickets" is to be required and holds NULL.' },
      },
      { sql: 'ALTER TABLE `tickets` MODIFY `slug` varchar(20) NOT NULL' },
      { sql: 'SET sql_mode = @aludel_sql_mode' },
    ]);
  });

  it('refuses a counter without a key by name, where the server would with none', () => {
    const users = tableOf(before, 'users');
    expect(() => compile({ kind: 'createTable', table: { ...users, primaryKey: null } })).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_TYPE_UNSUPPORTED',
        message: expect.stringContaining('Column "users.id" counts up and is not the first column of a key or index'),
      }),
    );
  });

  it('asks for a connection when a column cannot be restated without one', () => {
    const operation = {
      kind: 'alterColumn',
      table: tickets,
      column: 'body',
      changes: { nullable: false },
      using: null,
      existing: null,
    } as const;
    expect(dialect.needsSchema(operation)).toBe(true);
    expect(() => compile(operation, null)).toThrow(expect.objectContaining({ code: 'ALUDEL_NEEDS_CONNECTION' }));
  });

  it('leaves a foreign key the index it needs when the index it used is dropped', () => {
    expect(compile({ kind: 'dropIndex', table: tickets, name: 'ix_tickets_user_id', existing: null })).toEqual([
      'ALTER TABLE `tickets` DROP INDEX `ix_tickets_user_id`, ADD INDEX `fk_tickets_user_id_users` (`user_id`)',
    ]);
  });

  it('drops the index that InnoDB made for a foreign key along with the key', () => {
    const table = { ...tableOf(before, 'tickets'), indexes: [] };
    const bare = { ...before, tables: [table, tableOf(before, 'users')] };
    const name = 'fk_tickets_user_id_users';
    expect(compile({ kind: 'dropConstraint', table: tickets, name, type: null, existing: null }, bare)).toEqual([
      'ALTER TABLE `tickets` DROP FOREIGN KEY `fk_tickets_user_id_users`, DROP INDEX `fk_tickets_user_id_users`',
    ]);
    expect(compile({ kind: 'dropConstraint', table: tickets, name, type: null, existing: null })).toEqual([
      'ALTER TABLE `tickets` DROP FOREIGN KEY `fk_tickets_user_id_users`',
    ]);
  });

  it('stops a counter before its key goes', () => {
    const type = 'primaryKey';
    expect(compile({ kind: 'dropConstraint', table: tickets, name: null, type, existing: null })).toEqual([
      'ALTER TABLE `tickets` DROP PRIMARY KEY, MODIFY `id` int NOT NULL',
    ]);
  });

  it('adds a counter by a key that lasts until the rows are numbered', () => {
    expect(compile({ kind: 'addColumn', table: tickets, column: columnOf(before, 'id') })).toEqual([
      'ALTER TABLE `tickets` ADD COLUMN `id` int NOT NULL AUTO_INCREMENT, ADD INDEX `aludel_id` (`id`)',
      'ALTER TABLE `tickets` MODIFY `id` int NOT NULL, DROP INDEX `aludel_id`',
    ]);
  });

  it('drops a check in the words of the server', () => {
    const operation = { kind: 'dropConstraint', table: tickets, name: 'ck_tickets_ok', existing: null } as const;
    expect(compile({ ...operation, type: 'check' }, null)).toEqual([
      `ALTER TABLE \`tickets\` DROP ${isMariadb ? 'CONSTRAINT' : 'CHECK'} \`ck_tickets_ok\``,
    ]);
  });

  it('compiles what is about enum types to nothing', () => {
    const name = { namespace: null, name: 'status' };
    expect(compile({ kind: 'createEnum', enum: { ...name, values: ['a'] } })).toEqual([]);
    expect(compile({ kind: 'addEnumValue', enum: name, value: 'b', before: null, existing: null })).toEqual([]);
  });

  it('renames, comments and drops', () => {
    expect(compile({ kind: 'renameTable', table: tickets, to: 'issues' })).toEqual([
      'RENAME TABLE `tickets` TO `issues`',
    ]);
    expect(compile({ kind: 'setTableComment', table: tickets, comment: null, existing: 'c' })).toEqual([
      "ALTER TABLE `tickets` COMMENT = ''",
    ]);
    expect(compile({ kind: 'dropColumn', table: tickets, column: 'a`b', existing: null })).toEqual([
      'ALTER TABLE `tickets` DROP COLUMN `a``b`',
    ]);
    expect(compile({ kind: 'dropTable', table: tickets, existing: null })).toEqual(['DROP TABLE `tickets`']);
  });

  it('refuses what the server has not, by name', () => {
    const refused = (declare: (metadata: MetaData) => void): unknown => {
      const metadata = new MetaData();
      declare(metadata);
      try {
        return dialect.normalise(buildSchema([metadata]), server);
      } catch (error) {
        return error instanceof AludelError ? [error.code, error.message] : error;
      }
    };
    const label = isMariadb ? 'MariaDB' : 'MySQL';
    expect(refused((metadata) => metadata.table('app.users', { id: integer().primaryKey() }))).toEqual([
      'ALUDEL_OPERATION_UNSUPPORTED',
      `Table "app.users" has a namespace, and ${label} has none inside a database.`,
    ]);
    expect(refused((metadata) => metadata.table('users', { email: varchar() }))).toEqual([
      'ALUDEL_TYPE_UNSUPPORTED',
      'Column "users.email" is a varchar without a length.',
    ]);
    const partial = index('uq_email', ['email'], { unique: true, where: col('email').isNotNull() });
    expect(refused((metadata) => metadata.table('users', { email: varchar(9) }, () => [partial]))).toEqual([
      'ALUDEL_OPERATION_UNSUPPORTED',
      `Index "uq_email" of table "users" is unique for some rows only, and ${label} has no partial indexes.`,
    ]);
  });
});

it('refuses indexes on expressions on MariaDB only', () => {
  const metadata = new MetaData();
  metadata.table('users', { email: varchar(9) }, () => [index('ix_lower', [sql`lower(email)`])]);
  const schema = buildSchema([metadata]);
  expect(() => mariadb.normalise(schema, mariadb.assumedServer)).toThrow(
    'Index "ix_lower" of table "users" covers an expression, and MariaDB only indexes columns.',
  );
  const { indexes } = tableOf(mysql.normalise(schema, mysql.assumedServer), 'users');
  expect(indexes.map((known) => known.name)).toEqual(['ix_lower']);
});

it.each([mysql, mariadb])('$name refuses a counter without a key, and a second one, by name', (dialect) => {
  const build = (declare: (metadata: MetaData) => void): Schema => {
    const metadata = new MetaData();
    declare(metadata);
    return dialect.normalise(buildSchema([metadata]), dialect.assumedServer);
  };
  const id = integer().primaryKey();
  const plain = integer().notNull().primaryKey().autoincrement(false);
  expect(() => build((m) => void m.table('t', { id: plain, n: integer().notNull().autoincrement() }))).toThrow(
    'Column "t.n" counts up and is not the first column of a key or index in',
  );
  expect(() => build((m) => void m.table('t', { id, n: integer().notNull().autoincrement().unique() }))).toThrow(
    'Column "t.n" counts up beside "id": a table has one counter in',
  );
  const keyed = build((m) => void m.table('t', { id: plain, n: integer().notNull().autoincrement().index() }));
  expect(tableOf(keyed, 't').columns.map(({ generation }) => generation?.kind)).toEqual([undefined, 'autoincrement']);
});
