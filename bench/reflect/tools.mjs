/** The commands that compare models with a database, on a project whose models are those of the database. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALUDEL, binOf, makeAludelProject, PYTHON, versionOf } from '../support/places.mjs';
import { timeProcess } from '../support/measure.mjs';
import { ALEMBIC_COMMAND, pythonProblem, toPythonUrl } from '../tools/tools.mjs';
import { CATALOG, tableNames } from './database.mjs';

/**
 * `exits` says that there is nothing to do, or that the tool sees a difference where there is none.
 * @typedef {{ name: string, isPeer?: boolean, isBase?: boolean, isSlow?: boolean, command?: string, note?: string | undefined,
 *   args: readonly string[], exits?: readonly number[], make(folder: string, url: string, count: number, server: string): void }} Comparer
 *   `url` is where the command goes to, `server` the database itself.
 */

/** @type {Comparer} */
export const bare = {
  name: 'bare queries',
  isBase: true,
  args: ['catalog.mjs'],
  make: (folder, url) =>
    writeFileSync(
      join(folder, 'catalog.mjs'),
      `import pg from 'pg';
const client = new pg.Client(${JSON.stringify(url)});
await client.connect();
for (const sql of ${JSON.stringify(CATALOG)}) await client.query(sql);
await client.end();
`,
    ),
};

/** @type {Comparer} */
export const aludel = {
  name: 'aludel revision --autogenerate',
  args: [ALUDEL, 'revision', '--autogenerate', '-m', 'nothing'],
  make(folder, url, _, server) {
    makeAludelProject(folder, url, " models: './models.ts'");
    timeProcess({ args: [ALUDEL, 'reflect', server, '-o', join(folder, 'models.ts')], cwd: folder });
  },
};

/** @type {Comparer} */
const mikro = {
  name: `MikroORM ${versionOf('@mikro-orm/cli')} migration:check`,
  isPeer: true,
  args: [binOf('@mikro-orm/cli', 'cli'), 'migration:check'],
  exits: [0, 1],
  make(folder, url, count) {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "@mikro-orm/cli": "*" } }');
    writeFileSync(
      join(folder, 'mikro-orm.config.js'),
      `import { EntitySchema } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig } from '@mikro-orm/postgresql';
const entities = ${JSON.stringify(tableNames(count))}.map(
  ({ name, parent }) =>
    new EntitySchema({
      name,
      tableName: name,
      properties: {
        id: { type: 'integer', primary: true, generated: 'by default as identity' },
        parentId: { kind: 'm:1', entity: () => parent, fieldName: 'parent_id', nullable: true, foreignKeyName: 'fk_' + name + '_parent_id_' + parent, deleteRule: 'no action', updateRule: 'no action', index: 'ix_' + name + '_parent_id' },
        name: { type: 'string', length: 100, index: 'ix_' + name + '_name' },
        email: { type: 'string', length: 200, nullable: true },
        age: { type: 'integer', nullable: true },
        price: { type: 'decimal', precision: 10, scale: 2, nullable: true },
        active: { type: 'boolean' },
        note: { type: 'text', nullable: true },
        kind: { type: 'string', length: 20 },
        createdAt: { type: 'datetime', fieldName: 'created_at', length: 6, nullable: true },
      },
    }),
);
export default defineConfig({ clientUrl: ${JSON.stringify(url)}, entities, extensions: [Migrator], migrations: { path: './migrations', snapshot: false } });
`,
    );
  },
};

/** @type {Comparer} */
const typeorm = {
  name: `TypeORM ${versionOf('typeorm')} migration:generate --check`,
  isPeer: true,
  args: [binOf('typeorm', 'cli.js'), 'migration:generate', '--check', '-d', 'data-source.js', 'migrations/nothing'],
  exits: [0, 1],
  make(folder, url, count) {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'data-source.js'),
      `import { DataSource, EntitySchema } from 'typeorm';
const entities = ${JSON.stringify(tableNames(count))}.map(
  ({ name, parent }) =>
    new EntitySchema({
      name,
      tableName: name,
      columns: {
        id: { type: 'integer', primary: true, primaryKeyConstraintName: 'pk_' + name, generated: 'identity', generatedIdentity: 'BY DEFAULT' },
        parentId: { type: 'integer', name: 'parent_id', nullable: true },
        name: { type: 'varchar', length: 100 },
        email: { type: 'varchar', length: 200, nullable: true },
        age: { type: 'integer', nullable: true },
        price: { type: 'numeric', precision: 10, scale: 2, nullable: true },
        active: { type: 'boolean' },
        note: { type: 'text', nullable: true },
        kind: { type: 'varchar', length: 20 },
        createdAt: { type: 'timestamptz', name: 'created_at', nullable: true },
      },
      relations: { parent: { type: 'many-to-one', target: parent, joinColumn: { name: 'parent_id', foreignKeyConstraintName: 'fk_' + name + '_parent_id_' + parent } } },
      indices: [
        { name: 'ix_' + name + '_name', columns: ['name'] },
        { name: 'ix_' + name + '_parent_id', columns: ['parentId'] },
      ],
    }),
);
export default new DataSource({ type: 'postgres', url: ${JSON.stringify(url)}, entities, migrations: [] });
`,
    );
  },
};

