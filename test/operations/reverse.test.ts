import { describe as group, expect, it } from 'vitest';
import { AludelError } from '../../src/errors.js';
import { apply, applyAll } from '../../src/operations/apply.js';
import { describe } from '../../src/operations/describe.js';
import { isDestructive } from '../../src/operations/is-destructive.js';
import type { Operation } from '../../src/operations/operation.js';
import { reverse, reverseAll } from '../../src/operations/reverse.js';
import { SCHEMA, T, USERS } from './sample-schema.js';

const age = { ...T.columns[0], name: 'age' } as (typeof T.columns)[number];
const [name] = USERS.columns.slice(1) as [(typeof T.columns)[number]];
const users = { namespace: null, name: 'users' };

/** Operations that hold enough to be taken back, with their line for a person. */
const REVERSIBLE: readonly (readonly [string, Operation])[] = [
  ['create namespace "app"', { kind: 'createNamespace', name: 'app' }],
  ['create enum "app.mood"', { kind: 'createEnum', enum: { namespace: 'app', name: 'mood', values: ['a'] } }],
  [
    'add value "b" to enum "status"',
    {
      kind: 'addEnumValue',
      enum: { namespace: null, name: 'status' },
      value: 'b',
      before: 'open',
      existing: SCHEMA.enums[0] ?? null,
    },
  ],
  [
    'change the values of enum "status"',
    { kind: 'alterEnum', enum: { namespace: null, name: 'status' }, values: ['x'], existing: SCHEMA.enums[0] ?? null },
  ],
  ['rename enum "status" to "mood"', { kind: 'renameEnum', enum: { namespace: null, name: 'status' }, to: 'mood' }],
  [
    `rename value "${SCHEMA.enums[0]?.values[0]}" of enum "status" to "fresh"`,
    {
      kind: 'renameEnumValue',
      enum: { namespace: null, name: 'status' },
      value: SCHEMA.enums[0]?.values[0] ?? '',
      to: 'fresh',
      columns: [],
    },
  ],
  [
    'rename index "ix" of "users" to "ix_users"',
    { kind: 'renameIndex', table: users, name: 'ix', to: 'ix_users', existing: USERS.indexes[0] ?? null },
  ],
  ['create table "t"', { kind: 'createTable', table: T }],
  ['drop table "users"', { kind: 'dropTable', table: users, existing: USERS }],
  ['rename table "users" to "people"', { kind: 'renameTable', table: users, to: 'people' }],
  ['set the comment of table "users"', { kind: 'setTableComment', table: users, comment: 'new', existing: null }],
  ['add column "age" to "users"', { kind: 'addColumn', table: users, column: age }],
  [
    'alter column "name" of "users" (type, nullable)',
    {
      kind: 'alterColumn',
      table: users,
      column: 'name',
      changes: { type: { kind: 'text' }, nullable: false },
      using: null,
      existing: name,
    },
  ],
  [
    'rename column "name" of "users" to "full_name"',
    { kind: 'alterColumn', table: users, column: 'name', changes: { name: 'full_name' }, using: null, existing: name },
  ],
  [
    'create index "i" on "users"',
    { kind: 'createIndex', table: users, index: { ...USERS.indexes[0], name: 'i' } as (typeof USERS.indexes)[number] },
  ],
  ['drop index "ix" of "users"', { kind: 'dropIndex', table: users, name: 'ix', existing: USERS.indexes[0] ?? null }],
  [
    'add unique constraint "uq" to "users"',
    { kind: 'addConstraint', table: users, constraint: { kind: 'unique', name: 'uq', columns: ['name'] } },
  ],
  [
    'drop check "ck" of "users"',
    { kind: 'dropConstraint', table: users, name: 'ck', type: 'check', existing: USERS.checks[0] ?? null },
  ],
  [
    'drop primary key "pk" of "users"',
    { kind: 'dropConstraint', table: users, name: 'pk', type: 'primaryKey', existing: USERS.primaryKey },
  ],
  [
    'take back the validation of constraint "ck" of "users"',
    { kind: 'validateConstraint', table: users, name: 'ck', isValid: false, existing: null },
  ],
  [
    'create index "i" on "users" concurrently',
    {
      kind: 'createIndex',
      table: users,
      index: { ...USERS.indexes[0], name: 'i' } as (typeof USERS.indexes)[number],
      concurrently: true,
      mysql: { lock: 'none' },
    },
  ],
  [
    'execute UPDATE users',
    { kind: 'execute', sql: 'UPDATE users\nSET a = 1', params: [], reverse: 'UPDATE users SET a = 0' },
  ],
];

