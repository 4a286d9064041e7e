import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Consumer, installPackage } from './consumer.js';

const MODELS = `
import { declarativeBase, enumeration, fn, index, integer, timestamp, varchar } from 'aludel';

export const Base = declarativeBase();

export class User extends Base.table('users', {
  id: integer().primaryKey(),
  email: varchar(255).notNull().unique(),
  createdAt: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()),
}) {}

export class Ticket extends Base.table('tickets', {
  id: integer().primaryKey(),
  status: enumeration('ticket_status', ['open', 'closed']).notNull().default('open'),
  creatorId: integer().notNull().references('users.id', { onDelete: 'cascade' }),
}) {
  static override tableArgs = () => [index(Ticket.c.status).where(Ticket.c.creatorId.isNotNull())];
}
`;

const USES = `
import { AludelError, column, createEngine, createMigrator, defineConfig, integer, sessionMaker, sql, type MigrateReport, type Operations } from 'aludel';
import { sql as kyselySql } from 'kysely';
import { sessionPerRequest } from 'aludel/express';
import { sessions } from 'aludel/fastify';
import { sessionPerRequest as sessionPerHonoRequest } from 'aludel/hono';
import { SessionInterceptor } from 'aludel/nestjs';
import { expectQueries } from 'aludel/testing';
import { Ticket, User } from './models.js';

export const config = defineConfig({ url: 'sqlite:./app.db', models: () => import('./models.js') });

export function upgrade(op: Operations): void {
  op.addColumn('users', column('age', integer(), { nullable: false, serverDefault: 18 }));
}

export async function fill(op: Operations<{ users: { id: number; email: string; age: number | null } }>): Promise<string[]> {
  await op.db.updateTable('users').set({ age: sql<number>\`18 + 1\` }).where('age', 'is', null).execute();
  await op.db.updateTable('users').set({ age: kyselySql<number>\`18\` }).execute();
  await op.batch('users', { columns: ['id', 'age'], size: 10_000 }, (rows) => {
    const ages: (number | null)[] = rows.map((row) => row.age);
    // @ts-expect-error: a column that is not read
    rows.map((row) => row.email);
    return ages;
  });
  // @ts-expect-error: no such table
  op.db.selectFrom('people');
  // @ts-expect-error: a value of another type
  op.db.updateTable('users').set({ age: sql<Date>\`now()\` });
  const rows = await op.db.selectFrom('users').select('email').execute();
  return rows.map((row) => row.email);
}

export async function migrate(): Promise<readonly string[]> {
  const report: MigrateReport = await createMigrator({ config }).upgrade('head');
  return report.steps.map((step) => step.revision);
}

export const codeOf = (error: unknown): string => (error instanceof AludelError ? error.code : 'unknown');
export const tables = [User.c.email, Ticket.c.status];
export const status: 'open' | 'closed' = new Ticket({ creatorId: 1 }).status;

const db = sessionMaker(createEngine('sqlite::memory:'));
db.on(Ticket, 'afterUpdate', (ticket, { history }) => {
  const before: readonly ('open' | 'closed')[] = history('status').deleted;
  // @ts-expect-error: no such property
  history('colour');
  return void [ticket.creatorId, before];
});
// @ts-expect-error: no such event
db.on(Ticket, 'afterUpsert', () => undefined);
export const adapters = [sessionPerRequest(db), sessions(db), sessionPerHonoRequest(db), new SessionInterceptor(db)];
export const counted: Promise<number> = expectQueries(0, () => Promise.resolve(1));

// @ts-expect-error: no such key
defineConfig({ modles: './x' });
// @ts-expect-error: a default of another type
column('age', integer(), { serverDefault: 'young' });
// @ts-expect-error: the email is missing
new User({});
`;

const RESOLUTIONS = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const;

describe('the types of the installed package', () => {
  let project: Consumer;
  let installed: string;
  beforeAll(async () => {
    installed = await installPackage();
    project = await Consumer.create(installed, { drivers: [] });
    await project.write({ 'models.ts': MODELS, 'main.ts': USES });
  });
  afterAll(async () => {
    await project.remove();
    await rm(installed, { recursive: true, force: true });
  });

  it.each(Object.entries(RESOLUTIONS))('resolve under %s and serve models with declarations', async (name, options) => {
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const output = { declaration: true, outDir: name, target: 'es2023', lib: ['es2023'], types: [] };
    // Without skipLibCheck: the package's own declarations are checked as well, with nothing else installed.
    const compilerOptions = { ...options, ...strict, ...output, rootDir: '.' };
    await project.write({ 'tsconfig.json': JSON.stringify({ compilerOptions, files: ['main.ts', 'models.ts'] }) });
    expect(await project.tsc()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await readFile(join(project.folder, name, 'models.d.ts'), 'utf8')).toContain('class User extends User_base');
  });
});
