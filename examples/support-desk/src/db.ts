/** The engine, its sessions, and what they log. */
import { createEngine, type Engine, sessionMaker, type SessionMaker } from 'aludel';
import { logChanges } from './audit.ts';
import { live } from './models.ts';

export interface Database {
  readonly engine: Engine;
  readonly db: SessionMaker;
}

export function openDatabase(url: string = process.env['DATABASE_URL'] ?? 'sqlite:./desk.db'): Database {
  const engine = createEngine(url);
  engine.on('slowQuery', { milliseconds: 500 }, ({ sql, milliseconds }) => {
    console.warn(`${milliseconds.toFixed(0)} ms: ${sql}`);
  });
  const db = sessionMaker(engine, { criteria: [live] });
  logChanges(db);
  return { engine, db };
}
