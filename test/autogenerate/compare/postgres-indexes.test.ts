import { expect, test } from 'vitest';
import { applyAll } from '../../../src/operations/apply.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { integer, text, time } from '../../../src/schema/columns.js';
import { col, sql } from '../../../src/schema/expressions/sql-template.js';
import { index } from '../../../src/schema/index-arg.js';
import { callsOf, planOf, schemaOf, sqlOf } from './plan-of.js';

const none = schemaOf(() => undefined);
const indexed = schemaOf((metadata) =>
  metadata.table('users', { id: integer(), name: text() }, () => [
    index('ix', [col('name').desc().nullsLast().opclass('text_pattern_ops'), sql`lower(name)`], {
      include: ['id'],
      storage: { fillfactor: '70' },
      nullsNotDistinct: true,
    }),
    index('iy', [col('name').asc().nullsLast().collate('"C"')]),
  ]),
);

test('Everything that an index says is compiled; NULLs on their usual side are not', () => {
  expect(sqlOf(planOf(none, indexed)).slice(1)).toEqual([
    'CREATE INDEX "ix" ON "users" ("name" text_pattern_ops DESC NULLS LAST, (lower(name))) INCLUDE ("id")' +
      " NULLS NOT DISTINCT WITH (fillfactor = '70')",
    'CREATE INDEX "iy" ON "users" ("name" COLLATE "C")',
  ]);
});

test('Everything that an index says is rendered', () => {
  const [created = ''] = callsOf(planOf(none, indexed));
  expect(created).toContain("col('name').desc().nullsLast().opclass('text_pattern_ops'), sql`lower(name)`");
  expect(created).toContain("include: ['id']");
  expect(created).toContain("storage: { fillfactor: '70' }");
  expect(created).toContain("index('iy', [col('name').asc().collate('\"C\"')])");
});

test("An index in the database's own words is a statement of its own beside its table, both ways", () => {
  const worded = {
    ...indexed,
    tables: indexed.tables.map((table) => ({
      ...table,
      indexes: table.indexes.map((known) => ({ ...known, definition: `CREATE INDEX ${known.name} ON users (name)` })),
    })),
  };
  const plan = planOf(none, worded);
  expect(callsOf(plan).slice(1)).toEqual([
    'op.execute(`CREATE INDEX ix ON users (name)`);',
    'op.execute(`CREATE INDEX iy ON users (name)`);',
  ]);
  expect(applyAll(none, plan)).toEqual(worded);
  expect(planOf(worded, none).map(({ kind }) => kind)).toEqual(['dropIndex', 'dropIndex', 'dropTable']);
  expect(applyAll(applyAll(worded, planOf(worded, none)), reverseAll(planOf(worded, none)))).toEqual(worded);
});

test('A time with its zone is rendered with it', () => {
  const clocks = schemaOf((metadata) => metadata.table('clocks', { at: time({ withTimezone: true }) }));
  expect(callsOf(planOf(none, clocks))).toEqual([
    "op.createTable('clocks', [column('at', time({ withTimezone: true }))]);",
  ]);
});
