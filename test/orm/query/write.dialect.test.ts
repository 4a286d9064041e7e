import { describe, expect, it } from 'vitest';
import {
  alias,
  bigint,
  criteria,
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
        .onConflict(['email'], {
          set: (row) => ({ email: row.email, name: row.name, visits: Account.c.visits.plus(row.visits) }),
        });
      expect(await s.run(sum)).toEqual({ rowCount: 1 });
      expect(await s.all(sum.returning(Account.c.visits, Account.c.name, Account.c.revision))).toEqual([
        [9n, 'third', 4],
      ]);
      const moved = insert(Account)
        .values({ email: 'a' })
        .onConflict(['email'], { set: (row) => ({ email: fn.upper(row.email) }) });
      await expect(s.all(moved.returning(Account.c.email))).rejects.toMatchObject(
        usage('The rows of "accounts" that come back are known by "email", which is set anew.'),
      );
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

  it('sets columns to what queries give of the table as it was, whose rows it changes', async () => {
    await db().begin(async (s) => {
      const [first, second] = (await s.all(
        insert(Account)
          .values(emails(1, 3).map((row, i) => ({ ...row, visits: BigInt(i + 1) })))
          .returning(Account),
      )) as [Account, Account];
      const other = alias(Account, 'other');
      const before = select(fn.max(other.c.visits)).where(other.c.id.lt(Account.c.id)).scalar();
      const most = fn.coalesce(select(fn.max(Account.c.visits)).scalar(), 0n);
      const climb = update(Account)
        .where(Account.c.id.in(select(Account.c.id).where(Account.c.visits.gte(2n))))
        .set({ bossId: first.id, visits: fn.coalesce(before, 0n).plus(most) });
      expect(await s.all(climb.returning(Account.c.visits))).toEqual([4n, 5n]);
      expect([first.visits, second.visits, second.bossId, second.revision]).toEqual([1n, 4n, first.id, 2]);
      const noted = select(fn.count(Note.c.id)).where(Note.c.accountId.eq(Account.c.id)).scalar();
      await s.run(insert(Note).values({ text: 'n', accountId: second.id }));
      const counted = update(Account)
        .everyRow()
        .set({ visits: fn.cast(fn.coalesce(noted, 0), bigint()) });
      expect(await s.run(counted)).toEqual({ rowCount: 3 });
      expect([first.visits, second.visits]).toEqual([0n, 1n]);
      await s.run(insert(Animal).values({ name: 'cat' }));
      await s.run(insert(Dog).values({ name: 'rex', tricks: 1 }, { name: 'bo', tricks: 5 }));
      const dog = alias(Dog, 'dog');
      await s.run(
        update(Dog)
          .everyRow()
          .set({ tricks: select(fn.max(dog.c.tricks)).scalar() }),
      );
      expect(await s.all(select(Dog.c.tricks))).toEqual([5, 5]);
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

  it('gives back what it deletes, as it was, and objects that are gone', async () => {
    await db().begin((s) => s.run(insert(Account).values(emails(1, 5))));
    const s = db()();
    const [first] = await s.all(select(Account).orderBy(Account.c.id).limit(1));
    taken();
    const isTwo = name === 'mysql';
    const values: [string, bigint, number][] = await s.all(
      deleteFrom(Account)
        .where(Account.c.id.lte(2))
        .returning(Account.c.email, Account.c.visits, Account.c.id.plus(10)),
    );
    expect(taken()).toEqual(isTwo ? ['SELECT accounts', 'DELETE accounts'] : ['DELETE accounts']);
    expect(values.toSorted(([, , left], [, , right]) => left - right)).toEqual([
      ['1@example.com', 0n, 11],
      ['2@example.com', 0n, 12],
    ]);
    expect(first === undefined ? '' : inspect(first).status).toBe('deleted');
    const third = await s.getOne(Account, 3);
    const objects: Account[] = await s.all(
      deleteFrom(Account)
        .where(Account.c.id.in([3, 4]))
        .with({ synchronize: false })
        .returning(Account),
    );
    expect(objects.map(({ email }) => email).toSorted()).toEqual(['3@example.com', '4@example.com']);
    expect(objects).toContain(third);
    expect(objects.map((each) => inspect(each).status)).toEqual(['deleted', 'deleted']);
    expect([s.peek(Account, 3), s.peek(Account, 4)]).toEqual([undefined, undefined]);
    expect(await s.all(deleteFrom(Account).where(Account.c.id.eq(99)).returning(Account))).toEqual([]);
    await s.rollback();
    expect(await s.count(select(Account))).toBe(5);
    expect(await s.getOne(Account, 3)).toBe(third);
    await s.close();
  });

  it('gives back rows of one class alone, and of tables without a model', async () => {
    const s = db()();
    s.add(new Animal({ name: 'Cat' }), new Dog({ name: 'Rex', tricks: 3 }));
    await s.flush();
    const dogs = await s.all(deleteFrom(Dog).everyRow().returning(Dog));
    expect(dogs.map((dog) => [dog instanceof Dog, dog.tricks])).toEqual([[true, 3]]);
    await s.run(insert(links).values({ a: 1, b: 2, note: 'x' }));
    expect(await s.all(deleteFrom(links).where(links.c.a.eq(1)).returning(links.c.note))).toEqual(['x']);
    expect(await s.all(select(Animal.c.name))).toEqual(['Cat']);
    await s.close();
  });

  it('inserts the rows of a query, as the criteria of the session let it see them', async () => {
    await db().begin(async (s) => {
      await s.run(insert(Account).values(emails(1, 3)));
      await s.run(insert(links).values({ a: 9, b: 9 }));
    });
    const s = db()({ criteria: [criteria(Account, ({ id }) => id.ne(3))] });
    taken();
    const rows3 = select({ a: Account.c.id, b: Account.c.id.plus(10), note: Account.c.email }).where(
      Account.c.id.gt(1),
    );
    expect(await s.run(insert(links).from(rows3))).toEqual({ rowCount: 1 });
    expect(taken()).toEqual(['INSERT links']);
    expect(await s.all(select(links.c.a, links.c.b).orderBy(links.c.a))).toEqual([
      [2, 12],
      [9, 9],
    ]);
    const ids = select({ id: Account.c.id }).where(Account.c.id.eq(1)).cte('newest');
    const more = select({ a: ids.c.id, b: ids.c.id }).union(select({ a: Account.c.id, b: Account.c.id }));
    expect(await s.run(insert(links).from(more))).toEqual({ rowCount: 2 });
    await expect(s.run(insert(Account).from(select({ email: Account.c.email })))).rejects.toThrow('has a default()');
    await expect(s.run(insert(Dog).from(select({ name: Animal.c.name })))).rejects.toThrow(
      'Column "kind" of "animals"',
    );
    const wrong = insert(links)
      .values({ a: 1, b: 1 })
      .from(select({ a: links.c.a, b: links.c.b }));
    await expect(s.run(wrong)).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    // @ts-expect-error: the account of a note is required
    const lacking = insert(Note).from(select({ text: Note.c.text }));
    expect(lacking.parts.source).toBeDefined();
    await s.close();
  });

  it('sends nothing that writes from a session that only reads', async () => {
    const s = db()({ readOnly: true });
    const refused = { code: 'ALUDEL_OBJECT_STATE' };
    await expect(s.run(update(Badge).everyRow().set({ code: 'x' }))).rejects.toMatchObject(refused);
    await expect(s.run(insert(Badge).values({ code: 'x' }))).rejects.toMatchObject(refused);
    await expect(s.all(deleteFrom(Badge).everyRow().returning(Badge))).rejects.toMatchObject(refused);
    await expect(s.insertMany(Badge, [{ code: 'x' }])).rejects.toMatchObject(refused);
    expect([taken(), await s.count(select(Badge))]).toEqual([[], 0]);
    await s.close();
  });
});
