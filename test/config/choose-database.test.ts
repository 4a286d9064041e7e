import { describe, expect, it } from 'vitest';
import { chooseDatabase, listDatabaseNames } from '../../src/config/choose-database.js';
import type { Config } from '../../src/config/config.js';
import { validateConfig } from '../../src/config/validate-config.js';
import { AludelError } from '../../src/errors.js';
import { EMPTY_CONTEXT, type RunContext } from '../../src/util/run-context.js';

const FILE = '/app/migrate.config.ts';
const choose = (config: Config, context: Partial<RunContext> = {}, isFunction = false): unknown =>
  chooseDatabase({ file: FILE, config: validateConfig(FILE, config), isFunction }, { ...EMPTY_CONTEXT, ...context });

function failureOf(run: () => unknown): Pick<AludelError, 'code' | 'message'> {
  try {
    run();
  } catch (error) {
    if (error instanceof AludelError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('chooseDatabase', () => {
  it('lays the stronger over the weaker: config, environment, database, database in the environment', () => {
    const config: Config = {
      url: 'sqlite:1',
      versionTable: 'v1',
      lockTimeout: 1,
      echo: true,
      databases: { main: { lockTimeout: 3, timezone: 'Europe/Berlin' } },
      environments: {
        live: { versionTable: 'v2', lockTimeout: 2, echo: false, databases: { main: { timezone: 'Asia/Tokyo' } } },
      },
    };
    expect(choose(config, { env: 'live' })).toEqual({
      name: 'main',
      config: { url: 'sqlite:1', versionTable: 'v2', lockTimeout: 3, echo: false, timezone: 'Asia/Tokyo' },
      otherOwnTables: [],
    });
    expect(choose(config)).toMatchObject({ config: { versionTable: 'v1', echo: true, timezone: 'Europe/Berlin' } });
  });

  it('needs no name where there is one database, or none', () => {
    expect(choose({ databases: { only: {} } })).toMatchObject({ name: 'only' });
    expect(choose({ url: 'sqlite:1' })).toMatchObject({ name: null, config: { url: 'sqlite:1' } });
  });

  it('gives the tables that the other databases keep, for they may lie in this one', () => {
    const databases = { a: { versionTable: 'va' }, b: { versionTable: 'vb', logTable: 'lb' } };
    expect(choose({ databases }, { name: 'a' })).toMatchObject({ otherOwnTables: ['lb', 'vb'] });
  });

  it('takes the databases of an environment where the config has none', () => {
    const config: Config = { environments: { live: { databases: { eu: { url: 'sqlite:eu' }, us: {} } } } };
    expect(choose(config, { env: 'live', name: 'eu' })).toMatchObject({ config: { url: 'sqlite:eu' } });
    expect(choose(config)).toMatchObject({ name: null });
  });

  it('lets a function answer to names itself, unless it gives sections', () => {
    expect(choose({ echo: true }, { name: 'x', env: 'y' }, true)).toMatchObject({ name: 'x', config: { echo: true } });
    const sections: Config = { environments: { live: {} } };
    expect(failureOf(() => choose(sections, { env: 'y' }, true)).code).toBe('ALUDEL_USAGE');
  });

  it('lists the names in the order of the config', () => {
    const loaded = { file: FILE, config: { databases: { z: {}, a: {} } }, isFunction: false };
    expect(listDatabaseNames(loaded, EMPTY_CONTEXT)).toEqual(['z', 'a']);
  });
});

describe('chooseDatabase refuses', () => {
  const cases: readonly (readonly [string, Config, Partial<RunContext>, string, string])[] = [
    ['no name', { databases: { a: {}, b: {} } }, {}, 'ALUDEL_USAGE', `"${FILE}" has several databases: "a", "b".`],
    ['an unknown name', { databases: { a: {} } }, { name: 'x' }, 'ALUDEL_USAGE', 'There is no database "x" (-n).'],
    [
      'a name of the prototype',
      { databases: { a: {} } },
      { name: 'toString' },
      'ALUDEL_USAGE',
      'There is no database "toString" (-n).',
    ],
    [
      'a name without databases',
      {},
      { name: 'x' },
      'ALUDEL_USAGE',
      `"${FILE}" has no "databases", so none is called "x".`,
    ],
    ['an unknown environment', {}, { env: 'x' }, 'ALUDEL_USAGE', 'There is no environment "x" (-e or ALUDEL_ENV).'],
    [
      'a database that only the environment knows',
      { databases: { a: {} }, environments: { live: { databases: { b: {} } } } },
      { env: 'live' },
      'ALUDEL_CONFIG_INVALID',
      `Config file "${FILE}": "environments.live.databases.b" is none of "databases".`,
    ],
    [
      'two histories in one version table',
      { url: 'sqlite:x', databases: { a: { migrations: 'a' }, b: { migrations: 'b' } } },
      { name: 'a' },
      'ALUDEL_CONFIG_INVALID',
      `Config file "${FILE}": the databases "a" and "b" have the same "url" and "versionTable", but other "migrations".`,
    ],
    [
      'what the parts contradict each other in',
      { versionTable: 'x', databases: { a: { logTable: 'x' } } },
      {},
      'ALUDEL_CONFIG_INVALID',
      `Config file "${FILE}": "versionTable" and "logTable" are both "x".`,
    ],
  ];
  it.each(cases)('%s', (_what, config, context, code, message) => {
    expect(failureOf(() => choose(config, context))).toEqual({ code, message });
  });

  it.each([
    [
      { databases: {} },
      '"databases" must be an object with a name and an object of keys for each database, found an object',
    ],
    [
      { databases: { 1: {} } },
      '"databases" must be an object with a name and an object of keys for each database, found an object',
    ],
    [{ databases: { a: { echo: 1 } } }, '"databases.a.echo" must be true or false, found the number 1'],
    [{ databases: { a: { modles: '' } } }, 'unknown key "databases.a.modles"; the nearest known key is "models"'],
    [{ databases: { a: { databases: { b: {} } } } }, '"databases.a.databases" is one level too deep'],
    [{ databases: { a: 'sqlite:x' } }, '"databases.a" must be an object of keys, found the text "sqlite:x"'],
    [
      { environments: { e: { databases: { a: { url: 3 } } } } },
      '"environments.e.databases.a.url" must be text, or a function that returns text, found the number 3',
    ],
  ])('a section that holds something else: %j', (config, problem) => {
    expect(failureOf(() => validateConfig(FILE, config)).message).toBe(`Config file "${FILE}": ${problem}.`);
  });
});
