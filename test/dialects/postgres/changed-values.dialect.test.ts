/** What conversions between PostgreSQL's own types change without an error: each was looked at on a server before it was written down. */
import { describe, test } from 'vitest';
import { connectTo } from '../../support/connect-to.js';
import { dialects } from '../../support/databases.js';
import { useProject } from '../../support/project.js';
import { columnAt, expectCounted } from '../expect-counted.js';

/** `since`: the first major that has the types. */
type Conversion = readonly [
  from: string,
  to: string,
  kept: readonly string[],
  changed: readonly string[],
  since?: number,
];

const CONVERSIONS: readonly Conversion[] = [
  ['money', 'numeric(9,1)', ['$12.30'], ['$12.34']],
  ['money', 'numeric', ['$12.34'], []],
  ['numeric', 'money', ['12.34', '-5'], ['12.345']],
  ['double precision', 'money', ['12.5'], ['12.345']],
  ['text', 'money', ['12.50', '$1,234.5'], ['12.345']],
  ['integer', 'numeric(4,-2)', ['1200'], ['1234'], 15],
  ['numeric(9,2)', 'price', ['1.50'], ['1.25']],
  ['price_list', 'integer[]', ['{1.0}'], ['{1.5}', '{1.0,2.5}']],
  ['price', 'integer', ['1.0'], ['1.5']],
  ['text', 'code', ['abc'], ['abcd']],
  ['text[]', 'code[]', ['{abc}'], ['{abc,abcd}']],
  ['text', 'long_code', ['abc'], ['abcd']],
  ['character varying(9)', 'character(9)', ['abc'], ['abc  ']],
  ['character varying(9)', 'character varying(4)', ['abc', 'abc '], ['abc    ']],
  ['character(9)', 'text', ['abc'], []],
  ['text', 'name', ['abc'], ['n'.repeat(64)]],
  ['text', '"char"', ['a'], ['ab']],
  ['text', 'bit(4)', ['1010'], ['10101010', '1']],
  ['integer', 'bit(4)', ['9'], ['17']],
  ['bigint', 'bit(33)', ['17'], ['17179869184', '-1']],
  ['bit(4)', 'bit varying(8)', ['1010'], []],
  ['text', 'timestamp without time zone', ['2020-01-02 03:04:05 PM'], ['2020-01-02 03:04:05+02', '2020-01-02 03:04Z']],
  ['text', 'timestamp with time zone', ['2020-01-02 03:04:05+02'], ['2020-01-02 03:04:05.1234567']],
  ['text', 'time(1) without time zone', ['03:04:05.1'], ['03:04:05.12', '03:04:05 EST']],
  ['time with time zone', 'time without time zone', ['03:04:05+00'], ['03:04:05+02']],
  ['timestamp with time zone', 'timestamp without time zone', ['2020-01-02 03:04:05+02'], []],
  ['timestamp without time zone', 'timestamp with time zone', ['2020-03-29 02:30:00'], []],
  ['interval', 'interval(0)', ['3 days 04:05:06'], ['04:05:06.7']],
  ['interval', 'interval day', ['3 days'], ['3 days 04:05:06']],
  ['interval', 'time without time zone', ['04:05:06'], ['3 days', '-01:00:00']],
  ['inet', 'cidr', ['10.0.0.0/8', '10.1.2.3'], ['10.1.2.3/8']],
  ['json', 'jsonb', ['{"a": 1, "b": [{"a": 1}, {"a": 2}]}', '[1, 1]', 'null'], ['{"b": [{"a": 1, "a": 2}]}']],
  ['json[]', 'jsonb[]', ['{1}'], [String.raw`{1,"{\"a\": 1, \"a\": 2}"}`]],
  ['jsonb', 'integer', ['5'], ['1.5']],
  ['jsonb', 'numeric(9,1)', ['1.5'], ['1.25']],
  ['text', 'tsvector', [], ['the cat']],
  ['double precision[]', 'integer[]', ['{1,2}', '{}', '{NULL}'], ['{{1.5},{2}}']],
  ['numeric[]', 'numeric(6,2)[]', ['{1.55}'], ['{1,1.555}']],
  ['timestamp without time zone[]', 'date[]', ['{2020-01-02}'], ['{2020-01-02 03:04:05}']],
  ['tsrange', 'daterange', ['[2020-01-02,2020-01-05)', 'empty', '(,)'], ['["2020-01-02 03:04:05",2020-01-05)']],
  ['character varying(9)', 'character varying(20)', ['abc  '], []],
  ['box', 'polygon', ['(2,2),(1,1)'], []],
  ['date[]', 'text[]', ['{2020-01-02}'], []],
];

describe.each(dialects.filter(({ name }) => name === 'postgres'))(
  'values that a new type changes on $name',
  (dialect) => {
    const project = useProject(dialect);

    test('are counted, and no others', async () => {
      const conversions = await connectTo(project.url, async (connection) => {
        const { major } = connection.server;
        const known = CONVERSIONS.filter(([, , , , since = 0]) => since <= major);
        await connection.execute('CREATE DOMAIN price AS numeric(9,1)');
        await connection.execute('CREATE DOMAIN price_list AS numeric[]');
        await connection.execute('CREATE DOMAIN code AS varchar(3)');
        await connection.execute(`CREATE TABLE t (${known.map(([from], i) => `${columnAt(i)} ${from}`).join(', ')})`);
        for (const [i, [, , kept, changed]] of known.entries()) {
          for (const value of [...kept, ...changed]) {
            await connection.execute(`INSERT INTO t (${columnAt(i)}) VALUES ($1)`, [value]);
          }
        }
        return known;
      });
      const changes = conversions.map(
        ([, to], i) => `op.alterColumn('t', '${columnAt(i)}', { type: customType('${to}') });`,
      );
      await project.write({
        id: 'aaaa',
        header: `import { customType } from 'aludel';`,
        upgrade: `op.createObject({ kind: 'domain', name: 'long_code', definition: 'CREATE DOMAIN long_code AS code' });\n${changes.join('\n')}`,
      });
      await expectCounted(project, conversions);
    });
  },
);
