import { describe, expect, test } from 'vitest';
import { fileNameFor, newRevisionId, slugOf } from '../../src/revisions/file-name.js';
import { isRevisionFileName } from '../../src/revisions/script-folder.js';
import { catchError } from './catch-error.js';

const fields = { id: '3f2a9c1b7d04', message: 'Add users', date: new Date('2026-11-21T23:05:09Z') };

describe('fileNameFor', () => {
  test.each([
    ['{rev}_{slug}', '3f2a9c1b7d04_add_users.ts'],
    ['{year}{month}{day}_{hour}{minute}{second}_{slug}', '20261121_230509_add_users.ts'],
    ['{year}/{month}/{rev}', '2026/11/3f2a9c1b7d04.ts'],
    ['__{rev}', '3f2a9c1b7d04.ts'],
  ])('fills "%s"', (template, expected) => {
    expect(fileNameFor(template, fields)).toBe(expected);
  });

  test('uses the named time zone', () => {
    const name = fileNameFor('{year}-{month}-{day}_{hour}_{rev}', { ...fields, timeZone: 'Asia/Tokyo' });
    expect(name).toBe('2026-11-22_08_3f2a9c1b7d04.ts');
  });

  test.each(['{rev}_{slug}', '{slug}_{rev}', '{slug}', '{year}_{slug}_{rev}'])(
    'gives "%s" a name that the folder reads when there is no message',
    (template) => {
      const name = fileNameFor(template, { ...fields, message: null, extension: '.mjs' });
      expect(name).toMatch(/^(2026_)?3f2a9c1b7d04\.mjs$/u);
      expect(isRevisionFileName(name)).toBe(true);
    },
  );

  test('refuses an unknown token, a template that names nothing and an unknown time zone', () => {
    expect(catchError(() => fileNameFor('{rev}_{epoch}', fields))).toMatchObject({
      code: 'ALUDEL_CONFIG_INVALID',
      message: 'The file name template "{rev}_{epoch}" holds the unknown token {epoch}.',
    });
    expect(catchError(() => fileNameFor('{year}', fields)).code).toBe('ALUDEL_CONFIG_INVALID');
    expect(catchError(() => fileNameFor('{rev}', { ...fields, timeZone: 'Mars/Base' })).message).toBe(
      'There is no time zone "Mars/Base".',
    );
  });
});

describe('slugOf', () => {
  test.each([
    ['Add users', 40, 'add_users'],
    ['Add   "users"; drop/old\\things..', 40, 'add_users_drop_old_things'],
    ['Größe ändern', 40, 'größe_ändern'],
    ['one two three', 10, 'one_two'],
    ['one two three', 7, 'one_two'],
    ['internationalization', 8, 'internat'],
    ['../..', 40, ''],
  ])('turns %j cut at %i into "%s"', (message, limit, expected) => {
    expect(slugOf(message, limit)).toBe(expected);
  });
});

describe('newRevisionId', () => {
  test('gives twelve hexadecimal characters, another set each time', () => {
    expect(newRevisionId()).toMatch(/^[0-9a-f]{12}$/u);
    expect(newRevisionId()).not.toBe(newRevisionId());
  });
});
