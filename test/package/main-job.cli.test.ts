import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, dialects, type TestDatabase } from '../support/databases.js';
import { Consumer, installPackage } from './consumer.js';

const DRIVERS = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' } as const;
const LANGUAGES = [
  { language: 'TypeScript', template: 'generic', extension: 'ts' },
  { language: 'JavaScript', template: 'javascript', extension: 'mjs' },
] as const;

let installed: string;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => rm(installed, { recursive: true, force: true }));

describe.each(dialects)('the installed package on $name', (dialect) => {
  let database: TestDatabase;
  let project: Consumer;
  beforeEach(async () => {
    database = await createDatabase(dialect);
    project = await Consumer.create(installed, { drivers: [DRIVERS[dialect.family]] });
  });
  afterEach(async () => {
    await project.remove();
    await database.drop();
  });

  // The language makes no difference to a database: both are tried on one.
  const languages = LANGUAGES.filter(({ language }) => language === 'TypeScript' || dialect.name === 'sqlite');
  it.each(languages)('does the main job in a $language project with one driver', async ({ template, extension }) => {
    const env = { DATABASE_URL: database.url };
    const aludel = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await project.aludel(args, env);
      expect({ args, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ args, exitCode: 0, stderr: '' });
      return stdout;
    };
    expect(await project.packages()).toEqual(['aludel', 'kysely', DRIVERS[dialect.family]].sort());

    expect(await aludel('init', '--template', template)).toContain(`created  migrate.config.${extension}\n`);
    expect(await aludel('revision', '--autogenerate', '-m', 'create users')).toContain('+ create table "users"\n');
    expect(await aludel('upgrade', 'head')).toMatch(/^Running upgrade base -> [0-9a-f]{12}, create users\n/);
    expect(await aludel('check')).toBe('The database is what the models say.\n');

    const model = join(project.folder, `models/user.${extension}`);
    const source = await readFile(model, 'utf8');
    await writeFile(model, source.replace('name: varchar(100),', 'name: varchar(100),\n  age: integer(),'));
    expect(await aludel('revision', '--autogenerate', '-m', 'add age')).toContain('+ add column "age" to "users"\n');
    const files = await readdir(join(project.folder, 'migrations'));
    expect(files.filter((name) => name.endsWith(`_add_age.${extension}`))).toHaveLength(1);
    await aludel('upgrade', 'head');
    expect(await aludel('check')).toBe('The database is what the models say.\n');
    expect(await aludel('downgrade', '-1')).toContain('Running downgrade ');
    expect(await aludel('downgrade', 'base')).toContain('The database is at base.\n');

    const scratch = await project.aludel(['diff', '--from', 'empty', '--to', 'models'], env);
    if (dialect.name === 'sqlite') expect(scratch).toMatchObject({ exitCode: 3, stderr: '' });
    else expect(scratch).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/Add --dev-url with/) });
    const isOffered = scratch.stderr.includes('or run: npm install --save-dev @electric-sql/pglite');
    expect(isOffered).toBe(dialect.name === 'postgres');
  });
});

describe('a new user who types what the last output said', () => {
  it('gets from init to an upgraded database', async () => {
    const project = await Consumer.create(installed, { drivers: ['better-sqlite3'] });
    try {
      const dependencies = { aludel: '*', 'better-sqlite3': '*' };
      await project.write({ 'package.json': JSON.stringify({ type: 'module', dependencies }) });
      const typed: string[] = [];
      let next: string | undefined = 'npx aludel init';
      while (next !== undefined && !next.includes('"..."')) {
        typed.push(next);
        const words: string[] = next.match(/"[^"]*"|\S+/g) ?? [];
        const result = await project.npx(words.slice(2).map((word) => word.replaceAll('"', '')));
        expect(result).toMatchObject({ exitCode: 0 });
        next = /^(?:Next|.* then run): (npx .*)$/m.exec(result.stdout)?.[1];
      }
      expect(typed).toEqual([
        'npx aludel init',
        'npx aludel revision --autogenerate -m "create users"',
        'npx aludel upgrade head',
      ]);
      const { stdout } = await project.aludel(['check']);
      expect(stdout).toBe('The database is what the models say.\n');
    } finally {
      await project.remove();
    }
  });
});

describe('the installed package in a data migration', () => {
  it("takes a user's own `sql` of Kysely in op.db", async () => {
    const project = await Consumer.create(installed, { drivers: ['better-sqlite3'] });
    try {
      const config = { url: 'sqlite:./app.db', migrations: './migrations' };
      await project.write({
        'migrate.config.mjs': `export default ${JSON.stringify(config)};`,
        'migrations/aaaa.mjs': `import { sql } from 'kysely';
          export const revision = 'aaaa';
          export const downRevision = null;
          export async function upgrade(op) {
            await op.db.schema.createTable('t').addColumn('a', 'text').execute();
            await op.db.insertInto('t').values({ a: sql\`upper(\${'x'})\` }).execute();
            const { rows } = await sql\`select a from \${sql.table('t')}\`.execute(op.db);
            console.log(JSON.stringify(rows));
          }
          export function downgrade() {}`,
      });
      const result = await project.aludel(['upgrade', '--quiet']);
      expect(result).toEqual({ exitCode: 0, stdout: '[{"a":"X"}]\n', stderr: '' });
    } finally {
      await project.remove();
    }
  });
});

describe('the installed package without the driver of its database', () => {
  it('says which package to install', async () => {
    const project = await Consumer.create(installed, { drivers: ['better-sqlite3'] });
    try {
      await project.aludel(['init']);
      const { exitCode, stderr } = await project.aludel(['current'], { DATABASE_URL: 'postgresql://localhost/app' });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('Error ALUDEL_DRIVER_MISSING: The driver package "pg" is not installed.\n');
      expect(stderr).toContain('  npm install pg\n');
    } finally {
      await project.remove();
    }
  });
});
