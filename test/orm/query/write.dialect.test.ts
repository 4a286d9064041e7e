import { describe, expect, it } from 'vitest';
import {
  bigint,
  declarativeBase,
  deleteFrom,
  fn,
  insert,
  inspect,
  integer,
  json,
  many,
  numeric,
  one,
  select,
  sql,
  timestamp,
  update,
  varchar,
  version,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';

const Base = declarativeBase();
let stamps = 0;

class Account extends Base.table(
  'accounts',
  {
    id: integer().primaryKey(),
    email: varchar(100).notNull().unique(),
    name: varchar(100).notNull().default('nobody'),
    visits: bigint().notNull().default(0n),
    bossId: integer().references('accounts.id'),
    tags: json<string[]>()
      .notNull()
      .default(() => []),
    revision: version(),
    stamp: integer().onUpdate(() => ++stamps),
    length: integer().generatedAs(sql`visits + 1`),
    madeAt: timestamp().notNull().serverDefault(fn.now()),
  },
  {
    get notes() {
      return many(Note, { inverse: 'account' });
    },
  },
) {}

class Badge extends Base.table('badges', {
  id: integer().primaryKey(),
  code: varchar(10).unique(),
  price: numeric(10, 2),
}) {}

class Note extends Base.table(
  'notes',
  { id: integer().primaryKey(), text: varchar(40).notNull(), accountId: integer().notNull().references('accounts.id') },
  {
    get account() {
      return one(Account, { inverse: 'notes' });
    },
  },
) {}

class Animal extends Base.table(
  'animals',
  { id: integer().primaryKey(), kind: varchar(20).notNull().default('animal'), name: varchar(20) },
  {},
  { polymorphic: { on: 'kind', as: 'animal' } },
) {}
class Dog extends Base.child(Animal, { as: 'dog' }, { tricks: integer() }) {}
const links = Base.metadata.table('links', { a: integer().primaryKey(), b: integer().primaryKey(), note: varchar(20) });
Base.register(Account, Badge, Note, Animal, Dog);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);
  const { name } = dialect;
  const emails = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({ email: `${from + i}@example.com` }));
  const usage = (message: string) => expect.objectContaining({ code: 'ALUDEL_USAGE', message });

  it('inserts many rows with their defaults in few statements', async () => {
    const { rowCount } = await db().begin((s) =>
      s.run(insert(Account).values(emails(1, 2500).map((each, i) => ({ ...each, tags: [`${i}`], visits: BigInt(i) })))),
    );
    expect(rowCount).toBe(2500);
    expect(taken().length).toBeLessThanOrEqual(3);
    const [row] = await rows(
      'SELECT count(*) AS a, max(name) AS b, max(revision) AS c, count(made_at) AS d FROM accounts',
    );
    expect((row as unknown[]).map(String)).toEqual(['2500', 'nobody', '1', '2500']);
  });

  it('gives new objects and columns in the order of the rows', async () => {
    await db().begin(async (s) => {
      const objects: Account[] = await s.all(insert(Account).values(emails(1, 30)).returning(Account));
      expect(objects.map(({ email }) => email)).toEqual(emails(1, 30).map(({ email }) => email));
      expect(objects.map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
      expect(objects[3]?.madeAt).toBeInstanceOf(Date);
      expect(await s.get(Account, 4)).toBe(objects[3]);
      const pairs: [number, string][] = await s.all(
        insert(Account).values({ email: 'a' }, { email: 'b', name: 'B' }).returning(Account.c.id, Account.c.name),
      );
      expect(pairs).toEqual([
        [31, 'nobody'],
        [32, 'B'],
      ]);
      const [made] = (await s.all(
        insert(Account)
          .values({ email: 'c', name: fn.upper(sql`'c'`) })
          .returning(Account),
      )) as [Account];
      expect(made.name).toBe('C');
      made.name = 'changed';
      await s.flush();
      expect(await s.all(select(Account.c.name).where(Account.c.email.eq('c')))).toEqual(['changed']);
    });
  });

  it('forgets new objects when their rows are rolled back', async () => {
    const s = db()();
    const [made] = (await s.all(insert(Account).values({ email: 'a' }).returning(Account))) as [Account];
    await s.rollback();
    expect([inspect(made).status, s.has(made), made.id, made.email]).toEqual(['transient', false, undefined, 'a']);
    await s.close();
  });

  it('writes a lone row once, also where its unique value is null', async () => {
    await db().begin(async (s) => {
      const write = (code: string | null): Promise<{ readonly rowCount: number }> =>
        s.run(insert(Badge).values({ code }).onConflict(['code'], 'nothing'));
      const counts = [await write(null), await write('a'), await write('a'), await write(null)];
      expect(counts.map(({ rowCount }) => rowCount)).toEqual([1, 1, 0, 1]);
      expect(await s.all(select(Badge.c.code).orderBy(Badge.c.id))).toEqual([null, 'a', null]);
    });
  });

  it('leaves rows alone that are there, or gives them new values', async () => {
    await db().begin(async (s) => {
      await s.run(insert(Account).values({ email: 'a', name: 'old', visits: 5n }));
      const nothing = insert(Account)
        .values({ email: 'b' }, { email: 'a', name: 'new' })
        .onConflict(['email'], 'nothing');
      expect(await s.run(nothing)).toEqual({ rowCount: 1 });
      expect(await s.run(insert(Account).values({ email: 'a' }).onConflict(['email'], 'nothing'))).toEqual({
        rowCount: 0,
      });
      const set = insert(Account)
        .values({ email: 'c', name: 'new' }, { email: 'a', name: 'new' })
        .onConflict(['email'], { set: ['name'] });
      const objects = await s.all(set.returning(Account));
      expect(objects.map((each) => [each.email, each.name, each.visits, each.revision])).toEqual([
        ['c', 'new', 0n, 1],
        ['a', 'new', 5n, 2],
      ]);
      const sum = insert(Account)
        .values({ email: 'a', visits: 2n, name: 'third' })
        .onConflict(['email'], { set: (row) => ({ visits: Account.c.visits.plus(row.visits), name: row.name }) });
      expect(await s.run(sum)).toEqual({ rowCount: 1 });
      expect(await s.all(sum.returning(Account.c.visits, Account.c.name, Account.c.revision))).toEqual([
        [9n, 'third', 4],
      ]);
      const known = await s.all(nothing.returning(Account.c.email));
      expect(known).toEqual(['b', 'a']);
    });
  });

  it('updates by criteria, and the objects of the session follow', async () => {
    await db().begin(async (s) => {
      await s.run(insert(Account).values({ email: 'a' }, { email: 'b', visits: 7n }, { email: 'c', visits: 9n }));
      const [a, b] = (await s.all(
        select(Account)
          .where(Account.c.email.in(['a', 'b']))
          .orderBy(Account.c.id),
      )) as [Account, Account];
      const before = stamps;
      taken();
      const count = update(Account)
        .where(Account.c.visits.gt(5n))
        .set({ name: 'seen', visits: Account.c.visits.plus(1n) });
      expect(await s.run(count)).toEqual({ rowCount: 2 });
      expect(taken().length).toBe(name === 'postgres' || name === 'sqlite' ? 1 : 2);
      expect([b.name, b.visits, b.revision, b.length, b.stamp]).toEqual(['seen', 8n, 2, 9, before + 1]);
      expect([a.name, a.visits, a.revision]).toEqual(['nobody', 0n, 1]);
      expect([s.dirty, taken()]).toEqual([[], []]);
      b.name = 'again';
      await s.flush();
      expect(await s.one(select(Account.c.revision).where(Account.c.email.eq('b')))).toBe(3);
      const changed = await s.all(count.returning(Account.c.email, Account.c.visits));
      expect(changed).toEqual([
        ['b', 9n],
        ['c', 11n],
      ]);
      await s.run(update(Account).where(Account.c.email.eq('b')).set({ name: 'unseen' }).with({ synchronize: false }));
      expect(b.name).toBe('seen');
    });
  });

  it('gives objects what the database has made of a value', async () => {
    await db().begin(async (s) => {
      const badge = new Badge({ code: 'a', price: '2.5' });
      s.add(badge);
      await s.run(update(Badge).where(Badge.c.code.eq('a')).set({ price: '1' }));
      expect([badge.price]).toEqual(await s.all(select(Badge.c.price)));
    });
  });

  it('takes back what objects have followed, with the transaction', async () => {
    await db().begin((s) => s.run(insert(Account).values({ email: 'a' }, { email: 'b' })));
    const s = db()();
    const [a, b] = (await s.all(select(Account).orderBy(Account.c.id))) as [Account, Account];
    await s.run(update(Account).where(Account.c.email.eq('a')).set({ name: 'x' }));
    await s.run(deleteFrom(Account).where(Account.c.email.eq('b')));
    expect([a.name, inspect(b).status]).toEqual(['x', 'deleted']);
    await s.rollback();
    expect([a.name, inspect(b).status, s.has(b)]).toEqual(['nobody', 'persistent', true]);
    await s.close();
  });

  it('deletes by criteria, also by related rows and by those of the same table', async () => {
    await db().begin(async (s) => {
      const [a] = (await s.all(insert(Account).values(emails(1, 4)).returning(Account))) as [Account];
      s.add(new Note({ text: 'n', account: a }));
      await s.run(update(Account).where(Account.c.id.eq(2)).set({ bossId: 1 }));
      const two = await s.get(Account, 2);
      expect(two?.bossId).toBe(1);
      expect(await s.run(deleteFrom(Account).where(Account.c.notes.any().not(), Account.c.bossId.isNull()))).toEqual({
        rowCount: 2,
      });
      expect(await s.all(select(Account.c.id).orderBy(Account.c.id))).toEqual([1, 2]);
      expect([s.peek(Account, 3), s.peek(Account, 2)]).toEqual([undefined, two]);
      expect(
        await s.run(
          update(Account)
            .where(Account.c.notes.any(Note.c.text.eq('n')))
            .set({ name: 'noted' }),
        ),
      ).toEqual({
        rowCount: 1,
      });
      expect(a.name).toBe('noted');
      expect(await s.run(deleteFrom(Note).everyRow())).toEqual({ rowCount: 1 });
    });
  });

  it('keeps to the rows of a class, and writes tables without one', async () => {
    await db().begin(async (s) => {
      await s.run(insert(Animal).values({ name: 'cat' }));
      const [rex] = await s.all(insert(Dog).values({ name: 'rex', tricks: 1 }, { name: 'ace' }).returning(Dog));
      expect(rex).toBeInstanceOf(Dog);
      expect(await s.run(update(Dog).everyRow().set({ name: 'dog' }))).toEqual({ rowCount: 2 });
      expect(rex?.name).toBe('dog');
      expect(await s.run(deleteFrom(Dog).where(Dog.c.tricks.isNull()))).toEqual({ rowCount: 1 });
      expect(await s.all(select(Animal.c.name).orderBy(Animal.c.id))).toEqual(['cat', 'dog']);
      await s.run(insert(links).values({ a: 1, b: 2 }, { a: 1, b: 3, note: 'x' }));
      expect(await s.run(update(links).where(links.c.b.eq(2)).set({ note: 'y' }))).toEqual({ rowCount: 1 });
      expect(await s.run(deleteFrom(links).where(links.c.note.eq('x')))).toEqual({ rowCount: 1 });
      expect(await s.all(select(links.c.note))).toEqual(['y']);
    });
  });

  it('says what is wrong with a statement', async () => {
    const status: string | undefined = undefined;
    await db().begin(async (s) => {
      await expect(s.run(deleteFrom(Account).where(status && Account.c.name.eq(status)))).rejects.toEqual(
        usage('The delete of "accounts" has no condition.'),
      );
      await expect(s.run(update(Account).everyRow().set({}))).rejects.toEqual(
        usage('The update of "accounts" sets nothing.'),
      );
      await expect(s.run(update(Account).everyRow().set({ id: 1 }))).rejects.toEqual(
        usage('The update of "accounts" would change the key "id".'),
      );
      await expect(s.run(insert(Account).values({ email: 'a', nmae: 'x' } as { email: string }))).rejects.toEqual(
        usage('Table "accounts" has no column "nmae" to write.'),
      );
    });
  });
});
