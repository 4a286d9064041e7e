/** Nothing is sent of what is warned of here, so that one database says it for all. */
import { afterEach, expect, it } from 'vitest';
import { createEngine, declarativeBase, integer, many, maybeOne, select, sessionMaker, varchar } from 'aludel';

const Base = declarativeBase();

class Author extends Base.table(
  'authors',
  { id: integer().primaryKey(), name: varchar(20) },
  {
    get posts() {
      return many(Post, { inverse: 'author' });
    },
    get groups() {
      return many(Group, { secondary: 'author_groups', inverse: 'authors' });
    },
  },
) {}

class Post extends Base.table(
  'posts',
  { id: integer().primaryKey(), authorId: integer().references('authors.id') },
  {
    get author() {
      return maybeOne(Author, { inverse: 'posts' });
    },
  },
) {}

class Group extends Base.table(
  'groups',
  { id: integer().primaryKey() },
  {
    get authors() {
      return many(Author, { secondary: 'author_groups', inverse: 'groups' });
    },
  },
) {}

Base.metadata.table('author_groups', {
  authorId: integer().primaryKey().references('authors.id'),
  groupId: integer().primaryKey().references('groups.id'),
});
Base.register(Author, Post, Group);

const engine = createEngine('sqlite::memory:');
const db = sessionMaker(engine);
const warnings: Error[] = [];
const listen = (warning: Error): void => void warnings.push(warning);
afterEach(async () => {
  process.off('warning', listen);
  await engine.dispose();
});

it('warns once of new objects that lead to saved ones and were never added', async () => {
  process.on('warning', listen);
  await Base.metadata.createAll(engine);
  const session = db();
  const author = new Author({ name: 'a' });
  session.add(author);
  const gone = new Author({ name: 'b' });
  session.add(gone);
  await session.flush();
  // Nobody expects what leads to a deleted one to be saved.
  expect(new Post({ author: gone }).author.value).toBe(gone);
  session.delete(gone);
  await session.flush();
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
  const late = new Post({ author });
  // An autoflush comes too early to say anything.
  await session.all(select(Author));
  session.add(late);
  await session.flush();
  expect(new Post({ author }).author.value).toBe(author);
  expect(new Post({ author }).author.value).toBe(author);
  expect(new Group({ authors: [author] }).authors.length).toBe(1);
  await session.flush();
  expect(new Post({ author }).author.value).toBe(author);
  await session.commit();
  // Node tells of warnings a tick later.
  await new Promise(setImmediate);
  const what = (model: string, relation: string): object => ({
    message: `A "${model}" in "${relation}" of "Author" is not saved, since it is in no session.`,
    code: 'ALUDEL_NOT_ADDED',
  });
  expect(warnings).toMatchObject([what('Post', 'posts'), what('Group', 'groups')]);
  expect((await session.all(select(Post))).map(({ id }) => id)).toEqual([late.id]);
  await session.close();
});
