import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as aludel from 'aludel';
import { createMigrator } from 'aludel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, dialects, type TestDatabase } from '../support/databases.js';
import { DocumentProject } from './document-project.js';
import { type Fence, readFences } from './fences.js';

const root = join(import.meta.dirname, '../..');

async function fencesOf(name: string, key: string, dialect?: string): Promise<Fence[]> {
  const fences = readFences(await readFile(join(root, name), 'utf8')).filter(({ meta }) => meta[key] !== undefined);
  return fences.filter(({ meta }) => dialect === undefined || (meta['only']?.split(',').includes(dialect) ?? true));
}

/** A revision that does what a block of docs/revisions.md says. */
function revisionOf({ text: block, meta }: Fence, index: number): string {
  const header = meta['transaction'] === 'false' ? 'export const transaction = false;\n' : '';
  const names = Object.keys(aludel).filter((name) => new RegExp(`(?<!op\\.)\\b${name}[(.<\`]`).test(block));
  const id = (number: number): string => `'00000000${String(number).padStart(4, '0')}'`;
  return `import { ${[...names, 'type Operations'].join(', ')} } from 'aludel';
export const revision = ${id(index)};
export const downRevision = ${index === 0 ? 'null' : id(index - 1)};
${header}export async function upgrade(op: Operations): Promise<void> {
${block}}
export function downgrade(): void {}
`;
}

describe.each(dialects)('the documents on $name', (dialect) => {
  let database: TestDatabase;
  let project: DocumentProject;
  beforeEach(async () => {
    database = await createDatabase(dialect);
    project = await DocumentProject.create({ DATABASE_URL: database.url });
  });
  afterEach(async () => {
    await project.remove();
    await database.drop();
  });

  const writeAll = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) await project.write(name, text);
    expect(await project.tsc(Object.keys(files))).toEqual({ exitCode: 0, output: '' });
  };

  it('the models of docs/models.md compile, migrate and are what the database has', async () => {
    const fences = await fencesOf('docs/models.md', 'file', dialect.name);
    const files = fences.map(({ meta, text }): [string, string] => [`models/${meta['file'] ?? ''}`, text]);
    await project.write('migrations/.keep', '');
    await writeAll(Object.fromEntries(files));
    const config = { url: database.url, models: './models/*.ts', migrations: './migrations' };
    await project.write('migrate.config.mjs', `export default ${JSON.stringify(config)};`);

    // In the process of the project: its models are loaded through its own copy of the package.
    const run = await project.node(['--input-type=module', '-e', JOB]);
    expect(run).toEqual({ exitCode: 0, output: 'true\n' });
  });

  it('the blocks of docs/extending.md compile, and its plugin runs', async () => {
    const blocks = await fencesOf('docs/extending.md', 'check');
    const files = blocks.map(({ meta, text }, i): [string, string] => [meta['file'] ?? `block-${i}.ts`, text]);
    await writeAll(Object.fromEntries(files));
    const run = (...args: string[]): ReturnType<DocumentProject['node']> =>
      project.node([join(root, 'bin/aludel.js'), ...args]);
    expect(await run('upgrade')).toMatchObject({ exitCode: 0 });
    const { output } = await run('downgrade', 'base', '--dry-run');
    expect(output).toContain('drop publication "everything"');
    expect(await run('downgrade', 'base')).toMatchObject({ exitCode: 0 });
  });

  it('the operations of docs/revisions.md compile and run one after the other', async () => {
    const blocks = await fencesOf('docs/revisions.md', 'op', dialect.name);
    const files = blocks.map((block, i): [string, string] => [`migrations/r${i}.ts`, revisionOf(block, i)]);
    await writeAll(Object.fromEntries(files));
    const config = { url: database.url, migrations: './migrations' };
    const { steps } = await createMigrator({ cwd: project.folder, config }).upgrade('head');
    expect(steps).toHaveLength(blocks.length);
  });
});

/** All of it: the models' tables made, in step, and taken back; then the plain programs of the document. */
const JOB = `
import { createMigrator } from 'aludel';
const migrator = createMigrator();
await migrator.revision({ message: 'all', autogenerate: true });
await migrator.upgrade('head');
const { isInStep, descriptions } = await migrator.check();
await migrator.downgrade('base');
console.log(isInStep ? 'true' : descriptions.join());
`;

/** What a program prints that is made of the blocks of a document, and of an expression that it shows at its end. */
async function runProgram(project: DocumentProject, document: string, shown: string): Promise<string> {
  const blocks = await fencesOf(document, 'check');
  const program = blocks.map(({ text }) => text).join('\n');
  const end = `await engine.dispose({ timeout: 0 });\nconsole.log(JSON.stringify(${shown}));\n`;
  await project.write('program/main.mts', `${program}\n${end}`);
  expect(await project.tsc(['program/main.mts'])).toEqual({ exitCode: 0, output: '' });
  await project.write('migrations/.keep', '');
  // Loaded as a model file is, so that it runs as TypeScript on every Node.
  const config = { url: 'sqlite::memory:', models: './program/main.mts', migrations: './migrations' };
  await project.write('migrate.config.mjs', `export default ${JSON.stringify(config)};`);
  const { output } = await project.node([join(root, 'bin/aludel.js'), 'check']);
  return output;
}

