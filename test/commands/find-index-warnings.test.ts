import { expect, test } from 'vitest';
import { check, foreignKey, index, integer, MetaData, sql, unique, varchar } from 'aludel';
import { findIndexWarnings } from '../../src/commands/find-index-warnings.js';
import { loadDialect } from '../../src/connect.js';
import type { DialectName } from '../../src/engine/connection.js';
import type { TableArg } from '../../src/schema/table-args.js';
import { buildSchema } from '../../src/schema/build-schema.js';

type Args = readonly TableArg[];

async function warn(args: Args, dialect: DialectName = 'postgres'): Promise<(readonly [string, string])[]> {
  const metadata = new MetaData();
  metadata.table('teams', { id: integer().primaryKey() });
  metadata.table('users', { id: integer().primaryKey(), team_id: integer(), a: varchar(9), b: varchar(9) }, () => args);
  const { assumedServer, normalise } = await loadDialect(dialect);
  const schema = normalise(buildSchema([metadata]), assumedServer);
  return findIndexWarnings(schema, await loadDialect(dialect)).map(({ rule, name }) => [rule, name]);
}

const key = foreignKey(['team_id'], 'teams', ['id'], { name: 'fk' });
const missing = [['foreign-key-without-index', 'fk']];

test('an index that a primary or unique key begins with is redundant', async () => {
  const args: Args = [
    unique(['a', 'b'], { name: 'uq' }),
    index('ix_a', ['a']),
    index('ix_a_b', ['a', 'b']),
    index('ix_id', ['id']),
    index('ix_b', ['b']),
    index('ix_b_a', ['b', 'a']),
    index('ix_id_b', ['id', 'b']),
  ];
  expect(await warn(args)).toEqual(['ix_a', 'ix_a_b', 'ix_id'].map((name) => ['redundant-index', name]));
});

test('an index that says more than a key, or is a key itself, is not redundant', async () => {
  const args: Args = [
    unique(['a', 'b'], { name: 'uq' }),
    index('ix_partial', ['a']).where(sql`b IS NULL`),
    index('ix_hash', ['a']).using('hash'),
    index('ux_a', ['a']).unique(),
    index('ix_lower', [sql`lower(a)`]),
    check('ck', sql`a <> b`),
  ];
  expect(await warn(args)).toEqual([]);
});

test('a foreign key is missed by indexes that do not begin with its columns', async () => {
  expect(await warn([key])).toEqual(missing);
  expect(await warn([key, index('ix', ['a', 'team_id'])])).toEqual(missing);
  expect(await warn([key, index('ix', ['team_id']).where(sql`a IS NULL`)])).toEqual(missing);
  expect(await warn([key], 'sqlite')).toEqual(missing);
});

test('a foreign key is served by any index, key or order that begins with its columns', async () => {
  expect(await warn([key, index('ix', ['team_id', 'a'])])).toEqual([]);
  expect(await warn([key, unique(['team_id', 'a'], { name: 'uq' })])).toEqual([]);
  expect(await warn([key, index('ix', ['team_id']).using('hash')])).toEqual([]);
  expect(await warn([key, index('ix', ['team_id']).where(sql`team_id IS NOT NULL`)])).toEqual([]);
});

test('MySQL and MariaDB make the index of a foreign key by themselves', async () => {
  expect(await warn([key], 'mysql')).toEqual([]);
  expect(await warn([key], 'mariadb')).toEqual([]);
});
