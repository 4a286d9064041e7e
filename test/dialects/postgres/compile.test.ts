import { describe, expect, it } from 'vitest';
import { postgres } from '../../../src/dialects/postgres/index.js';
import type { Operation } from '../../../src/operations/operation.js';
import { verbatim } from '../../../src/schema/expressions/expression.js';
import type { Column, Schema } from '../../../src/schema/table.js';
import type { ColumnType } from '../../../src/schema/types.js';
import { SCHEMA, USERS } from '../../operations/sample-schema.js';

const users = { namespace: null, name: 'users' };
const status = { namespace: 'app', name: 'status' };
const [, name] = USERS.columns as readonly [Column, Column];

function sqlOf(operation: Operation, before: Schema | null = SCHEMA, major = 16): string[] {
  const server = { dialect: 'postgres' as const, major, minor: 0, text: String(major) };
  return postgres.compile(operation, { server, before }).map(({ sql }) => sql);
}

const alter = (changes: Partial<Column>, existing: Column = name): Operation => ({
  kind: 'alterColumn',
  table: users,
  column: 'name',
  changes,
  using: null,
  existing,
});

describe('PostgreSQL', () => {
  it('creates a table with its constraints, indexes and comments', () => {
    const table = {
      ...USERS,
      namespace: 'app',
      comment: "it's",
      columns: [...USERS.columns.slice(0, 1), { ...name, comment: 'a\\b' }],
    };
    expect(sqlOf({ kind: 'createTable', table })).toEqual([
      `CREATE TABLE "app"."users" (
  "id" integer NOT NULL,
  "name" character varying(20),
  CONSTRAINT "pk" PRIMARY KEY ("id"),
  CONSTRAINT "fk" FOREIGN KEY ("id") REFERENCES "users" ("id") ON DELETE CASCADE,
  CONSTRAINT "ck" CHECK (id > 0)
)`,
      'CREATE INDEX "ix" ON "app"."users" ("name")',
      `COMMENT ON TABLE "app"."users" IS 'it''s'`,
      String.raw`COMMENT ON COLUMN "app"."users"."name" IS E'a\\b'`,
    ]);
  });

  it.each<readonly [string, Operation, readonly string[]]>([
    ['widens a type', alter({ type: { kind: 'text' } }), ['ALTER TABLE "users" ALTER COLUMN "name" TYPE text']],
    [
      'casts what does not convert by itself',
      alter({ type: { kind: 'integer' } }),
      ['ALTER TABLE "users" ALTER COLUMN "name" TYPE integer USING "name"::integer'],
    ],
    [
      'moves a default over a change of type',
      alter({ type: { kind: 'integer' }, default: verbatim('0') }, { ...name, default: verbatim("'x'") }),
      [
        'ALTER TABLE "users" ALTER COLUMN "name" DROP DEFAULT',
        'ALTER TABLE "users" ALTER COLUMN "name" TYPE integer USING "name"::integer',
        'ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT 0',
      ],
    ],
    [
      'casts booleans through integer',
      alter({ type: { kind: 'bigint' } }, { ...name, type: { kind: 'boolean' } }),
      ['ALTER TABLE "users" ALTER COLUMN "name" TYPE bigint USING "name"::integer::bigint'],
    ],
    ['sets NOT NULL', alter({ nullable: false }), ['ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL']],
    [
      'renames at the end',
      alter({ nullable: false, name: 'n"n' }),
      ['ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL', 'ALTER TABLE "users" RENAME COLUMN "name" TO "n""n"'],
    ],
    [
      'begins to count behind the rows',
      alter({ generation: { kind: 'serial' } }, { ...name, type: { kind: 'integer' } }),
      [
        'CREATE SEQUENCE "users_name_seq" AS integer OWNED BY "users"."name"',
        `ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT nextval('"users_name_seq"')`,
        `SELECT setval(pg_get_serial_sequence('"users"', 'name'), GREATEST((SELECT max("name") FROM "users") + 1, 1), false)`,
      ],
    ],
    [
      'stops counting, whatever the sequence is called',
      alter({ generation: null }, { ...name, generation: { kind: 'serial' } }),
      [
        'ALTER TABLE "users" ALTER COLUMN "name" DROP DEFAULT',
        `DO $aludel$ BEGIN EXECUTE format('DROP SEQUENCE %s', pg_get_serial_sequence('"users"', 'name')); END $aludel$`,
      ],
    ],
    [
      'drops an index in its namespace',
      { kind: 'dropIndex', table: { namespace: 'app', name: 't' }, name: 'i', existing: null },
      ['DROP INDEX "app"."i"'],
    ],
    [
      'adds an enum value before another',
      { kind: 'addEnumValue', enum: status, value: "it's", before: 'b', existing: null },
      [`ALTER TYPE "app"."status" ADD VALUE 'it''s' BEFORE 'b'`],
    ],
  ])('%s', (_what, operation, sql) => {
    expect(sqlOf(operation).filter((text) => !text.includes('FOR command IN'))).toEqual(sql);
  });

  it('changes a computed column in place from version 17 on, and makes it anew before', () => {
    const computed: Column = { ...name, generated: { expression: verbatim('1'), stored: true } };
    const change = alter({ generated: { expression: verbatim('2'), stored: true } }, computed);
    expect(sqlOf(change, SCHEMA, 17)).toEqual(['ALTER TABLE "users" ALTER COLUMN "name" SET EXPRESSION AS (2)']);
    expect(sqlOf(change, SCHEMA, 16)).toEqual([
      'DROP INDEX "ix"',
      'ALTER TABLE "users" DROP COLUMN "name"',
      'ALTER TABLE "users" ADD COLUMN "name" character varying(20) GENERATED ALWAYS AS (2) STORED',
      'CREATE INDEX "ix" ON "users" ("name")',
    ]);
  });

  it.each([
    ['text', 'bytes', `bytea USING convert_to("name", 'UTF8')`],
    ['bytes', 'text', `text USING convert_from("name", 'UTF8')::text`],
    ['uuid', 'integer', 'integer USING "name"::text::integer'],
    ['jsonb', 'integer', 'integer USING "name"::integer'],
    ['timestamp', 'time', 'time without time zone USING "name"::time without time zone'],
  ] as const)('converts %s to %s', (before, after, sql) => {
    const typeOf = (kind: typeof before | typeof after): ColumnType =>
      kind === 'time' || kind === 'timestamp' ? { kind, precision: null, withTimezone: false } : { kind };
    const change = alter({ type: typeOf(after) }, { ...name, type: typeOf(before) });
    expect(sqlOf(change)).toContain(`ALTER TABLE "users" ALTER COLUMN "name" TYPE ${sql}`);
  });

  it('swaps an enum that loses a value under its columns', () => {
    const column: Column = {
      ...name,
      type: { kind: 'enum', ...status, values: ['a', 'b'] },
      default: verbatim("'a'::app.status"),
    };
    const before = { ...SCHEMA, tables: [{ ...USERS, columns: [column] }] };
    expect(sqlOf({ kind: 'alterEnum', enum: status, values: ['a'], existing: null }, before)).toEqual([
      expect.stringContaining('FROM pg_type t JOIN pg_depend d'),
      'ALTER TABLE "users" DROP CONSTRAINT "ck"',
      'ALTER TABLE "users" ALTER COLUMN "name" DROP DEFAULT',
      'ALTER TYPE "app"."status" RENAME TO "status__aludel_old"',
      `CREATE TYPE "app"."status" AS ENUM ('a')`,
      'ALTER TABLE "users" ALTER COLUMN "name" TYPE "app"."status" USING "name"::text::"app"."status"',
      'DROP TYPE "app"."status__aludel_old"',
      `ALTER TABLE "users" ALTER COLUMN "name" SET DEFAULT 'a'::app.status`,
      'ALTER TABLE "users" ADD CONSTRAINT "ck" CHECK (id > 0)',
    ]);
  });

  it('needs a connection to swap an enum', () => {
    expect(() => sqlOf({ kind: 'alterEnum', enum: status, values: ['a'], existing: null }, null)).toThrow(
      'To change the values of enum "app.status" the database has to be read first, and there is no connection.',
    );
  });
});
