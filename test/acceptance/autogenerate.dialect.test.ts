import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { dialects, serverUrl } from '../support/databases.js';
import { type CaseDialect, readCases } from './autogenerate-cases.js';
import { judge } from './autogenerate-judge.js';
import { openPairServer } from './pairs-server.js';

const file = fileURLToPath(new URL('../../fixtures/autogenerate/cases.json', import.meta.url));
const { cases } = readCases(readFileSync(file, 'utf8'));

// Alembic answered on MariaDB, not on MySQL.
const NAMES = { sqlite: 'sqlite', postgres: 'postgresql', mariadb: 'mariadb' } as const satisfies Record<
  string,
  CaseDialect
>;

describe.each(dialects.flatMap(({ name }) => (name === 'mysql' ? [] : [name])))('Alembic on %s', (name) => {
  const server = openPairServer(name === 'sqlite' ? 'sqlite:' : serverUrl(name));
  afterAll(async () => (await server).close());

  it.each(cases.filter(({ dialect }) => dialect === NAMES[name]))(
    'answers as Aludel does, or otherwise by a rule: $title',
    async (one) => {
      const { verdict, reason } = await judge(one, await server);
      expect({ verdict, reason }).toEqual(
        one.rule === undefined ? { verdict: 'pass', reason: '' } : { verdict: 'deviation', reason: one.rule },
      );
    },
  );
});
