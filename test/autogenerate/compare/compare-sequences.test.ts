import { describe, expect, test } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { print } from '../../../src/autogenerate/render/document.js';
import { renderOperation } from '../../../src/autogenerate/render/render-operation.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import { applyAll } from '../../../src/operations/apply.js';
import type { Operation } from '../../../src/operations/operation.js';
import { Operations } from '../../../src/operations/recorder.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { integer } from '../../../src/schema/columns.js';
import { MetaData } from '../../../src/schema/metadata.js';
import type { SequenceOptions } from '../../../src/schema/sequence.js';
import type { Schema } from '../../../src/schema/table.js';

function schemaWith(sequences: Readonly<Record<string, SequenceOptions>>, tables: readonly string[] = []): Schema {
  const metadata = new MetaData();
  for (const name of tables) metadata.table(name, { number: integer() });
  for (const [name, options] of Object.entries(sequences)) metadata.sequence(name, options);
  return postgres.normalise(buildSchema([metadata]), postgres.assumedServer);
}

function plan(from: Schema, to: Schema): Operation[] {
  return compareSchemas(from, to, postgres.capabilities);
}

function sqlOf(operations: readonly Operation[]): string[] {
  const context = { server: postgres.assumedServer, before: null };
  return operations.flatMap((operation) => postgres.compile(operation, context).map(({ sql }) => sql));
}

const none = schemaWith({});
const orders = schemaWith({ order_numbers: { start: 1000, increment: 10 } });
const owned = schemaWith({ order_numbers: { ownedBy: 'orders.number' } }, ['orders']);
const moved = schemaWith({ order_numbers: { ownedBy: 'invoices.number' } }, ['invoices']);

describe('sequences', () => {
  test('are created with everything said, since every clause has a default', () => {
    expect(sqlOf(plan(none, orders))).toEqual([
      'CREATE SEQUENCE "order_numbers" AS bigint INCREMENT BY 10 NO MINVALUE NO MAXVALUE START WITH 1000 CACHE 1 NO CYCLE',
    ]);
  });

  test('are altered by what differs', () => {
    const wider = schemaWith({ order_numbers: { start: 1000, increment: 10, max: 99n, type: 'integer', cycle: true } });
    // One that nobody has used begins anew, should its first number be out of the new bounds.
    expect(sqlOf(plan(orders, wider))).toEqual([
      `DO $aludel$ BEGIN
  IF EXISTS (SELECT FROM "order_numbers" WHERE NOT is_called AND last_value = (SELECT seqstart FROM pg_sequence WHERE seqrelid = '"order_numbers"'::regclass)) THEN ALTER SEQUENCE "order_numbers" AS integer MAXVALUE 99 CYCLE RESTART;
  ELSE ALTER SEQUENCE "order_numbers" AS integer MAXVALUE 99 CYCLE;
  END IF;
END $aludel$`,
    ]);
  });

  test('are let go before their owner is dropped, and owned once the new one exists', () => {
    expect(sqlOf(plan(owned, moved))).toEqual([
      'ALTER SEQUENCE "order_numbers" OWNED BY NONE',
      'DROP TABLE "orders"',
      'CREATE TABLE "invoices" (\n  "number" integer\n)',
      'ALTER SEQUENCE "order_numbers" OWNED BY "invoices"."number"',
    ]);
  });

  test('are dropped after the table whose default counts with them', () => {
    expect(plan(owned, none).map(({ kind }) => kind)).toEqual(['alterSequence', 'dropTable', 'dropSequence']);
  });

  test.each([
    ['created', none, orders],
    ['dropped with their owner', owned, none],
    ['moved', owned, moved],
  ])('%s come out equal on both ways', (_, from, to) => {
    const operations = plan(from, to);
    const after = applyAll(from, operations);
    expect(after.sequences).toEqual(to.sequences);
    expect(applyAll(after, reverseAll(operations)).sequences).toEqual(from.sequences);
  });
});

test('A rendered plan of sequences records the same operations', () => {
  const operations = [...plan(none, owned), ...plan(orders, schemaWith({ order_numbers: { min: 5, comment: 'x' } }))];
  const calls = operations.map((operation) => print(renderOperation(operation, new Set()), '', ';'));
  expect(calls).toEqual([
    "op.createSequence('order_numbers');",
    "op.createTable('orders', [column('number', integer())]);",
    "op.alterSequence('order_numbers', { ownedBy: 'orders.number' });",
    "op.alterSequence('order_numbers', { start: 5, increment: 1, min: 5, comment: 'x' });",
  ]);
  const recorded: Operation[] = [];
  const op = new Operations(
    { record: (operation) => void recorded.push(operation), flush: () => Promise.resolve([]) },
    { offline: true },
  );
  op.createSequence('order_numbers');
  op.alterSequence('order_numbers', { ownedBy: 'orders.number' });
  op.alterSequence('order_numbers', { start: 5, increment: 1, min: 5, comment: 'x' });
  expect(sqlOf(recorded)).toEqual(sqlOf(operations.filter(({ kind }) => kind !== 'createTable')));
});

test('A sequence that is declared twice is refused by name', () => {
  const metadata = new MetaData();
  metadata.sequence('order_numbers');
  expect(() => metadata.sequence('order_numbers')).toThrow('Sequence "order_numbers" is declared twice');
});
