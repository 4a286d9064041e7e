import { check, enumeration, foreignKey, index, integer, MetaData, primaryKey, text, unique, varchar } from 'aludel';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/build-schema.js';

describe('buildSchema', () => {
  it('tells constraints without a name apart by what they are', () => {
    const metadata = new MetaData({ namesAreFinal: true });
    metadata.table('seats', { row: integer(), place: integer() }, (c) => [primaryKey([c.row]), unique([c.place])]);
    const [seats] = buildSchema([metadata]).tables;
    expect([seats?.primaryKey?.name, seats?.uniques[0]?.name]).toEqual([null, null]);
  });

  it('makes one index of a column that is unique and to have an index', () => {
    const metadata = new MetaData();
    metadata.table('users', { id: integer().primaryKey(), email: varchar(50).unique().index() });
    const [users] = buildSchema([metadata]).tables;
    expect([users?.uniques.map(({ columns }) => columns), users?.indexes]).toEqual([[['email']], []]);
  });

  it('names what was not named, finds enums and namespaces, and counts up a single integer key', () => {
    const metadata = new MetaData();
    metadata.table('app.users', {
      id: integer().primaryKey(),
      email: varchar(50).notNull().unique().index('ix_users_email'),
    });
    metadata.table(
      'tickets',
      {
        id: integer().primaryKey(),
        creatorId: integer().references('app.users.id', { onDelete: 'cascade' }),
        state: enumeration('state', ['a', 'b']),
      },
      (c) => [check('known', c.id.gt(0)), index(c.state, c.id.desc()), unique([c.state, c.creatorId])],
    );
    const schema = buildSchema([metadata]);
    const [users, tickets] = schema.tables;
    expect(schema.namespaces).toEqual(['app']);
    expect(schema.enums).toEqual([{ namespace: null, name: 'state', values: ['a', 'b'] }]);
    expect(users?.columns.map(({ name, nullable, generation }) => [name, nullable, generation?.kind])).toEqual([
      ['id', false, 'auto'],
      ['email', false, undefined],
    ]);
    expect([users?.uniques[0]?.name, users?.indexes[0]?.name]).toEqual(['uq_users_email', 'ix_users_email']);
    expect(tickets?.foreignKeys).toEqual([
      {
        kind: 'foreignKey',
        name: 'fk_tickets_creator_id_users',
        columns: ['creator_id'],
        target: { namespace: 'app', name: 'users' },
        targetColumns: ['id'],
        onDelete: 'cascade',
        onUpdate: 'no action',
        deferrable: null,
      },
    ]);
    expect(tickets?.checks[0]?.name).toBe('ck_tickets_known');
    expect(tickets?.indexes[0]).toMatchObject({
      name: 'ix_tickets_state_id',
      parts: [{ descending: false }, { descending: true }],
    });
    expect(tickets?.uniques[0]?.name).toBe('uq_tickets_state_creator_id');
  });

  it('does not count up keys that are composite, refer to others, or have a value of their own', () => {
    const metadata = new MetaData();
    metadata.table('a', { x: integer().primaryKey(), y: integer().primaryKey() });
    metadata.table('b', { id: integer().primaryKey().references('c.id') });
    metadata.table('c', { id: integer().primaryKey().serverDefault(1) });
    metadata.table('d', { id: integer().primaryKey().autoincrement(false) });
    const generations = buildSchema([metadata]).tables.flatMap((table) =>
      table.columns.map((column) => column.generation),
    );
    expect(generations).toEqual([null, null, null, null, null]);
  });

  it('lets foreign keys refer to tables that are said to be elsewhere', () => {
    const metadata = new MetaData();
    metadata.elsewhere('auth.users');
    metadata.table('tickets', { id: integer().primaryKey(), userId: integer().references('auth.users.id') });
    const [tickets] = buildSchema([metadata]).tables;
    expect(tickets?.foreignKeys[0]?.target).toEqual({ namespace: 'auth', name: 'users' });
  });

  it('reports all mistakes at once', () => {
    const metadata = new MetaData();
    metadata.table('users', { id: integer().primaryKey(), mood: enumeration('mood', ['a']) });
    metadata.table(
      'tickets',
      {
        id: integer().primaryKey(),
        a: integer().references('user.id'),
        b: integer().references('users.key'),
        c: text().name('a'),
        mood: enumeration('mood', ['b']),
      },
      (c) => [
        primaryKey([c.a]),
        unique(['nowhere'], { name: 'uq' }),
        index('same', [c.a]),
        index('same', [c.b]),
        foreignKey([c.b], 'users', ['id'], { name: 'same' }),
        foreignKey(['gone'], 'users', ['id'], { name: 'fk' }),
      ],
    );
    const other = new MetaData();
    other.table('users', { id: integer().primaryKey() });
    expect(() => buildSchema([metadata, other])).toThrow(
      [
        'Table "users" is declared in two MetaData.',
        'Table "tickets" has two primary keys.',
        'Table "tickets" has two columns called "a".',
        'Table "tickets" has two constraints or indexes called "pk_tickets": give one a name of its own.',
        'Table "tickets" has two constraints or indexes called "same": give one a name of its own.',
        '"uq" of table "tickets" names the column "nowhere", which the table does not have.',
        '"fk" of table "tickets" names the column "gone", which the table does not have.',
        'Foreign key "fk_tickets_a_user" of table "tickets" refers to table "user", which no model declares (there are: tickets, users).',
        'Foreign key "fk_tickets_b_users" of table "tickets" refers to column "key" of "users", which has: id.',
        'Enum "mood" is declared with other values at "tickets.mood" than elsewhere.',
      ].join('\n'),
    );
  });
});
