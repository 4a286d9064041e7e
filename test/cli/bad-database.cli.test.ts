import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dialects, serverUrl, type TestDialect } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { configFile, createCliProject, useCliProject } from '../support/cli-project.js';
import { expectFailure, PASSWORD } from './expect-failure.js';

const servers = dialects.filter(({ name }) => name !== 'sqlite');
const SCHEMES = { postgres: 'postgresql', mysql: 'mysql', mariadb: 'mariadb', sqlite: 'sqlite' };
const DRIVERS = { postgres: 'pg', mysql: 'mysql2', mariadb: 'mysql2', sqlite: 'better-sqlite3' };

const project = useCliProject({ 'migrations/.keep': '', ...configFile('${DATABASE_URL}') });

const withUrl = (url: string) => ({ env: { DATABASE_URL: url } });

/** The test server's URL with another user or database. */
function serverWith(
  { name }: TestDialect,
  parts: { readonly user?: string; readonly database?: string; readonly port?: string },
): string {
  if (name === 'sqlite') throw new Error('unreachable: SQLite has no server');
  const url = new URL(serverUrl(name));
  if (parts.user !== undefined) Object.assign(url, { username: parts.user, password: PASSWORD });
  if (parts.port !== undefined) url.port = parts.port;
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  return url.href;
}

describe.each(servers)('$name', (dialect) => {
  it('that does not answer is named with host and port', async () => {
    // Nothing listens on port 1.
    const url = `${SCHEMES[dialect.name]}://app:${PASSWORD}@127.0.0.1:1/app`;
    await expectFailure(
      project,
      ['upgrade'],
      {
        code: 'ALUDEL_CONNECTION_FAILED',
        says: ['"127.0.0.1:1"', 'ECONNREFUSED'],
        hint: ['Start the server', '"url"'],
      },
      withUrl(url),
    );
  });

  it('without the database says how to create it', async () => {
    await expectFailure(
      project,
      ['current'],
      { code: 'ALUDEL_DATABASE_NOT_FOUND', says: ['"no_such_db"'], hint: ['CREATE DATABASE'] },
      withUrl(serverWith(dialect, { database: 'no_such_db' })),
    );
  });

  it('that refuses the user or its password names the user', async () => {
    const user = `aludel_${randomBytes(6).toString('hex')}`;
    // PostgreSQL's test server asks nobody for a password: there, the role is missing.
    const hasPasswords = dialect.family === 'mysql';
    const server = serverWith(dialect, {});
    if (hasPasswords) await executeSql(server, [`CREATE USER ${user}@'%' IDENTIFIED BY 'another one'`]);
    try {
      await expectFailure(
        project,
        ['upgrade'],
        { code: 'ALUDEL_AUTHENTICATION_FAILED', says: [`"${user}"`], hint: ['"url"'] },
        withUrl(serverWith(dialect, { user })),
      );
    } finally {
      if (hasPasswords) await executeSql(server, [`DROP USER ${user}@'%'`]);
    }
  });
});

describe('a driver that is not installed', () => {
  it.each(dialects)('is named for $name with the command that installs it', async (dialect) => {
    const bare = await createCliProject({ 'migrations/.keep': '', ...configFile('${DATABASE_URL}') }, 'copied');
    try {
      const url =
        dialect.name === 'sqlite' ? 'sqlite:./app.db' : `${SCHEMES[dialect.name]}://u:${PASSWORD}@localhost/a`;
      const driver = DRIVERS[dialect.name];
      await expectFailure(
        bare,
        ['current'],
        { code: 'ALUDEL_DRIVER_MISSING', says: [`"${driver}"`], hint: [`npm install ${driver}`] },
        withUrl(url),
      );
    } finally {
      await bare.remove();
    }
  });
});

describe('a SQLite file', () => {
  it('in a folder that does not exist gets the command that makes it', async () => {
    await expectFailure(
      project,
      ['upgrade'],
      { code: 'ALUDEL_CONNECTION_FAILED', says: [project.path('data/app.db')], hint: ['mkdir -p'] },
      withUrl('sqlite:./data/app.db'),
    );
  });

  it('that is no database stays as it is', async () => {
    const text = 'Dear diary, this is no database at all.\n'.repeat(100);
    await project.write({ 'diary.txt': text });
    await expectFailure(
      project,
      ['upgrade'],
      { code: 'ALUDEL_CONNECTION_FAILED', says: [project.path('diary.txt')], hint: ['"url"'] },
      withUrl('sqlite:./diary.txt'),
    );
    expect(await project.read('diary.txt')).toBe(text);
  });
});
