/** Fastify: a plugin opens a session for each request, and commits it before the answer is sent. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { select, type SessionMaker } from 'aludel';
import { sessions } from 'aludel/fastify';
import { Note } from './notes.js';

export async function createApp(db: SessionMaker): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(
    sessions(db, {
      session: (request: FastifyRequest) => ({
        info: { user: request.headers['x-user'] ?? null },
        readOnly: request.method === 'GET',
      }),
    }),
  );
  app.get('/notes', () => db.current().all(select(Note).orderBy(Note.c.id)));
  app.post<{ Body: { text: string } }>('/notes', async (request, reply) => {
    const session = db.current();
    const note = new Note({ text: request.body.text, author: String(session.info['user']) });
    session.add(note);
    await session.flush();
    // An answer of 400 or more rolls back.
    reply.code(request.body.text === 'refused' ? 422 : 201);
    return note;
  });
  return app;
}
