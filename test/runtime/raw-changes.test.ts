import { expect, test } from 'vitest';
import type { DialectName } from '../../src/engine/connection.js';
import { integer, MetaData } from '../../src/index.js';
import { readRawChanges } from '../../src/runtime/raw-changes.js';
import { buildSchema } from '../../src/schema/build-schema.js';

const metadata = new MetaData();
metadata.table('users', { id: integer().primaryKey(), age: integer() });
metadata.table('posts', { id: integer().primaryKey(), userId: integer().references('users.id') });
metadata.table('likes', { id: integer().primaryKey(), postId: integer().references('posts.id') });
metadata.table('Logs', { id: integer().primaryKey() });
metadata.table('app.notes', { id: integer().primaryKey() });
metadata.table('other.users', { id: integer().primaryKey(), name: integer() });
const schema = buildSchema([metadata]);

const HOMES = { postgres: 'public', mysql: 'shop', mariadb: 'shop', sqlite: null } as const;

const read = (sql: string, dialect: DialectName): readonly string[] =>
  readRawChanges(sql, { dialect, schema, home: HOMES[dialect] })
    // What else goes is only known to the database, and to what was moved before.
    .filter(({ cascade, empties }) => cascade === undefined && empties === undefined)
    .map(({ description }) => description);

test.each<[string, DialectName, readonly string[]]>([
  ['DROP TABLE users', 'sqlite', ['drop table "users"']],
  ['drop table if exists "users", public.posts cascade', 'postgres', ['drop table "users"', 'drop table "posts"']],
  ['DROP TABLE app.notes', 'postgres', ['drop table "app.notes"']],
  ['DROP TABLE USERS', 'postgres', ['drop table "users"']],
  ['DROP TABLE LOGS, `Users`', 'mysql', ['drop table "Logs"', 'drop table "users"']],
  ['DROP TABLE main.[users]', 'sqlite', ['drop table "users"']],
  [
    '/* all */ DROP /* of */ TABLE -- them\n users; DROP TABLE posts',
    'mysql',
    ['drop table "users"', 'drop table "posts"'],
  ],
  ['DROP TEMPORARY TABLE users', 'mysql', []],
  ["INSERT INTO users VALUES ('DROP TABLE users')", 'mysql', []],
  ['DROP VIEW users', 'postgres', []],
  ['DROP MATERIALIZED VIEW users', 'postgres', []],
  ['CREATE OR REPLACE TABLE users (id int)', 'mariadb', ['replace table "users"']],
  ['DROP SCHEMA app CASCADE', 'postgres', ['drop table "app.notes"']],
  ['DROP SCHEMA app', 'postgres', []],
  ['DROP DATABASE IF EXISTS Other', 'mysql', ['drop table "other.users"']],
  ['DROP TABLE other.users, `shop`.posts', 'mysql', ['drop table "other.users"', 'drop table "posts"']],
  ['DROP TABLE nowhere.users', 'mariadb', ['drop table "nowhere.users"']],
  ['ALTER TABLE OTHER.Users DROP NAME', 'mariadb', ['drop column "name" of "other.users"']],
  ['RENAME TABLE users TO other.people', 'mysql', ['move table "users" to "other.people"']],
  ['ALTER TABLE app.notes SET SCHEMA public', 'postgres', ['move table "app.notes" to "notes"']],
  ['TRUNCATE ONLY users *, likes RESTART IDENTITY', 'postgres', ['empty table "users"', 'empty table "likes"']],
  ['TRUNCATE TABLE users CASCADE', 'postgres', ['empty table "users"', 'empty table "posts"', 'empty table "likes"']],
  ['TRUNCATE users', 'mysql', ['empty table "users"']],
  ['ALTER TABLE users DROP COLUMN age', 'sqlite', ['drop column "age" of "users"']],
  [
    'ALTER TABLE IF EXISTS ONLY users ADD COLUMN x numeric(3, 1) CHECK (x > 1), DROP COLUMN IF EXISTS age CASCADE',
    'postgres',
    ['drop column "age" of "users"'],
  ],
  ['ALTER TABLE users DROP AGE, DROP `key`', 'mysql', ['drop column "age" of "users"', 'drop column "key" of "users"']],
  ['ALTER TABLE users DROP INDEX ix, DROP PRIMARY KEY, DROP CONSTRAINT c, DROP CHECK k', 'mysql', []],
  ['ALTER TABLE users ALTER COLUMN age DROP NOT NULL, ALTER age DROP DEFAULT', 'postgres', []],
  ['ALTER TABLE users DROP PARTITION p1, p2', 'mariadb', ['drop partition "p1", "p2" of "users"']],
  ['ALTER TABLE users RENAME age TO years', 'postgres', ['rename column "age" of "users" to "years"']],
  ['ALTER TABLE users RENAME INDEX a TO b, RENAME CONSTRAINT a TO b', 'mysql', []],
  ['ALTER TABLE users CHANGE age years bigint', 'mysql', ['rename column "age" of "users" to "years"']],
  [
    'ALTER TABLE users RENAME TO people; DROP TABLE people',
    'sqlite',
    ['rename table "users" to "people"', 'drop table "people"'],
  ],
  [
    'ALTER TABLE "users" RENAME TO "__aludel_old_users"; CREATE TABLE "users" (id integer, age integer); INSERT INTO "users" ("id", "age") ' +
      'SELECT "id", "age" FROM "__aludel_old_users"; DROP TABLE "__aludel_old_users"',
    'sqlite',
    [],
  ],
  [
    'INSERT INTO "users" ("id") SELECT "id" FROM "__aludel_old_users"; DROP TABLE "__aludel_old_users"',
    'sqlite',
    ['drop column "age" of "users"'],
  ],
  [
    'RENAME TABLE users TO people, posts TO users',
    'mysql',
    ['rename table "users" to "people"', 'rename table "posts" to "users"'],
  ],
])('%s on %s comes to %j', (sql, dialect, expected) => {
  expect(read(sql, dialect)).toEqual(expected);
});
