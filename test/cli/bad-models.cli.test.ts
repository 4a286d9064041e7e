import { describe, expect, it } from 'vitest';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { configFile, modelFiles, useCliProject } from '../support/cli-project.js';
import { type ExpectedFailure, expectFailure } from './expect-failure.js';

const project = useCliProject({ 'migrations/.keep': '', ...configFile('sqlite:./app.db'), ...modelFiles() });

const autogenerate = ['revision', '--autogenerate', '-m', 'x'];

/** Whatever is wrong with the models, no revision is written. */
async function expectRefusal(args: readonly string[], expected: ExpectedFailure): Promise<void> {
  await expectFailure(project, args, expected);
  expect(await project.list('migrations')).toEqual(['.keep']);
}

describe('models', () => {
  it('that throw are shown with the line', async () => {
    await project.write(modelFiles('', `throw new Error('kaput');`));
    await expectRefusal(autogenerate, {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['models/user.ts" line 11', 'kaput'],
      hint: ['Correct the file'],
    });
  });

  it('with a syntax error are shown with the line', async () => {
    await project.write(modelFiles('', 'export const x = ;'));
    await expectRefusal(['check'], {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['models/user.ts:11:18', 'export const x = ;'],
      hint: ['Correct the file'],
    });
  });

  it('that import what is not there name both files, or the package', async () => {
    await project.write({ 'models/tag.ts': `import './bas.js';\n` });
    await expectRefusal(['check'], {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['"./bas.js"', 'models/tag.ts'],
      hint: ['Correct the import'],
    });
    await project.write({ 'models/tag.ts': `import 'no-such-package-of-aludel';\n` });
    await expectRefusal(['check'], {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['"no-such-package-of-aludel"'],
      hint: ['npm install no-such-package-of-aludel'],
    });
  });

  it('are told of before a server that is not there', async () => {
    const modelsOnly = modelFiles('', 'export const x = ;');
    await project.write({ ...configFile('postgresql://app:secret@127.0.0.1:1/app'), ...modelsOnly });
    await expectRefusal(autogenerate, {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['models/user.ts:11:18'],
      hint: ['Correct the file'],
    });
  });

  it('that import the file which imports them learn where to put Base', async () => {
    const { 'models/base.ts': base = '' } = modelFiles();
    await project.write({ 'models/base.ts': `export * from './user.js';\n${base}` });
    await expectRefusal(autogenerate, {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['models/base.ts', 'models/user.ts'],
      hint: ['Put Base in a file of its own', 'npx aludel init'],
    });
  });

  it('that no file matches are told apart from models that declare nothing', async () => {
    await project.write({
      'migrate.config.ts': `export default { url: 'sqlite:./app.db', models: './entities/*.ts' };\n`,
    });
    await expectRefusal(autogenerate, {
      exitCode: 2,
      code: 'ALUDEL_MODELS_EMPTY',
      says: ['"./entities/*.ts"', project.folder],
      hint: ['"models"'],
    });
    await project.write({ 'migrate.config.ts': `export default { url: 'sqlite:./app.db' };\n` });
    await expectRefusal(['check'], {
      exitCode: 2,
      code: 'ALUDEL_MODELS_EMPTY',
      says: ['no "models"'],
      hint: ['models:'],
    });
  });

  it('that declare no table never drop the tables of the database', async () => {
    const url = `sqlite:${project.path('app.db')}`;
    await executeSql(url, ['CREATE TABLE users (id INTEGER PRIMARY KEY)', 'INSERT INTO users VALUES (1)']);
    const before = await dumpDatabase(url);
    await project.write({ 'models/user.ts': 'export {};\n' });
    await expectRefusal(autogenerate, {
      exitCode: 2,
      code: 'ALUDEL_MODELS_EMPTY',
      says: ['has 1'],
      hint: ['"models"', 'export'],
    });
    expect(await dumpDatabase(url)).toEqual(before);
  });

  it('that refer to an unknown table or column learn which there are', async () => {
    await project.write(modelFiles(`teamId: integer().references('teem.id'),`));
    await expectRefusal(['check'], {
      code: 'ALUDEL_MODELS_INVALID',
      says: ['"users"', '"teem"', 'there are: users'],
      hint: ['Mend the models'],
    });
    await project.write(modelFiles(`bossId: integer().references('users.idd'),`));
    await expectRefusal(['check'], {
      code: 'ALUDEL_MODELS_INVALID',
      says: ['"idd"', 'has: id, email, boss_id'],
      hint: ['Mend the models'],
    });
  });

  it('with a type that the database does not have name the column and the way out', async () => {
    await project.write(modelFiles(`search: aludel.customType({ postgres: 'tsvector' }),`));
    await expectRefusal(autogenerate, {
      code: 'ALUDEL_TYPE_UNSUPPORTED',
      says: ['users.search'],
      hint: ['customType'],
    });
  });

  it('that no file exports are named with both ways to make them known', async () => {
    const { 'models/user.ts': user = '' } = modelFiles();
    await project.write({ 'models/user.ts': user.replace('export class', 'class') });
    await expectRefusal(['check'], {
      code: 'ALUDEL_MODELS_INVALID',
      says: ['"users"', 'export', 'Base.register'],
      hint: ['Mend the models'],
    });
  });
});
