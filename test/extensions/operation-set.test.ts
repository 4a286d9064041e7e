import { describe, expect, test } from 'vitest';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import { defineOperation, type OperationDefinition } from '../../src/extensions/define-operation.js';
import { type ConfigExtensions, loadExtensions } from '../../src/extensions/load-extensions.js';
import { OperationSet } from '../../src/extensions/operation-set.js';
import { describe as describeOperation } from '../../src/operations/describe.js';
import { isDestructive } from '../../src/operations/is-destructive.js';
import type { CustomOperation, Operation } from '../../src/operations/operation.js';
import { reverse } from '../../src/operations/reverse.js';
import { EMPTY_SCHEMA } from '../../src/schema/table.js';

const CONFIG = '/app/migrate.config.ts';

const grant = defineOperation<[role: string, table: string]>({
  name: 'grant',
  describe: ([role, table]) => `grant ${table} to ${role}`,
  reverse: 'revoke',
  compile: { postgres: ([role, table]) => [`GRANT ${role}`, { sql: 'SELECT $1', params: [table] }] },
});
const revoke = defineOperation<[role: string, table: string]>({
  name: 'revoke',
  describe: ([role, table]) => `revoke ${table} from ${role}`,
  reverse: 'grant',
  isDestructive: () => true,
  compile: () => 'REVOKE',
});
const make = (...definitions: { readonly definition: OperationDefinition }[]): OperationSet =>
  new OperationSet(
    definitions.map(({ definition }) => ({ definition, plugin: 'acme' })),
    CONFIG,
  );
const set = make(grant, revoke);

describe('an operation of a plugin', () => {
  test('is data with its words and its way back, and so is what takes it back', () => {
    const operation = set.settle(grant('ada', 'users'));
    expect(JSON.parse(JSON.stringify(operation))).toEqual(operation);
    const back = reverse(operation) as Operation;
    expect([describeOperation(operation), describeOperation(back)]).toEqual([
      'grant users to ada',
      'revoke users from ada',
    ]);
    expect([isDestructive(operation), isDestructive(back)]).toEqual([false, true]);
    expect(reverse(back)).toEqual(operation);
  });

  test('without a way back cannot be reversed, and says so', () => {
    const oneWay = defineOperation<[]>({ name: 'oneWay', describe: () => 'go', compile: () => 'GO' });
    expect(reverse(make(oneWay).settle(oneWay()))).toEqual({ irreversible: 'nothing says how to take "oneWay" back' });
  });

  test('is compiled by its definition, alone and in a group of SQLite', () => {
    const context = { server: postgres.assumedServer, before: null };
    expect(set.extend(postgres).compile(grant('ada', 'users'), context)).toEqual([
      { sql: 'GRANT ada' },
      { sql: 'SELECT $1', params: ['users'] },
    ]);
    expect(set.extend(sqlite).groups?.compile([revoke('ada', 'users')], context)).toEqual([{ sql: 'REVOKE' }]);
    expect(() => set.extend(sqlite).compile(grant('ada', 'users'), context)).toThrow(
      'Cannot run "grant": operation "grant" of plugin "acme" says how for postgres, and not for sqlite.',
    );
  });

  test('changes a schema in memory where it says how', () => {
    const drop = defineOperation<[name: string]>({
      name: 'forget',
      describe: () => 'forget',
      compile: () => [],
      apply: (schema, [name]) => ({ ...schema, namespaces: [...schema.namespaces, name] }),
    });
    expect(make(drop).apply(EMPTY_SCHEMA, drop('x')).namespaces).toEqual(['x']);
    expect(set.apply(EMPTY_SCHEMA, grant('ada', 'users'))).toBe(EMPTY_SCHEMA);
  });

  test.each<[unknown, string]>([
    [() => 1, 'a function (op.grant[1])'],
    [new Date(), 'an object of a class (op.grant[1])'],
    [{ a: [1n] }, 'a bigint (op.grant[1].a[0])'],
    [Number.NaN, 'the number NaN (op.grant[1])'],
    [{ a: undefined }, 'undefined (op.grant[1].a)'],
  ])('takes plain data alone, not %s', (value, what) => {
    const odd: CustomOperation = { kind: 'custom', name: 'grant', args: ['ada', value] };
    expect(() => set.settle(odd)).toThrow(`Operation "grant" of plugin "acme" in "${CONFIG}" was given ${what}`);
  });

  test('that nobody defines, or whose functions fail, is told with names', () => {
    expect(() => set.settle({ kind: 'custom', name: 'nope', args: [] })).toThrow(
      `No plugin of "${CONFIG}" defines "op.nope".`,
    );
    const bad = defineOperation<[]>({
      name: 'bad',
      describe: () => 'bad',
      compile: { sqlite: () => 3 as never, default: () => JSON.parse('{') as string },
    });
    const context = { server: postgres.assumedServer, before: null };
    expect(() => make(bad).extend(sqlite).compile(bad(), context)).toThrow('gave no SQL');
    expect(() => make(bad).extend(postgres).compile(bad(), context)).toThrow(
      `Operation "bad" of plugin "acme" in "${CONFIG}" threw: `,
    );
    const mute = defineOperation<[]>({ name: 'mute', describe: () => '', compile: () => [] });
    expect(() => make(mute).settle(mute())).toThrow('has a "describe" that gives no text');
  });
});

