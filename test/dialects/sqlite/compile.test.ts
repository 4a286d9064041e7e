import { describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/dialects/sqlite/index.js';
import type { Operation } from '../../../src/operations/operation.js';
import { verbatim } from '../../../src/schema/expressions/expression.js';
import type { Column } from '../../../src/schema/table.js';
import { SCHEMA, T, USERS } from '../../operations/sample-schema.js';

const users = { namespace: null, name: 'users' };
const [, name] = USERS.columns as readonly [Column, Column];

function sqlOf(operation: Operation): string[] {
  return sqlite.compile(operation, { server: sqlite.assumedServer, before: SCHEMA }).map(({ sql }) => sql);
}

describe('SQLite', () => {
  it('creates a table with its constraints and indexes', () => {
    const status: Column = {
      ...name,
      name: 'status',
      type: { kind: 'enum', namespace: null, name: 's', values: ['a', "it's"] },
    };
    expect(sqlOf({ kind: 'createTable', table: { ...USERS, columns: [...USERS.columns, status] } })).toEqual([
      `CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "name" VARCHAR(20),
  "status" TEXT CHECK ("status" IN ('a', 'it''s')),
  CONSTRAINT "pk" PRIMARY KEY ("id"),
  CONSTRAINT "fk" FOREIGN KEY ("id") REFERENCES "users" ("id") ON DELETE CASCADE,
  CONSTRAINT "ck" CHECK (id > 0)
)`,
      'CREATE INDEX "ix" ON "users" ("name")',
    ]);
  });

  it('counts up without giving a key out twice', () => {
    const id: Column = {
      ...name,
      name: 'id',
      type: { kind: 'bigint' },
      nullable: false,
      generation: { kind: 'autoincrement' },
    };
    const table = { ...T, columns: [id], primaryKey: { kind: 'primaryKey', name: null, columns: ['id'] } } as const;
    expect(sqlOf({ kind: 'createTable', table })).toEqual([
      `CREATE TABLE "t" (
  "id" INTEGER NOT NULL,
  PRIMARY KEY ("id" AUTOINCREMENT)
)`,
    ]);
  });

  it.each<readonly [string, Operation, readonly string[]]>([
    [
      'adds a column in place',
      { kind: 'addColumn', table: users, column: { ...name, name: 'x', default: verbatim("'a'") } },
      [`ALTER TABLE "users" ADD COLUMN "x" VARCHAR(20) DEFAULT 'a'`],
    ],
    [
      'renames a column in place',
      { kind: 'alterColumn', table: users, column: 'name', changes: { name: 'n"n' }, using: null, existing: null },
      ['ALTER TABLE "users" RENAME COLUMN "name" TO "n""n"'],
    ],
    [
      'renames a table',
      { kind: 'renameTable', table: users, to: 'people' },
      ['ALTER TABLE "users" RENAME TO "people"'],
    ],
    ['drops an index', { kind: 'dropIndex', table: users, name: 'ix', existing: null }, ['DROP INDEX "ix"']],
    ['keeps no comments', { kind: 'setTableComment', table: users, comment: 'x', existing: null }, []],
    ['has no enum types', { kind: 'createEnum', enum: { namespace: null, name: 's', values: ['a'] } }, []],
  ])('%s', (_what, operation, sql) => {
    expect(sqlOf(operation)).toEqual(sql);
  });

  it('makes, fills and counts a new table where ALTER TABLE cannot do it', () => {
    const change: Operation = {
      kind: 'alterColumn',
      table: users,
      column: 'name',
      changes: { nullable: false },
      using: null,
      existing: name,
    };
    expect(sqlOf(change)).toEqual([
      'SELECT 1 FROM "users" WHERE "name" IS NULL LIMIT 1',
      'PRAGMA legacy_alter_table = ON',
      'ALTER TABLE "users" RENAME TO "__aludel_old_users"',
      `CREATE TABLE "users" (
  "id" INTEGER NOT NULL,
  "name" VARCHAR(20) NOT NULL,
  CONSTRAINT "pk" PRIMARY KEY ("id"),
  CONSTRAINT "fk" FOREIGN KEY ("id") REFERENCES "users" ("id") ON DELETE CASCADE,
  CONSTRAINT "ck" CHECK (id > 0)
)`,
      'INSERT INTO "users" ("id", "name") SELECT "id", "name" FROM "__aludel_old_users"',
      'SELECT (SELECT count(*) FROM "__aludel_old_users") AS expected, (SELECT count(*) FROM "users") AS found',
      'DROP TABLE "__aludel_old_users"',
      'CREATE INDEX "ix" ON "users" ("name")',
      'PRAGMA legacy_alter_table = OFF',
    ]);
  });

  it('refuses namespaces by name', () => {
    expect(() => sqlOf({ kind: 'createNamespace', name: 'app' })).toThrow(
      'Cannot create namespace "app": SQLite has no namespaces.',
    );
  });
});
