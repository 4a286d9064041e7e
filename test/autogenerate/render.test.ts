import { describe, expect, it } from 'vitest';
import { call, list, object, print, quote } from '../../src/autogenerate/render/document.js';
import { type Imports, renderDefault, renderExpr } from '../../src/autogenerate/render/render-expression.js';
import { renderOperation } from '../../src/autogenerate/render/render-operation.js';
import { renderRevision, type RevisionFile } from '../../src/autogenerate/render/render-revision.js';
import type { Operation } from '../../src/operations/operation.js';
import { Expr } from '../../src/schema/expressions/expr.js';
import { col, sql } from '../../src/schema/expressions/sql-template.js';
import { integer, varchar } from '../../src/schema/columns.js';
import { check, exclusion, foreignKey } from '../../src/schema/table-args.js';
import { column } from '../../src/operations/column-arg.js';
import { Operations } from '../../src/operations/recorder.js';
import { fn } from '../../src/schema/expressions/functions.js';
import { verbatim } from '../../src/schema/expressions/expression.js';

const imports: Imports = new Set();

describe('a document', () => {
  it('stays on one line where it fits in 100 columns', () => {
    expect(print(call('f', quote('a'), list('1', '2'), object([['b', '3']])), '  ', ';')).toBe(
      "  f('a', [1, 2], { b: 3 });",
    );
  });

  it('hugs a last list that does not fit', () => {
    const items = Array.from({ length: 3 }, (_, i) => call('column', quote(`${'x'.repeat(40)}${i}`)));
    expect(print(call('op.createTable', quote('t'), list(...items)), '  ', ';')).toBe(
      ["  op.createTable('t', [", ...items.map((item) => `    column(${String(item.items[0])}),`), '  ]);'].join('\n'),
    );
  });

  it('breaks arguments one a line where hugging does not help', () => {
    const long = 'x'.repeat(50);
    expect(print(call('f', quote(long), quote(long)), '', ';')).toBe(`f(\n  '${long}',\n  '${long}',\n);`);
  });

  it('leaves out entries without a value', () => {
    expect(
      print(
        object([
          ['a', null],
          ['b', '1'],
        ]),
        '',
      ),
    ).toBe('{ b: 1 }');
  });

  it.each([
    ["it's", String.raw`'it\'s'`],
    ['say "hi"', `'say "hi"'`],
    ['a\\b', String.raw`'a\\b'`],
    ['a\nb', String.raw`'a\nb'`],
    ['', "''"],
  ])('quotes %j', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});

describe('an expression', () => {
  it.each<readonly [string, Expr<unknown>]>([
    ["col('a').eq(1)", col<number>('a').eq(1)],
    [String.raw`col('a').ne('it\'s')`, col<string>('a').ne("it's")],
    [
      "col('a').gt(1).and(col('b').isNull(), col('c').isNotNull())",
      col<number>('a').gt(1).and(col('b').isNull(), col('c').isNotNull()),
    ],
    [
      "col('a').in([1, 2]).or(col('b').notIn(['x'])).not()",
      col<number>('a')
        .in([1, 2])
        .or(col<string>('b').notIn(['x']))
        .not(),
    ],
    ["col('a').like('x%')", col<string>('a').like('x%')],
    ['fn.now()', fn.now()],
    ["fn.call('lower', col('a'), 'x')", fn.call('lower', col('a'), 'x')],
    ["fn.shift(col('a'), { days: -1 })", col<Date>('a').minus({ days: 1 })],
    ["fn.jsonText(col('a'), ['b', 0])", col('a').jsonText('b', 0)],
    ["fn.cast(col('a'), { kind: 'varchar', length: 9 })", fn.cast(col('a'), varchar(9))],
    [
      "fn.extract(fn.secondsBetween(col('a'), fn.now()), 'year')",
      fn.extract(fn.secondsBetween(col('a'), fn.now()) as never, 'year'),
    ],
    ['sql`a > ${1}`', sql`a > ${1}`],
    ["sql`${col('a')} || 'x'`", sql`${col('a')} || 'x'`],
    [String.raw`sql` + '`a \\` \\${b} \\\\`', new Expr(verbatim('a ` ${b} \\'))],
    ["sql`${Buffer.from('00ff', 'hex')}`", new Expr({ kind: 'bytes', hex: '00ff' })],
  ])('is written as %s', (source, expression) => {
    expect(renderExpr(expression.node, new Set())).toBe(source);
  });

  it('of the database is written as the person wrote it', () => {
    expect(renderExpr(verbatim('(a > 0)', col<number>('a').gt(0).node), imports)).toBe("col('a').gt(0)");
  });

  it('names what it imports', () => {
    const used = new Set<string>();
    renderExpr(
      col<Date>('a')
        .lt(fn.now())
        .and(sql`b`.not() as Expr<boolean>).node,
      used,
    );
    expect([...used].sort()).toEqual(['col', 'fn', 'sql']);
  });
});

describe('a default', () => {
  it.each([
    ['18', { kind: 'literal', value: 18 }, { kind: 'integer' }],
    ['18n', { kind: 'literal', value: 18 }, { kind: 'bigint' }],
    ['9007199254740993n', { kind: 'number', text: '9007199254740993' }, { kind: 'bigint' }],
    ["'open'", { kind: 'literal', value: 'open' }, { kind: 'text' }],
    ['true', { kind: 'literal', value: true }, { kind: 'boolean' }],
    ["sql`${'1'}`", { kind: 'literal', value: '1' }, { kind: 'integer' }],
    ['sql`${1}`', { kind: 'literal', value: 1 }, { kind: 'text' }],
    ['fn.now()', { kind: 'now' }, { kind: 'date' }],
    ["'2026-01-31'", { kind: 'literal', value: '2026-01-31' }, { kind: 'date' }],
    [
      "sql`${'2026-01-31'}`",
      { kind: 'literal', value: '2026-01-31' },
      { kind: 'timestamp', precision: null, withTimezone: false },
    ],
  ] as const)('is written as %s', (source, expression, type) => {
    expect(renderDefault(expression, type, new Set())).toBe(source);
  });
});

describe('how an operation is carried out', () => {
  const users = { namespace: null, name: 'users' };
  const mysql = { algorithm: 'inplace', lock: 'none' } as const;

  it.each<readonly [string, Operation]>([
    ["op.dropTable('users', { ifExists: true })", { kind: 'dropTable', table: users, existing: null, ifExists: true }],
    [
      "op.dropColumn('users', 'age', { ifExists: true, mysql: { algorithm: 'inplace', lock: 'none' } })",
      { kind: 'dropColumn', table: users, column: 'age', existing: null, ifExists: true, mysql },
    ],
    [
      "op.dropIndex('ix', 'users', { concurrently: true })",
      { kind: 'dropIndex', table: users, name: 'ix', existing: null, concurrently: true },
    ],
    [
      "op.dropConstraint('ck', 'users', { type: 'check', ifExists: true })",
      { kind: 'dropConstraint', table: users, name: 'ck', type: 'check', existing: null, ifExists: true },
    ],
    [
      "op.createUniqueConstraint('uq', 'users', ['age'], { mysql: { lock: 'none' } })",
      {
        kind: 'addConstraint',
        table: users,
        constraint: { kind: 'unique', name: 'uq', columns: ['age'] },
        mysql: { lock: 'none' },
      },
    ],
    [
      "op.validateConstraint('ck', 'users')",
      { kind: 'validateConstraint', table: users, name: 'ck', isValid: true, existing: null },
    ],
    [
      "op.validateConstraint('ck', 'users', { valid: false })",
      { kind: 'validateConstraint', table: users, name: 'ck', isValid: false, existing: null },
    ],
    [
      "op.addEnumValue('status', 'b', { after: 'a', ifNotExists: true })",
      {
        kind: 'addEnumValue',
        enum: { namespace: null, name: 'status' },
        value: 'b',
        before: null,
        after: 'a',
        ifNotExists: true,
        existing: null,
      },
    ],
  ])('%s', (source, operation) => {
    expect(print(renderOperation(operation, new Set()), '')).toBe(source);
  });
});

describe('a revision file', () => {
  const file: RevisionFile = {
    id: 'abc',
    message: 'Add age',
    down: ['aaa'],
    branchLabels: [],
    dependsOn: [],
    createdAt: '2026-01-02T03:04:05Z',
    language: 'typescript',
    upgrade: [{ kind: 'dropIndex', table: { namespace: 'app', name: 'users' }, name: 'ix', existing: null }],
    downgrade: [],
  };

  it('holds a header, its constants and two functions', () => {
    expect(renderRevision(file)).toBe(`/**
 * Add age
 *
 * Revision: abc
 * Parent: aaa
 * Created: 2026-01-02T03:04:05Z
 */
import { type Operations } from 'aludel';

export const revision = 'abc';
export const downRevision = 'aaa';

export function upgrade(op: Operations): void {
  op.dropIndex('ix', 'app.users');
}

export function downgrade(_op: Operations): void {}
`);
  });

  it('has no types in JavaScript, and says labels and dependencies', () => {
    expect(
      renderRevision({
        ...file,
        message: '',
        down: [],
        branchLabels: ['x'],
        dependsOn: ['d1', 'd2'],
        language: 'javascript',
        upgrade: [],
      }),
    ).toBe(`/**
 * Revision: abc
 * Parent: base
 * Created: 2026-01-02T03:04:05Z
 */
export const revision = 'abc';
export const downRevision = null;
export const branchLabels = ['x'];
export const dependsOn = ['d1', 'd2'];

export function upgrade(_op) {}

export function downgrade(_op) {}
`);
  });

  it('cannot be ended early by its message', () => {
    expect(renderRevision({ ...file, message: 'a */ b' })).toContain(' * a *\\/ b\n');
  });

  it('writes names with dots as objects', () => {
    const dropped = { kind: 'dropTable', table: { namespace: null, name: 'a.b' }, existing: null } as const;
    expect(renderRevision({ ...file, upgrade: [dropped] })).toContain("  op.dropTable({ name: 'a.b' });\n");
  });
});

describe('the parts of a partition', () => {
  it('say that they are those of its table', () => {
    const items = [
      foreignKey(['id'], 'parents', ['id'], { name: 'fk', inherited: true }),
      check('positive', sql`id > 0`, { inherited: true }),
      exclusion([['id', '=']], { name: 'alone', inherited: true }),
    ];
    const operations: Operation[] = [];
    const op = new Operations(
      {
        record: (operation) => {
          operations.push(operation);
        },
        flush: () => Promise.resolve([]),
      },
      { offline: true },
    );
    op.createTable('part', [column('id', integer()), ...items]);
    const [operation] = operations;
    expect(operation).toMatchObject({
      table: {
        foreignKeys: [{ name: 'fk', inherited: true }],
        checks: [{ name: 'positive', inherited: true }],
        exclusions: [{ name: 'alone', inherited: true }],
      },
    });
    if (operation === undefined) throw new Error('unreachable: it was recorded');
    const text = print(renderOperation(operation, imports), '');
    expect(text.match(/inherited: true/g)).toHaveLength(3);
  });
});
