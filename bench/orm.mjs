/**
 * Sessions beside the raw driver and other libraries, each as its own documentation advises and in a process of its own.
 * Kysely and Drizzle give plain rows and know nothing of what was changed: their program says which rows to update.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createDatabase } from './orm/database.mjs';
import { compare, LIMIT, OverTime } from './support/measure.mjs';
import { dialects, inScratchFolder, PYTHON, SERVER, versionOf } from './support/places.mjs';
import { printRow } from './support/report.mjs';
import { pythonProblem } from './tools/tools.mjs';

/**
 * What is measured, and by how much ours may exceed the raw driver on PostgreSQL and SQLite.
 * @type {Record<string, { title: string, postgres: number, sqlite: number, rows?: number, isAlone?: boolean }>}
 */
const TASKS = {
  load: { title: 'load 10,000 rows of 14 columns', postgres: 0.9, sqlite: 1.4 },
  get: { title: 'get one by key, 2,000 times', postgres: 0.8, sqlite: 3 },
  insert: { title: 'insert 10,000, keys back in order', postgres: 1.1, sqlite: 1.5, rows: 0 },
  update: { title: 'load 5,000, change 1,000, flush', postgres: 1.2, sqlite: 1.5 },
  flush: { title: 'load 50,000, change one: the flush and its commit', postgres: 1.3, sqlite: 2, rows: 50_000 },
  session: { title: 'open a session, read one row, close, 2,000 times', postgres: 0.8, sqlite: 1.8 },
  eager: { title: '1,000 people with their 5 notes each', postgres: 0.9, sqlite: 1.5, rows: 1000 },
  desk: { title: '1,000 tickets, creator and comments by selectin', postgres: 0.9, sqlite: 1.5, isAlone: true },
  deskJoined: {
    title: '1,000 tickets, creator joined, comments by selectin',
    postgres: 0.9,
    sqlite: 1.5,
    isAlone: true,
  },
  stream: { title: 'stream 50,000 rows', postgres: 1.3, sqlite: 1.3, rows: 50_000 },
};

/** How the cost of a flush grows with what is loaded, for those that keep an identity map. */
const CURVE = { sizes: [1000, 5000, 10_000, 20_000], names: ['raw', 'aludel', 'mikro', 'sqlalchemy'] };

const PRISMA = '`prisma generate` downloads an engine from the vendor, which npm does not hold';

/** @returns {{ name: string, file: string, isPeer?: boolean, note?: string | undefined }[]} */
function contenders() {
  const peer = (/** @type {string} */ name, /** @type {string} */ file, /** @type {string} */ from) => {
    const version = versionOf(from);
    return {
      name: `${name} ${version ?? ''}`.trim(),
      file,
      isPeer: true,
      note: version === null ? 'not installed' : undefined,
    };
  };
  return [
    { name: 'raw driver', file: 'raw' },
    { name: 'aludel', file: 'aludel' },
    peer('Kysely', 'kysely', 'kysely'),
    peer('Drizzle', 'drizzle', 'drizzle-orm'),
    peer('MikroORM', 'mikro', '@mikro-orm/core'),
    peer('TypeORM', 'typeorm', 'typeorm'),
    peer('Sequelize', 'sequelize', 'sequelize'),
    { name: 'SQLAlchemy', file: 'sqlalchemy', isPeer: true, note: pythonProblem() },
    { name: 'Prisma', file: '', isPeer: true, note: PRISMA },
  ];
}

/** @param {import('./run.mjs').Options} options */
export async function measureOrm(options) {
  /** @type {import('./support/report.mjs').Row[]} */
  const rows = [];
  for (const dialect of dialects(options.only)) {
    await inScratchFolder(async (folder) => {
      const database = await createDatabase(dialect, SERVER ?? '', folder);
      /** @type {Map<string, Worker>} */
      const workers = new Map();
      try {
        rows.push(...(await measureDialect(dialect, database, workers, options)));
      } finally {
        for (const worker of workers.values()) worker.kill();
        await database.drop();
      }
    });
  }
  return rows;
}

/**
 * @param {string} dialect
 * @param {{ url: string, fill(rows: number): Promise<void> }} database
 * @param {Map<string, Worker>} workers
 * @param {import('./run.mjs').Options} options
 */
