import { describe, expect, it } from 'vitest';
import {
  check,
  createMigrator,
  declarativeBase,
  deleteFrom,
  enumeration,
  index,
  integer,
  select,
  sql,
  unique,
  varchar,
} from '../../src/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import type { TableArg } from '../../src/schema/table-args.js';
import { buildSchema } from '../../src/schema/build-schema.js';

/** A value that only a file without types could hold in this place. */
const untyped = (value: unknown): never => value as never;

function problemsOf(tableArgs: () => readonly unknown[]): () => unknown {
  const Base = declarativeBase();
  class Ticket extends Base.table('tickets', { id: integer().primaryKey(), number: integer() }) {
    static override tableArgs = tableArgs as () => readonly TableArg[];
  }
  Base.register(Ticket);
  return () => buildSchema([Base.metadata]);
}

describe('what only files without types can say is refused by name', () => {
  const Base = declarativeBase();
  const id = integer().primaryKey();

  it('constraints in the place of the relations', () => {
    expect(() =>
      Base.table(
        'orders',
        { id },
        untyped(() => [unique(['id'])]),
      ),
    ).toThrow('Table "orders" has a function in the place of relations.');
  });

  it('columns or options in the place of the relations', () => {
    expect(() => Base.table('a', { id }, { note: integer() })).toThrow(
      '"note" of table "a" stands among the relations',
    );
    expect(() => Base.table('b', { id }, { comment: 'x' })).toThrow(
      '"comment" of table "b" stands among the relations',
    );
  });

  it('a type that was not called, and what is no column at all', () => {
    expect(() => Base.table('c', untyped({ id: integer }))).toThrow(
      '"id" of table "c" is no column: are its parentheses missing?',
    );
    expect(() => Base.table('d', untyped({ id: 5 }))).toThrow('"id" of table "d" is no column');
    expect(() => Base.metadata.table('e', { id }, untyped([unique(['id'])]))).toThrow(
      'table("e") takes its indexes and constraints from a function',
    );
  });

  it.each<[string, unknown, string]>([
    ['an index on a misspelled property', () => [index(untyped(undefined))], 'column 1 of index is undefined'],
    ['an index on nothing', () => [index()], 'index was given no columns'],
    ['a key on a misspelled property', () => [unique(['id', untyped(undefined)])], 'column 2 of unique is undefined'],
    ['a key on one column', () => [unique(untyped('id'))], 'unique takes a list of columns, not a string'],
    ['a check in plain text', () => [check('x', untyped('id > 0'))], 'check takes a name and an expression'],
    ['a constraint that is none', () => [undefined], 'number 1 is undefined, neither an index nor a constraint'],
    ['one constraint without a list', () => unique(['id']), 'they are an object instead of a list'],
    ['a list in the place of a function', [unique(['id'])], 'tableArgs is a function that gives a list'],
  ])('%s', (_what, tableArgs, message) => {
    const build = problemsOf(tableArgs as () => readonly unknown[]);
    expect(build).toThrow(`The indexes and constraints of table "tickets": ${message}`);
  });

  it('an index on a column that the table does not have', () => {
    const build = problemsOf(() => [index('ix_tickets_no', ['no'])]);
    expect(build).toThrow('"ix_tickets_no" of table "tickets" names the column "no", which the table does not have.');
  });

  it('a reference without a column, and SQL around a misspelled property', () => {
    expect(() => integer().references('users')).toThrow("references takes 'table.column', not 'users'");
    expect(() => sql`${undefined} > 0`.node).toThrow('undefined is no value for SQL');
  });

  it('options that nobody knows, which would be passed over', () => {
    expect(() => declarativeBase(untyped({ columnName: 'same' }))).toThrow('did you mean "columnNames"?');
    expect(() => declarativeBase({ namingConvention: untyped({ uniq: 'x' }) })).toThrow('has no option "uniq"');
    expect(() => declarativeBase({ namingConvention: { unique: '{tabel}_key' } })).toThrow('unique names {tabel}');
    const options = { options: untyped({ postgresql: { unlogged: true } }) };
    expect(() => Base.metadata.table('f', { id }, undefined, options)).toThrow('did you mean "postgres"?');
  });

  it('values of the wrong kind', () => {
    expect(() => varchar(untyped('255'))).toThrow('varchar takes whole numbers, not a string');
    expect(() => enumeration('mood', untyped('sad'))).toThrow('enumeration("mood") takes a list of strings');
    expect(() => enumeration('mood', ['sad', 'sad'])).toThrow('enumeration("mood") names "sad" twice');
    expect(() => integer().references('a.b', { onDelete: untyped('setNull') })).toThrow('onDelete is one of no action');
  });

  it.each([
    [postgres, { unloged: true }, 'Did you mean "unlogged"?'],
    [sqlite, { strikt: true }, 'Did you mean "strict"?'],
  ] as const)('an option of a table that the database does not have', ({ name, normalise }, options, hint) => {
    const { metadata } = declarativeBase();
    metadata.table('users', { id }, undefined, { options: { [name]: options } });
    expect(() => normalise(buildSchema([metadata]), untyped(null))).toThrow(
      expect.objectContaining({ code: 'ALUDEL_OPERATION_UNSUPPORTED', hint }) as Error,
    );
  });

  it('options of a migrator, before anything runs', async () => {
    expect(() => createMigrator(untyped({ model: [] }))).toThrow('createMigrator has no option "model"');
    const migrator = createMigrator({ url: 'sqlite::memory:' });
    await expect(migrator.upgrade('head', untyped({ dryrun: true }))).rejects.toThrow('did you mean "dryRun"?');
  });
});

describe('a query without types', () => {
  const Base = declarativeBase();
  class Ticket extends Base.table('tickets', { id: integer().primaryKey() }) {}

  it.each([
    [{ id: 1 }, 'an object'],
    ['id = 1', 'a string'],
  ])('refuses a condition as other libraries take them, which would let every row through', (condition, what) => {
    const message = `a condition is an expression, such as User.c.id.eq(1), not ${what}`;
    expect(() => select(Ticket).where(untyped(condition))).toThrow(message);
    expect(() => deleteFrom(Ticket).where(untyped(condition))).toThrow(message);
  });

  it('refuses a manner of locking that there is not', () => {
    expect(() => select(Ticket).forUpdate(untyped({ nowait: true }))).toThrow('forUpdate has no option "nowait"');
  });
});