group('operations', () => {
  it.each(REVERSIBLE)('%s: is taken back by its reverse', (line, operation) => {
    expect(describe(operation)).toBe(line);
    const back = reverseAll([operation]);
    expect(applyAll(apply(SCHEMA, operation), back)).toEqual(SCHEMA);
  });

  it.each(REVERSIBLE)('%s: is the reverse of its reverse', (_line, operation) => {
    const [back] = reverseAll([operation]);
    const again = back === undefined ? undefined : reverse(back);
    expect(again === undefined ? undefined : applyAll(SCHEMA, [again as Operation])).toEqual(apply(SCHEMA, operation));
  });

  it('reverses a list from its end', () => {
    const [first, second] = [REVERSIBLE[0]?.[1], REVERSIBLE[1]?.[1]] as [Operation, Operation];
    expect(reverseAll([first, second]).map((operation) => operation.kind)).toEqual(['dropEnum', 'dropNamespace']);
  });

  it('refuses to reverse what does not hold what it removes, and names it', () => {
    const lost: Operation = { kind: 'dropColumn', table: users, column: 'age', existing: null };
    expect(() => reverseAll([lost])).toThrow(AludelError);
    expect(() => reverseAll([lost])).toThrow('Cannot reverse "drop column "age" of "users""');
    expect(reverse({ kind: 'opaque', at: 'file.ts:3' })).toEqual({
      irreversible: 'what the code at file.ts:3 did is not known',
    });
  });

  it('keeps for the way back how an operation is to be carried out', () => {
    const index = { ...USERS.indexes[0], name: 'i' } as (typeof USERS.indexes)[number];
    const mysql = { algorithm: 'inplace', lock: 'none' } as const;
    expect(reverse({ kind: 'createIndex', table: users, index, concurrently: true, mysql })).toMatchObject({
      kind: 'dropIndex',
      concurrently: true,
      mysql,
    });
  });

  it('casts values back as they were cast', () => {
    const [using, usingBack] = [{ kind: 'literal', value: 1 } as const, { kind: 'literal', value: 2 } as const];
    const change: Operation = {
      kind: 'alterColumn',
      table: users,
      column: 'name',
      changes: {},
      using,
      usingBack,
      existing: age,
    };
    const back = reverse(change);
    expect(back).toMatchObject({ using: usingBack, usingBack: using });
    expect(reverse(back as Operation)).toEqual({ ...change, column: 'age' });
  });

  it.each<Operation>([
    { kind: 'createTable', table: T, ifNotExists: true },
    { kind: 'addColumn', table: users, column: age, ifNotExists: true },
  ])('does not drop what it may have found: $kind', (operation) => {
    expect(reverse(operation)).toEqual({ irreversible: 'with "ifNotExists" it may have changed nothing' });
  });

  it('a column takes the keys, uniques, foreign keys and indexes that name it along', () => {
    const after = apply(SCHEMA, { kind: 'dropColumn', table: users, column: 'id', existing: null });
    const table = after.tables.find((known) => known.name === 'users');
    expect(table?.primaryKey).toBeNull();
    expect(table?.foreignKeys).toEqual([]);
    expect(table?.indexes.map((index) => index.name)).toEqual(['ix']);
  });

  it('foreign keys follow a renamed table and column', () => {
    const after = applyAll(SCHEMA, [
      { kind: 'renameTable', table: users, to: 'people' },
      {
        kind: 'alterColumn',
        table: { namespace: null, name: 'people' },
        column: 'id',
        changes: { name: 'key' },
        using: null,
        existing: null,
      },
    ]);
    const key = after.tables[0]?.foreignKeys[0];
    expect(key).toMatchObject({ columns: ['key'], target: { name: 'people' }, targetColumns: ['key'] });
  });

  it.each<readonly [boolean, Operation]>([
    [true, { kind: 'dropTable', table: users, existing: null }],
    [true, { kind: 'dropColumn', table: users, column: 'a', existing: null }],
    [
      false,
      {
        kind: 'dropColumn',
        table: users,
        column: 'a',
        existing: { ...age, generated: { expression: { kind: 'now' }, stored: true } },
      },
    ],
    [
      true,
      {
        kind: 'alterColumn',
        table: users,
        column: 'age',
        changes: { generated: { expression: { kind: 'now' }, stored: true } },
        using: null,
        existing: age,
      },
    ],
    [
      false,
      {
        kind: 'alterColumn',
        table: users,
        column: 'age',
        changes: { type: { kind: 'bigint' } },
        using: null,
        existing: age,
      },
    ],
    [
      true,
      {
        kind: 'alterColumn',
        table: users,
        column: 'age',
        changes: { type: { kind: 'integer' } },
        using: null,
        existing: { ...age, type: { kind: 'double' } },
      },
    ],
    [false, { kind: 'createTable', table: T }],
  ])('loses data: %s', (loses, operation) => {
    expect(isDestructive(operation)).toBe(loses);
  });
});
