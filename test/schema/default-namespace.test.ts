import { expect, test } from 'vitest';
import { enumeration, integer, MetaData } from '../../src/index.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import { leaveOutNamespace } from '../../src/schema/default-namespace.js';

test('a spelled default namespace is the same as none: in tables, enums, columns and foreign keys', () => {
  const spelled = new MetaData();
  spelled.table('public.users', { id: integer().primaryKey(), kind: enumeration('public.user_kind', ['a', 'b']) });
  spelled.table('app.posts', { userId: integer().primaryKey().references('public.users.id') });
  const { namespaces, tables, enums } = leaveOutNamespace(buildSchema([spelled]), 'public');
  expect(namespaces).toEqual(['app']);
  expect(enums).toEqual([{ namespace: null, name: 'user_kind', values: ['a', 'b'] }]);
  expect(tables.map(({ namespace, name }) => [namespace, name])).toEqual([
    [null, 'users'],
    ['app', 'posts'],
  ]);
  expect(tables[0]?.columns[1]?.type).toMatchObject({ namespace: null, name: 'user_kind' });
  expect(tables[1]?.foreignKeys[0]?.target).toEqual({ namespace: null, name: 'users' });
});

test('and in views and triggers, be they declared or what a replay has made', () => {
  const spelled = new MetaData();
  spelled.view('public.names', 'SELECT 1');
  const trigger = {
    kind: 'trigger',
    namespace: null,
    name: 'touch',
    table: { namespace: 'public', name: 'users' },
  } as const;
  const objects = [{ ...trigger, definition: 'CREATE TRIGGER touch ...' }];
  const { declared, objects: left } = leaveOutNamespace({ ...buildSchema([spelled]), objects }, 'public');
  expect(declared).toMatchObject([{ namespace: null, name: 'names' }]);
  expect(left).toEqual([{ ...objects[0], table: { namespace: null, name: 'users' } }]);
});

test('a schema stays as it is where there are no namespaces', () => {
  const schema = buildSchema([new MetaData()]);
  expect(leaveOutNamespace(schema, null)).toBe(schema);
});
