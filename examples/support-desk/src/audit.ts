/** Who has changed what of a ticket: written by events, in the transaction of the change. */
import type { Session, SessionMaker } from 'aludel';
import { AuditLog, type Changes, Ticket } from './models.ts';

const WATCHED: readonly string[] = ['title', 'status', 'priority', 'assigneeId', 'deletedAt'];

export function logChanges(db: SessionMaker): void {
  db.on(Ticket, 'afterInsert', (ticket, { session }) => log(session, ticket, 'create', {}));
  db.on(Ticket, 'afterUpdate', (ticket, { session, changed, history }) => {
    const entries = changed
      .filter((name) => WATCHED.includes(name))
      .map((name) => {
        const { deleted, added } = history(name);
        return [name, { from: deleted[0] ?? null, to: added[0] ?? null }] as const;
      });
    if (entries.length > 0) log(session, ticket, 'update', Object.fromEntries(entries));
  });
}

function log(session: Session, { id }: Ticket, action: string, changes: Changes): void {
  const { userId } = session.info;
  session.add(new AuditLog({ action, ticketId: id, userId: typeof userId === 'number' ? userId : null, changes }));
}
