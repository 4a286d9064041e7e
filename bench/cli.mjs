/**
 * `npm run bench`: how long the command takes, against the least that Node and the driver need for the same.
 * Whole processes are timed, by turns, so that what else the machine does meets all of them; only the ratios mean something.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildIfNeeded } from '../scripts/demo-project.mjs';

const root = join(import.meta.dirname, '..');
const aludel = [join(root, 'bin/aludel.js')];
const [ROUNDS, UPGRADE_ROUNDS, MANY] = [15, 5, 1000];
/** How many revisions a project has that does nothing. */
const HISTORIES = [1000, 5000, 10_000];

/** What a project that uses better-sqlite3 alone would do: a table and a row of the version in each transaction. */
const RAW = `
import Database from 'better-sqlite3';
const db = new Database('app.db');
db.exec('CREATE TABLE version (id TEXT PRIMARY KEY)');
for (let i = 0; i < ${MANY}; i += 1) {
  db.exec('BEGIN IMMEDIATE');
  db.exec(\`CREATE TABLE t\${i} (id INTEGER NOT NULL, name VARCHAR(100), CONSTRAINT pk_t\${i} PRIMARY KEY (id))\`);
  db.exec(i === 0 ? "INSERT INTO version VALUES ('0')" : \`UPDATE version SET id = '\${i}' WHERE id = '\${i - 1}'\`);
  db.exec('COMMIT');
}
`;

buildIfNeeded();
const folder = mkdtempSync(join(tmpdir(), 'aludel-bench-'));
try {
  run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run() {
  const one = makeProject('one', { revisions: 1 });
  const histories = HISTORIES.map((revisions) => makeProject(`history-${revisions}`, { revisions, isForked: true }));
  const [scripts, modules, raw] = [
    makeProject('typescript', { revisions: MANY }),
    makeProject('javascript', { revisions: MANY, language: 'mjs' }),
    makeProject('raw', { revisions: 0 }),
  ];
  writeFileSync(join(raw, 'raw.mjs'), RAW);
  time(one, [...aludel, 'upgrade', 'head']);
  for (const project of histories) time(project, [...aludel, 'stamp', 'head']);
  const largest = histories.at(-1) ?? one;
  const most = HISTORIES.at(-1) ?? 0;
  const small = compare(ROUNDS, {
    'node -e 0': () => time(one, ['-e', '0']),
    'aludel --version': () => time(one, [...aludel, '--version']),
    'aludel upgrade head, 1 revision, nothing to do': () => time(one, [...aludel, 'upgrade', 'head']),
    ...Object.fromEntries(
      histories.map((project, i) => [
        `aludel upgrade head, ${HISTORIES[i]} revisions, nothing to do`,
        () => time(project, [...aludel, 'upgrade', 'head']),
      ]),
    ),
    ...Object.fromEntries(
      ['heads', 'history', 'current'].map((verb) => [
        `aludel ${verb}, ${most} revisions`,
        () => time(largest, [...aludel, verb]),
      ]),
    ),
  });
  print(`Medians of ${ROUNDS}, as multiples of the first`, small);
  const fresh = (/** @type {string} */ project, /** @type {string[]} */ args) => {
    rmSync(join(project, 'app.db'), { force: true });
    return time(project, args);
  };
  const upgrades = compare(UPGRADE_ROUNDS, {
    [`better-sqlite3, ${MANY} tables, a transaction each`]: () => fresh(raw, ['raw.mjs']),
    [`aludel upgrade head, ${MANY} revisions in JavaScript`]: () => fresh(modules, [...aludel, 'upgrade', 'head']),
    [`aludel upgrade head, ${MANY} revisions in TypeScript`]: () => fresh(scripts, [...aludel, 'upgrade', 'head']),
  });
  print(`Medians of ${UPGRADE_ROUNDS}, as multiples of the first`, upgrades);
}

/**
 * Makes a project with so many revisions of one table each, on SQLite. A forked history has two branches in every four.
 * @param {string} name
 * @param {{ revisions: number, isForked?: boolean, language?: 'ts' | 'mjs' }} options
 */
function makeProject(name, { revisions, isForked = false, language = 'ts' }) {
  const project = join(folder, name);
  mkdirSync(join(project, 'migrations'), { recursive: true });
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/aludel'), 'junction');
  symlinkSync(join(root, 'node_modules/better-sqlite3'), join(project, 'node_modules/better-sqlite3'), 'junction');
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(project, 'migrate.config.ts'),
    "import { defineConfig } from 'aludel';\n\nexport default defineConfig({ url: 'sqlite:./app.db' });\n",
  );
  for (let i = 0; i < revisions; i += 1) {
    const down = isForked ? forkedParents(i) : i === 0 ? [] : [i - 1];
    writeFileSync(join(project, 'migrations', `${idOf(i)}_table.${language}`), revisionText(i, down, language));
  }
  return project;
}

/**
 * Of four revisions the second and the third come behind the first, and the fourth joins them.
 * @param {number} i
 */
function forkedParents(i) {
  if (i === 0) return [];
  return { 0: [i - 1], 1: [i - 1], 2: [i - 2], 3: [i - 2, i - 1] }[i % 4] ?? [];
}

/**
 * @param {number} i
 * @param {readonly number[]} down
 * @param {'ts' | 'mjs'} language
 */
function revisionText(i, down, language) {
  const [type, of, nothing] = language === 'ts' ? [', type Operations', ': Operations', ': void'] : ['', '', ''];
  const ids = down.map((parent) => `'${idOf(parent)}'`);
  return `import { column, integer, primaryKey, varchar${type} } from 'aludel';

export const revision = '${idOf(i)}';
export const downRevision = ${ids.length > 1 ? `[${ids.join(', ')}]` : (ids[0] ?? 'null')};

export function upgrade(op${of})${nothing} {
  op.createTable('t${i}', [
    column('id', integer(), { nullable: false }),
    column('name', varchar(100)),
    primaryKey(['id'], { name: 'pk_t${i}' }),
  ]);
}

export function downgrade(op${of})${nothing} {
  op.dropTable('t${i}');
}
`;
}

/** @param {number} i */
function idOf(i) {
  return String(i).padStart(12, '0');
}

/**
 * Milliseconds of one process.
 * @param {string} cwd
 * @param {string[]} args
 */
function time(cwd, args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`${dirname(cwd)}: node ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return milliseconds;
}

/**
 * The median of each, measured by turns.
 * @param {number} rounds
 * @param {Record<string, () => number>} measures
 */
function compare(rounds, measures) {
  /** @type {[string, number[]][]} */
  const samples = Object.keys(measures).map((name) => [name, []]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, values] of samples) values.push(measures[name]?.() ?? Number.NaN);
  }
  return samples.map(([name, values]) => /** @type {const} */ ([name, values.toSorted((a, b) => a - b)[rounds >> 1]]));
}

/**
 * @param {string} title
 * @param {readonly (readonly [string, number | undefined])[]} medians
 */
function print(title, medians) {
  const [[, unit = Number.NaN] = []] = medians;
  console.log(`\n${title}:\n`);
  for (const [name, median = Number.NaN] of medians) {
    console.log(`  ${(median / unit).toFixed(2).padStart(6)}  ${`${median.toFixed(0)} ms`.padStart(8)}  ${name}`);
  }
}
