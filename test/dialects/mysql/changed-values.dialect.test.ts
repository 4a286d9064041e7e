/** What conversions between types of MySQL and MariaDB change without an error: each was looked at on both servers. */
import { describe, test } from 'vitest';
import { connectTo } from '../../support/connect-to.js';
import { dialects } from '../../support/databases.js';
import { useProject } from '../../support/project.js';
import { columnAt, expectCounted } from '../expect-counted.js';

/** `only`: the server that has the types, or that changes values unsaid. Values are SQL. */
type Conversion = readonly [
  from: string,
  to: string,
  kept: readonly string[],
  changed: readonly string[],
  only?: 'mysql' | 'mariadb',
];

const CONVERSIONS: readonly Conversion[] = [
  ['decimal(10,2) unsigned', 'int', ['1', '0'], ['1.25', '0.5']],
  ['DECIMAL(10,2)', 'INTEGER UNSIGNED', ['1'], ['1.25']],
  ['double(10,2)', 'mediumint', ['1'], ['1.25']],
  ['double', 'float(7,2)', ['1.25'], ['1.255']],
  ['float', 'decimal(10,2)', ['0.1', '12345.7'], ['0.125']],
  ['bigint unsigned', 'double', ['9007199254740992', '5'], ['9007199254740993', '18446744073709551615']],
  ['bigint', 'float', ['5', '100000000'], ['16777217']],
  ['int(5) unsigned zerofill', 'int', ['7'], []],
  ['int', 'varchar(20)', ['7'], []],
  ['int', 'bit(64)', ['7'], ['-1']],
  ['bit(8)', 'text', [], ['65']],
  ['bit(8)', 'varchar(9)', ['65'], []],
  ['smallint', 'year', ['2001', '0'], ['1', '70']],
  ['varchar(20)', 'year', ["'2001'"], ["'5'", "'70'"]],
  ['bigint', 'date', ['20200102'], ['70000', '20200102030405']],
  ['bigint', 'datetime', ['20200102', '20200102030405'], ['70000']],
  ['decimal(20,3)', 'datetime(1)', ['20200102030405.1'], ['20200102030405.123']],
  ['bigint', 'time', ['30405'], ['20200102030405']],
  ['date', 'int', ["'2020-01-02'"], []],
  ['date', 'float', ["'2000-01-00'"], ["'2020-01-02'"]],
  ['datetime(3)', 'bigint', ["'2020-01-02 03:04:05'"], ["'2020-01-02 03:04:05.6'"]],
  ['time(6)', 'datetime(3)', ["'03:04:05.123'"], ["'-01:00:00'", "'24:00:00'"]],
  ['time(6)', 'datetime', ["'03:04:05'"], ["'03:04:05.6'"]],
  ['time', 'bit(64)', ["'01:00:00'"], ["'-01:00:00'"]],
  ['float', 'bigint', ['5'], ['1e20']],
  ['year', 'time', [], ['2001']],
  ['text', 'decimal(10,2)', ["'1.5'"], ["'2020-01-02'"], 'mysql'],
  ['decimal(30,0)', 'json', ['5'], ['9007199254740993'], 'mysql'],
  ['time', 'date', [], ["'03:04:05'"]],
  ['varchar(40)', 'tinyint', ["'5'"], ["'007'", "'+49'"]],
  ['varchar(40)', 'tinyint', ["'1.0'"], ["'1.5'"], 'mysql'],
  ['varchar(40)', 'date', ["'2020-01-02'", "'2020/1/2'"], ["'20-01-02'", "'03:04:05'"]],
  [
    'varchar(40)',
    'datetime(3)',
    ["'2020-01-02'", "'2020-01-02 03:04:05.123'", "'2020-01-02T03:04:05'"],
    ["'2020-01-02 03:04:05.1234'", "'03:04:05'"],
  ],
  ['varchar(40)', 'time', ["'03:04:05'", "'3 04:05'", "'-03:04'"], ["'5'", "'30405'", "'03:04:05.6'"]],
  ['varchar(20)', 'char(20)', ["'a'"], ["'a '"]],
  ['varbinary(20)', 'char(5)', ["'a'"], ["'a '"]],
  ['varbinary(20)', 'binary(3)', ["'abc'"], ["'a'", "''"]],
  ['varchar(20)', 'binary(3)', ["'abc'"], ["'a'"]],
  ['int', 'binary(3)', ['123'], ['1']],
  ['binary(3)', 'varbinary(9)', ["'a'"], []],
  ['text', 'bit(64)', ["'7'"], ["'007'"]],
  ['longblob', 'int', ["'7'"], ["'007'"]],
  ['enum("a","2","b")', 'int', ["'2'"], ["'a'", "'b'"]],
  ['enum("a","b")', 'year', [], ["'a'"]],
  ['enum("a","b")', 'enum("b","c","a")', ["'a'", "'b'"], []],
  ['enum("a","b","C")', 'enum("b","c","A")', ["'b'"], ["'a'", "'C'"]],
  ['enum("a","b")', 'set("a","b")', ["'a'"], []],
  ['set("a","b")', 'int', ["''"], ["'a'", "'a,b'"]],
  ['set("a","b")', 'set("b","c","a")', ["'a,b'"], []],
  ['set("a","b")', 'enum("a","B")', ["'a'"], ["'b'"]],
  ['int', 'enum("2","1","3")', ['3'], ['1', '2']],
  ['int', 'set("1","2","3")', ['1', '2'], ['3', '4']],
  ['varchar(9)', 'enum("a","it\'s")', ["'a'", "'it''s'"], ["'A'"]],
  ['varchar(9)', 'set("a","b","c")', ["'a,b'", "''"], ["'b,a'", "'A'", "'5'"]],
  ['json', 'varchar(20)', [`'{"a": 1}'`], []],
  ['json', 'int', [], ["'1'", "'2.5'"], 'mysql'],
  ['longtext', 'json', [`'{"a": 1, "b": [{"a" :1}]}'`, `'"a"'`], [`'{"b": {"a": 1, "a": 2}}'`], 'mysql'],
  ['longtext', 'json', [`'{"a": 1, "a": 2}'`], [], 'mariadb'],
  ['uuid', 'binary(16)', ["'00112233-4455-6677-8899-aabbccddeeff'"], [], 'mariadb'],
];

describe.each(dialects.filter(({ family }) => family === 'mysql'))(
  'values that a new type changes on $name',
  (dialect) => {
    const project = useProject(dialect);

    test('are counted, and no others', async () => {
      const conversions = CONVERSIONS.filter(([, , , , only]) => only === undefined || only === dialect.name);
      await connectTo(project.url, async (connection) => {
        await connection.execute("SET sql_mode = 'STRICT_ALL_TABLES'");
        const columns = conversions.map(([from], i) => `${columnAt(i)} ${from} NULL`);
        await connection.execute(`CREATE TABLE t (${columns.join(', ')})`);
        for (const [i, [, , kept, changed]] of conversions.entries()) {
          for (const value of [...kept, ...changed]) {
            await connection.execute(`INSERT INTO t (${columnAt(i)}) VALUES (${value})`);
          }
        }
      });
      const changes = conversions.map(
        ([, to], i) =>
          `op.alterColumn('t', '${columnAt(i)}', { type: customType(${JSON.stringify(to.replaceAll('"', "'").replace("it's", "it''s"))}) });`,
      );
      await project.write({ id: 'aaaa', header: `import { customType } from 'aludel';`, upgrade: changes.join('\n') });
      await expectCounted(project, conversions);
    });
  },
);
