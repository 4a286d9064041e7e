import { describe, expect, it } from 'vitest';
import { column, integer } from '../../src/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import type { Operation } from '../../src/operations/operation.js';
import { Operations } from '../../src/operations/recorder.js';
import { refuseStrangeOptions } from '../../src/dialects/table-option-names.js';

/** A value that only a file without types could hold in this place. */
const untyped = (value?: unknown): never => value as never;

function record(run: (op: Operations) => void): Operation[] {
  const recorded: Operation[] = [];
  run(new Operations({ record: (operation) => recorded.push(operation), flush: async () => [] }, { offline: true }));
  return recorded;
}

describe('an operation that a file without types gives wrongly is refused where it stands', () => {
  const id = column('id', integer());

  it.each<[string, (op: Operations) => void, string]>([
    ['items that are no list', (op) => op.createTable('x', untyped({ id: integer() })), 'table "x" takes a list'],
    ['a type that is no item', (op) => op.createTable('x', [untyped(integer())]), 'number 1 is an object, neither'],
    ['a type that was not called', () => column('id', untyped(integer)), 'column("id") takes a type such as integer()'],
    ['two columns of one name', (op) => op.createTable('x', [id, id]), 'table "x" has two columns called "id"'],
    [
      'the name without the column',
      (op) => op.addColumn('x', untyped('age')),
      'op.addColumn takes a table and a column',
    ],
    ['a column that is missing', (op) => op.dropColumn('x', untyped()), 'op.dropColumn: "column" is missing'],
    ['several columns', (op) => op.dropColumn('x', untyped(['a', 'b'])), 'op.dropColumn takes the name of one column'],
    ['a new name that is missing', (op) => op.renameTable('x', untyped()), 'op.renameTable: "to" is missing'],
    ['an index without columns', (op) => op.createIndex('ix', 'x', untyped('a')), 'index takes a list of columns'],
    [
      'a key without target columns',
      (op) => op.createForeignKey('fk', 'x', ['a'], 'y', untyped()),
      'foreignKey takes a list of columns, not undefined',
    ],
    ['a statement that is missing', (op) => void op.execute(untyped()), 'op.execute takes one statement as SQL text'],
    [
      'an enum without values',
      (op) => op.createEnum('mood', untyped()),
      'op.createEnum("mood") takes a list of strings',
    ],
  ])('%s', (_what, run, message) => {
    expect(() => record(run)).toThrow(message);
  });

  it('takes options of a table for another database, and none that nobody knows', () => {
    const [made] = record((op) => op.createTable('x', [id], { options: { strict: true, engine: 'InnoDB' } }));
    const live = { server: untyped({ major: 18 }), schema: untyped(null) };
    expect(() => postgres.compile(made as Operation, untyped(live))).not.toThrow();
    expect(() => refuseStrangeOptions({ namespace: null, name: 'x' }, { strikt: true })).toThrow(
      expect.objectContaining({ hint: 'Did you mean "strict"?' }) as Error,
    );
  });
});
