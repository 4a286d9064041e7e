import { index, integer, timestamp, varchar } from 'aludel';
import { Base } from './base.js';

export class Ticket extends Base.table('tickets', {
  id: integer().primaryKey().identity(),
  title: varchar(500).notNull(),
  creatorId: integer().notNull().references('users.id', { onDelete: 'cascade' }),
  closedAt: timestamp({ withTimezone: true }),
}) {
  static override tableArgs = () => [index(Ticket.c.creatorId, Ticket.c.closedAt)];
}