describe('the documents', () => {
  let project: DocumentProject;
  beforeEach(async () => {
    project = await DocumentProject.create();
  });
  afterEach(() => project.remove());

  it('the programs of docs/models.md run', async () => {
    for (const { meta, text } of await fencesOf('docs/models.md', 'file')) {
      await project.write(`models/${meta['file'] ?? ''}`, text);
    }
    await project.write('migrations/.keep', '');
    // The program is loaded as a model file is, so that it runs as TypeScript on every Node; it declares no table of its own.
    const config = { url: 'sqlite::memory:', models: './models/create-all.mts', migrations: './migrations' };
    await project.write('migrate.config.mjs', `export default ${JSON.stringify(config)};`);
    const { output } = await project.node([join(root, 'bin/aludel.js'), 'check']);
    expect(output).toContain('ALUDEL_MODELS_EMPTY');
  });

  it.each([
    [
      'docs/queries.md',
      '[total, list]',
      '[1,[{"name":"Ann","tickets":1,"worth":"0.00"},{"name":"Bob","tickets":0,"worth":null}]]',
    ],
    ['docs/loading.md', '[names, comments.length, chiefs.length, mine, streamed]', '[["Ann"],0,1,1,1]'],
    [
      'docs/events.md',
      '[log, titles, spans.length > 0, slow]',
      '[[{"action":"create","by":7,"changes":{}},{"action":"update","by":8,"changes":{"status":{"from":"open","to":"closed"}}}],["It is broken"],true,[]]',
    ],
    ['README.md', 'shown', '[{"name":"Ann","tickets":1,"last":"Printer of Ann"}]'],
    ['docs/guide.md', '[titles, tickets, created, measured.degrees]', '[["No paper"],2,["Still on fire"],451.2]'],
    ['docs/from-sqlalchemy.md', 'shown', '[["ann@example.com",["Printer"]]]'],
    ['docs/from-drizzle.md', 'shown', '[{"name":"Ann","posts":["Hello"]}]'],
    ['docs/from-prisma.md', 'shown', '[[["Ann",1]],[{"author":1,"posts":1}]]'],
    ['docs/from-typeorm.md', 'shown', '["Printer"]'],
    ['docs/from-mikroorm.md', 'shown', '[1,"Ann",[["title","Printer","Printer on fire"]]]'],
    ['docs/from-knex-sequelize.md', 'shown', '[["Paper"],2,1,true]'],
  ])('the blocks of %s compile, and run as one program', async (document, shown, expected) => {
    expect(await runProgram(project, document, shown)).toContain(expected);
  });

  it('the blocks of docs/frameworks.md are the examples', async () => {
    const blocks = await fencesOf('docs/frameworks.md', 'from');
    expect(blocks.length).toBeGreaterThan(4);
    for (const { meta, text } of blocks) expect(text).toBe(await readFile(join(root, meta['from'] ?? ''), 'utf8'));
  });

  it('the block of docs/testing.md is a test file that compiles, and whose tests pass', async () => {
    const [block] = await fencesOf('docs/testing.md', 'file');
    const MIGRATION = `import { column, integer, primaryKey, type Operations, varchar } from 'aludel';
export const revision = 'aaaa';
export const downRevision = null;
export function upgrade(op: Operations): void {
  op.createTable('tickets', [
    column('id', integer(), { nullable: false }),
    column('title', varchar(200), { nullable: false }),
    primaryKey(['id'], { name: 'pk_tickets' }),
  ]);
}
export function downgrade(op: Operations): void {
  op.dropTable('tickets');
}
`;
    await project.link('vitest');
    await project.write('migrations/aaaa.ts', MIGRATION);
    await project.write('desk.test.ts', block?.text ?? '');
    await project.write('vitest.config.mjs', 'export default {};\n');
    expect(await project.tsc(['desk.test.ts', 'migrations/aaaa.ts'])).toEqual({ exitCode: 0, output: '' });
    const { exitCode, output } = await project.node([join(root, 'node_modules/vitest/vitest.mjs'), 'run']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('3 passed') });
  });

  const documents = ['docs/api.md', 'docs/autogenerate.md', 'docs/revisions.md', 'docs/sessions.md'];
  it.each(documents)('the blocks of %s compile', async (document) => {
    const blocks = await fencesOf(document, 'check');
    expect(blocks.length).toBeGreaterThan(0);
    await project.write('models.ts', 'export {};\n');
    const files = blocks.map(({ text }, i): [string, string] => [`block-${i}.ts`, text]);
    for (const [name, text] of files) await project.write(name, text);
    expect(await project.tsc(files.map(([name]) => name))).toEqual({ exitCode: 0, output: '' });
  });

  it('migrate.config.example.ts is loaded as a config', async () => {
    await project.write('migrations/.keep', '');
    await project.write('migrate.config.example.ts', await readFile(join(root, 'migrate.config.example.ts'), 'utf8'));
    const run = await project.node([join(root, 'bin/aludel.js'), 'heads', '-c', 'migrate.config.example.ts']);
    expect(run).toEqual({ exitCode: 0, output: expect.stringMatching(/^There is no revision yet\./) });
  });
});
