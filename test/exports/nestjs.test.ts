import { expect, it } from 'vitest';
import { createEngine, sessionMaker } from 'aludel';
import { type NestObservable, SessionInterceptor } from 'aludel/nestjs';

it('leaves streams of events alone, which may have no end', async () => {
  const name: string = 'reflect-metadata';
  await import(name);
  const { Sse } = (await import('@nestjs/common' as string)) as { Sse(path: string): MethodDecorator };
  const handler = (): void => undefined;
  Sse('events')({}, 'events', { value: handler });
  const events: NestObservable = { subscribe: () => undefined };
  const interceptor = new SessionInterceptor(sessionMaker(createEngine('sqlite::memory:')));
  expect(await interceptor.intercept({ getHandler: () => handler }, { handle: () => events })).toBe(events);
});
