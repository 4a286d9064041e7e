/** Streams: batches by a cursor, with loaders and other statements in between. */
import { beforeEach, describe, expect, it } from 'vitest';
import { inspect, joined, select, selectin, type Session, sql } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Comment, Ticket, User } from '../models.js';

const COUNT = 25;

describe.each(dialects)('$name', (dialect) => {
  const { db, taken } = useDatabase(dialect, Base);
  const isMysql = dialect.name === 'mysql' || dialect.name === 'mariadb';

  beforeEach(async () => {
    await db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'Ann' }), new User({ id: 2, name: 'Bob' }));
      await s.flush();
      s.add(...ids(COUNT).map((id) => new Ticket({ id, title: `t${id}`, creatorId: 1 + (id % 2) })));
      await s.flush();
      s.add(...ids(COUNT).map((id) => new Comment({ id, content: 'c', ticketId: id, authorId: 1 })));
    });
    taken();
  });

  const byId = select(Ticket).orderBy(Ticket.c.id);
  const collect = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
    const all: T[] = [];
    for await (const row of rows) all.push(row);
    return all;
  };

  it('gives all rows in one statement, objects and values alike', async () => {
    await db().begin(async (s) => {
      const found = await collect(s.stream(byId.where(Ticket.c.id.gt(3)), { batch: 4 }));
      expect(found.map(({ id }) => id)).toEqual(ids(COUNT).slice(3));
      expect(taken()).toEqual(['SELECT tickets']);
      const pairs = select({ title: Ticket.c.title, by: User.c.name }).join(Ticket.c.creator).orderBy(Ticket.c.id);
      expect((await collect(s.stream(pairs, { batch: 5 })))[0]).toEqual({ title: 't1', by: 'Bob' });
      expect(await collect(s.stream(byId.where(Ticket.c.id.gt(99))))).toEqual([]);
      // Digits beyond 2^53 in the middle.
      const large = sql<bigint>`CASE WHEN ${Ticket.c.id} = 13 THEN 9007199254740993 ELSE ${Ticket.c.id} END`;
      const numbers = await collect(s.stream(select(large).orderBy(Ticket.c.id), { batch: 6 }));
      expect([numbers.length, String(numbers[12]), String(numbers[13])]).toEqual([COUNT, '9007199254740993', '14']);
    });
  });

  it('holds a batch of objects at a time, and keeps those that were changed', async () => {
    await db().begin(async (s) => {
      const known = await s.getOne(Ticket, 2);
      let most = 0;
      for await (const ticket of s.stream(byId, { batch: 5 })) {
        most = Math.max(most, ids(COUNT).filter((id) => s.peek(Ticket, id) !== undefined).length);
        if (ticket.id === 3) ticket.title = 'changed';
      }
      // The batch, the one that was there before and the one that was changed.
      expect(most).toBe(7);
      expect([inspect(known).status, s.peek(Ticket, 2) === known, s.peek(Ticket, 4)]).toEqual([
        'persistent',
        true,
        undefined,
      ]);
      expect(s.peek(Ticket, 3)?.title).toBe('changed');
    });
    expect(await db().begin((s) => s.one(select(Ticket.c.title).where(Ticket.c.id.eq(3))))).toBe('changed');
  });

  it('loads relations for each batch (65)', async () => {
    const query = byId.options(joined(Ticket.c.creator), selectin(Ticket.c.comments));
    await db().begin(async (s) => {
      const found = await collect(s.stream(query, { batch: 10 }));
      expect(found.map((t) => [t.creator.value.name, t.comments.length])[24]).toEqual(['Bob', 1]);
      const perBatch = ['SELECT comments', 'SELECT comments', 'SELECT comments'];
      const pages = ['SELECT tickets', 'SELECT comments'];
      expect(taken()).toEqual(isMysql ? [...pages, ...pages, ...pages] : ['SELECT tickets', ...perBatch]);
      // Without pages by key the rest of the rows waits in memory.
      const computed = select(Ticket)
        .orderBy(sql`0 - ${Ticket.c.id}`)
        .options(selectin(Ticket.c.comments));
      const backwards = await collect(s.stream(computed, { batch: 10 }));
      expect(backwards.map((t) => t.id * t.comments.length)).toEqual(ids(COUNT).toReversed());
      await expect(collect(s.stream(byId.options(joined(Ticket.c.comments))))).rejects.toMatchObject({
        code: 'ALUDEL_USAGE',
      });
    });
  });

  it('gives five in blocks of two, and asks three times for what belongs to them (65)', async () => {
    await db().begin(async (s) => {
      const five = byId.where(Ticket.c.id.lte(5)).options(selectin(Ticket.c.comments));
      taken();
      const found = await collect(s.stream(five, { batch: 2 }));
      expect(found.map(({ id, comments }) => [id, comments.length])).toEqual(ids(5).map((id) => [id, 1]));
      const [query, behind] = ['SELECT tickets', 'SELECT comments'];
      expect(taken()).toEqual(
        isMysql ? [query, behind, query, behind, query, behind] : [query, behind, behind, behind],
      );
    });
  });

  it('lets other statements, writes and streams run in between', async () => {
    await db().begin(async (s) => {
      const seen: number[] = [];
      for await (const ticket of s.stream(byId, { batch: 5 })) {
        seen.push(ticket.id);
        if (ticket.id % 10 === 0) {
          expect(await s.count(select(Comment))).toBe(COUNT);
          ticket.title = 'tenth';
          await s.flush();
          expect((await ticket.creator.load()).name).toBe('Ann');
          for await (const comment of s.stream(select(Comment).orderBy(Comment.c.id), { batch: 3 }))
            if (comment.id > 4) break;
          await s.nested(async () => s.execute("UPDATE comments SET content = 'x' WHERE id = 1"));
        }
      }
      expect(seen).toEqual(ids(COUNT));
    });
    expect(await db().begin((s) => s.count(select(Ticket).where(Ticket.c.title.eq('tenth'))))).toBe(2);
  });

  it('closes with break, with an error, and with its transaction', async () => {
    const s = db()();
    let last: Ticket | undefined;
    for await (const ticket of s.stream(byId, { batch: 5 })) {
      last = ticket;
      if (ticket.id === 7) break;
    }
    expect((await last?.comments.load())?.length).toBe(1);
    const failing = async (): Promise<void> => {
      for await (const ticket of s.stream(byId, { batch: 5 })) if (ticket.id === 7) throw new Error('stop');
    };
    await expect(failing()).rejects.toThrow('stop');
    if (dialect.name === 'postgres')
      expect((await s.execute("SELECT name FROM pg_cursors WHERE name LIKE 'aludel%'")).rows).toEqual([]);
    const committing = async (session: Session): Promise<void> => {
      for await (const ticket of session.stream(byId, { batch: 5 })) if (ticket.id === 7) await session.commit();
    };
    await expect(committing(s)).rejects.toMatchObject({ code: 'ALUDEL_OBJECT_STATE' });
    expect(await s.count(select(Ticket))).toBe(COUNT);
    await s.close();
  });

  it('begins no other transaction when its own has ended', async () => {
    let begun = 0;
    const maker = db();
    maker.on('afterBegin', () => void (begun += 1));
    const s = maker();
    const rows = s.stream(byId, { batch: 2 });
    for (const id of [1, 2]) expect((await rows.next()).value).toMatchObject({ id });
    await s.close();
    await expect(rows.next()).rejects.toMatchObject({ code: 'ALUDEL_OBJECT_STATE' });
    expect(begun).toBe(1);
  });

  it('says what is wrong with a query, and takes no strange batch', async () => {
    const s = db()();
    const wrong = select(sql`no_such_column`).from(Ticket);
    await expect(collect(s.stream(wrong))).rejects.toMatchObject({ code: 'ALUDEL_STATEMENT_FAILED' });
    await s.rollback();
    await expect(collect(s.stream(byId, { batch: 0 }))).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
    await s.close();
  });
});

function ids(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
