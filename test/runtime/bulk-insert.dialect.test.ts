import { readFile, writeFile } from 'node:fs/promises';
import { Operations } from 'aludel';
import { describe, expect, test } from 'vitest';
import { renderRevision } from '../../src/autogenerate/render/render-revision.js';
import type { Operation } from '../../src/operations/operation.js';
import { reverseAll } from '../../src/operations/reverse.js';
import { connectTo } from '../support/connect-to.js';
import { createDatabase, dialects } from '../support/databases.js';
import { dumpRows } from '../support/dump-rows.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

const THINGS = `op.createTable('things', [
  column('id', bigint(), { nullable: false }),
  column('name', varchar(200), { serverDefault: 'none' }),
  column('price', numeric(10, 2)),
  column('ratio', double()),
  column('is_new', boolean()),
  column('made_at', timestamp({ precision: 3 })),
  column('day', date()),
  column('data', json()),
  column('raw', bytes()),
  primaryKey(['id'], { name: 'pk_things' }),
]);`;

const ROWS = `[
  { id: 9007199254740993n, name: "O'Brien \\\\ \\n ü ?1 $1", price: '12.50', ratio: 0.1, is_new: true, made_at: new Date('2026-01-02T03:04:05.678Z'),
    day: '2026-01-02', data: { list: [1, "it's", null], 'a "b"': { deep: true } }, raw: new Uint8Array([0, 39, 92, 255]) },
  { id: 2, name: null, price: null, ratio: -1.5e-7, is_new: false, made_at: null, day: null, data: [], raw: null },
  { id: 3, data: '"text"' },
  { id: 4, name: sql\`upper('x')\`, ratio: undefined },
]`;

const NAMES = 'bigint, boolean, bytes, date, double, json, numeric, sql, timestamp';