async function measureDialect(dialect, database, workers, { full, task: wanted, names }) {
  const entries = contenders().filter(({ name, isPeer }) => isPeer !== true || names(name));
  /** @type {import('./support/report.mjs').Row[]} */
  const rows = [];
  const measure = async (
    /** @type {string} */ task,
    /** @type {string} */ title,
    /** @type {number} */ filled,
    atMost = Number.NaN,
    chosen = entries,
  ) => {
    await database.fill(filled);
    /** @type {Map<string, { statements?: number, peak?: number | null }>} */
    const counts = new Map();
    /** @type {Map<string, number>} */
    const runs = new Map();
    const results = await compare(
      chosen.map(({ name, file, isPeer, note }) => ({
        name,
        ...(isPeer === undefined ? {} : { isPeer }),
        note,
        run: async () => {
          if (filled === 0) await database.fill(0);
          let worker = workers.get(file);
          if (worker === undefined) workers.set(file, (worker = new Worker(file, dialect, database.url)));
          // The first run also opens connections and compiles statements.
          const isCounted = runs.get(name) === 1;
          runs.set(name, (runs.get(name) ?? 0) + 1);
          const answer = await worker.run(task, isCounted).catch((/** @type {unknown} */ error) => {
            worker.kill();
            workers.delete(file);
            throw error;
          });
          if (answer.error !== undefined) throw new Error(answer.error);
          if (isCounted) counts.set(name, { statements: answer.statements, peak: answer.peak });
          return answer.ms;
        },
      })),
      { full, rounds: full ? 9 : 5, peerRounds: full ? 5 : 3, warmUps: 2 },
    );
    for (const result of results) Object.assign(result, counts.get(result.contender));
    const goal = Number.isNaN(atMost) ? {} : { atMost };
    const row = { task: title, on: dialect, base: 'raw driver', ...goal, results };
    printRow(row);
    rows.push(row);
  };
  for (const [task, { title, rows: filled = 10_000, isAlone, ...limits }] of Object.entries(TASKS)) {
    if (wanted !== undefined && wanted !== task) continue;
    const chosen = isAlone === true ? entries.filter(({ isPeer }) => isPeer !== true) : entries;
    await measure(task, title, filled, dialect === 'sqlite' ? limits.sqlite : limits.postgres, chosen);
  }
  const flushing = entries.filter(({ file }) => CURVE.names.includes(file));
  for (const size of wanted === undefined || wanted === 'curve' ? CURVE.sizes : []) {
    await measure(
      'flush',
      `load ${size.toLocaleString('en')}, change one: the flush and its commit`,
      size,
      undefined,
      flushing,
    );
  }
  return rows;
}

/** The process of a contender. */
class Worker {
  #child;
  /** @type {AsyncIterator<string>} */
  #lines;
  #errors = '';
  #hasStarted = false;

  /**
   * @param {string} file
   * @param {string} dialect
   * @param {string} url
   */
  constructor(file, dialect, url) {
    const here = join(import.meta.dirname, 'orm');
    const isPython = file === 'sqlalchemy';
    const [command, args] = isPython
      ? [PYTHON, [join(here, 'sqlalchemy_worker.py')]]
      : [process.execPath, ['--expose-gc', join(here, 'worker.mjs'), file]];
    this.#child = spawn(command, [...args, dialect, url], { env: { ...process.env, NO_COLOR: '1' } });
    this.#child.stderr.on('data', (data) => {
      this.#errors = `${this.#errors}${data}`.slice(-2000);
    });
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * @param {string} task
   * @param {boolean} isCounted
   */
  async run(task, isCounted) {
    if (!this.#hasStarted) await this.#answer();
    this.#hasStarted = true;
    this.#child.stdin.write(`${JSON.stringify({ task, counts: isCounted })}\n`);
    return this.#answer();
  }

  /** @returns {Promise<any>} */
  async #answer() {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new OverTime()), LIMIT);
    });
    try {
      for (;;) {
        const { value, done } = await /** @type {Promise<IteratorResult<string>>} */ (
          Promise.race([this.#lines.next(), late])
        );
        if (done === true) throw new Error(this.#errors.trim().split('\n').at(-1) ?? 'ended');
        // A library may print something of its own.
        if (value.startsWith('{')) return JSON.parse(value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}
