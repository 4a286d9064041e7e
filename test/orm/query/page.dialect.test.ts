import { beforeEach, describe, expect, it } from 'vitest';
import {
  alias,
  boolean,
  bytes,
  date,
  declarativeBase,
  double,
  integer,
  real,
  select,
  type Select,
  time,
  timestamp,
  uuid,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Ticket, User } from '../models.js';

const Kinds = declarativeBase();

class Kind extends Kinds.table('kinds', {
  id: integer().primaryKey(),
  real: real().notNull(),
  double: double().notNull(),
  flag: boolean().notNull(),
  day: date().notNull(),
  hour: time().notNull(),
  instant: timestamp({ precision: 6 }).notNull(),
  uuid: uuid().notNull(),
  hash: bytes().notNull(),
}) {}
Kinds.register(Kind);

describe.each(dialects)('$name', (dialect) => {
  const { db } = useDatabase(dialect, Base);
  const BIG = 9007199254740992n;

  beforeEach(async () => {
    await db().begin(async (s) => {
      const ann = new User({ id: 1, name: 'Ann' });
      s.add(ann, new User({ id: 2, name: 'Bob', boss: ann }), new User({ id: 3, name: 'Cy', boss: ann }));
      await s.flush();
      for (const id of [1, 2, 3, 4, 5]) {
        const views = BIG + BigInt(id);
        const createdAt = new Date(Date.UTC(2026, 0, id));
        s.add(new Ticket({ id, title: `t${id}`, creatorId: 1, createdAt, views, price: `12345678.9${id}` }));
      }
    });
  });

  /** The ids of all pages of two rows, one after the other. */
  async function walk(query: Select<{ readonly id: number }>): Promise<number[]> {
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const page: { items: { readonly id: number }[]; next: string | null } = await db().begin((s) =>
        s.page(query, { limit: 2, after }),
      );
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== null && seen.length < 20);
    return seen;
  }

  it('loses no row where the order is of a joined table', async () => {
    expect(await walk(select(Ticket).join(Ticket.c.creator).orderBy(User.c.id))).toEqual([1, 2, 3, 4, 5]);
    expect(await walk(select(Ticket).join(Ticket.c.creator).orderBy(User.c.name.desc()))).toEqual([5, 4, 3, 2, 1]);
  });

  it('goes through the rows of an alias', async () => {
    const person = alias(User, 'person');
    expect(await walk(select(person).orderBy(person.c.name.desc()))).toEqual([3, 2, 1]);
    expect(await walk(select(person))).toEqual([1, 2, 3]);
  });

  it('compares large and exact numbers with all their digits', async () => {
    expect(await walk(select(Ticket).orderBy(Ticket.c.views))).toEqual([1, 2, 3, 4, 5]);
    expect(await walk(select(Ticket).orderBy(Ticket.c.views.desc()))).toEqual([5, 4, 3, 2, 1]);
    expect(await walk(select(Ticket).orderBy(Ticket.c.price))).toEqual([1, 2, 3, 4, 5]);
  });

  it('loses no row where columns are NULL, in either direction, wherever NULL goes', async () => {
    await db().begin(async (s) => {
      for (const ticket of await s.all(select(Ticket))) {
        ticket.resolvedAt = ticket.id % 2 === 0 ? null : new Date(Date.UTC(2026, 1, 1 + (ticket.id % 4)));
        ticket.assigneeId = ticket.id === 3 ? null : 1 + (ticket.id % 2);
      }
    });
    const { resolvedAt, assigneeId, id } = Ticket.c;
    for (const order of [
      [resolvedAt, id],
      [resolvedAt.desc(), assigneeId, id.desc()],
      [resolvedAt.asc().nullsLast(), assigneeId.desc().nullsFirst(), id],
      [resolvedAt.asc().nullsFirst(), assigneeId.desc().nullsLast(), id.desc()],
    ]) {
      const query = select(Ticket).orderBy(...order);
      const all = await db().begin((s) => s.all(query));
      expect(await walk(query)).toEqual(all.map((ticket) => ticket.id));
    }
    const last = Buffer.from('[null]').toString('base64url');
    await expect(db().begin((s) => s.page(select(User), { limit: 2, after: last }))).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
    });
  });

  it('refuses the columns of a table that a left join may leave out', async () => {
    const boss = alias(User, 'boss');
    const query = select(User).leftJoin(User.c.boss, boss).orderBy(boss.c.name);
    await expect(db().begin((s) => s.page(query, { limit: 2, after: null }))).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
    });
  });
});

describe.each(dialects)('$name', (dialect) => {
  const { db } = useDatabase(dialect, Kinds);

  beforeEach(async () => {
    await db().begin((s) => {
      for (const id of [1, 2, 3, 4, 5]) {
        s.add(
          new Kind({
            id,
            real: id / 10,
            double: id / 7,
            flag: id > 2,
            day: `2026-01-0${id}`,
            hour: `10:00:0${id}`,
            instant: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, id)),
            uuid: `00000000-0000-4000-8000-00000000000${id}`,
            hash: Uint8Array.of(id, 0xff),
          }),
        );
      }
      return Promise.resolve();
    });
  });

  it.each(['real', 'double', 'flag', 'day', 'hour', 'instant', 'uuid', 'hash'] as const)(
    'goes through rows in the order of a column: %s',
    async (property) => {
      for (const isDescending of [false, true]) {
        const order = isDescending ? Kind.c[property].desc() : Kind.c[property];
        const seen: number[] = [];
        let after: string | null = null;
        do {
          const page: { items: Kind[]; next: string | null } = await db().begin((s) =>
            s.page(select(Kind).orderBy(order), { limit: 1, after }),
          );
          seen.push(...page.items.map(({ id }) => id));
          after = page.next;
        } while (after !== null && seen.length < 9);
        expect(seen).toEqual(isDescending ? [5, 4, 3, 2, 1] : [1, 2, 3, 4, 5]);
      }
    },
  );
});