describe.each(dialects)('op.bulkInsert on $name', (dialect) => {
  const project = useProject(dialect);

  /** The helper imports some of these already. */
  const header = `import { ${NAMES.split(', ')
    .filter((name) => !['boolean', 'json', 'numeric', 'sql'].includes(name))
    .join(', ')} } from 'aludel';`;
  const write = (upgrade: string): Promise<string> => project.write({ id: 'aaaa', header, upgrade });

  test('writes values of every type as the database keeps them', async () => {
    await write(`${THINGS}\nop.bulkInsert('things', ${ROWS});`);
    await project.migrator.upgrade();
    await connectTo(project.url, async (connection) => {
      const { rows } = await connection.execute('SELECT * FROM things ORDER BY id DESC');
      const [first, fourth, third, second] = rows.map((row) => ({ ...row, id: String(row['id']) })) as Record<
        string,
        unknown
      >[];
      const data = first?.['data'];
      expect(typeof data === 'string' ? JSON.parse(data) : data).toEqual({
        list: [1, "it's", null],
        'a "b"': { deep: true },
      });
      expect(Array.from((first?.['raw'] ?? []) as Uint8Array)).toEqual([0, 39, 92, 255]);
      expect(first).toMatchObject({ id: '9007199254740993', name: "O'Brien \\ \n ü ?1 $1" });
      expect([Number(first?.['price']), Number(first?.['ratio']), Number(first?.['is_new'])]).toEqual([12.5, 0.1, 1]);
      expect(new Date(`${String(first?.['made_at'])}Z`).toISOString()).toBe('2026-01-02T03:04:05.678Z');
      expect(String(first?.['day'])).toBe('2026-01-02');
      expect(second).toMatchObject({ name: null, price: null, made_at: null, day: null, raw: null });
      expect([Number(second?.['ratio']), Number(second?.['is_new'])]).toEqual([-1.5e-7, 0]);
      expect(third).toMatchObject({ name: 'none', price: null });
      expect(fourth).toMatchObject({ name: 'X', ratio: null });
    });
  });

  test('writes the same rows as a script', async () => {
    await write(`${THINGS}\nop.bulkInsert('things', ${ROWS});`);
    await project.migrator.upgrade();
    const { sql } = await project.migrator.upgrade('head', { sql: true });
    const other = await createDatabase(dialect);
    await connectTo(other.url, async (connection) => {
      for (const statement of (sql ?? '').split(/;\n+/)) {
        const text = statement.replace(/^(?:--.*\n)+/, '').trim();
        if (text !== '' && !/^(?:BEGIN|COMMIT)$/.test(text)) await connection.execute(text);
      }
    });
    expect(await dumpRows(other.url)).toEqual(await dumpRows(project.url));
    await other.drop();
  });

  test('writes more rows than one statement takes parameters', async () => {
    await write(
      `op.createTable('pairs', [column('a', integer()), column('b', integer()), column('c', varchar(9), { serverDefault: 'd' })]);
       op.bulkInsert('pairs', Array.from({ length: 40_000 }, (_, i) => ({ a: i, b: -i })));
       op.bulkInsert('pairs', [{}]);
       op.bulkInsert('pairs', []);`,
    );
    await project.migrator.upgrade();
    await connectTo(project.url, async (connection) => {
      const { rows } = await connection.execute(
        'SELECT count(*) AS n, count(a) AS a, sum(a) AS sa, sum(b) AS sb, count(c) AS c FROM pairs',
      );
      expect(Object.values(rows[0] ?? {}).map(Number)).toEqual([40_001, 40_000, 799_980_000, -799_980_000, 40_001]);
    });
  });

  test('is taken back by its key, and back again, from the rendered file', async () => {
    await executeSql(project.url, [
      'CREATE TABLE roles (id integer NOT NULL, name varchar(20))',
      "INSERT INTO roles VALUES (7, 'kept')",
    ]);
    const operations: Operation[] = [];
    const op = new Operations(
      { record: (operation) => operations.push(operation), flush: () => Promise.resolve([]) },
      { offline: true },
    );
    op.bulkInsert(
      'roles',
      [
        { id: 1, name: "it's" },
        { id: 2, name: null },
      ],
      { key: ['id'] },
    );
    const down = reverseAll(operations);
    expect(reverseAll(down)).toEqual(operations);
    const file = await project.write({ id: 'aaaa' });
    await writeFile(
      file,
      renderRevision({
        id: 'aaaa',
        message: 'roles',
        down: [],
        branchLabels: [],
        dependsOn: [],
        createdAt: '2026-11-21T00:00:00Z',
        language: 'typescript',
        upgrade: operations,
        downgrade: down,
      }),
    );
    expect(await readFile(file, 'utf8')).toContain("op.deleteRows('roles', [{ id: 1 }, { id: 2 }]);");
    const before = await dumpRows(project.url);
    await project.migrator.upgrade();
    expect(await dumpRows(project.url)).not.toEqual(before);
    await project.migrator.downgrade('base');
    expect(await dumpRows(project.url)).toBe(before);
  });
});

describe('op.bulkInsert', () => {
  const record = (use: (op: Operations) => void): Operation[] => {
    const operations: Operation[] = [];
    use(
      new Operations(
        { record: (operation) => operations.push(operation), flush: () => Promise.resolve([]) },
        { offline: true },
      ),
    );
    return operations;
  };

  test('says which value has no form', () => {
    expect(() => record((op) => op.bulkInsert('t', [{ a: 1 }, { a: Number.NaN }]))).toThrow('row 2, column "a"');
    expect(() => record((op) => op.bulkInsert('t', [{ a: Symbol('x') }]))).toThrow('row 1, column "a"');
  });

  test('cannot be reversed without a key, and says so', () => {
    const operations = record((op) => op.bulkInsert('t', [{ a: 1 }]));
    expect(() => reverseAll(operations)).toThrow('give "key"');
    expect(() => record((op) => op.bulkInsert('t', [{ a: 1 }], { key: ['id'] }))).toThrow('"id"');
  });

  test('refuses to delete all rows by an empty one', () => {
    expect(() => record((op) => op.deleteRows('t', [{}]))).toThrow('all rows');
  });

  test('is plain data', () => {
    const operations = record((op) =>
      op.bulkInsert('t', [{ a: 1n, b: new Date(0), c: new Uint8Array([1]), d: { e: 1 } }]),
    );
    expect(JSON.parse(JSON.stringify(operations))).toEqual(operations);
  });
});
