import { beforeEach, describe, expect, it } from 'vitest';
import { alias, select, type Select } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Ticket, User } from './models.js';

describe.each(dialects)('$name', (dialect) => {
  const { db } = useDatabase(dialect, Base);
  const BIG = 9007199254740992n;

  beforeEach(async () => {
    await db().begin(async (s) => {
      const ann = new User({ id: 1, fullName: 'Ann' });
      s.add(ann, new User({ id: 2, fullName: 'Bob', boss: ann }), new User({ id: 3, fullName: 'Cy', boss: ann }));
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
    expect(await walk(select(Ticket).join(Ticket.c.creator).orderBy(User.c.fullName.desc()))).toEqual([5, 4, 3, 2, 1]);
  });

  it('goes through the rows of an alias', async () => {
    const person = alias(User, 'person');
    expect(await walk(select(person).orderBy(person.c.fullName.desc()))).toEqual([3, 2, 1]);
    expect(await walk(select(person))).toEqual([1, 2, 3]);
  });

  it('compares large and exact numbers with all their digits', async () => {
    expect(await walk(select(Ticket).orderBy(Ticket.c.views))).toEqual([1, 2, 3, 4, 5]);
    expect(await walk(select(Ticket).orderBy(Ticket.c.views.desc()))).toEqual([5, 4, 3, 2, 1]);
    expect(await walk(select(Ticket).orderBy(Ticket.c.price))).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses the columns of a table that a left join may leave out', async () => {
    const boss = alias(User, 'boss');
    const query = select(User).leftJoin(User.c.boss, boss).orderBy(boss.c.fullName);
    await expect(db().begin((s) => s.page(query, { limit: 2, after: null }))).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
    });
  });
});
