/**
 * The migration tools, each with a project of so many revisions of one table each. Their files are written as their own
 * documentation shows them; commands are run by node itself, without npx.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALUDEL, binOf, makeAludelProject, PYTHON, versionOf } from '../support/places.mjs';

/**
 * @typedef {{ folder: string, dialect: string, url: string, revisions: number, language?: 'ts' | 'mjs', isForked?: boolean }} Project
 *   `url` is a file's path on SQLite.
 * @typedef {{ name: string, package?: string, dialects: readonly string[], note?: string | undefined, command?: string,
 *   isOurs?: boolean, version?: readonly string[], upgrade: readonly string[], downgrade?: readonly string[],
 *   make(project: Project): void }} Tool
 */

const COLUMNS = 'id INTEGER NOT NULL, name VARCHAR(100)';
const create = (/** @type {number} */ i) => `CREATE TABLE t${i} (${COLUMNS}, CONSTRAINT pk_t${i} PRIMARY KEY (id))`;
const pad = (/** @type {number} */ i) => String(i).padStart(6, '0');

/**
 * @param {string} folder
 * @param {Record<string, string>} files
 */
function write(folder, files) {
  mkdirSync(join(folder, 'migrations'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/**
 * A file for each revision.
 * @param {number} revisions
 * @param {(i: number) => string} nameOf
 * @param {(i: number) => string} textOf
 */
function each(revisions, nameOf, textOf) {
  return Object.fromEntries(Array.from({ length: revisions }, (_, i) => [`migrations/${nameOf(i)}`, textOf(i)]));
}

const MODULE = { 'package.json': '{ "type": "module" }' };

/** @type {Tool} */
export const aludel = {
  name: 'aludel',
  isOurs: true,
  dialects: ['sqlite', 'postgres'],
  version: [ALUDEL, '--version'],
  upgrade: [ALUDEL, 'upgrade', 'head'],
  downgrade: [ALUDEL, 'downgrade', 'base', '--allow-loss'],
  make({ folder, dialect, url, revisions, language = 'ts', isForked = false }) {
    makeAludelProject(folder, dialect === 'sqlite' ? `sqlite:${url}` : url);
    write(
      folder,
      each(
        revisions,
        (i) => `${idOf(i)}_table.${language}`,
        (i) => revisionText(i, isForked ? forkedParents(i) : i === 0 ? [] : [i - 1], language),
      ),
    );
  },
};

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

/** What a script with the driver alone would do: the statement and the version in one transaction each. @type {Tool} */
export const raw = {
  name: 'raw driver',
  dialects: ['sqlite', 'postgres'],
  upgrade: ['raw.mjs', 'up'],
  downgrade: ['raw.mjs', 'down'],
  make({ folder, dialect, url, revisions }) {
    const [open, run, end] =
      dialect === 'sqlite'
        ? [
            `import Database from 'better-sqlite3';\nconst db = new Database(${JSON.stringify(url)});`,
            'const run = (sql) => db.prepare(sql).run();',
            'db.close();',
          ]
        : [
            `import pg from 'pg';\nconst db = new pg.Client(${JSON.stringify(url)});\nawait db.connect();`,
            'const run = (sql) => db.query(sql);',
            'await db.end();',
          ];
    const begin = dialect === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN';
    write(folder, {
      ...MODULE,
      'raw.mjs': `${open}
${run}
const isUp = process.argv[2] === 'up';
if (isUp) await run('CREATE TABLE version (id VARCHAR(255) NOT NULL PRIMARY KEY)');
if (isUp) await run("INSERT INTO version VALUES ('-1')");
for (let n = 0; n < ${revisions}; n += 1) {
  const i = isUp ? n : ${revisions - 1} - n;
  await run('${begin}');
  await run(isUp ? \`CREATE TABLE t\${i} (${COLUMNS}, CONSTRAINT pk_t\${i} PRIMARY KEY (id))\` : \`DROP TABLE t\${i}\`);
  await run(\`UPDATE version SET id = '\${isUp ? i : i - 1}' WHERE id = '\${isUp ? i - 1 : i}'\`);
  await run('COMMIT');
}
if (!isUp) await run('DROP TABLE version');
${end}
`,
    });
  },
};

/** @type {Tool} */
const knex = {
  name: 'knex',
  package: 'knex',
  dialects: ['sqlite', 'postgres'],
  version: [binOf('knex', 'bin/cli.js'), '--version'],
  upgrade: [binOf('knex', 'bin/cli.js'), 'migrate:latest'],
  downgrade: [binOf('knex', 'bin/cli.js'), 'migrate:rollback', '--all'],
  make({ folder, dialect, url, revisions }) {
    const connection =
      dialect === 'sqlite'
        ? `client: 'better-sqlite3', useNullAsDefault: true, connection: { filename: ${JSON.stringify(url)} }`
        : `client: 'pg', connection: ${JSON.stringify(url)}`;
    write(folder, {
      'package.json': '{}',
      'knexfile.js': `module.exports = { ${connection}, migrations: { directory: './migrations' } };\n`,
      ...each(
        revisions,
        (i) => `20260101${pad(i)}_table.js`,
        (i) => `exports.up = (knex) =>
  knex.schema.createTable('t${i}', (table) => {
    table.integer('id').notNullable().primary();
    table.string('name', 100);
  });
exports.down = (knex) => knex.schema.dropTable('t${i}');
`,
      ),
    });
  },
};

/** @type {Tool} */
const drizzle = {
  name: 'drizzle-kit',
  package: 'drizzle-kit',
  dialects: ['sqlite', 'postgres'],
  version: [binOf('drizzle-kit', 'bin.cjs'), '--version'],
  upgrade: [binOf('drizzle-kit', 'bin.cjs'), 'migrate'],
  make({ folder, dialect, url, revisions }) {
    const name = dialect === 'sqlite' ? 'sqlite' : 'postgresql';
    const entries = Array.from({ length: revisions }, (_, i) => ({
      idx: i,
      version: dialect === 'sqlite' ? '6' : '7',
      when: 1_767_225_600_000 + i,
      tag: `${pad(i)}_table`,
      breakpoints: true,
    }));
    mkdirSync(join(folder, 'migrations/meta'), { recursive: true });
    write(folder, {
      ...MODULE,
      'drizzle.config.ts': `export default { dialect: '${name}', out: './migrations', schema: './schema.ts', dbCredentials: { url: ${JSON.stringify(url)} } };\n`,
      'schema.ts': 'export {};\n',
      'migrations/meta/_journal.json': JSON.stringify({ version: '7', dialect: name, entries }),
      ...each(
        revisions,
        (i) => `${pad(i)}_table.sql`,
        (i) => `${create(i)};\n`,
      ),
    });
  },
};

/** @type {Tool} */
const mikro = {
  name: 'MikroORM',
  package: '@mikro-orm/cli',
  dialects: ['sqlite', 'postgres'],
  version: [binOf('@mikro-orm/cli', 'cli'), '--version'],
  upgrade: [binOf('@mikro-orm/cli', 'cli'), 'migration:up'],
  downgrade: [binOf('@mikro-orm/cli', 'cli'), 'migration:down', '--to', '0'],
  make({ folder, dialect, url, revisions }) {
    const [driver, place] =
      dialect === 'sqlite'
        ? ['@mikro-orm/better-sqlite', `dbName: ${JSON.stringify(url)}`]
        : ['@mikro-orm/postgresql', `clientUrl: ${JSON.stringify(url)}`];
    write(folder, {
      // The command looks for itself among the dependencies.
      'package.json': '{ "type": "module", "dependencies": { "@mikro-orm/cli": "*" } }',
      'mikro-orm.config.js': `import { defineConfig } from '${driver}';
import { Migrator } from '@mikro-orm/migrations';
export default defineConfig({
  ${place},
  entities: [],
  discovery: { warnWhenNoEntities: false },
  extensions: [Migrator],
  migrations: { path: './migrations', snapshot: false },
});
`,
      ...each(
        revisions,
        (i) => `Migration20260101${pad(i)}.js`,
        (i) => `import { Migration } from '@mikro-orm/migrations';
export class Migration20260101${pad(i)} extends Migration {
  async up() {
    this.addSql('${create(i)};');
  }
  async down() {
    this.addSql('DROP TABLE t${i};');
  }
}
`,
      ),
    });
  },
};

/** @type {Tool} */
const typeorm = {
  name: 'TypeORM',
  package: 'typeorm',
  dialects: ['sqlite', 'postgres'],
  version: [binOf('typeorm', 'cli.js'), '--version'],
  // It takes back one migration a command.
  upgrade: [binOf('typeorm', 'cli.js'), 'migration:run', '-d', 'data-source.js', '-t', 'each'],
  make({ folder, dialect, url, revisions }) {
    const place =
      dialect === 'sqlite'
        ? `type: 'better-sqlite3', database: ${JSON.stringify(url)}`
        : `type: 'postgres', url: ${JSON.stringify(url)}`;
    write(folder, {
      ...MODULE,
      'data-source.js': `import { DataSource } from 'typeorm';
export default new DataSource({ ${place}, entities: [], migrations: ['migrations/*.js'] });
`,
      ...each(
        revisions,
        (i) => `${1_767_225_600_000 + i}-table.js`,
        (i) => `export class Table${1_767_225_600_000 + i} {
  async up(queryRunner) {
    await queryRunner.query('${create(i)}');
  }
  async down(queryRunner) {
    await queryRunner.query('DROP TABLE t${i}');
  }
}
`,
      ),
    });
  },
};

/** @type {Tool} */
const umzug = {
  name: 'Sequelize, umzug',
  package: 'umzug',
  dialects: ['sqlite', 'postgres'],
  // umzug has no command of its own: its documentation has a script like this one.
  upgrade: ['migrate.js', 'up'],
  downgrade: ['migrate.js', 'down'],
  make({ folder, dialect, url, revisions }) {
    const place =
      dialect === 'sqlite'
        ? `{ dialect: 'sqlite', storage: ${JSON.stringify(url)}, logging: false }`
        : `${JSON.stringify(url)}, { logging: false }`;
    write(folder, {
      ...MODULE,
      'migrate.js': `import { Sequelize } from 'sequelize';
import { SequelizeStorage, Umzug } from 'umzug';
const sequelize = new Sequelize(${place});
const umzug = new Umzug({
  migrations: { glob: 'migrations/*.cjs' },
  context: sequelize.getQueryInterface(),
  storage: new SequelizeStorage({ sequelize }),
  logger: undefined,
});
await (process.argv[2] === 'up' ? umzug.up() : umzug.down({ to: 0 }));
await sequelize.close();
`,
      ...each(
        revisions,
        (i) => `20260101${pad(i)}-table.cjs`,
        (i) => `const { DataTypes } = require('sequelize');
exports.up = ({ context }) =>
  context.createTable('t${i}', {
    id: { type: DataTypes.INTEGER, allowNull: false, primaryKey: true },
    name: DataTypes.STRING(100),
  });
exports.down = ({ context }) => context.dropTable('t${i}');
`,
      ),
    });
  },
};

/** @type {Tool} */
const kysely = {
  name: 'kysely-ctl',
  package: 'kysely-ctl',
  dialects: ['sqlite', 'postgres'],
  // Its --version fails where it finds no config.
  version: [binOf('kysely-ctl', 'dist/bin.mjs'), '--help'],
  upgrade: [binOf('kysely-ctl', 'dist/bin.mjs'), 'migrate:latest', '--no-outdated-check'],
  downgrade: [binOf('kysely-ctl', 'dist/bin.mjs'), 'migrate:rollback', '--all', '--no-outdated-check'],
  make({ folder, dialect, url, revisions }) {
    const [load, made] =
      dialect === 'sqlite'
        ? [
            "import Database from 'better-sqlite3';\nimport { SqliteDialect } from 'kysely';",
            `new SqliteDialect({ database: new Database(${JSON.stringify(url)}) })`,
          ]
        : [
            "import pg from 'pg';\nimport { PostgresDialect } from 'kysely';",
            `new PostgresDialect({ pool: new pg.Pool({ connectionString: ${JSON.stringify(url)} }) })`,
          ];
    write(folder, {
      ...MODULE,
      'kysely.config.ts': `${load}
import { defineConfig } from 'kysely-ctl';
export default defineConfig({ dialect: ${made}, migrations: { migrationFolder: 'migrations' } });
`,
      ...each(
        revisions,
        (i) => `20260101${pad(i)}_table.ts`,
        (i) => `import type { Kysely } from 'kysely';
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('t${i}')
    .addColumn('id', 'integer', (col) => col.notNull().primaryKey())
    .addColumn('name', 'varchar(100)')
    .execute();
}
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('t${i}').execute();
}
`,
      ),
    });
  },
};

/** @type {Tool} */
const nodePgMigrate = {
  name: 'node-pg-migrate',
  package: 'node-pg-migrate',
  dialects: ['postgres'],
  version: [binOf('node-pg-migrate', 'bin/node-pg-migrate.js'), '--version'],
  upgrade: [binOf('node-pg-migrate', 'bin/node-pg-migrate.js'), 'up', '--no-single-transaction'],
  downgrade: [binOf('node-pg-migrate', 'bin/node-pg-migrate.js'), 'down', '1000000', '--no-single-transaction'],
  make({ folder, url, revisions }) {
    write(folder, {
      ...MODULE,
      '.env': '',
      ...each(
        revisions,
        (i) => `${1_767_225_600_000 + i}_table.js`,
        (i) => `export const up = (pgm) => {
  pgm.createTable('t${i}', { id: { type: 'integer', notNull: true, primaryKey: true }, name: 'varchar(100)' });
};
export const down = (pgm) => {
  pgm.dropTable('t${i}');
};
`,
      ),
      'database.json': JSON.stringify({ url }),
    });
  },
};

/** @type {Tool} */
const alembic = {
  name: 'Alembic',
  command: PYTHON,
  dialects: ['sqlite', 'postgres'],
  version: ['-m', 'alembic', '--version'],
  upgrade: ['run.py', 'upgrade', 'head'],
  downgrade: ['run.py', 'downgrade', 'base'],
  make({ folder, dialect, url, revisions }) {
    mkdirSync(join(folder, 'versions'), { recursive: true });
    write(folder, {
      'run.py': ALEMBIC_COMMAND,
      'alembic.ini': '[alembic]\nscript_location = .\n',
      'env.py': ALEMBIC_ENVIRONMENT.replace('URL', JSON.stringify(toPythonUrl(dialect, url))),
      'script.py.mako': '',
      ...Object.fromEntries(
        Array.from({ length: revisions }, (_, i) => [
          `versions/${pad(i)}_table.py`,
          `from alembic import op
import sqlalchemy as sa

revision = '${pad(i)}'
down_revision = ${i === 0 ? 'None' : `'${pad(i - 1)}'`}


def upgrade():
    op.create_table(
        't${i}',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(100)),
        sa.PrimaryKeyConstraint('id', name='pk_t${i}'),
    )


def downgrade():
    op.drop_table('t${i}')
`,
        ]),
      ),
    });
  },
};

/** The command of Alembic; where asked for, it writes at its end what was sent and the memory it took. */
export const ALEMBIC_COMMAND = `import json, os, sys
from alembic.config import main

folder = os.environ.get('ALUDEL_BENCH_COUNTS')
if folder is not None:
    import atexit, resource
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    counts = {'statements': 0}

    @event.listens_for(Engine, 'before_cursor_execute')
    def count(*args):
        counts['statements'] += 1

    @atexit.register
    def tell():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        with open(os.path.join(folder, f'{os.getpid()}.json'), 'w') as file:
            json.dump({**counts, 'peak': peak}, file)

main(argv=sys.argv[1:], prog='alembic')
`;

const ALEMBIC_ENVIRONMENT = `from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(URL, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;

/**
 * @param {string} dialect
 * @param {string} url
 */
export function toPythonUrl(dialect, url) {
  return dialect === 'sqlite' ? `sqlite:///${url}` : url.replace(/^\w+:/, 'postgresql+psycopg:');
}

const NO_ALEMBIC = `${PYTHON} has no Alembic, SQLAlchemy and psycopg (ALUDEL_BENCH_PYTHON names another Python)`;

/** Why Python's contenders cannot run here. */
export function pythonProblem() {
  const { status } = spawnSync(PYTHON, ['-c', 'import alembic, sqlalchemy, psycopg']);
  return status === 0 ? undefined : NO_ALEMBIC;
}

/** Those that cannot run, and why: said in the tables, so that nobody looks for them in vain. */
const PRISMA = 'prisma migrate downloads its schema engine from the vendor, which npm does not hold';

/** @returns {Tool[]} */
export function findTools() {
  const missing = pythonProblem();
  const prisma = { name: 'Prisma', dialects: ['sqlite', 'postgres'], note: PRISMA, upgrade: [], make: () => undefined };
  const peers = [knex, drizzle, mikro, typeorm, umzug, kysely, nodePgMigrate].map((tool) => ({
    ...tool,
    name: `${tool.name} ${versionOf(tool.package ?? '') ?? ''}`.trim(),
    note: versionOf(tool.package ?? '') === null ? 'not installed' : undefined,
  }));
  return [aludel, ...peers, { ...alembic, note: missing }, prisma];
}
