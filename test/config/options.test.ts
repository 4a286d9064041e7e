import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { defineConfig } from '../../src/config/config.js';
import type { Config } from '../../src/config/config.js';
import { CONFIG_OPTIONS } from '../../src/config/options.js';
import { renderExampleConfig } from './render-example-config.js';
import { validateConfig } from '../../src/config/validate-config.js';
import { AludelError } from '../../src/errors.js';

const root = join(import.meta.dirname, '../..');

function problemsOf(config: unknown): unknown {
  try {
    validateConfig('/app/migrate.config.ts', config);
    return [];
  } catch (error) {
    if (!(error instanceof AludelError) || error.code !== 'ALUDEL_CONFIG_INVALID') throw error;
    return error.details['problems'];
  }
}

describe('validateConfig', () => {
  it('accepts every default', () => {
    const defaults = Object.fromEntries(Object.entries(CONFIG_OPTIONS).map(([key, option]) => [key, option.default]));
    expect(problemsOf(defaults)).toEqual([]);
  });

  it('accepts a key that is undefined', () => {
    expect(problemsOf({ echo: undefined })).toEqual([]);
  });

  const wrong: readonly [key: string, value: unknown, found: string][] = [
    ['url', ['postgresql://app:secret@localhost/app'], 'a list'],
    ['url', '', 'empty text'],
    ['models', [], 'an empty list'],
    ['models', ['a.ts', 3], 'a list that holds the number 3'],
    ['migrations', true, 'the boolean true'],
    ['versionTable', null, 'null'],
    ['logTable', {}, 'an object'],
    ['versionTableNamespace', 1, 'the number 1'],
    ['lockTimeout', '5s', 'the text "5s"'],
    ['lockTimeout', -1, 'the number -1'],
    ['include', 'users', 'the text "users"'],
    ['statementTimeout', 0, 'the number 0'],
    ['transaction', 'each', 'the text "each"'],
    ['compareType', 'no', 'the text "no"'],
    ['compareServerDefault', 1, 'the number 1'],
    ['renderItem', {}, 'an object'],
    ['processRevisionDirectives', {}, 'an object'],
    ['onVersionApply', true, 'the boolean true'],
    ['postWrite', ['gofmt'], 'a list'],
    ['postWrite', [{ command: 'x', shell: true }], 'a list that holds an object'],
    ['plugins', [3], 'a list that holds the number 3'],
    ['exclude', [''], 'a list that holds empty text'],
    ['namespaces', () => [], 'a function'],
    ['fileTemplate', '{slug}', 'the text "{slug}"'],
    ['fileTemplate', '{rev}_{name}', 'the text "{rev}_{name}"'],
    ['fileTemplate', '../{rev}', 'the text "../{rev}"'],
    ['recursive', 'yes', 'the text "yes"'],
    ['revisionIds', 'uuid', 'the text "uuid"'],
    ['timezone', 'Mars/Olympus', 'the text "Mars/Olympus"'],
    ['truncateSlugLength', 0, 'the number 0'],
    ['echo', 1, 'the number 1'],
  ];
  it.each(wrong)('refuses "%s" that is %j', (key, value, found) => {
    const { expected } = CONFIG_OPTIONS[key as keyof Config];
    expect(problemsOf({ [key]: value })).toEqual([`"${key}" must be ${expected}, found ${found}`]);
  });

  it('names the nearest known key for an unknown one, and none where none is near', () => {
    expect(problemsOf({ migration: './db', addons: [] })).toEqual([
      'unknown key "migration"; the nearest known key is "migrations"',
      'unknown key "addons"',
    ]);
  });

  it('does not take a property of every object for a key', () => {
    expect(problemsOf({ constructor: 1 })).toEqual(['unknown key "constructor"']);
  });

  it('refuses one name for both tables, also where one is the default', () => {
    expect(problemsOf({ logTable: 'aludel_version' })).toEqual([
      '"versionTable" and "logTable" are both "aludel_version"',
    ]);
  });

  it('takes folders in the file name only where they are read', () => {
    expect(problemsOf({ fileTemplate: '{year}/{rev}', recursive: true })).toEqual([]);
    expect(problemsOf({ fileTemplate: '{year}/{rev}' })).toEqual([
      '"fileTemplate" holds a folder, which nothing finds unless "recursive" is true',
    ]);
  });

  it.each([
    [null, 'null'],
    [[], 'an empty list'],
    ['x', 'the text "x"'],
  ])('refuses a config that is %j', (config, found) => {
    expect(problemsOf(config)).toEqual([`the config must be an object, found ${found}`]);
  });

  it('says all problems in one message, with the keys as a hint', () => {
    const call = (): unknown => validateConfig('/app/migrate.config.ts', { echo: 1, modles: './x' });
    expect(call).toThrow(
      expect.objectContaining({
        message:
          'Config file "/app/migrate.config.ts":\n' +
          '  - "echo" must be true or false, found the number 1\n' +
          '  - unknown key "modles"; the nearest known key is "models"',
        hint: `Correct the file. The keys are: ${Object.keys(CONFIG_OPTIONS).join(', ')}.`,
      }),
    );
  });
});

describe('defineConfig', () => {
  it('gives back what it is given, also values that may be undefined', () => {
    const config: Config = { url: process.env['ALUDEL_NO_SUCH_VARIABLE'], models: () => import('./options.test.js') };
    expect(defineConfig(config)).toBe(config);
  });

  it('does not compile with an unknown key or a value of the wrong kind', () => {
    // @ts-expect-error: no such key
    defineConfig({ modles: './x' });
    // @ts-expect-error: a number of milliseconds
    expect(defineConfig({ lockTimeout: '5s' })).toEqual({ lockTimeout: '5s' });
  });
});

describe('the documentation of the keys', () => {
  it('is the same in the type as in the option table', async () => {
    const file = await readFile(join(root, 'src/config/config.ts'), 'utf8');
    const [, source = ''] = /^export interface Config \{(.*?)^\}/ms.exec(file) ?? [];
    const comments = [...source.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s+readonly (\w+)\?/gs)].map(([, text, key]) => {
      const lines = (text ?? '').split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
      return [key, lines.filter((line) => line !== '')];
    });
    expect(comments).toEqual(Object.entries(CONFIG_OPTIONS).map(([key, option]) => [key, option.doc]));
  });

  it('is the same in migrate.config.example.ts', async () => {
    await expect(renderExampleConfig()).toMatchFileSnapshot(join(root, 'migrate.config.example.ts'));
  });
});
