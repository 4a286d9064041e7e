/** The HTTP API. Each request has a session of its own: `db.current()`, committed before the answer is sent. */
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
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
  makeTags,
  type NewTicket,
  restore,
  searchTickets,
  softDelete,
  type TicketSearch,
} from './queries.ts';
import * as schemas from './schemas.ts';

type ById<B = unknown> = { Params: { id: number }; Body: B };
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
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const isConflict = error instanceof UniqueViolationError || error instanceof ForeignKeyViolationError;
    const status = isConflict ? 409 : (error.statusCode ?? 500);
    if (status === 500) console.error(error);
    // What Fastify says of a request is for the client; what the database says is not.
    const message = status === 500 || error instanceof AludelError ? undefined : error.message;
    return reply.code(status).send({ error: error.code ?? 'INTERNAL', message });
  });

  app.post<{ Body: { email: string; fullName: string; isStaff?: boolean } }>(
    '/users',
    { schema: schemas.createUser },
    async ({ body }, reply) => {
      const user = new User(body);
      db.current().add(user);
      await db.current().flush();
      return reply.code(201).send(user);
    },
  );

  app.post<{ Body: NewTicket & { tags?: string[] } }>(
    '/tickets',
    { schema: schemas.createTicket },
    async ({ body }, reply) => {
      const session = db.current();
      const { tags = [], ...row } = body;
      await makeTags(db, tags);
      const ticket = new Ticket({ ...row, tags: await session.all(select(Tag).where(Tag.c.name.in(tags))) });
      session.add(ticket);
      await session.flush();
      return reply.code(201).send(showTicket(ticket));
    },
  );

  app.get<{ Querystring: TicketSearch }>('/tickets', { schema: schemas.searchTickets }, async ({ query }) => {
    const { items, total } = await searchTickets(db.current(), query);
    return { total, items: items.map(showTicket) };
  });

  app.post<{ Body: { ids: number[]; assigneeId: number } }>(
    '/tickets/assign',
    { schema: schemas.assignTickets },
    async ({ body }) => ({
      assigned: await assignTickets(db.current(), body.ids, body.assigneeId),
    }),
  );

  app.get<ById>('/tickets/:id', { schema: schemas.oneTicket }, async ({ params }) => {
    const ticket = found(await getTicket(db.current(), params.id));
    const comments = ticket.comments.map((comment) => ({
      ...toObject(comment),
      author: comment.author.value.fullName,
    }));
    return { ...showTicket(ticket), comments };
  });

  app.patch<ById<Changes>>('/tickets/:id', { schema: schemas.changeTicket }, async ({ params, body }) => {
    const ticket = found(await getTicket(db.current(), params.id));
    const { status = ticket.status, priority = ticket.priority, title = ticket.title } = body;
    Object.assign(ticket, { status, priority, title });
    if (body.assigneeId !== undefined) ticket.assigneeId = body.assigneeId;
    if (status === 'resolved') ticket.resolvedAt ??= new Date();
    await db.current().flush();
    return toObject(ticket);
  });

  app.post<ById<{ content: string; authorId: number }>>(
    '/tickets/:id/comments',
    { schema: schemas.createComment },
    async ({ params, body }, reply) => {
      const ticket = found(await getTicket(db.current(), params.id));
      const comment = new Comment({ ...body, ticketId: ticket.id });
      ticket.comments.add(comment);
      await db.current().flush();
      return reply.code(201).send(comment);
    },
  );

  app.delete<ById>('/tickets/:id', { schema: schemas.oneTicket }, async ({ params }, reply) => {
    if (!(await softDelete(db.current(), params.id))) throw new NotFound('There is no such ticket.');
    return reply.code(204).send();
  });

  app.post<ById>('/tickets/:id/restore', { schema: schemas.oneTicket }, async ({ params }) => {
    if (!(await restore(db.current(), params.id))) throw new NotFound('There is no such ticket.');
    return { restored: true };
  });

  app.get<ById>('/tickets/:id/audit', { schema: schemas.oneTicket }, ({ params }) =>
    db.current().all(select(AuditLog).where(AuditLog.c.ticketId.eq(params.id)).orderBy(AuditLog.c.id)),
  );

  app.get<{ Querystring: { from?: string; to?: string } }>(
    '/statistics',
    { schema: schemas.statistics },
    ({ query: { from, to } }) =>
      getStatistics(
        db.current(),
        from === undefined ? undefined : new Date(from),
        to === undefined ? undefined : new Date(to),
      ),
  );

  return app;
}

class NotFound extends Error {
  readonly statusCode = 404;
  readonly code = 'NOT_FOUND';
}

function found<T>(value: T | null): T {
  if (value === null) throw new NotFound('There is no such ticket.');
  return value;
}

function showTicket(ticket: Ticket): object {
  return { ...toObject(ticket), tags: ticket.tags.map(({ name }) => name).toSorted() };
}
