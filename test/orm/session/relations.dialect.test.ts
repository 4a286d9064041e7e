/** Relations that are out of the ordinary: for reading only, for writing only, to themselves, on composite keys. */
import { describe, expect, it } from 'vitest';
import {
  declarativeBase,
  foreignKey,
  inspect,
  integer,
  many,
  maybeOne,
  NotLoadedError,
  one,
  select,
  selectin,
  varchar,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Author extends Base.table(
  'authors',
  { id: integer().primaryKey(), name: varchar(20).notNull() },
  {
    get books() {
      return many(Book, { inverse: 'author', writeOnly: true });
    },
    get shown() {
      return many(Book, { viewOnly: true, orderBy: () => Book.c.title.desc() });
    },
    get friends() {
      return many(Author, { secondary: 'friends', fk: () => Friends.c.authorId, inverse: 'friendOf' });
    },
    get friendOf() {
      return many(Author, { secondary: 'friends', fk: () => Friends.c.friendId, inverse: 'friends' });
    },
    get card() {
      return maybeOne(Card, { inverse: 'author', cascade: 'all, delete-orphan' });
    },
  },
) {}

class Book extends Base.table(
  'books',
  { id: integer().primaryKey(), title: varchar(20).notNull(), authorId: integer().references('authors.id') },
  {
    get author() {
      return maybeOne(Author, { inverse: 'books' });
    },
  },
) {}

class Card extends Base.table(
  'cards',
  { id: integer().primaryKey(), authorId: integer().references('authors.id') },
  {
    get author() {
      return maybeOne(Author, { inverse: 'card' });
    },
  },
) {}

class Region extends Base.table(
  'regions',
  { country: varchar(2).primaryKey(), code: varchar(5).primaryKey() },
  {
    get cities() {
      return many(City, { inverse: 'region', orderBy: () => City.c.name });
    },
  },
) {}

class City extends Base.table(
  'cities',
  { name: varchar(20).primaryKey(), country: varchar(2).notNull(), code: varchar(5).notNull() },
  {
    get region() {
      return one(Region);
    },
  },
) {
  static override tableArgs = () => [foreignKey([City.c.country, City.c.code], 'regions', ['country', 'code'])];
}

class Code extends Base.table(
  'codes',
  { name: varchar(10).primaryKey() },
  {
    get uses() {
      return many(Use, { inverse: 'code' });
    },
  },
) {}

class Use extends Base.table(
  'uses',
  {
    name: varchar(10).primaryKey().references('codes.name', { onUpdate: 'cascade' }),
    place: integer().primaryKey(),
  },
  {
    get code() {
      return one(Code, { inverse: 'uses' });
    },
  },
) {}

const Friends = Base.metadata.table('friends', {
  authorId: integer().primaryKey().references('authors.id'),
  friendId: integer().primaryKey().references('authors.id'),
});
Base.register(Author, Book, Card, Region, City, Code, Use);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);

  it('writes to a collection that is never loaded', async () => {
    const s = db()();
    const author = new Author({ name: 'a' });
    s.add(author);
    await s.commit();
    author.books.add(new Book({ title: 'x' }));
    await s.commit();
    expect(await rows('SELECT title, author_id FROM books')).toEqual([['x', 1]]);
    const again = await db().begin(async (other) => {
      const found = await other.getOne(Author, 1);
      await expect(found.books.load()).rejects.toThrow(NotLoadedError);
      return found;
    });
    expect(() => again.books.length).toThrow('Relation "books" of a "Author" is for writing only.');
    await s.close();
  });

  it('never writes what is for reading only, and loads it in its order', async () => {
    await db().begin(async (s) => s.add(new Author({ name: 'a', shown: [new Book({ title: 'ignored' })] })));
    expect(await rows('SELECT author_id FROM books')).toEqual([]);
    await db().begin(async (s) => s.add(...['b', 'c'].map((title) => new Book({ title, authorId: 1 }))));
    const author = await db().begin((s) => s.one(select(Author).options(selectin(Author.c.shown))));
    expect(author.shown.map((book) => book.title)).toEqual(['c', 'b']);
  });

  it('keeps both sides of a relation of a model to itself apart', async () => {
    const [a, b] = [new Author({ name: 'a' }), new Author({ name: 'b' })];
    a.friends.add(b);
    expect([b.friendOf.at(0), b.friends.length]).toEqual([a, 0]);
    await db().begin(async (s) => s.add(a));
    expect(await rows('SELECT author_id, friend_id FROM friends')).toEqual([[a.id, b.id]]);
    const found = await db().begin(async (s) => (await s.getOne(Author, b.id)).friendOf.load());
    expect(found.map((author) => author.name)).toEqual(['a']);
    await db().begin(async (s) => s.delete(await s.getOne(Author, b.id)));
    expect(await rows('SELECT author_id FROM friends')).toEqual([]);
  });

  it('inserts the new object of a relation to one before it deletes the old one (30)', async () => {
    await db().begin(async (s) => s.add(new Author({ name: 'a', card: new Card({ id: 1 }) })));
    const s = db()();
    const author = await s.getOne(Author, 1);
    const old = await author.card.load();
    taken();
    author.card.set(new Card({ id: 2 }));
    await s.commit();
    expect(taken()).toEqual(['INSERT cards', 'DELETE cards']);
    expect([old === null ? '' : inspect(old).status, author.card.value?.id]).toEqual(['detached', 2]);
    await s.close();
  });

  it('follows a natural key that changes', async () => {
    const s = db()();
    const code = new Code({ name: 'old', uses: [new Use({ name: '', place: 1 }), new Use({ name: '', place: 2 })] });
    s.add(code);
    await s.commit();
    taken();
    code.name = 'new';
    await s.commit();
    expect(taken()).toEqual(['UPDATE codes']);
    expect([code.uses.map((use) => use.name), s.peek(Use, ['new', 1])]).toEqual([['new', 'new'], code.uses.at(0)]);
    s.delete(code, ...code.uses);
    await s.commit();
    expect(await rows('SELECT name FROM uses')).toEqual([]);
  });

  it('follows a natural key into objects of a collection that was never loaded', async () => {
    await db().begin(async (s) => s.add(new Code({ name: 'old', uses: [new Use({ name: '', place: 1 })] })));
    await db().begin(async (s) => {
      const [code, use] = [await s.getOne(Code, 'old'), await s.getOne(Use, ['old', 1])];
      code.name = 'new';
      await s.flush();
      expect([use.name, s.peek(Use, ['new', 1]), s.peek(Use, ['old', 1])]).toEqual(['new', use, undefined]);
      s.delete(use);
    });
    expect(await rows('SELECT name FROM uses')).toEqual([]);
  });

  it('follows keys of several columns', async () => {
    const region = new Region({ country: 'de', code: 'by' });
    region.cities.add(new City({ name: 'n', country: '', code: '' }), new City({ name: 'm', country: '', code: '' }));
    await db().begin(async (s) => s.add(region, new Region({ country: 'de', code: 'be' })));
    expect(await rows('SELECT name, country, code FROM cities ORDER BY name')).toEqual([
      ['m', 'de', 'by'],
      ['n', 'de', 'by'],
    ]);
    const s = db()();
    const regions = await s.all(select(Region).options(selectin(Region.c.cities)).orderBy(Region.c.code));
    expect(regions.map((each) => each.cities.map((city) => city.name))).toEqual([[], ['m', 'n']]);
    const city = await s.getOne(City, 'm');
    expect(await city.region.load()).toBe(regions[1]);
    await s.close();
  });
});
