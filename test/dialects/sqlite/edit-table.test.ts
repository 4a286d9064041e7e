import { describe, expect, test } from 'vitest';
import { editTable } from '../../../src/dialects/sqlite/edit-table.js';
import { column } from '../../../src/operations/column-arg.js';
import type { Operation } from '../../../src/operations/operation.js';
import { Operations } from '../../../src/operations/recorder.js';
import type { AlterColumnOptions } from '../../../src/operations/recorder-options.js';
import { check, enumeration, foreignKey, integer, sql, text, unique, varchar } from '../../../src/index.js';

/** The operation that a call on `op` records. */
function recorded(call: (op: Operations) => void): Operation {
  const found: Operation[] = [];
  call(
    new Operations(
      { record: (operation) => void found.push(operation), flush: () => Promise.resolve([]) },
      { offline: false },
    ),
  );
  const [operation] = found;
  if (operation === undefined) throw new Error('nothing was recorded');
  return operation;
}

const alter =
  (name: string, options: AlterColumnOptions) =>
  (op: Operations): void =>
    op.alterColumn('t', name, options);

describe('editing a CREATE TABLE', () => {
  test.each<[string, string, (op: Operations) => void, string]>([
    [
      'adds a column after the last one, before constraints',
      'CREATE TABLE t (a INT, -- first\n CHECK (a > 0))',
      (op) => op.addColumn('t', column('b', text(), { serverDefault: 'x,)' })),
      `CREATE TABLE t (a INT,\n  "b" TEXT DEFAULT 'x,)', -- first\n CHECK (a > 0))`,
    ],
    [
      'drops the first column and its comma',
      'CREATE TABLE t (a INT, b INT)',
      (op) => op.dropColumn('t', 'a'),
      'CREATE TABLE t ( b INT)',
    ],
    [
      'drops the last column with the keys over it',
      'CREATE TABLE t (a INT, "b" INT, UNIQUE (a, b), FOREIGN KEY (B) REFERENCES u)',
      (op) => op.dropColumn('t', 'b'),
      'CREATE TABLE t (a INT)',
    ],
    [
      'changes a type and leaves the rest of the column',
      'CREATE TABLE t (a VARCHAR (10) COLLATE NOCASE UNIQUE)',
      alter('a', { type: varchar(20) }),
      'CREATE TABLE t (a VARCHAR(20) COLLATE NOCASE UNIQUE)',
    ],
    [
      'gives a type to a column that has none',
      'CREATE TABLE t (a)',
      alter('a', { type: text() }),
      'CREATE TABLE t (a TEXT)',
    ],
    [
      'puts NOT NULL before the default, as new tables have it',
      `CREATE TABLE t (a INT DEFAULT 1 CHECK (a > 0))`,
      alter('a', { nullable: false }),
      `CREATE TABLE t (a INT NOT NULL DEFAULT 1 CHECK (a > 0))`,
    ],
    [
      'takes NOT NULL away with its name and conflict clause',
      'CREATE TABLE t (a INT CONSTRAINT nn NOT NULL ON CONFLICT ABORT UNIQUE)',
      alter('a', { nullable: true }),
      'CREATE TABLE t (a INT UNIQUE)',
    ],
    [
      'replaces a default and takes one away',
      `CREATE TABLE t (a TEXT DEFAULT ('a' || ')'))`,
      alter('a', { serverDefault: sql`lower('B')` }),
      `CREATE TABLE t (a TEXT DEFAULT (lower('B')))`,
    ],
    [
      'replaces the values of an enumeration and keeps other checks',
      `CREATE TABLE t (a TEXT NOT NULL CHECK ("a" IN ('x', 'y')) CONSTRAINT c CHECK (a <> ''))`,
      alter('a', { type: enumeration('k', ['x', 'y', 'z']) }),
      `CREATE TABLE t (a TEXT NOT NULL CHECK ("a" IN ('x', 'y', 'z')) CONSTRAINT c CHECK (a <> ''))`,
    ],
    [
      'drops a named constraint that is written on a column',
      'CREATE TABLE t (a INT CONSTRAINT "Positive" CHECK (a > 0) UNIQUE)',
      (op) => op.dropConstraint('positive', 't', { type: 'check' }),
      'CREATE TABLE t (a INT UNIQUE)',
    ],
    [
      'drops a constraint in the middle of others',
      'CREATE TABLE t (a INT, CONSTRAINT u UNIQUE (a), CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a < 9))',
      (op) => op.dropConstraint('c', 't', { type: 'check' }),
      'CREATE TABLE t (a INT, CONSTRAINT u UNIQUE (a), CONSTRAINT d CHECK (a < 9))',
    ],
    [
      'drops an unnamed constraint by what it says',
      'CREATE TABLE t (a INT, b INT, CHECK (a > 0), CHECK (b > 0))',
      (op) => op.dropUnnamedConstraint('t', check('', sql`b>0`)),
      'CREATE TABLE t (a INT, b INT, CHECK (a > 0))',
    ],
    [
      'drops an unnamed unique and adds a named one',
      'CREATE TABLE t (a INT UNIQUE)',
      (op) => op.dropUnnamedConstraint('t', unique(['a'])),
      'CREATE TABLE t (a INT)',
    ],
    [
      'adds a foreign key',
      'CREATE TABLE t (a INT)',
      (op) => op.createForeignKey('fk', 't', ['a'], 'u', ['id'], { onDelete: 'set null' }),
      'CREATE TABLE t (a INT,\n  CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "u" ("id") ON DELETE SET NULL)',
    ],
    [
      'starts to count, on a key of any spelling',
      'CREATE TABLE t (a INTEGER, PRIMARY KEY (a))',
      alter('a', { autoincrement: true }),
      'CREATE TABLE t (a INTEGER, PRIMARY KEY (a AUTOINCREMENT))',
    ],
    [
      'stops counting',
      'CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b)',
      alter('a', { autoincrement: false }),
      'CREATE TABLE t (a INTEGER PRIMARY KEY, b)',
    ],
  ])('%s', (_name, before, call, after) => {
    expect(editTable(before, recorded(call))).toBe(after);
  });

  test('refuses a column or constraint that is not there, by name', () => {
    const drop = recorded((op) => op.dropConstraint('gone', 't'));
    expect(() => editTable('CREATE TABLE t (a)', drop)).toThrow(
      expect.objectContaining({ code: 'ALUDEL_REBUILD_REFUSED', message: expect.stringContaining('"gone"') }),
    );
    const change = recorded((op) => op.alterColumn('t', 'b', { type: integer() }));
    expect(() => editTable('CREATE TABLE t (a)', change)).toThrow(
      expect.objectContaining({ code: 'ALUDEL_REBUILD_REFUSED' }),
    );
  });

  test('finds an unnamed foreign key by its columns', () => {
    const drop = recorded((op) => op.dropUnnamedConstraint('t', foreignKey(['a'], 'u', ['id'])));
    expect(editTable('CREATE TABLE t (a INT REFERENCES u (id) ON DELETE CASCADE NOT NULL)', drop)).toBe(
      'CREATE TABLE t (a INT NOT NULL)',
    );
  });
});
