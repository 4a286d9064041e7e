/** Relations whose two ends hold their key as values of different kinds. */
import { describe, expect, it } from 'vitest';
import { bigint, declarativeBase, integer, joined, many, one, select, selectin, varchar } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Album extends Base.table(
  'albums',
  { id: bigint().primaryKey().autoincrement(false), name: varchar(20).notNull() },
  {
    get songs() {
      return many(Song, { inverse: 'album' });
    },
  },
) {}

class Song extends Base.table(
  'songs',
  {
    id: integer().primaryKey(),
    albumId: bigint({ mode: 'string' }).notNull().references('albums.id'),
  },
  {
    get album() {
      return one(Album, { inverse: 'songs' });
    },
  },
) {}

Base.register(Album);
Base.register(Song);

describe.each(dialects)('$name: a bigint key that the other end holds as text', (dialect) => {
  const { db, rows } = useDatabase(dialect, Base);
  const large = 2n ** 60n;

  async function fill(): Promise<void> {
    await rows(`INSERT INTO albums (id, name) VALUES (1, 'small'), (${large}, 'large')`);
    await rows(`INSERT INTO songs (id, album_id) VALUES (1, 1), (2, ${large}), (3, ${large})`);
  }

  it.each([
    ['selectin', () => select(Album).options(selectin(Album.c.songs)).orderBy(Album.c.name)],
    ['joined', () => select(Album).options(joined(Album.c.songs)).orderBy(Album.c.name)],
    ['no loader', () => select(Album).orderBy(Album.c.name)],
  ] as const)('is followed to the collection: %s', async (_name, query) => {
    await fill();
    const found = await db().begin(async (s) => {
      const albums = await s.all(query());
      return Promise.all(albums.map(async ({ songs }) => (await songs.load()).map(({ id }) => id)));
    });
    expect(found.map((ids) => ids.toSorted())).toEqual([[2, 3], [1]]);
  });

  it('is followed to the parent, which is the object that the session has', async () => {
    await fill();
    await db().begin(async (s) => {
      const small = await s.get(Album, 1n);
      const [first, second] = await s.all(select(Song).orderBy(Song.c.id));
      expect(await first?.album.load()).toBe(small);
      expect((await second?.album.load())?.id).toBe(large);
    });
  });

  it('is not deleted before what refers to it', async () => {
    await fill();
    await db().begin(async (s) => {
      for (const song of await s.all(select(Song))) s.delete(song);
      for (const album of await s.all(select(Album))) s.delete(album);
    });
    expect(await rows('SELECT id FROM albums')).toEqual([]);
  });

  it('is taken over as the child holds it, by a new child and by one that moves', async () => {
    await fill();
    await db().begin(async (s) => {
      const albums = await s.all(select(Album).orderBy(Album.c.name));
      const [big, small] = albums;
      if (big === undefined || small === undefined) throw new Error('two albums were inserted');
      const song = new Song({ id: 4, album: big });
      s.add(song);
      await s.flush();
      expect(song.albumId).toBe(String(large));
      song.album.set(small);
      await s.flush();
      expect(song.albumId).toBe('1');
      expect(s.dirty).toEqual([]);
    });
    expect((await rows('SELECT album_id FROM songs WHERE id = 4')).map(String)).toEqual(['1']);
  });
});
