import { describe, expect, it } from 'vitest';
import { select, type TablesOf } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';
import { Base, Ticket, User } from '../models.js';

type Tables = TablesOf<{ users: typeof User; tickets: typeof Ticket }>;

describe.each(dialects)('$name', (dialect) => {
  const { db, engine } = useDatabase(dialect, Base);

  it('gives a Kysely of the session, which writes first what has changed', async () => {
    await db().begin(async (s) => {
      s.add(new User({ id: 1, name: 'Ann' }));
      const kysely = s.kysely<Tables>();
      expect(await kysely.selectFrom('users').select(['id', 'name']).where('name', '=', 'Ann').execute()).toEqual([
        { id: 1, name: 'Ann' },
      ]);
      await kysely.insertInto('users').values({ id: 2, name: 'Bob', is_staff: false }).execute();
      expect((await s.get(User, 2))?.name).toBe('Bob');
      await expect(kysely.transaction().execute(async () => undefined)).rejects.toMatchObject({ code: 'ALUDEL_USAGE' });
      await s.rollback();
      expect(await s.count(select(User))).toBe(0);
    });
  });

  it('gives a Kysely of the engine, with transactions of its own', async () => {
    const kysely = engine().kysely<Tables>();
    await kysely
      .transaction()
      .execute((trx) => trx.insertInto('users').values({ id: 1, name: 'Ann', is_staff: false }).execute());
    await expect(
      kysely.transaction().execute(async (trx) => {
        await trx.updateTable('users').set({ name: 'Bob' }).execute();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    // @ts-expect-error no such column
    await expect(kysely.selectFrom('users').select('isStaff').execute()).rejects.toThrow();
    expect(await kysely.selectFrom('users').select('name').executeTakeFirst()).toEqual({ name: 'Ann' });
  });

  it('explains queries', async () => {
    await db().begin(async (s) => {
      const query = select(Ticket).where(Ticket.c.title.like('a%'));
      expect(await s.explain(query)).toMatch(/tickets/);
      const analyzed = s.explain(query, { analyze: true });
      if (dialect.name === 'sqlite')
        await expect(analyzed).rejects.toMatchObject({ code: 'ALUDEL_OPERATION_UNSUPPORTED' });
      else expect(await analyzed).toMatch({ postgres: /actual/, mysql: /actual/, mariadb: /r_/ }[dialect.name]);
    });
  });
});
