/** Hybrids: what an object says of itself and what the database says of its row are the same. */
import { expect, it, describe } from 'vitest';
import { and, declarativeBase, type DeclarativeBase, fn, hybrid, integer, select, timestamp, varchar } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';

const Base: DeclarativeBase = declarativeBase();
const DAY = 86_400;

class Ticket extends Base.table('tickets', {
  id: integer().primaryKey(),
  status: varchar(20).notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull(),
  resolvedAt: timestamp({ withTimezone: true }),
}) {
  /** Dates know their instant: the guides subtracted one without a zone from one with, which is an error in Python. */
  get isOverdue(): boolean {
    return this.status === 'open' && Date.now() - this.createdAt.getTime() > 7 * DAY * 1000;
  }
  static isOverdue = hybrid(() =>
    and(
      Ticket.c.status.eq('open'),
      fn
        .now()
        .minus(Ticket.c.createdAt)
        .gt(7 * DAY),
    ),
  );

  get hoursToResolve(): number | null {
    return this.resolvedAt === null ? null : (this.resolvedAt.getTime() - this.createdAt.getTime()) / 3_600_000;
  }
  static hoursToResolve = hybrid(() => Ticket.c.resolvedAt.minus(Ticket.c.createdAt).dividedBy(3600));

  needsEscalation(hours: number): boolean {
    return this.status === 'open' && Date.now() - this.createdAt.getTime() > hours * 3_600_000;
  }
  static needsEscalation = (hours: number) =>
    and(
      Ticket.c.status.eq('open'),
      fn
        .now()
        .minus(Ticket.c.createdAt)
        .gt(hours * 3600),
    );
}
Base.register(Ticket);

describe.each(dialects)('$name', (dialect) => {
  const { db } = useDatabase(dialect, Base);
  const ago = (hours: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 - hours * 3_600_000);

  it('asks the object and the database the same', async () => {
    await db().begin(async (s) => {
      s.add(
        new Ticket({ id: 1, status: 'open', createdAt: ago(200) }),
        new Ticket({ id: 2, status: 'open', createdAt: ago(30) }),
        new Ticket({ id: 3, status: 'closed', createdAt: ago(300), resolvedAt: ago(295) }),
      );
      await s.flush();
      const all = await s.all(select(Ticket).orderBy(Ticket.c.id));
      const overdue = await s.all(select(Ticket.c.id).where(Ticket.isOverdue));
      expect([overdue, all.filter((t) => t.isOverdue).map(({ id }) => id)]).toEqual([[1], [1]]);
      const escalated = await s.all(select(Ticket.c.id).where(Ticket.needsEscalation(24)).orderBy(Ticket.c.id));
      expect([escalated, all.filter((t) => t.needsEscalation(24)).map(({ id }) => id)]).toEqual([
        [1, 2],
        [1, 2],
      ]);
      const hours = await s.all(select(Ticket.hoursToResolve, Ticket.isOverdue).orderBy(Ticket.c.id));
      expect(hours).toEqual([
        [null, true],
        [null, false],
        [5, false],
      ]);
      expect(all.map((t) => t.hoursToResolve)).toEqual([null, null, 5]);
      // No data is no 0 hours: the guides wrote "scalar_one() or 0".
      const average = select(fn.avg(Ticket.hoursToResolve)).where(Ticket.c.status.eq('open'));
      expect(await s.one(average)).toBeNull();
    });
  });
});
