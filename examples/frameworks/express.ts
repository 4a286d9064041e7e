/** Express: a middleware opens a session for each request, and commits it before the answer ends. */
import express, { type Express, type Request } from 'express';
import { select, type SessionMaker } from 'aludel';
import { sessionPerRequest } from 'aludel/express';
import { Note } from './notes.js';

export function createApp(db: SessionMaker): Express {
  const app = express();
  app.use(express.json());
  // Who acts goes into session.info, where listeners find it; GET only reads.
  app.use(
    sessionPerRequest(db, {
      session: (request: Request) => ({
        info: { user: request.get('x-user') ?? null },
        readOnly: request.method === 'GET',
      }),
    }),
  );
  app.get('/notes', async (_request, response) => {
    response.json(await db.current().all(select(Note).orderBy(Note.c.id)));
  });
  app.post('/notes', async (request, response) => {
    const session = db.current();
    const note = new Note({ text: request.body.text, author: String(session.info['user']) });
    session.add(note);
    await session.flush();
    // An answer of 400 or more rolls back.
    response.status(request.body.text === 'refused' ? 422 : 201).json(note);
  });
  return app;
}
