/** NestJS: an interceptor opens a session for each request, and commits it before the answer is sent. */
import 'reflect-metadata';
import { Body, Controller, Get, HttpException, Inject, type INestApplication, Module, Post } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { select, type SessionMaker } from 'aludel';
import { SessionInterceptor } from 'aludel/nestjs';
import { Note } from './notes.js';

const DB = Symbol('db');

@Controller('notes')
class NotesController {
  constructor(@Inject(DB) private readonly db: SessionMaker) {}

  @Get()
  list(): Promise<Note[]> {
    return this.db.current().all(select(Note).orderBy(Note.c.id));
  }

  @Post()
  async create(@Body() { text }: { text: string }): Promise<Note> {
    const session = this.db.current();
    const note = new Note({ text, author: String(session.info['user']) });
    session.add(note);
    await session.flush();
    // What is thrown rolls back.
    if (text === 'refused') throw new HttpException('No.', 422);
    return note;
  }
}

export async function createApp(db: SessionMaker): Promise<INestApplication> {
  @Module({ controllers: [NotesController], providers: [{ provide: DB, useValue: db }] })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: false });
  app.useGlobalInterceptors(
    new SessionInterceptor(db, {
      session: (context: ExecutionContext) => {
        const request = context.switchToHttp().getRequest();
        return { info: { user: request.headers['x-user'] ?? null }, readOnly: request.method === 'GET' };
      },
    }),
  );
  return app;
}