describe('the plugins of a config', () => {
  const load = (...plugins: readonly unknown[]): Promise<unknown> => {
    const config: ConfigExtensions = {
      file: CONFIG,
      folder: '/app',
      plugins: plugins as ConfigExtensions['plugins'],
      include: null,
      compareType: true,
      compareServerDefault: true,
      renderItem: null,
      processRevisionDirectives: null,
      onVersionApply: null,
      postWrite: [],
    };
    return loadExtensions(config, (name) => Promise.resolve(name === 'fails' ? () => JSON.parse('{') as unknown : 7));
  };
  const operation = (name: string): unknown => defineOperation<[]>({ name, describe: () => name, compile: () => [] });

  test.each<[string, readonly unknown[], string]>([
    ['no object', ['seven'], '"seven" in "/app/migrate.config.ts" is no plugin: an object with a "name" is needed'],
    ['no name', [{}], 'Number 1 of "plugins" in "/app/migrate.config.ts" has no "name"'],
    [
      'an unknown key',
      [{ name: 'a', comparator: [] }],
      'Plugin "a" in "/app/migrate.config.ts" has the unknown key "comparator"',
    ],
    ['a wrong kind', [{ name: 'a', include: [] }], 'has a "include" that is no function'],
    ['the same name twice', [{ name: 'a' }, { name: 'a' }], 'Plugin "a" in "/app/migrate.config.ts" is listed twice'],
    [
      'an operation of op',
      [{ name: 'a', operations: [operation('addColumn')] }],
      'defines "op.addColumn", which "op" has already',
    ],
    ...['offline', 'context'].map((name): [string, readonly unknown[], string] => [
      `what op says of the run: ${name}`,
      [{ name: 'a', operations: [operation(name)] }],
      `defines "op.${name}", which "op" has already`,
    ]),
    [
      'no method name',
      [{ name: 'a', operations: [operation('drop it')] }],
      'whose name, "drop it", is no method\'s name',
    ],
    [
      'an operation by hand',
      [{ name: 'a', operations: [{ name: 'x' }] }],
      'an operation that "defineOperation" did not make',
    ],
    [
      'one operation twice',
      [
        { name: 'a', operations: [operation('x')] },
        { name: 'b', operations: [operation('x')] },
      ],
      'Plugin "b" in "/app/migrate.config.ts" brings the operation "x", which plugin "a" has as well',
    ],
    ['a comparator without compare', [{ name: 'a', comparators: [() => []] }], 'has a comparator without "compare"'],
    ['a command without run', [{ name: 'a', commands: [{ usage: 'x' }] }], 'has a command without "usage" or "run"'],
  ])('are refused with %s', async (_name, plugins, message) => {
    await expect(load(...plugins)).rejects.toMatchObject({
      code: 'ALUDEL_EXTENSION_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('are told by name where the function that makes one throws', async () => {
    await expect(load('fails')).rejects.toMatchObject({
      code: 'ALUDEL_EXTENSION_FAILED',
      message: expect.stringContaining('Plugin "fails" in "/app/migrate.config.ts" threw: '),
    });
  });
});
