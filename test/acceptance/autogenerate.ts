/**
 * Runs a file of autogenerate cases (the form of `cases/autogenerate.json`): the database is made from plain SQL, the
 * models are compared with it, and the operations are those that Alembic answers, whatever their order.
 * Start: `npm run acceptance -- autogenerate FILE [--url URL]... [--only ID] [--results FILE]`. SQLite needs no URL; PostgreSQL
 * and MariaDB are taken from ALUDEL_TEST_POSTGRES_URL and ALUDEL_TEST_MARIADB_URL where none is given.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type AutogenerateCase, type CaseDialect, readCases } from './autogenerate-cases.js';
import { caseOf } from './autogenerate-comparisons.js';
import { type AutogenerateResult, judge } from './autogenerate-judge.js';
import { openPairServer, type PairServer } from './pairs-server.js';

const USAGE = 'Usage: npm run acceptance -- autogenerate FILE [--url URL]... [--only ID] [--results FILE]\n';

export async function main(args: readonly string[]): Promise<number> {
  const [file, ...rest] = args;
  if (file === undefined || file.startsWith('-')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const valuesOf = (name: string): string[] => rest.filter((_, at) => rest[at - 1] === name);
  const { cases, comparisons = [] } = readCases(readFileSync(file, 'utf8'));
  const [only] = valuesOf('--only');
  const isChosen = ({ id }: AutogenerateCase): boolean => only === undefined || only.split(',').includes(id);
  const groups = [
    { name: '', cases: cases.filter(isChosen) },
    { name: 'single types and defaults, ', cases: comparisons.map(caseOf).filter(isChosen) },
  ];
  const servers = await openServers(valuesOf('--url'));
  const results: AutogenerateResult[] = [];
  let isGood = groups.some((group) => group.cases.length > 0);
  try {
    for (const group of groups) {
      const judged: AutogenerateResult[] = [];
      for (const one of group.cases) judged.push(await judge(one, servers.get(one.dialect)));
      if (judged.length > 0) isGood = report(judged, group.name) && isGood;
      results.push(...judged);
    }
  } finally {
    for (const server of servers.values()) await server.close();
  }
  const [resultsFile = 'results.json'] = valuesOf('--results');
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`results in ${resultsFile}\n`);
  return isGood ? 0 : 1;
}

/** The server of each database that a URL is known of. */
export async function openServers(urls: readonly string[]): Promise<ReadonlyMap<CaseDialect, PairServer>> {
  const find = (scheme: string, variable: string): string | undefined =>
    urls.find((url) => url.startsWith(scheme)) ?? process.env[variable];
  const found = {
    sqlite: 'sqlite:',
    postgresql: find('postgres', 'ALUDEL_TEST_POSTGRES_URL'),
    mariadb: find('mariadb', 'ALUDEL_TEST_MARIADB_URL'),
  };
  const servers = new Map<CaseDialect, PairServer>();
  for (const [dialect, url] of Object.entries(found)) {
    if (url !== undefined) servers.set(dialect as CaseDialect, await openPairServer(url));
  }
  return servers;
}

/**
 * All cases without a difference, of which those that Aludel answers otherwise by a listed rule are as good as answered, and 95 %
 * of the others as Alembic, whatever the rules say. What a case does not hold counts for neither.
 */
function report(results: readonly AutogenerateResult[], group: string): boolean {
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  const rules = new Map<string, string[]>();
  for (const { verdict, reason, case: id, title, dialect } of results) {
    if (verdict === 'fail') print(`FAIL ${id} (${dialect}, ${title})\n  ${reason}`);
    if (verdict !== 'pass' && verdict !== 'fail') {
      const rule = `${verdict} ${reason}`;
      rules.set(rule, [...(rules.get(rule) ?? []), id]);
    }
  }
  for (const [rule, ids] of rules) print(`${rule}: ${ids.join(', ')}`);
  let isGood = true;
  for (const isEmpty of [true, false]) {
    const own = results.filter((one) => one.isEmpty === isEmpty && one.verdict !== 'left out');
    const count = (verdict: AutogenerateResult['verdict']): number =>
      own.filter((one) => one.verdict === verdict).length;
    const answered = own.length - count('not recorded');
    isGood &&= isEmpty ? count('fail') === 0 : count('pass') >= answered * 0.95;
    const others = [
      `${count('deviation')} otherwise by rule`,
      `${count('not recorded')} not answerable`,
      `${count('fail')} failed`,
    ];
    const name = isEmpty ? 'no difference' : 'differences';
    print(`${group}${name}: ${count('pass')} of ${own.length} as Alembic, ${others.join(', ')}`);
  }
  return isGood;
}
