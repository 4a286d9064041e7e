/** Classes that know nothing of us, mapped on tables. */
import { inspect as show } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  declarativeBase,
  inspect,
  integer,
  many,
  type Many,
  mapClass,
  maybeOne,
  type One,
  select,
  selectin,
  varchar,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

class Person {
  declare id: number;
  declare name: string;
  declare rank: number;
  declare readonly pets: Many<Pet>;

  constructor(name: string) {
    this.name = name;
  }

  get shout(): string {
    return this.name.toUpperCase();
  }
}

class Pet {
  declare id: number;
  declare name: string | null;
  declare ownerId: number | null;
  declare readonly owner: One<Person | null>;
}

const Base = declarativeBase();
const { metadata } = Base;
const people = metadata.table('people', {
  id: integer().primaryKey(),
  name: varchar(50).notNull(),
  rank: integer().notNull().default(3),
});
const pets = metadata.table('pets', {
  id: integer().primaryKey(),
  name: varchar(50),
  ownerId: integer().references('people.id'),
});
const personMap = mapClass(Person, people, {
  get pets() {
    return many(Pet, { inverse: 'owner', cascade: 'all, delete-orphan' });
  },
});
const petMap = mapClass(Pet, pets, {
  get owner() {
    return maybeOne(Person, { inverse: 'pets' });
  },
});

describe.each(dialects)('$name', (dialect) => {
  const { db, rows } = useDatabase(dialect, Base);

  it('saves, finds, changes and deletes objects of a plain class', async () => {
    await db().begin(async (s) => {
      const ann = new Person('Ann');
      expect(ann.rank).toBe(3);
      const rex = new Pet();
      rex.name = 'Rex';
      ann.pets.add(rex, new Pet());
      s.add(ann);
      expect(inspect(rex).status).toBe('pending');
      await s.flush();
      expect([ann.id, rex.ownerId, rex.owner.value]).toEqual([1, 1, ann]);
    });
    await db().begin(async (s) => {
      const ann = await s.one(select(Person).where(personMap.c.name.eq('Ann')).options(selectin(personMap.c.pets)));
      expect(ann).toBeInstanceOf(Person);
      expect([ann.shout, ann.pets.map(({ name }) => name)]).toEqual(['ANN', ['Rex', null]]);
      expect(await s.get(Person, ann.id)).toBe(ann);
      ann.name = 'Bea';
      ann.pets.remove(...ann.pets.map((pet) => pet).slice(1));
    });
    expect(await rows('SELECT name FROM people')).toEqual([['Bea']]);
    expect(await rows('SELECT name FROM pets')).toEqual([['Rex']]);
    await db().begin(async (s) => s.delete(await s.one(select(Person))));
    expect(await rows('SELECT name FROM pets')).toEqual([]);
  });

  it('saves an object of which nothing was set', async () => {
    await db().begin(async (s) => s.add(new Pet()));
    expect(await rows('SELECT id, name FROM pets')).toEqual([[1, null]]);
  });

  it('restores an object of a plain class after a rollback', async () => {
    const session = db()();
    const ann = new Person('Ann');
    session.add(ann);
    await session.flush();
    await session.rollback();
    expect([inspect(ann).status, ann.id]).toEqual(['transient', undefined]);
    await session.close();
  });

  it('merges a detached object of a plain class', async () => {
    const ann = new Person('Ann');
    await db().begin(async (s) => s.add(ann));
    ann.name = 'Bea';
    await db().begin(async (s) => expect(await s.merge(ann)).toBeInstanceOf(Person));
    expect(await rows('SELECT name FROM people')).toEqual([['Bea']]);
  });
});

describe('a mapped class', () => {
  it('shows its columns as a model does', () => {
    expect(show(new Person('Ann'))).toBe("Person { id: undefined, name: 'Ann', rank: 3, pets: [0 loaded] }");
    expect(JSON.stringify(new Person('Ann'))).toBe('{"name":"Ann","rank":3}');
    expect(petMap.table).toBe(pets);
  });

  it('has no field that hides a column', () => {
    class Bad {
      name = 'hidden';
    }
    mapClass(Bad, declarativeBase().metadata.table('bad', { id: integer().primaryKey(), name: varchar(5).notNull() }));
    expect(() => show(new Bad())).toThrow('Class "Bad" has a field "name", which hides the column.');
  });

  it('is mapped once', () => {
    const other = declarativeBase().metadata.table('people', { id: integer().primaryKey() });
    expect(() => mapClass(Person, other)).toThrow('"Person" or its table is mapped already.');
  });

  it('has fields of the types of its columns', () => {
    class Wrong {
      declare id: string;
    }
    const table = declarativeBase().metadata.table('wrong', { id: integer().primaryKey() });
    // @ts-expect-error the column holds numbers
    mapClass(Wrong, table);
    expect(table.tableName.name).toBe('wrong');
  });
});
