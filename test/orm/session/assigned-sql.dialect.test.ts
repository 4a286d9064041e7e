/** SQL that is assigned to a column of an object: the database works the value out, and the object holds it. */
import { describe, expect, it } from 'vitest';
import { declarativeBase, fn, integer, one, select, sql, timestamp, varchar, version } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Page extends Base.table('pages', {
  id: integer().primaryKey(),
  title: varchar(20).notNull(),
  slug: varchar(20).unique(),
  hits: integer().notNull().default(0),
  readAt: timestamp(),
  revision: version(),
}) {}

class Note extends Base.table(
  'notes',
  { id: integer().primaryKey(), slug: varchar(20).references('pages.slug') },
  {
    get page() {
      return one(Page, { fk: () => Note.c.slug });
    },
  },
) {}

Base.register(Page, Note);

/** The types know values alone. */
const asValue = (expression: unknown): never => expression as never;

describe.each(dialects)('$name: SQL assigned to an attribute', (dialect) => {
  const { db, rows } = useDatabase(dialect, Base);
  const titles = ['a', 'b', 'c'];

  it('of new objects is a value after the flush, beside rows without SQL', async () => {
    await db().begin(async (s) => {
      const pages = titles.map((title) => new Page({ title, readAt: title === 'b' ? null : asValue(fn.now()) }));
      s.add(...pages);
      await s.flush();
      expect(pages.map(({ readAt }) => readAt instanceof Date)).toEqual([true, false, true]);
      expect(new Set(pages.map(({ id }) => id)).size).toBe(3);
      expect(s.dirty).toEqual([]);
    });
    expect(await rows('SELECT count(read_at) FROM pages')).toEqual([[expect.toSatisfy((n) => Number(n) === 2)]]);
  });

  it('of loaded objects is worked out for each row, and counts their version', async () => {
    await db().begin(async (s) => {
      s.add(...titles.map((title, i) => new Page({ title, hits: i * 10 })));
      await s.flush();
      const pages = await s.all(select(Page).orderBy(Page.c.title));
      for (const [i, page] of pages.entries()) page.hits = asValue(sql`${Page.c.hits} + ${i + 1}`);
      await s.flush();
      expect(pages.map(({ hits, revision }) => [hits, revision])).toEqual([
        [1, 2],
        [12, 2],
        [23, 2],
      ]);
    });
    expect(await rows('SELECT hits FROM pages ORDER BY title')).toEqual([[1], [12], [23]]);
  });

  it('is gone after a rollback', async () => {
    const s = db()();
    const page = new Page({ title: 'a', hits: 5 });
    s.add(page);
    await s.commit();
    page.hits = asValue(sql`${Page.c.hits} + 1`);
    await s.flush();
    expect(page.hits).toBe(6);
    await s.rollback();
    expect(page.hits).toBe(5);
    await s.close();
  });

  it('is a key that others refer to', async () => {
    await db().begin(async (s) => {
      const page = new Page({ title: 'a', slug: asValue(sql`lower('HOME')`) });
      const note = new Note({ page });
      s.add(note);
      await s.flush();
      expect([page.slug, note.slug]).toEqual(['home', 'home']);
    });
    expect(await rows('SELECT slug FROM notes')).toEqual([['home']]);
  });

  it('cannot change a primary key, since nobody would know the row again', async () => {
    const s = db()();
    const page = new Page({ title: 'a' });
    s.add(page);
    await s.flush();
    page.id = asValue(sql`${Page.c.id} + 1`);
    await expect(s.flush()).rejects.toMatchObject({
      code: 'ALUDEL_OBJECT_STATE',
      message: expect.stringContaining('The key "id" of Page') as string,
    });
    await s.close();
  });
});
