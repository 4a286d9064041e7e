/** The HTTP API. Each request has a session of its own: `db.current()`, committed before the answer is sent. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import {
  AludelError,
  ForeignKeyViolationError,
  select,
  type SessionMaker,
  toObject,
  UniqueViolationError,
} from 'aludel';
import { sessions } from 'aludel/fastify';
import { AuditLog, Comment, type Priority, type Status, Tag, Ticket, User } from './models.ts';
import {
  assignTickets,
  getStatistics,
  getTicket,
  type NewTicket,
  restore,
  searchTickets,
  softDelete,
} from './queries.ts';

interface SearchQuery {
  readonly term?: string;
  /** Several with commas between them. */
  readonly status?: string;
  readonly priority?: Priority;
  readonly assigneeId?: string;
  readonly tags?: string;
  readonly limit?: string;
  readonly offset?: string;
}

type ById<B = unknown> = { Params: { id: string }; Body: B };
type Changes = { status?: Status; priority?: Priority; title?: string; assigneeId?: number | null };

export async function createApp(db: SessionMaker): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(
    sessions(db, {
      session: ({ headers, method }: FastifyRequest) => ({
        // Who acts: the audit log reads it.
        info: { userId: Number(headers['x-user-id'] ?? Number.NaN) || null },
        readOnly: method === 'GET',
      }),
    }),
  );
  app.setErrorHandler((error, _request, reply) => {
    const isConflict = error instanceof UniqueViolationError || error instanceof ForeignKeyViolationError;
    const status = isConflict ? 409 : error instanceof NotFound ? 404 : 500;
    // The code says what went wrong; messages and values stay here.
    return reply.code(status).send({ error: error instanceof AludelError ? error.code : status });
  });

  app.post<{ Body: { email: string; fullName: string; isStaff?: boolean } }>('/users', async ({ body }, reply) => {
    const user = new User(body);
    db.current().add(user);
    await db.current().flush();
    return reply.code(201).send(user);
  });

  app.post<{ Body: NewTicket & { tags?: string[] } }>('/tickets', async ({ body: { tags = [], ...row } }, reply) => {
    const session = db.current();
    const known = await session.all(select(Tag).where(Tag.c.name.in(tags)));
    const added = tags.filter((name) => known.every((tag) => tag.name !== name)).map((name) => new Tag({ name }));
    const ticket = new Ticket({ ...row, tags: [...known, ...added] });
    session.add(ticket);
    await session.flush();
    return reply.code(201).send(showTicket(ticket));
  });

  app.get<{ Querystring: SearchQuery }>('/tickets', async ({ query }) => {
    const { items, total } = await searchTickets(db.current(), {
      term: query.term,
      status: query.status?.split(',') as Status[] | undefined,
      priority: query.priority,
      assigneeId: query.assigneeId === undefined ? undefined : Number(query.assigneeId),
      tags: query.tags?.split(','),
      limit: Number(query.limit ?? 50),
      offset: Number(query.offset ?? 0),
    });
    return { total, items: items.map(showTicket) };
  });

  app.post<{ Body: { ids: number[]; assigneeId: number } }>('/tickets/assign', async ({ body }) => ({
    assigned: await assignTickets(db.current(), body.ids, body.assigneeId),
  }));

  app.get<ById>('/tickets/:id', async ({ params }) => {
    const ticket = found(await getTicket(db.current(), Number(params.id)));
    const comments = ticket.comments.map((comment) => ({
      ...toObject(comment),
      author: comment.author.value.fullName,
    }));
    return { ...showTicket(ticket), comments };
  });

  app.patch<ById<Changes>>('/tickets/:id', async ({ params, body }) => {
    const ticket = found(await getTicket(db.current(), Number(params.id)));
    const { status = ticket.status, priority = ticket.priority, title = ticket.title } = body;
    Object.assign(ticket, { status, priority, title });
    if (body.assigneeId !== undefined) ticket.assigneeId = body.assigneeId;
    if (status === 'resolved') ticket.resolvedAt ??= new Date();
    await db.current().flush();
    return toObject(ticket);
  });

  app.post<ById<{ content: string; authorId: number }>>('/tickets/:id/comments', async ({ params, body }, reply) => {
    const ticket = found(await getTicket(db.current(), Number(params.id)));
    const comment = new Comment({ ...body, ticketId: ticket.id });
    ticket.comments.add(comment);
    await db.current().flush();
    return reply.code(201).send(comment);
  });

  app.delete<ById>('/tickets/:id', async ({ params }, reply) => {
    if (!(await softDelete(db.current(), Number(params.id)))) throw new NotFound();
    return reply.code(204).send();
  });

  app.post<ById>('/tickets/:id/restore', async ({ params }) => {
    if (!(await restore(db.current(), Number(params.id)))) throw new NotFound();
    return { restored: true };
  });

  app.get<ById>('/tickets/:id/audit', ({ params }) =>
    db.current().all(
      select(AuditLog)
        .where(AuditLog.c.ticketId.eq(Number(params.id)))
        .orderBy(AuditLog.c.id),
    ),
  );

  app.get<{ Querystring: { from?: string; to?: string } }>('/statistics', ({ query: { from, to } }) =>
    getStatistics(
      db.current(),
      from === undefined ? undefined : new Date(from),
      to === undefined ? undefined : new Date(to),
    ),
  );

  return app;
}

class NotFound extends Error {}

function found<T>(value: T | null): T {
  if (value === null) throw new NotFound();
  return value;
}

function showTicket(ticket: Ticket): object {
  return { ...toObject(ticket), tags: ticket.tags.map(({ name }) => name).toSorted() };
}
