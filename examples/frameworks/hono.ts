/** Hono: a middleware opens a session for each request, and commits it before the answer is sent. */
import { type Context, Hono } from 'hono';
import { select, type SessionMaker } from 'aludel';
import { sessionPerRequest } from 'aludel/hono';
import { Note } from './notes.js';

export function createApp(db: SessionMaker): Hono {
  const app = new Hono();
  app.use(
    sessionPerRequest(db, {
      session: (context: Context) => ({
        info: { user: context.req.header('x-user') ?? null },
        readOnly: context.req.method === 'GET',
      }),
    }),
  );
  app.get('/notes', async (context) => context.json(await db.current().all(select(Note).orderBy(Note.c.id))));
  app.post('/notes', async (context) => {
    const { text } = await context.req.json<{ text: string }>();
    const session = db.current();
    const note = new Note({ text, author: String(session.info['user']) });
    session.add(note);
    await session.flush();
    // An answer of 400 or more rolls back.
    return context.json(note, text === 'refused' ? 422 : 201);
  });
  return app;
}
