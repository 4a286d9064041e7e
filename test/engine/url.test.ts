import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AludelError } from '../../src/errors.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { parseDatabaseUrl } from '../../src/engine/url.js';
import { maskUrl } from '../../src/util/mask-url.js';

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:./app.db', './app.db'],
    ['sqlite:app.db', 'app.db'],
    ['sqlite:/abs/app.db', '/abs/app.db'],
    ['sqlite:///abs/app.db', '/abs/app.db'],
    ['sqlite:my 100% folder/app.db', 'my 100% folder/app.db'],
    ['sqlite::memory:', ':memory:'],
  ])('reads %s', (url, file) => {
    expect(parseDatabaseUrl(url)).toEqual({ dialect: 'sqlite', file });
  });

  it('reads every part of a server URL and decodes it', () => {
    expect(parseDatabaseUrl('postgresql://app%40x:p%40ss%2F@db.example:6543/my%20app?sslmode=require')).toEqual({
      dialect: 'postgres',
      host: 'db.example',
      port: 6543,
      user: 'app@x',
      password: 'p@ss/',
      database: 'my app',
      options: { sslmode: 'require' },
    });
  });

  it.each([
    ['postgres://localhost', 'postgres', 5432],
    ['postgresql:///app', 'postgres', 5432],
    ['mysql://localhost/app', 'mysql', 3306],
    ['mariadb://localhost/app', 'mariadb', 3306],
    ['MySQL://localhost/app', 'mysql', 3306],
  ])('fills in the port of %s', (url, dialect, port) => {
    expect(parseDatabaseUrl(url)).toMatchObject({ dialect, port });
  });

  it('takes the brackets off an IPv6 host', () => {
    expect(parseDatabaseUrl('mysql://root@[::1]:3307/')).toMatchObject({
      host: '::1',
      port: 3307,
      database: undefined,
    });
  });

  it.each([
    '',
    './app.db',
    'sqlite:',
    'sqlite://app.db',
    'sqlite:app.db?mode=ro',
    'mongodb://app:hunter2@localhost/app',
    'postgres:app:hunter2@localhost',
    'postgresql://app:hunter2',
    'postgresql://app:hunter2#x@localhost/app',
    'postgresql://app:hunter2@localhost:port/app',
    'postgresql://app:hunter2%zz@localhost/app',
    'mysql://app:hunter2@localhost/app/more',
  ])('refuses %j with an example and without the password', (url) => {
    let error: unknown;
    try {
      createEngine(url);
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof AludelError)) {
      throw new Error('not an AludelError');
    }
    expect(error.code).toBe('ALUDEL_URL_INVALID');
    expect(error.hint).toMatch(/sqlite:|:\/\/user:password@/);
    expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toContain('hunter2');
  });

  it('says so when the environment variable behind the URL is not set', () => {
    expect(() => createEngine(process.env['ALUDEL_NO_SUCH_VARIABLE'] as string)).toThrow(
      'The database URL is undefined',
    );
  });
});

it('leaves no password in an engine that is printed', () => {
  const engine = createEngine('postgresql://app:hunter2@localhost/app');
  expect(engine.url).toBe('postgresql://app:***@localhost/app');
  expect(inspect(engine, { depth: 9, showHidden: true })).not.toContain('hunter2');
});

describe('maskUrl', () => {
  it.each([
    ['postgresql://app:hunter2@localhost:5432/app', 'postgresql://app:***@localhost:5432/app'],
    ['mysql://app:hunter2@localhost', 'mysql://app:***@localhost'],
    ['postgresql://app@server:hunter2@host/db', 'postgresql://app@server:***@host/db'],
    ['postgresql://app:@localhost/app', 'postgresql://app:***@localhost/app'],
    ['postgresql://:hunter2@localhost/app', 'postgresql://:***@localhost/app'],
    ['postgresql://localhost/app?user=a&password=hunter2&x=1', 'postgresql://localhost/app?user=a&password=***&x=1'],
    ['postgresql://app@localhost:5432/app', 'postgresql://app@localhost:5432/app'],
    ['sqlite:./app.db', 'sqlite:./app.db'],
    ['sqlite::memory:', 'sqlite::memory:'],
  ])('shows %s as %s', (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });

  it.each(['hun@ter2', 'hun/ter2', '12/ter2', 'hun#ter2', 'hun?ter2', 'a@12/ter2', ':ter2', 'hun ter2', '%ter2'])(
    'hides a password that should have been encoded: %s',
    (password) => {
      expect(maskUrl(`postgresql://app:${password}@localhost/app`)).toBe('postgresql://app:***@localhost/app');
    },
  );

  it('hides a password behind which the host was forgotten', () => {
    expect(maskUrl('postgresql://app:hunter2')).toBe('postgresql://app:***');
    expect(maskUrl('postgresql://app:hunter2/app')).toBe('postgresql://app:***/app');
  });
});
