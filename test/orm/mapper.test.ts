import { describe, expect, it } from 'vitest';
import { AludelError, declarativeBase, foreignKey, integer, many, maybeOne, one, varchar } from 'aludel';
import { mapperOf } from '../../src/orm/mapping/mapper.js';

const key = () => ({ id: integer().primaryKey() });

describe('the mistakes of models', () => {
  it('come all together, each with the line to add', () => {
    const Base = declarativeBase();
    class User extends Base.table('users', key(), {
      get tickets() {
        return many(Ticket);
      },
      get notes() {
        return many(Note);
      },
      get friends() {
        return many(User, { secondary: 'friends' });
      },
      get odd() {
        return many(Ticket, { fk: () => Ticket.c.creatorId, cascade: 'delete-orphan' });
      },
      get seen() {
        return many(Ticket, { fk: () => Ticket.c.creatorId, viewOnly: true, cascade: 'all' });
      },
    }) {}
    class Ticket extends Base.table('tickets', {
      ...key(),
      creatorId: integer().references('users.id'),
      assigneeId: integer().references('users.id'),
    }) {}
    class Note extends Base.table('notes', { text: varchar(10) }) {}
    Base.register(User, Ticket, Note);
    let error: unknown;
    try {
      mapperOf(User);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AludelError);
    expect((error as AludelError).message.split('\n')).toEqual([
      'Model "Note" has no primary key: mark its columns with ".primaryKey()".',
      'Relation "tickets" of "User": "tickets" has 2 foreign keys that it could mean (creatorId, assigneeId): add fk: () => Ticket.c.creatorId.',
      `Relation "notes" of "User": no foreign key leads from "notes" to "users": add .references('users.id') to a column of "Note".`,
      `Relation "friends" of "User": the table "friends" is not declared: add metadata.table('friends', { ... }).`,
      'Relation "odd" of "User": the cascade "delete-orphan" needs "delete": write "all, delete-orphan".',
      'Relation "seen" of "User": "viewOnly" writes nothing: leave "cascade" out.',
    ]);
  });

  it('include fields that hide columns, and constructors that the session cannot call', () => {
    const Base = declarativeBase();
    class Hidden extends Base.table('hidden', { ...key(), email: varchar(10) }) {
      override email: string | null = '';
    }
    class Made extends Base.table('made', key()) {
      constructor(name: string) {
        super({ id: name.length });
      }
    }
    Base.register(Hidden, Made);
    expect(() => mapperOf(Hidden)).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_MODELS_INVALID',
        message: [
          'Model "Hidden" has a class field "email", which hides what the table declares: write "declare email: ..." or remove it.',
          'Model "Made" has a constructor of its own, which the session cannot call: remove it and write "static create(...) { return new Made({ ... }); }".',
        ].join('\n'),
      }),
    );
  });
});

describe('a relation', () => {
  const Base = declarativeBase();
  class Region extends Base.table(
    'regions',
    { country: varchar(2).primaryKey(), code: varchar(5).primaryKey() },
    {
      get cities() {
        return many(City, { inverse: 'region' });
      },
    },
  ) {}
  class City extends Base.table(
    'cities',
    { ...key(), country: varchar(2).notNull(), code: varchar(5).notNull() },
    {
      get region() {
        return one(Region);
      },
    },
  ) {
    static override tableArgs = () => [foreignKey([City.c.country, City.c.code], 'regions', ['country', 'code'])];
  }
  class Folder extends Base.table(
    'folders',
    { ...key(), parentId: integer().references('folders.id') },
    {
      get parent() {
        return maybeOne(Folder, { inverse: 'children' });
      },
      get children() {
        return many(Folder);
      },
    },
  ) {}
  Base.register(Region, City, Folder);

  it('stands on all columns of a composite key, and needs its inverse on one side only', () => {
    const relation = mapperOf(City).relation('region');
    expect(relation.pairs.map(({ owner, target }) => [owner.name, target.name])).toEqual([
      ['country', 'country'],
      ['code', 'code'],
    ]);
    expect([relation.direction, relation.inverse]).toEqual(['toOne', 'cities']);
    expect(mapperOf(Region).relation('cities').direction).toBe('toMany');
  });

  it('of a model to itself has its key at the side of the one', () => {
    expect([mapperOf(Folder).relation('parent').direction, mapperOf(Folder).relation('children').direction]).toEqual([
      'toOne',
      'toMany',
    ]);
  });
});
