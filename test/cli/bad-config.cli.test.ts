import { describe, it } from 'vitest';
import { configFile, useCliProject } from '../support/cli-project.js';
import { expectFailure, PASSWORD } from './expect-failure.js';

const project = useCliProject({ ...configFile('sqlite:./app.db'), 'migrations/.keep': '' });

describe('a config that cannot work', () => {
  it('names an unknown key and the nearest known one', async () => {
    await project.write(configFile(`postgresql://u:${PASSWORD}@localhost/app`, 'migration: "./x"'));
    await expectFailure(project, ['current'], {
      code: 'ALUDEL_CONFIG_INVALID',
      says: ['migrate.config.ts', '"migration"', '"migrations"'],
      hint: ['versionTable'],
    });
  });

  it('that is missing is looked for in places that the message names', async () => {
    await project.write({ 'empty/package.json': '{}' });
    await expectFailure(
      project,
      ['upgrade'],
      {
        code: 'ALUDEL_CONFIG_NOT_FOUND',
        says: ['migrate.config.{ts,mts,js,mjs,cjs,json}', project.path('empty')],
        hint: ['npx aludel init', '-c FILE'],
      },
      { cwd: 'empty' },
    );
  });

  it('that is missing is no hindrance to diff, which asks for the database of SQL files instead', async () => {
    await project.write({ 'empty/package.json': '{}', 'empty/a.sql': 'CREATE TABLE a (id INTEGER);' });
    const expected = {
      code: 'ALUDEL_USAGE',
      exitCode: 2,
      says: ['Neither source says'],
      hint: ['--dev-url sqlite::memory:'],
    };
    await expectFailure(project, ['diff', '--from', 'empty', '--to', 'a.sql'], expected, { cwd: 'empty' });
  });

  it('that -c or ALUDEL_CONFIG names and nobody wrote is named with where the name came from', async () => {
    const expected = { code: 'ALUDEL_CONFIG_NOT_FOUND', hint: ['npx aludel init'] };
    await expectFailure(project, ['current', '-c', 'gone.ts'], { ...expected, says: [project.path('gone.ts')] });
    const env = { ALUDEL_CONFIG: 'other.ts' };
    await expectFailure(
      project,
      ['current'],
      { ...expected, says: [project.path('other.ts'), 'named by ALUDEL_CONFIG'] },
      { env },
    );
  });

  it('with a syntax error shows the line', async () => {
    await project.write({ 'migrate.config.ts': `export default {\n  url: 'sqlite:./app.db';\n};\n` });
    await expectFailure(project, ['current'], {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['migrate.config.ts:2', "url: 'sqlite:./app.db';"],
      hint: ['Correct the file'],
    });
  });

  it('that throws is shown with the line that threw', async () => {
    await project.write({ 'migrate.config.ts': `const name: string = 'x';\nthrow new Error('no ' + name);\n` });
    await expectFailure(project, ['current'], {
      code: 'ALUDEL_MODULE_FAILED',
      says: ['migrate.config.ts" line 2', 'no x'],
      hint: ['Correct the file'],
    });
  });

  it('names the environment variable that its URL needs', async () => {
    await project.write(configFile('postgresql://app:${ALUDEL_TEST_UNSET}@localhost/app'));
    await expectFailure(project, ['current'], {
      code: 'ALUDEL_CONFIG_INVALID',
      says: ['"ALUDEL_TEST_UNSET"'],
      hint: ['export ALUDEL_TEST_UNSET='],
    });
  });

  it('never shows a URL that cannot be read', async () => {
    for (const url of [`oracle://u:${PASSWORD}@h/d`, `postgresql://u:a/${PASSWORD}@h/d`, `mysql:u:${PASSWORD}@h/d`]) {
      await project.write(configFile(url));
      await expectFailure(project, ['current'], { code: 'ALUDEL_URL_INVALID', says: [], hint: ['Write it '] });
    }
  });

  it('names a migration folder that does not exist', async () => {
    await project.write(configFile('sqlite:./app.db', 'migrations: "./elsewhere"'));
    await expectFailure(project, ['history'], {
      code: 'ALUDEL_CONFIG_INVALID',
      says: [project.path('elsewhere')],
      hint: ['"migrations"'],
    });
  });
});

describe('a command line that cannot be understood', () => {
  const USAGE = { exitCode: 2, code: 'ALUDEL_USAGE' } as const;

  it('gets the nearest command', async () => {
    await expectFailure(project, ['upgrad'], {
      ...USAGE,
      says: ['Unknown command "upgrad"'],
      hint: ['"upgrade"', 'aludel --help'],
    });
  });

  it('gets the help of its command', async () => {
    const hint = ['Run "aludel upgrade --help"'];
    await expectFailure(project, ['upgrade', '--nope'], { ...USAGE, says: ['Unknown option "--nope"'], hint });
    await expectFailure(project, ['upgrade', 'a', 'b'], { ...USAGE, says: ['Too many arguments'], hint });
    await expectFailure(project, ['upgrade', '-y1'], { ...USAGE, says: ['Unknown option "-y1"'], hint });
  });

  it('needs the target of a downgrade', async () => {
    await expectFailure(project, ['downgrade'], {
      ...USAGE,
      says: ['Missing required argument "target"'],
      hint: ['aludel downgrade --help'],
    });
  });

  it('learns which templates there are', async () => {
    await expectFailure(project, ['init', 'new', '-t', 'java'], {
      ...USAGE,
      says: ['"java"'],
      hint: ['generic, javascript'],
    });
  });
});
