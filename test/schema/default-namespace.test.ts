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

test('a schema stays as it is where there are no namespaces', () => {
  const schema = buildSchema([new MetaData()]);
  expect(leaveOutNamespace(schema, null)).toBe(schema);
});
