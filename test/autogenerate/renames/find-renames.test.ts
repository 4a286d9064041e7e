import { describe, expect, it } from 'vitest';
import { applyRenames } from '../../../src/autogenerate/renames/apply-renames.js';
import { findRenames } from '../../../src/autogenerate/renames/find-renames.js';
import { declaredEnums, type Rename } from '../../../src/autogenerate/renames/rename.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import { sqlite } from '../../../src/dialects/sqlite/index.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { bigint, enumeration, integer, text, timestamp, varchar } from '../../../src/schema/columns.js';
import { MetaData } from '../../../src/schema/metadata.js';
import type { Schema } from '../../../src/schema/table.js';

const { capabilities } = postgres;

function schema(declare: (metadata: MetaData) => void): Schema {
  const metadata = new MetaData();
  declare(metadata);
  return buildSchema([metadata]);
}

const answers = (from: Schema, to: Schema): string[] =>
  findRenames(from, to, { capabilities }).map(({ candidates }) => candidates.map(({ answer }) => answer).join(' | '));

describe('findRenames', () => {
  it('puts the likeliest partner of a column first', () => {
    const from = schema((m) => m.table('users', { id: integer().primaryKey(), name: varchar(40), age: integer() }));
    const to = schema((m) =>
      m.table('users', { id: integer().primaryKey(), years: integer(), nick: varchar(40), fullName: varchar(40) }),
    );
    expect(answers(from, to)).toEqual(['users.name:users.full_name | users.name:users.nick', 'users.age:users.years']);
  });

  it('finds no partner of another type', () => {
    const from = schema((m) => m.table('users', { id: integer().primaryKey(), name: varchar(40) }));
    const to = schema((m) => m.table('users', { id: integer().primaryKey(), named: timestamp() }));
    expect(answers(from, to)).toEqual([]);
  });

  it('knows a table by its columns', () => {
    const columns = { id: integer().primaryKey(), name: varchar(40), age: integer() };
    const from = schema((m) => {
      m.table('users', columns);
      m.table('logs', { at: timestamp(), text: text() });
    });
    const to = schema((m) => {
      m.table('accounts', { ...columns, email: text() });
      m.table('invoices', { number: integer(), total: integer() });
    });
    expect(answers(from, to)).toEqual(['users:accounts']);
  });

  it('knows a table whose columns have all got wider types', () => {
    const from = schema((m) => m.table('orders', { id: integer().primaryKey(), total: integer(), note: varchar(40) }));
    const to = schema((m) => m.table('purchases', { id: bigint().primaryKey(), total: bigint(), note: text() }));
    expect(answers(from, to)).toEqual(['orders:purchases']);
  });

  it('asks about the columns of a table under its former name once the table is known', () => {
    const from = schema((m) => m.table('users', { id: integer().primaryKey(), name: varchar(40) }));
    const to = schema((m) => m.table('people', { id: integer().primaryKey(), fullName: varchar(40) }));
    const users = { namespace: null, name: 'users' };
    const rename: Rename = { kind: 'table', from: users, to: 'people' };
    const { schema: renamed } = applyRenames(from, to, [rename], { capabilities });
    expect(findRenames(renamed, to, { capabilities, formerTables: new Map([['people', users]]) })).toMatchObject([
      { kind: 'column', dropped: 'users.name', candidates: [{ answer: 'users.name:people.full_name' }] },
    ]);
  });

  it('finds values of enums, in types and in columns', () => {
    const table = (values: readonly string[]): Schema =>
      schema((m) => m.table('t', { id: integer().primaryKey(), status: enumeration('status', values) }));
    const [from, to] = [table(['open', 'closed']), table(['opened', 'closed'])];
    const expected = [
      { kind: 'enumValue', dropped: 'enum status.open', candidates: [{ answer: 'enum status.open:status.opened' }] },
    ];
    expect(findRenames(from, to, { capabilities })).toMatchObject(expected);
    const enums = declaredEnums(to);
    expect(findRenames(from, to, { capabilities: sqlite.capabilities, enums })).toMatchObject(expected);
  });

  it('gives the same for a thousand tables that all go and come, in any order', () => {
    const tables = (prefix: string): Schema =>
      schema((m) => {
        for (let i = 0; i < 1000; i++) m.table(`${prefix}_${i}`, { id: integer().primaryKey(), [`c${i}`]: text() });
      });
    const [from, to] = [tables('old'), tables('new')];
    const found = findRenames(from, to, { capabilities });
    expect(found).toHaveLength(1000);
    expect(found[7]?.candidates[0]?.answer).toBe('old_7:new_7');
    const turned = { ...to, tables: to.tables.toReversed() };
    expect(findRenames(from, turned, { capabilities })).toEqual(found);
  });
});
