import { expect, it } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { adoptUndeclared } from '../../../src/autogenerate/adopt-undeclared.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import type { Connection } from '../../../src/engine/connection.js';
import { createEngine } from '../../../src/index.js';
import type { Operation } from '../../../src/operations/operation.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { leaveOutNamespace } from '../../../src/schema/default-namespace.js';
import { customType, integer, text } from '../../../src/schema/columns.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { check } from '../../../src/schema/table-args.js';
import { index } from '../../../src/schema/index-arg.js';
import { applyPlan } from '../../acceptance/pairs-apply.js';
import { createDatabase, dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { dumpDatabase } from '../../support/dump.js';

/** Written before what they stand on, by name: a partition, an heir, a sequence in a default, a class of an extension. */
function models(): MetaData {
  const metadata = new MetaData();
  const name = { pk: text().notNull('must_be_named') };
  metadata.table('a_part', { kind: text().notNull() }, undefined, {
    options: { postgres: { partitionOf: "public.z_whole FOR VALUES IN ('a')" } },
  });
  metadata.table('z_whole', { kind: text().notNull() }, undefined, {
    options: { postgres: { partitionBy: 'LIST (kind)' } },
  });
  metadata.table('b_heir', {}, () => [check('b_small', sql`size < 9`), index('ix_b_size', ['size'])], {
    options: { postgres: { inherits: 'public.y_parent' } },
  });
  metadata.table('y_parent', { size: integer(), ...name });
  metadata.table(
    'c_tags',
    { tags: customType('integer[]'), at: integer().serverDefault(sql`nextval('public.numbers')`) },
    (c) => [index('ix_c_tags', [c.tags.asc().opclass('gin__int_ops')], { method: 'gin' })],
  );
  metadata.sequence('numbers');
  metadata.object('extension', 'intarray', { definition: 'CREATE EXTENSION intarray' });
  return metadata;
}

async function findChanges(connection: Connection): Promise<Operation[]> {
  const declared = leaveOutNamespace(buildSchema([models()]), 'public');
  const wanted = postgres.normalise(declared, connection.server);
  const live = await postgres.reflect(connection, { namespaces: [], ignoredTables: [] });
  const canonical = await postgres.canonicalise(connection, wanted, live);
  return compareSchemas(live, adoptUndeclared(canonical, live, []), postgres.capabilities);
}

const postgresOnly = dialects.filter(({ name }) => name === 'postgres');

describeEach(postgresOnly, 'models on $name', (dialect) => {
  it('makes what models say in the order in which it can be made, and takes it back', async () => {
    const database = await createDatabase(dialect);
    const engine = createEngine(database.url);
    try {
      const connection = await engine.connect();
      const reflect = () => postgres.reflect(connection, { namespaces: [], ignoredTables: [] });
      const empty = await dumpDatabase(database.url);
      const plan = await findChanges(connection);
      await applyPlan(connection, postgres, plan, reflect, []);
      expect(await findChanges(connection)).toEqual([]);
      const { rows } = await connection.execute("SELECT conname FROM pg_constraint WHERE conname = 'must_be_named'");
      expect(rows).toHaveLength(connection.server.major >= 18 ? 2 : 0);
      await applyPlan(connection, postgres, reverseAll(plan), reflect, []);
      expect(await dumpDatabase(database.url)).toEqual(empty);
    } finally {
      await engine.dispose();
      await database.drop();
    }
  });

  it('takes off NOT NULL of a table and its partitions together', async () => {
    const database = await createDatabase(dialect);
    const engine = createEngine(database.url);
    try {
      const connection = await engine.connect();
      const reflect = () => postgres.reflect(connection, { namespaces: [], ignoredTables: [] });
      await connection.execute('CREATE TABLE w (k text, n int) PARTITION BY LIST (k)');
      await connection.execute("CREATE TABLE w_a PARTITION OF w FOR VALUES IN ('a')");
      const [before, dump] = [await reflect(), await dumpDatabase(database.url)];
      await connection.execute('ALTER TABLE w ALTER n SET NOT NULL');
      const plan = compareSchemas(before, await reflect(), postgres.capabilities);
      await connection.execute('ALTER TABLE w ALTER n DROP NOT NULL');
      await applyPlan(connection, postgres, plan, reflect, []);
      expect(compareSchemas(before, await reflect(), postgres.capabilities)).toEqual(plan);
      await applyPlan(connection, postgres, reverseAll(plan), reflect, []);
      expect(await dumpDatabase(database.url)).toEqual(dump);
    } finally {
      await engine.dispose();
      await database.drop();
    }
  });
});
