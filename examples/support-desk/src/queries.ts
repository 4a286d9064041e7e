/** What the desk asks. Nearly all take the session, so that they run in a request, in a job and in a test alike. */
import { and, fn, insert, joined, or, select, selectin, type Session, type SessionMaker, skipCriteria } from 'aludel';
import { Comment, type Priority, type Status, Tag, Ticket, User } from './models.ts';

export interface TicketSearch {
  readonly term?: string | undefined;
  readonly status?: readonly Status[] | undefined;
  readonly priority?: Priority | undefined;
  readonly assigneeId?: number | undefined;
  readonly createdAfter?: Date | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** A page of live tickets, newest first, and how many there are. */
export function searchTickets(session: Session, search: TicketSearch): Promise<{ items: Ticket[]; total: number }> {
  const { term, status, priority, assigneeId, createdAfter, tags, limit = 50, offset = 0 } = search;
  const texts = [Ticket.c.title, Ticket.c.description, Ticket.c.ticketNumber];
  const found = select(Ticket)
    .options(joined(Ticket.c.creator), joined(Ticket.c.assignee), selectin(Ticket.c.tags))
    .where(
      // What the user types is no pattern: % and _ mean themselves.
      term && or(...texts.map((column) => column.contains(term, { insensitive: true }))),
      status !== undefined && Ticket.c.status.in(status),
      priority && Ticket.c.priority.eq(priority),
      assigneeId !== undefined && Ticket.c.assigneeId.eq(assigneeId),
      createdAfter && Ticket.c.createdAt.gte(createdAfter),
      // EXISTS: a ticket with two of the tags is one row, and the total is right.
      tags !== undefined && Ticket.c.tags.any(Tag.c.name.in(tags)),
    )
    .orderBy(Ticket.c.createdAt.desc(), Ticket.c.id.desc());
  return session.page(found, { limit, offset });
}

/** A live ticket with its people, tags and comments. */
export function getTicket(session: Session, id: number): Promise<Ticket | null> {
  return session.oneOrNull(
    select(Ticket)
      .options(joined(Ticket.c.creator), joined(Ticket.c.assignee))
      .options(selectin(Ticket.c.tags), selectin(Ticket.c.comments, joined(Comment.c.author)))
      .where(Ticket.c.id.eq(id)),
  );
}

export interface Statistics {
  readonly statusCounts: Readonly<Record<string, number>>;
  readonly priorityCounts: Readonly<Record<string, number>>;
  /** Null where nothing is resolved: that is no zero. */
  readonly avgResolutionHours: number | null;
  readonly assignees: readonly { assignee: string; tickets: number; avgResolutionHours: number | null }[];
}

export async function getStatistics(session: Session, from?: Date, to?: Date): Promise<Statistics> {
  const inTime = and(from && Ticket.c.createdAt.gte(from), to && Ticket.c.createdAt.lte(to));
  const seconds = Ticket.c.resolvedAt.minus(Ticket.c.createdAt);
  const count = fn.count(Ticket.c.id);
  const byStatus = await session.all(select(Ticket.c.status, count).where(inTime).groupBy(Ticket.c.status));
  const byPriority = await session.all(select(Ticket.c.priority, count).where(inTime).groupBy(Ticket.c.priority));
  const average = await session.one(select(fn.avg(seconds)).where(inTime, Ticket.c.resolvedAt.isNotNull()));
  const perAssignee = await session.all(
    select({ assignee: User.c.fullName, tickets: count, seconds: fn.avg(seconds) })
      .join(User.c.ticketsAssigned)
      .where(inTime)
      .groupBy(User.c.id, User.c.fullName)
      .orderBy(count.desc(), User.c.fullName),
  );
  const hours = (value: number | null): number | null => (value === null ? null : value / 3600);
  return {
    statusCounts: Object.fromEntries(byStatus),
    priorityCounts: Object.fromEntries(byPriority),
    avgResolutionHours: hours(average),
    assignees: perAssignee.map((row) => ({
      assignee: row.assignee,
      tickets: row.tickets,
      avgResolutionHours: hours(row.seconds),
    })),
  };
}

export interface NewTicket {
  readonly ticketNumber: string;
  readonly title: string;
  readonly description: string;
  readonly creatorId: number;
  readonly priority?: Priority;
}

/**
 * Makes the tags that are new, whoever else makes them at the same time: in a transaction of its own, which is over before that of the
 * ticket begins. Where two of them wait for each other, the database ends one, and it is tried again.
 */
export async function makeTags(db: SessionMaker, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const rows = names.toSorted().map((name) => ({ name }));
  await db.begin((session) => session.run(insert(Tag).values(rows).onConflict(['name'], 'nothing')), { retries: 5 });
}

/** One INSERT for a thousand, ids and events included. */
export async function createTickets(session: Session, rows: readonly NewTicket[]): Promise<Ticket[]> {
  const tickets = rows.map((row) => new Ticket(row));
  session.add(...tickets);
  await session.flush();
  return tickets;
}

/** Gives live tickets to an agent: as objects, so that the audit log hears of it. Gives how many there were. */
export async function assignTickets(session: Session, ids: readonly number[], assigneeId: number): Promise<number> {
  const tickets = await session.all(select(Ticket).where(Ticket.c.id.in(ids)));
  for (const ticket of tickets) ticket.assigneeId = assigneeId;
  await session.flush();
  return tickets.length;
}

/** The row stays, and is hidden from here on by the criteria of the session. False where there is no live ticket. */
export async function softDelete(session: Session, id: number): Promise<boolean> {
  const ticket = await session.get(Ticket, id);
  if (ticket === null) return false;
  ticket.deletedAt = new Date();
  return true;
}

export async function restore(session: Session, id: number): Promise<boolean> {
  const ticket = await session.get(Ticket, id, skipCriteria('live'));
  if (ticket?.deletedAt == null) return false;
  ticket.deletedAt = null;
  return true;
}

/** The comments of a hundred tickets and their authors, by load() in a loop: three statements, not two hundred. */
export async function listTalks(session: Session): Promise<string[]> {
  const lines: string[] = [];
  for (const ticket of await session.all(select(Ticket).orderBy(Ticket.c.id).limit(100))) {
    for (const { content } of await ticket.comments.load()) lines.push(`${ticket.ticketNumber}: ${content}`);
    lines.push(`opened by ${(await ticket.creator.load()).fullName}`);
  }
  return lines;
}
