import { expect, test } from 'vitest';
import { mysql } from '../../../src/dialects/mysql/index.js';
import { sqlite } from '../../../src/dialects/sqlite/index.js';
import { applyAll } from '../../../src/operations/apply.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { integer, text } from '../../../src/schema/columns.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { check, exclusion, foreignKey, primaryKey, type TableArg, unique } from '../../../src/schema/table-args.js';
import { index } from '../../../src/schema/index-arg.js';
import { callsOf, planOf, schemaOf, sqlOf } from './plan-of.js';

const bookings = (...args: readonly TableArg[]) =>
  schemaOf((metadata) => metadata.table('bookings', { id: integer(), room: integer(), note: text() }, () => args));

const plain = bookings();
const constrained = bookings(
  primaryKey(['id'], { name: 'pk', include: ['note'], deferrable: 'immediate' }),
  unique(['room'], { name: 'uq', nullsNotDistinct: true, deferrable: 'deferred', comment: 'one guest' }),
  foreignKey(['room'], 'bookings', ['id'], { name: 'fk', match: 'full', notValid: true }),
  check('positive', sql`room > 0`, { noInherit: true, notValid: true }),
  exclusion(
    [
      ['room', '='],
      [sql`int4range(id, room)`, '&&', 'range_ops'],
    ],
    { name: 'ex', where: sql`room > 1` },
  ),
  index('ix', ['note'], { comment: 'for the desk' }),
);

const CALLS = [
  "op.createPrimaryKey('pk', 'bookings', ['id'], { deferrable: 'immediate', include: ['note'] });",
  "op.createUniqueConstraint('uq', 'bookings', ['room'], {\n" +
    "  nullsNotDistinct: true,\n  deferrable: 'deferred',\n  comment: 'one guest',\n});",
  "op.createCheckConstraint('ck_bookings_positive', 'bookings', sql`room > 0`, {\n" +
    '  noInherit: true,\n  notValid: true,\n});',
  "op.createExclusionConstraint(\n  'ex',\n  'bookings',\n" +
    "  [['room', '='], [sql`int4range(id, room)`, '&&', 'range_ops']],\n  { where: sql`room > 1` },\n);",
  "op.createIndex('ix', 'bookings', ['note'], { comment: 'for the desk' });",
  "op.createForeignKey('fk', 'bookings', ['room'], 'bookings', ['id'], {\n  match: 'full',\n  notValid: true,\n});",
];

const SQL = [
  'ALTER TABLE "bookings" ALTER COLUMN "id" SET NOT NULL',
  'ALTER TABLE "bookings" ADD CONSTRAINT "pk" PRIMARY KEY ("id") INCLUDE ("note") DEFERRABLE INITIALLY IMMEDIATE',
  'ALTER TABLE "bookings" ADD CONSTRAINT "uq" UNIQUE NULLS NOT DISTINCT ("room") DEFERRABLE INITIALLY DEFERRED',
  'COMMENT ON CONSTRAINT "uq" ON "bookings" IS \'one guest\'',
  'ALTER TABLE "bookings" ADD CONSTRAINT "ck_bookings_positive" CHECK (room > 0) NO INHERIT NOT VALID',
  'ALTER TABLE "bookings" ADD CONSTRAINT "ex" EXCLUDE USING "gist" ' +
    '("room" WITH =, (int4range(id, room)) range_ops WITH &&) WHERE (room > 1)',
  'CREATE INDEX "ix" ON "bookings" ("note")',
  'COMMENT ON INDEX "ix" IS \'for the desk\'',
  'ALTER TABLE "bookings" ADD CONSTRAINT "fk" FOREIGN KEY ("room") REFERENCES "bookings" ("id") MATCH FULL NOT VALID',
];

test('Everything that a constraint says is compiled', () => {
  expect(sqlOf(planOf(plain, constrained))).toEqual(SQL);
});

