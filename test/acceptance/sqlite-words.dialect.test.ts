import { afterAll, describe, expect, it } from 'vitest';
import { dialects } from '../support/databases.js';
import { openRevisionFiles } from './pairs-files.js';
import { judgePair } from './pairs-judge.js';
import { openPairServer } from './pairs-server.js';

const table = (columns: string): string => `CREATE TABLE t (id INTEGER PRIMARY KEY, ${columns})`;

/** Only SQLite keeps the words of a table: a database that is compared with another one gets the words of that. */
const PAIRS: readonly (readonly [name: string, from: string, to: string])[] = [
  ['a check on its column', table('a INT CHECK (a > 0)'), table('a INT CHECK (a > 1)')],
  [
    'a check with a name',
    table('a INT CONSTRAINT c CHECK (a > 0), b INT'),
    table('a INT CONSTRAINT c CHECK (a > 1), b INT'),
  ],
  [
    'checks of two columns',
    table('a INT CHECK (a > 0), b INT CHECK (b > 0)'),
    table('a INT CHECK (a > 1), b INT CHECK (b > 1)'),
  ],
  ['a check that comes', table('a INT'), table('a INT, b INT DEFAULT 1 CHECK (b > 0)')],
  ['a check that goes with its column', table('a INT, b INT CHECK (b > 0)'), table('a INT')],
  [
    'the target of a foreign key',
    `CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE q (x INTEGER PRIMARY KEY); ${table('p INT REFERENCES p (x)')}`,
    `CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE q (x INTEGER PRIMARY KEY); ${table('p INT REFERENCES q (x)')}`,
  ],
  ['the name of a default', table("a TEXT CONSTRAINT y DEFAULT 'z'"), table("a TEXT CONSTRAINT y DEFAULT 'w'")],
  [
    'brackets around a default',
    table('a INT DEFAULT (5), b TEXT DEFAULT (1 + 1)'),
    table('a INT DEFAULT (6), b TEXT DEFAULT CURRENT_DATE'),
  ],
  [
    'a short generated column',
    table('a INT, b AS (a + 1), c INT AS (a) STORED UNIQUE'),
    table('a INT, b AS (a - 1), c INT AS (a * 2) STORED UNIQUE'),
  ],
  [
    'a key that becomes the row id',
    'CREATE TABLE t (id INT PRIMARY KEY, a TEXT)',
    'CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)',
  ],
  [
    'a key that loses its row id',
    'CREATE TABLE t (id TEXT PRIMARY KEY)',
    'CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT ROWID',
  ],
];

describe.each(dialects.filter(({ name }) => name === 'sqlite'))('the words of a table on $name', () => {
  const [server, files] = [openPairServer('sqlite:'), openRevisionFiles()];
  afterAll(async () => {
    await (await server).close();
    await (await files).close();
  });

  it.each(PAIRS)('change as they are said: %s', async (id, old, wanted) => {
    const pair = { id, tier: 'core', area: 'words', old, new: wanted };
    const { verdict, reason } = await judgePair(pair, await server, await files);
    expect({ verdict, reason }).toEqual({ verdict: 'pass', reason: '' });
  });
});
