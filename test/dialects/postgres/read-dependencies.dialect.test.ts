import { expect, test } from 'vitest';
import { DEPENDENCIES } from '../../../src/dialects/postgres/objects/catalog.js';
import { connectTo } from '../../support/connect-to.js';
import { createDatabase, dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const scansOf = (node: PlanNode): readonly PlanNode[] => [
  ...(node['Relation Name'] === undefined ? [] : [node]),
  ...(node.Plans ?? []).flatMap(scansOf),
];

// No other database says what stands on what.
describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'reading what stands on what on $name',
  (dialect) => {
    // A database that was filled a moment ago has no statistics: the planner takes nested loops, and a catalog that is read
    // through in each of them made minutes of a thousand views.
    test('goes to the rows of each catalog by an index', async () => {
      const { url, drop } = await createDatabase(dialect);
      try {
        const scans = await connectTo(url, async (connection) => {
          for (const join of ['hashjoin', 'mergejoin', 'seqscan']) {
            await connection.execute(`SET enable_${join} = off`);
          }
          const { rows } = await connection.execute(`EXPLAIN (FORMAT JSON) ${DEPENDENCIES}`);
          const plans = rows.flatMap((row) => row['QUERY PLAN'] as readonly { readonly Plan: PlanNode }[]);
          return plans.flatMap(({ Plan }) => scansOf(Plan));
        });
        expect(scans.length).toBeGreaterThan(10);
        expect(scans.filter((scan) => scan['Node Type'] === 'Seq Scan')).toEqual([]);
      } finally {
        await drop();
      }
    });
  },
);