test('Everything that a constraint says is rendered', () => {
  expect(callsOf(planOf(plain, constrained).filter(({ kind }) => kind !== 'alterColumn'))).toEqual(CALLS);
});

test('Constraints come and go in memory as they do in the database', () => {
  const plan = planOf(plain, constrained);
  const after = applyAll(plain, plan);
  expect(after).toEqual(constrained);
  expect(applyAll(after, reverseAll(plan))).toEqual(plain);
});

test('CREATE TABLE leaves what is not valid to ALTER TABLE', () => {
  const created = sqlOf(
    planOf(
      schemaOf(() => undefined),
      constrained,
    ),
  );
  expect(created.filter((statement) => statement.endsWith(' NOT VALID')).toSorted()).toEqual(
    SQL.filter((s) => s.endsWith(' NOT VALID')),
  );
});

test('A comment changes without its index or constraint', () => {
  const from = bookings(unique(['room'], { name: 'uq', comment: 'one guest' }), index('ix', ['note']));
  const to = bookings(unique(['room'], { name: 'uq' }), index('ix', ['note'], { comment: 'for the desk' }));
  const plan = planOf(from, to);
  expect(sqlOf(plan)).toEqual([
    'COMMENT ON CONSTRAINT "uq" ON "bookings" IS NULL',
    'COMMENT ON INDEX "ix" IS \'for the desk\'',
  ]);
  expect(callsOf(plan)).toEqual([
    "op.setConstraintComment('uq', 'bookings', null);",
    "op.setIndexComment('ix', 'bookings', 'for the desk');",
  ]);
  expect(applyAll(applyAll(from, plan), reverseAll(plan))).toEqual(from);
});

test('A foreign key that stands on a key made anew is taken off before and put back after', () => {
  const declare = (key: TableArg) =>
    schemaOf((metadata) => {
      metadata.table('rooms', { id: integer().notNull() }, () => [key]);
      metadata.table('bookings', { room: integer().references('rooms.id', { name: 'fk' }) });
    });
  const plan = planOf(declare(unique(['id'], { name: 'uq' })), declare(primaryKey(['id'], { name: 'pk' })));
  expect(sqlOf(plan)).toEqual([
    'ALTER TABLE "bookings" DROP CONSTRAINT "fk"',
    'ALTER TABLE "rooms" DROP CONSTRAINT "uq"',
    'ALTER TABLE "rooms" ADD CONSTRAINT "pk" PRIMARY KEY ("id")',
    'ALTER TABLE "bookings" ADD CONSTRAINT "fk" FOREIGN KEY ("room") REFERENCES "rooms" ("id")',
  ]);
});

test('A new table that refers to a new key of an old one comes after it', () => {
  const rooms = (metadata: MetaData, ...args: readonly TableArg[]) =>
    metadata.table('rooms', { id: integer() }, () => args);
  const from = schemaOf((metadata) => rooms(metadata));
  const to = schemaOf((metadata) => {
    rooms(metadata, unique(['id'], { name: 'uq' }));
    metadata.table('bookings', { room: integer().references('rooms.id', { name: 'fk' }) });
  });
  expect(planOf(from, to).map(({ kind }) => kind)).toEqual(['addConstraint', 'createTable']);
});

test.each([
  [sqlite, unique(['id'], { name: 'uq', nullsNotDistinct: true }), 'NULLS NOT DISTINCT, which SQLite has not'],
  [sqlite, exclusion([['id', '=']], { name: 'ex' }), 'an exclusion constraint, which SQLite has not'],
  [mysql, check('positive', sql`id > 0`, { notValid: true }), 'NOT VALID, which MySQL has not'],
])('What only PostgreSQL can say is refused by name elsewhere', (dialect, arg, message) => {
  const metadata = new MetaData();
  metadata.table('bookings', { id: integer() }, () => [arg]);
  expect(() => dialect.normalise(buildSchema([metadata]), dialect.assumedServer)).toThrow(message);
});
