import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createEngine, type DeclarativeBase, type Engine, type SessionMaker, sessionMaker } from 'aludel';
import { createDatabase, type TestDatabase, type TestDialect } from '../../support/databases.js';

/** Statements that only open and close transactions; and what MySQL is asked once for each connection. */
const CONTROL = /^(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SELECT @@auto_increment_increment$)/;

export interface Fixture {
  readonly engine: () => Engine;
  readonly url: () => string;
  readonly db: () => SessionMaker;
  /** The statements since the last call, as `INSERT users` or `SELECT addresses`, transaction control left out. */
  readonly taken: () => string[];
  /** Those that open and close transactions too, as they were sent. */
  readonly all: () => string[];
  /** The same without these. */
  readonly sent: () => string[];
  readonly rows: (sql: string) => Promise<unknown[]>;
}

/** A database with the tables of `Base`, emptied before each test. */
export function useDatabase(dialect: TestDialect, Base: DeclarativeBase): Fixture {
  let database: TestDatabase;
  let engine: Engine;
  const statements: string[] = [];
  beforeAll(async () => {
    database = await createDatabase(dialect);
    engine = createEngine(database.url, { echo: ({ sql }) => void statements.push(sql) });
    await Base.metadata.createAll(engine);
  });
  beforeEach(async () => {
    await empty(engine, Base);
    statements.length = 0;
  });
  // A session that a failed test has left open would keep its locks.
  afterEach(() => engine.dispose());
  afterAll(async () => {
    await database.drop();
  });
  const all = (): string[] => statements.splice(0);
  const sent = (): string[] => all().filter((sql) => !CONTROL.test(sql));
  return {
    engine: () => engine,
    url: () => database.url,
    db: () => sessionMaker(engine),
    all,
    sent,
    taken: () => sent().map(summarise),
    rows: async (sql) => {
      const connection = await engine.connect();
      const result = await connection.execute(sql);
      await connection.close();
      statements.length = 0;
      return result.rows.map((row) => Object.values(row));
    },
  };
}

/** Deletes all rows and lets keys begin at 1 again. */
async function empty(engine: Engine, Base: DeclarativeBase): Promise<void> {
  const tables = [...Base.metadata.tables.keys()];
  const connection = await engine.connect();
  const run = (sql: string): Promise<unknown> => connection.execute(sql);
  if (engine.dialect === 'postgres') await run(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY`);
  else {
    const isSqlite = engine.dialect === 'sqlite';
    await run(isSqlite ? 'PRAGMA foreign_keys = OFF' : 'SET FOREIGN_KEY_CHECKS = 0');
    for (const table of tables) await run(isSqlite ? `DELETE FROM ${table}` : `TRUNCATE ${table}`);
    await run(isSqlite ? 'PRAGMA foreign_keys = ON' : 'SET FOREIGN_KEY_CHECKS = 1');
  }
  await connection.close();
}

/** `INSERT INTO "users" ("name") ...` to `INSERT users`. */
export function summarise(sql: string): string {
  const found = /^(INSERT INTO|UPDATE|DELETE FROM|SELECT .*? FROM) ["`]?(\w+)/s.exec(sql);
  return found === null ? sql : `${found[1]?.split(' ')[0]} ${found[2]}`;
}
