import { expect, it, onTestFinished } from 'vitest';
import { createEngine } from '../../../src/engine/create-engine.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { customType, integer, json, numeric, text, timestamp, varchar } from '../../../src/schema/columns.js';
import { Expr } from '../../../src/schema/expressions/expr.js';
import { sql } from '../../../src/schema/expressions/sql-template.js';
import { rawSql } from '../../../src/schema/expressions/expression.js';
import { MetaData } from '../../../src/schema/metadata.js';
import { check } from '../../../src/schema/table-args.js';
import { describeEach } from '../../support/describe-each.js';
import { createDatabase, findChanges, reflectAll, run, servers } from './support/database.js';

const raw = (words: string): Expr<never> => new Expr<never>(rawSql(words));

/** What people write, as it is; the server prints each of them in words of its own. */
const CHECKS: readonly string[] = [
  "v <> 'it''s'",
  "v in ('a', 'b\\\\c', \"d\\\"q\", 'ü', '')",
  "v = 'new\\nline' or v = '%' or v like 'a!_%' escape '!'",
  "v <> '日本語'",
  "v regexp '^[a-z]+\\\\.$' and not (n = 3)",
  'n between 1 and 10 and n % 2 = 0',
  'price > 1.50 and price < 1e10',
  "at > '2020-01-01' and at < at + interval 1 day",
  "coalesce(v, 'x') <> upper(concat(v, ')', '(', '`'))",
  '(case when n > 0 then v is not null else length(v) > 0 end) = 1',
  "json_extract(doc, '$.a') is null or json_unquote(json_extract(doc, '$.\"b c\"')) = 'x'",
  'n is not null and true',
  'cast(n as char) <> v collate utf8mb4_bin',
];

const DEFAULTS: readonly (readonly [string, string])[] = [
  ['varchar(60)', "'it''s a \"q\" \\\\ \\' back\\nnew ü 日本 %'"],
  ['varchar(60)', "''"],
  ['varchar(60)', "'NULL'"],
  ['varchar(60)', "'CURRENT_TIMESTAMP'"],
  ['varchar(60)', "'012'"],
  ['varchar(60)', "'a?'"],
  ['varchar(60)', '12'],
  ['varchar(60)', "(concat('a''b', '\\\\', 'ü', 1 + 2))"],
  ['varchar(60)', '(uuid())'],
  ['char(36)', '(uuid())'],
  ['int', '-5'],
  ['int', "'7'"],
  ['int', '(1 + 2)'],
  ['int', 'NULL'],
  ['bigint', '9223372036854775807'],
  ['tinyint(1)', 'true'],
  ['decimal(10,2)', '1.5'],
  ['decimal(10,2)', '-0.50'],
  ['double', '1e300'],
  ['double', '0.1'],
  ['float', '1.50'],
  ['bit(3)', "b'101'"],
  ['year', '2020'],
  ['date', "'2020-01-02'"],
  ['date', '(curdate())'],
  ['time', "'10:11:12'"],
  ['datetime(3)', "'2020-01-02 03:04:05.5'"],
  ['datetime(6)', 'now(6)'],
  ['datetime', '(now() + interval 1 day)'],
  ['timestamp', 'current_timestamp'],
  ["enum('b''c','d,e','ü\\\\')", "'b''c'"],
  ["set('x','Y')", "'x,Y'"],
  ['varbinary(9)', "'abc'"],
  ['json', '(\'{"a": "b\\\'c"}\')'],
  ['json', "(json_object('a', 1, 'b', json_array('x''y', null)))"],
  ['text', "('te''xt')"],
  ['blob', "('te''xt')"],
];

const GENERATED: readonly string[] = [
  "concat(v, 'x''\\\\', `id-x`, 'ü')",
  'n + 1',
  "case when n > 0 then 'pos' else 'neg' end",
  "substring_index(v, ',', -1)",
  "if(n is null, '', lpad(n, 5, '0'))",
];

