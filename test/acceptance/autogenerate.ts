/**
 * Runs a file of autogenerate cases (the form of `cases/autogenerate.json`): the database is made from plain SQL, the
 * models are compared with it, and the operations are those that Alembic answers.
 * Start: `npm run acceptance -- autogenerate FILE [--url URL]... [--only ID] [--results FILE]`. SQLite needs no URL; PostgreSQL
 * and MariaDB are taken from ALUDEL_TEST_POSTGRES_URL and ALUDEL_TEST_MARIADB_URL where none is given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { dialectOf } from '../../src/connect.js';
import type { Connection } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { leaveOutNamespace } from '../../src/schema/default-namespace.js';
import { type AutogenerateCase, type AutogenerateFile, ddlOf, modelOf } from './autogenerate-cases.js';
import { deviationOf } from './autogenerate-deviations.js';
import { describeExpected, describeFound } from './autogenerate-operations.js';
import { openPairServer, type PairServer } from './pairs-server.js';

export interface AutogenerateResult {
  readonly case: string;
  readonly title: string;
  readonly dialect: string;
  /** Whether no difference is due. */
  readonly isEmpty: boolean;
  readonly verdict: 'pass' | 'deviation' | 'fail' | 'left out';
  /** The rule of a deviation, or what went wrong. */
  readonly reason: string;
}

const USAGE = 'Usage: npm run acceptance -- autogenerate FILE [--url URL]... [--only ID] [--results FILE]\n';

export async function main(args: readonly string[]): Promise<number> {
  const [file, ...rest] = args;
  if (file === undefined || file.startsWith('-')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const valuesOf = (name: string): string[] => rest.filter((_, at) => rest[at - 1] === name);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as AutogenerateFile;
  const [only] = valuesOf('--only');
  const chosen = cases.filter(({ id }) => only === undefined || only.split(',').includes(id));
  const servers = await openServers(valuesOf('--url'));
  const results: AutogenerateResult[] = [];
  for (const one of chosen) results.push(await judge(one, servers.get(one.dialect)));
  for (const server of servers.values()) await server.close();
  const [resultsFile = 'results.json'] = valuesOf('--results');
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  return report(results, resultsFile);
}

async function openServers(urls: readonly string[]): Promise<Map<string, PairServer>> {
  const find = (scheme: string, variable: string): string | undefined =>
    urls.find((url) => url.startsWith(scheme)) ?? process.env[variable];
  const found = {
    sqlite: 'sqlite:',
    postgresql: find('postgres', 'ALUDEL_TEST_POSTGRES_URL'),
    mariadb: find('mariadb', 'ALUDEL_TEST_MARIADB_URL'),
  };
  const servers = new Map<string, PairServer>();
  for (const [dialect, url] of Object.entries(found)) {
    if (url !== undefined) servers.set(dialect, await openPairServer(url));
  }
  return servers;
}

async function judge(one: AutogenerateCase, server: PairServer | undefined): Promise<AutogenerateResult> {
  const { id, title, dialect, expected } = one;
  const result = (verdict: AutogenerateResult['verdict'], reason = ''): AutogenerateResult => ({
    case: id,
    title,
    dialect,
    isEmpty: expected.length === 0,
    verdict,
    reason,
  });
  if (server === undefined) return result('left out', `no URL of a ${dialect} server`);
  const database = await server.create();
  try {
    await database.load(ddlOf(one));
    const engine = createEngine(database.url);
    try {
      const found = await compareCase(one, await engine.connect());
      const wanted = describeExpected(expected, one);
      const differences = [
        ...subtract(wanted, found).map((line) => `- ${line}`),
        ...subtract(found, wanted).map((line) => `+ ${line}`),
      ];
      if (differences.length === 0) return result('pass');
      const rule = deviationOf(one, differences);
      return rule === undefined ? result('fail', differences.join('; ')) : result('deviation', rule);
    } finally {
      await engine.dispose();
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const rule = deviationOf(one, [reason]);
    return rule === undefined ? result('fail', reason) : result('deviation', rule);
  } finally {
    await database.drop();
  }
}

async function compareCase(one: AutogenerateCase, connection: Connection): Promise<string[]> {
  const dialect = await dialectOf(connection);
  const home = await dialect.defaultNamespace(connection);
  const wanted = dialect.normalise(leaveOutNamespace(modelOf(one), home), connection.server);
  const namespaces = one.options.includeSchemas === true ? ('all' as const) : wanted.namespaces;
  const live = await dialect.reflect(connection, { namespaces, ignoredTables: ['alembic_version', 'aludel_version'] });
  const canonical = await dialect.canonicalise(connection, wanted, live);
  const kept = [...new Set([...canonical.namespaces, ...live.namespaces])].sort();
  return describeFound(compareSchemas(live, { ...canonical, namespaces: kept }, dialect.capabilities));
}

/** What is in `all` more often than in `taken`. */
function subtract(all: readonly string[], taken: readonly string[]): string[] {
  const left = [...taken];
  return all.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** All cases without a difference, and 95 % of the others; a deviation by rule is as good as an answer for the former. */
function report(results: readonly AutogenerateResult[], file: string): number {
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  for (const { case: id, verdict, reason, title, dialect } of results) {
    if (verdict === 'fail') print(`FAIL ${id} (${dialect}, ${title})\n  ${reason}`);
    if (verdict === 'left out') print(`left out ${id}: ${reason}`);
  }
  const rules = new Map<string, string[]>();
  for (const { verdict, reason, case: id } of results) {
    if (verdict === 'deviation') rules.set(reason, [...(rules.get(reason) ?? []), id]);
  }
  for (const [rule, ids] of rules) print(`deviation ${rule}: ${ids.join(', ')}`);
  let isGood = results.length > 0;
  for (const isEmpty of [true, false]) {
    const own = results.filter((one) => one.isEmpty === isEmpty && one.verdict !== 'left out');
    const count = (verdict: AutogenerateResult['verdict']): number =>
      own.filter((one) => one.verdict === verdict).length;
    const [passed, deviations] = [count('pass'), count('deviation')];
    const answered = passed + deviations;
    isGood &&= isEmpty ? count('fail') === 0 : answered >= own.length * 0.95;
    print(
      `${isEmpty ? 'no difference' : 'differences'}: ${passed} of ${own.length} as Alembic, ${deviations} by rule, ${count('fail')} failed`,
    );
  }
  print(`results in ${file}`);
  return isGood ? 0 : 1;
}