/** Its push did not end within 100 s for 1,000 tables; its generate never looks at the database. @type {Comparer} */
const drizzle = {
  name: `drizzle-kit ${versionOf('drizzle-kit')} push`,
  isPeer: true,
  isSlow: true,
  args: [binOf('drizzle-kit', 'bin.cjs'), 'push'],
  make(folder, url, count) {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'drizzle.config.ts'),
      `export default { dialect: 'postgresql', schema: './schema.ts', dbCredentials: { url: ${JSON.stringify(url)} } };\n`,
    );
    const tables = tableNames(count).map(
      ({ name, parent }) => `export const ${name} = pgTable('${name}', {
  id: integer('id').generatedByDefaultAsIdentity(),
  parentId: integer('parent_id'),
  name: varchar('name', { length: 100 }).notNull(),
  email: varchar('email', { length: 200 }),
  age: integer('age'),
  price: numeric('price', { precision: 10, scale: 2 }),
  active: boolean('active').notNull(),
  note: text('note'),
  kind: varchar('kind', { length: 20 }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }),
}, (table) => [
  primaryKey({ name: 'pk_${name}', columns: [table.id] }),
  foreignKey({ name: 'fk_${name}_parent_id_${parent}', columns: [table.parentId], foreignColumns: [${parent}.id] }),
  index('ix_${name}_name').on(table.name),
  index('ix_${name}_parent_id').on(table.parentId),
]);
`,
    );
    writeFileSync(
      join(folder, 'schema.ts'),
      `import { boolean, foreignKey, index, integer, numeric, pgTable, primaryKey, text, timestamp, varchar } from 'drizzle-orm/pg-core';\n${tables.join('')}`,
    );
  },
};

/** @type {Comparer} */
const alembic = {
  name: 'Alembic check',
  isPeer: true,
  command: PYTHON,
  args: ['run.py', 'check'],
  exits: [0, 1, 255],
  make(folder, url, count) {
    mkdirSync(join(folder, 'versions'));
    writeFileSync(join(folder, 'run.py'), ALEMBIC_COMMAND);
    writeFileSync(join(folder, 'alembic.ini'), '[alembic]\nscript_location = .\n');
    writeFileSync(join(folder, 'script.py.mako'), '');
    writeFileSync(
      join(folder, 'env.py'),
      `import json
from alembic import context
from sqlalchemy import Boolean, Column, DateTime, ForeignKeyConstraint, Identity, Index, Integer, MetaData, Numeric
from sqlalchemy import PrimaryKeyConstraint, String, Table, Text, create_engine, pool

metadata = MetaData()
for table in json.loads('''${JSON.stringify(tableNames(count))}'''):
    name, parent = table['name'], table['parent']
    Table(
        name, metadata,
        Column('id', Integer, Identity(always=False)), Column('parent_id', Integer), Column('name', String(100), nullable=False),
        Column('email', String(200)), Column('age', Integer), Column('price', Numeric(10, 2)), Column('active', Boolean, nullable=False),
        Column('note', Text), Column('kind', String(20), nullable=False), Column('created_at', DateTime(timezone=True)),
        PrimaryKeyConstraint('id', name='pk_' + name),
        ForeignKeyConstraint(['parent_id'], [parent + '.id'], name=f'fk_{name}_parent_id_{parent}'),
        Index(f'ix_{name}_name', 'name'), Index(f'ix_{name}_parent_id', 'parent_id'),
    )
engine = create_engine(${JSON.stringify(toPythonUrl('postgres', url))}, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
`,
    );
  },
};

/** @returns {Comparer[]} */
export function findComparers() {
  return [mikro, typeorm, { ...alembic, note: pythonProblem() }, drizzle];
}