describeEach(servers, '$name', ({ dialect, url }) => {
  const models = (suffix: string) => {
    const metadata = new MetaData();
    metadata.table(
      'checked',
      {
        n: integer().serverDefault(Number(`1${suffix}`)),
        v: varchar(100),
        price: numeric(10, 2),
        at: timestamp(),
        doc: json(),
      },
      () => CHECKS.map((condition, i) => check(`c${i}`, raw(condition))),
    );
    metadata.table(
      'defaulted',
      Object.fromEntries(
        DEFAULTS.map(([type, value], i) => [`c${i}`, customType<never>(type).serverDefault(raw(value))]),
      ),
    );
    metadata.table('computed', {
      n: integer(),
      v: varchar(50),
      'id-x': varchar(10),
      ...Object.fromEntries(GENERATED.map((formula, i) => [`g${i}`, varchar(200).generatedAs(raw(formula))])),
    });
    // No catalog of MariaDB shows these as they are.
    metadata.table(
      'unshown',
      {
        v: varchar(60).serverDefault('a😀?'),
        w: varchar(60).serverDefault(raw("concat('😀', 'ü')")),
        g: varchar(60).generatedAs(raw("concat('😀', v)")),
        bytes: customType<never>('varbinary(9)').serverDefault(raw("x'00ff41'")),
      },
      () => [check('c', raw("v <> '😀'"))],
    );
    metadata.table('values', {
      quoted: varchar(60).serverDefault('it\'s a "q" \\ back\nnew ü %'),
      long: text().serverDefault("te'xt \\ ü"),
      doc: json().serverDefault({ a: "b'c", 'd"e': ['\\', 'ü', null] }),
      interpolated: varchar(60).serverDefault(sql<string>`concat(${"it's"}, ${'\\'}, ${1})`),
    });
    return buildSchema([metadata]);
  };

  it('finds no difference between what was written and what the server prints', async () => {
    const connection = await (await createDatabase(url)).connect();
    await run(dialect, connection, await findChanges(dialect, connection, models('')));
    expect(await findChanges(dialect, connection, models(''))).toEqual([]);
    const changed = await findChanges(dialect, connection, models('2'));
    expect(changed.map((operation) => [operation.kind, 'changes' in operation ? operation.changes : null])).toEqual([
      ['alterColumn', { default: { kind: 'verbatim', text: '12', source: { kind: 'literal', value: 12 } } }],
    ]);
  });

  it('creates from what it reflected what reads the same', async () => {
    const first = await (await createDatabase(url)).connect();
    await run(dialect, first, await findChanges(dialect, first, models('')));
    const known = await reflectAll(dialect, first);
    const plain = known.tables.filter((table) => table.name !== 'unshown');
    const second = await (await createDatabase(url)).connect();
    await run(
      dialect,
      second,
      plain.map((table) => ({ kind: 'createTable', table })),
    );
    expect((await reflectAll(dialect, second)).tables).toEqual(plain);
  });

  it.runIf(dialect.name === 'mysql')('knows literal defaults that the catalog shows with a question mark', async () => {
    const connection = await (await createDatabase(url)).connect();
    await run(dialect, connection, await findChanges(dialect, connection, models('')));
    const { tables } = await reflectAll(dialect, connection);
    const columns = tables.find((table) => table.name === 'unshown')?.columns ?? [];
    expect(columns.map((column) => column.default)).toEqual([
      { kind: 'verbatim', text: "'a??'", source: { kind: 'literal', value: 'a😀?' } },
      { kind: 'verbatim', text: "(concat('????','ü'))", source: { kind: 'sql', parts: ["(concat('😀','ü'))"] } },
      null,
      { kind: 'verbatim', text: '0x00FF41' },
    ]);
  });

  it('leaves nothing in the database when it asks for the spelling', async () => {
    const connection = await (await createDatabase(url)).connect();
    await run(dialect, connection, await findChanges(dialect, connection, models('')));
    await findChanges(dialect, connection, models('2'));
    const { rows } = await connection.execute('SHOW TABLES');
    expect(rows.flatMap((row) => Object.values(row))).toEqual([
      'checked',
      'computed',
      'defaulted',
      'unshown',
      'values',
    ]);
  });

  it('says which privilege is missing when it may not ask for the spelling', async () => {
    const engine = await createDatabase(url);
    const connection = await engine.connect();
    await run(dialect, connection, await findChanges(dialect, connection, models('')));
    const database = new URL(engine.url).pathname.slice(1);
    await connection.execute(`CREATE USER ${database} IDENTIFIED BY 'secret'`);
    await connection.execute(`GRANT SELECT, CREATE, ALTER ON ${database}.* TO ${database}`);
    onTestFinished(async () => {
      const root = createEngine(url);
      await root.transaction((own) => own.execute(`DROP USER ${database}`));
      await root.dispose();
    });
    const target = new URL(engine.url);
    target.username = database;
    target.password = 'secret';
    const limited = createEngine(target.href);
    onTestFinished(() => limited.dispose());
    await expect(findChanges(dialect, await limited.connect(), models('2'))).rejects.toMatchObject({
      message: expect.stringMatching(/^The account may not create temporary tables, .* the model of "checked"\.$/),
      hint: 'GRANT CREATE TEMPORARY TABLES ON the database to it.',
    });
  });

  it('names the table whose expression the server refuses', async () => {
    const connection = await (await createDatabase(url)).connect();
    const declare = (condition: string) => {
      const metadata = new MetaData();
      metadata.table('t', { n: integer() }, () => [check('ok', raw(condition))]);
      return buildSchema([metadata]);
    };
    await run(dialect, connection, await findChanges(dialect, connection, declare('n > 0')));
    await expect(findChanges(dialect, connection, declare('nowhere > 0'))).rejects.toMatchObject({
      code: 'ALUDEL_MODELS_INVALID',
      message: expect.stringContaining('refuses the model of "t": '),
    });
  });
});
