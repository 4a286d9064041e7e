/**
 * Runs migrations on several databases at once. With `hold`, each stops at one statement: before it is sent, while the
 * server carries it out, or after its answer; when all have got there it says so, and waits to be killed. Without, it
 * prints what became of each.
 */
import { readFile } from 'node:fs/promises';
import mysql from 'mysql2/promise';

// Built by the test's project; its types are not asked for here.
const { createMigrator } = await import(new URL('../../dist/index.js', import.meta.url).href);

/**
 * @typedef {{ database: string, config: { migrations: string }, resumeAt?: string }} Case
 * @typedef {{ count: number, sql: string | null, isArmed: boolean }} State
 */
const request = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8'));
const { url, start, direction, target, hold } = request;
/** @type {Case[]} */
const cases = request.cases;
/** @type {Map<string, State>} */
const states = new Map(cases.map(({ database }) => [database, { count: 0, sql: null, isArmed: false }]));
const never = new Promise(() => {});
let left = cases.length;
const arrive = () => {
  left -= 1;
  if (left === 0) process.stdout.write('held\n');
};

if (hold !== undefined) {
  // The prototype is shared by all connections of the driver.
  const probe = await mysql.createConnection(url.replace('mariadb:', 'mysql:'));
  const prototype = Object.getPrototypeOf(probe);
  const { query } = prototype;
  await probe.end();
  prototype.query = function (/** @type {{ sql: string }} */ options, /** @type {unknown[]} */ ...rest) {
    const state = states.get(this.connection.config.database);
    const isHeld = state?.isArmed && state.count === hold.at && options.sql === state.sql;
    if (!isHeld) return query.call(this, options, ...rest);
    state.isArmed = false;
    if (hold.when === 'before') {
      arrive();
      return never;
    }
    const answer = query.call(this, options, ...rest);
    if (hold.when === 'after') answer.then(arrive, arrive);
    // What was written before has left when this has.
    else this.connection.stream.write(Buffer.alloc(0), arrive);
    return never;
  };
  // Nothing else keeps the process until it is killed.
  setInterval(() => undefined, 60_000);
}

const results = await Promise.all(
  cases.map(async ({ database, config, resumeAt }) => {
    const state = states.get(database) ?? { count: 0, sql: null, isArmed: false };
    const onEvent = (/** @type {{ kind: string, sql: string }} */ event) => {
      if (event.kind !== 'statement' || !state.isArmed) return;
      state.count += 1;
      state.sql = event.sql;
    };
    const migrator = createMigrator({ config, cwd: config.migrations, onEvent });
    try {
      if (start !== null) await migrator.upgrade(start);
      state.isArmed = hold !== undefined;
      const { to } = await migrator[direction](target, { resumeAt, allowLoss: true });
      // It has fewer statements.
      if (hold !== undefined) arrive();
      return { database, to, error: null };
    } catch (error) {
      const { code, message } = /** @type {{ code: string, message: string }} */ (error);
      if (hold !== undefined) process.stderr.write(`${database}: ${code} ${message}\n`);
      return { database, to: null, error: { code, message } };
    }
  }),
);
process.stdout.write(`${JSON.stringify(results)}\n`);
process.exit();
