import { customType, integer, MetaData } from 'aludel';
import { beforeEach, expect, test } from 'vitest';
import { connectTo } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const TYPES = {
  domain: 'CREATE DOMAIN code AS numeric(9,2)',
  compositeType: 'CREATE TYPE pair AS (x numeric(9,2), y text)',
  rangeType: 'CREATE TYPE span AS RANGE (SUBTYPE = integer)',
} as const;

// What the swap keeps: test/schema-cases/cases/swapped-types.ts.
describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'a type that cannot change in place on $name',
  (dialect) => {
    let metadata = new MetaData();
    const project = useProject(dialect, { models: async () => metadata });

    const declare = (changed: Partial<Record<keyof typeof TYPES, string>>, arrays = true): void => {
      const types = { ...TYPES, ...changed };
      metadata = new MetaData();
      metadata.object('domain', 'code', { definition: types.domain });
      metadata.object('compositeType', 'pair', { definition: types.compositeType });
      metadata.object('rangeType', 'span', { definition: types.rangeType });
      metadata.table('t', {
        id: integer().primaryKey(),
        c: customType('code'),
        ...(arrays ? { many: customType('code[]') } : {}),
        p: customType('pair'),
        s: customType('span'),
      });
    };

    beforeEach(async () => {
      declare({});
      await project.migrator.revision({ autogenerate: true, message: 'one', revisionId: 'aaaa' });
      await project.migrator.upgrade();
      await executeSql(project.url, [
        "INSERT INTO t (id, c, p, s) VALUES (1, 12.5, ROW(3.25, 'a'), '[1,5)'), (2, NULL, NULL, NULL)",
      ]);
    });

    const revise = () => project.migrator.revision({ autogenerate: true, message: 'two', revisionId: 'bbbb' });

    test.each([
      [
        'rangeType',
        'CREATE TYPE span AS RANGE (SUBTYPE = bigint)',
        'range type "span"',
        'columns are made of it: "t.s"',
      ],
      ['domain', 'CREATE DOMAIN code AS text', 'domain "code"', 'columns hold arrays of it: "t.many"'],
    ] as const)('is refused by autogenerate, %s as %s', async (kind, definition, label, reason) => {
      declare({ [kind]: definition });
      await expect(revise()).rejects.toMatchObject({
        code: 'ALUDEL_OPERATION_UNSUPPORTED',
        message: `The change of ${label}, or of what it stands on, cannot be made while ${reason}.`,
        hint: expect.stringContaining('Give the new one another name in the models'),
      });
    });

    test.each([
      ['domain', 'CREATE DOMAIN code AS numeric(9,1)', null],
      [
        'domain',
        'CREATE DOMAIN code AS integer',
        'Column "c" of table "t" holds values that the new type would change',
      ],
      ['compositeType', 'CREATE TYPE pair AS (x numeric(9,1), y text)', 'Column "p" of table "t" holds values that'],
      ['compositeType', 'CREATE TYPE pair AS (x numeric(9,3), y text)', null],
    ] as const)('keeps every digit or changes nothing, %s as %s', async (kind, definition, problem) => {
      await executeSql(project.url, ['ALTER TABLE t DROP COLUMN many']);
      declare({ [kind]: definition }, false);
      await revise();
      const before = await dumpDatabase(project.url);
      const done = await project.migrator.upgrade().then(
        () => null,
        (error: unknown) => String(error),
      );
      if (problem === null) {
        expect(done).toBeNull();
        const { rows } = await connectTo(project.url, (connection) =>
          connection.execute('SELECT c::text, (p).x::text FROM t ORDER BY id'),
        );
        expect(rows.map(({ c, x }) => [Number(c), Number(x)])).toEqual([
          [12.5, 3.25],
          [0, 0],
        ]);
      } else {
        expect(done).toContain(problem);
        expect(await dumpDatabase(project.url)).toEqual(before);
      }
    });

    test('is refused by name where another type holds it, and nothing changes', async () => {
      await project.write({
        id: 'bbbb',
        down: 'aaaa',
        upgrade: `op.replaceObject({ kind: 'compositeType', name: 'pair', definition: 'CREATE TYPE pair AS (y text, x numeric)',
          parts: { order: '["y","x"]', 'attribute y': 'text', 'attribute x': 'numeric' } });`,
      });
      await executeSql(project.url, ['CREATE TYPE outer_pair AS (inner_pair pair)']);
      const before = await dumpDatabase(project.url);
      await expect(project.migrator.upgrade()).rejects.toMatchObject({
        message: expect.stringContaining(
          'Composite type "pair" is used by what cannot follow its change (drop that before, create it again after): ',
        ),
        details: { applied: 0 },
      });
      expect(await dumpDatabase(project.url)).toEqual(before);
    });
  },
);
