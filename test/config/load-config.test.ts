import { beforeAll, describe, expect, it } from 'vitest';

import { loadConfig } from '../../src/config/load-config.js';
import { loadModels } from '../../src/config/load-models.js';
import { renderExampleConfig } from './render-example-config.js';
import { type Files, openFolder } from '../support/folder.js';
import { useOnce } from '../support/use-each.js';
import { buildLoader, runNode } from './loader-project.js';
import type { Outcome } from './loader-project.js';

const loader = useOnce(buildLoader);

beforeAll(async () => {
  await loader.write({ 'dist/index.js': 'export const defineConfig = (config) => config;' });
});

async function run(files: Files, body: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const project = await openFolder(files);
  const outcome = await runNode(loader, project, body, env);
  return JSON.parse(JSON.stringify(outcome).replaceAll(project.folder, '/app')) as Outcome;
}

const ECHO = 'export default { echo: true };';
const FILE = 'return (await loadConfig()).file;';
const URL = 'return await (await loadConfig()).url();';

describe('loadConfig finds the file', () => {
  it.each(['ts', 'mts', 'js', 'mjs', 'cjs', 'json'])('migrate.config.%s', async (extension) => {
    const sources: Files = { cjs: 'module.exports = { echo: true };', json: '{ "echo": true }' };
    const name = `migrate.config.${extension}`;
    const body = 'const { file, echo } = await loadConfig(); return { file, echo };';
    const { value } = await run({ 'package.json': '{ "type": "module" }', [name]: sources[extension] ?? ECHO }, body);
    expect(value).toEqual({ file: `/app/${name}`, echo: true });
  });

  it('in .config/', async () => {
    expect((await run({ '.config/migrate.config.ts': ECHO }, FILE)).value).toBe('/app/.config/migrate.config.ts');
  });

  it('in a folder above', async () => {
    const body = "return (await loadConfig({ cwd: path('src/deep') })).file;";
    const files = { 'package.json': '{}', '.config/migrate.config.ts': ECHO, 'src/deep/a.ts': '' };
    expect((await run(files, body)).value).toBe('/app/.config/migrate.config.ts');
  });

  it('as far as the first package.json only', async () => {
    const body = "return (await loadConfig({ cwd: path('packages/a') })).file;";
    const { error } = await run({ 'migrate.config.ts': ECHO, 'packages/a/package.json': '{}' }, body);
    expect(error).toMatchObject({
      code: 'ALUDEL_CONFIG_NOT_FOUND',
      message:
        'No config file found: looked for migrate.config.{ts,mts,js,mjs,cjs,json}, also in a folder ".config", in ' +
        '"/app/packages/a" and the folders above it, as far as the first with a package.json.',
      hint: 'Run "npx aludel init" to write one, or name it with "-c FILE".',
    });
  });

  it('that ALUDEL_CONFIG names before one that a search would find', async () => {
    const files = { 'migrate.config.ts': ECHO, 'other/my.config.ts': ECHO };
    expect((await run(files, FILE, { ALUDEL_CONFIG: 'other/my.config.ts' })).value).toBe('/app/other/my.config.ts');
  });

  it('that the argument names before ALUDEL_CONFIG', async () => {
    const files = { 'a.ts': ECHO, 'b.ts': ECHO };
    const body = "return (await loadConfig({ config: 'b.ts' })).file;";
    expect((await run(files, body, { ALUDEL_CONFIG: 'a.ts' })).value).toBe('/app/b.ts');
  });

  it('or says that the named one does not exist', async () => {
    const { error } = await run({}, FILE, { ALUDEL_CONFIG: 'gone.ts' });
    expect(error).toMatchObject({
      code: 'ALUDEL_CONFIG_NOT_FOUND',
      message: 'Config file "/app/gone.ts", named by ALUDEL_CONFIG, does not exist.',
    });
  });
});

describe('loadConfig reads', () => {
  it('nothing but the defaults from an empty config', async () => {
    const { value } = await run({ 'migrate.config.ts': 'export default {};' }, 'return await loadConfig();');
    expect(value).toEqual({
      file: '/app/migrate.config.ts',
      folder: '/app',
      name: null,
      revisionFormat: 'module',
      otherOwnTables: [],
      migrations: ['/app/migrations'],
      versionTable: 'aludel_version',
      logTable: 'aludel_log',
      lockTimeout: 5000,
      include: [],
      exclude: [],
      namespaces: [],
      objects: [],
      sqlObjects: [],
      recursive: false,
      revisionIds: 'hex',
      fileTemplate: '{rev}_{slug}',
      timezone: 'UTC',
      truncateSlugLength: 40,
      transaction: 'revision',
      extensions: null,
      echo: false,
    });
  });

  it('what the example file says, which is the defaults', async () => {
    const body = `const { models, ...example } = await loadConfig({ config: 'example.ts' });
      const { models: none, ...defaults } = await loadConfig({ config: 'defaults.ts' });
      return [models, { ...example, file: '' }, { ...defaults, file: '' }];`;
    const { value } = await run({ 'example.ts': renderExampleConfig(), 'defaults.ts': 'export default {};' }, body);
    const [models, example, defaults] = value as [unknown, unknown, unknown];
    expect(models).toEqual(['./src/models/**/*.ts']);
    expect(example).toEqual(defaults);
  });

  it('paths relative to the config file', async () => {
    const file = "export default { migrations: ['../db/a', '/abs'], models: 'models/*.ts' };";
    const body = `const { folder, migrations, models } = await loadConfig({ config: 'conf/c.ts' });
      return { folder, migrations, models };`;
    const { value } = await run({ 'conf/c.ts': file }, body);
    expect(value).toEqual({ folder: '/app/conf', migrations: ['/app/db/a', '/abs'], models: ['models/*.ts'] });
  });

  it.each(['() => ({ echo: true })', 'async () => ({ echo: true })', 'Promise.resolve({ echo: true })'])(
    'a default export that is %s',
    async (exported) => {
      const files = { 'migrate.config.ts': `export default ${exported};` };
      expect((await run(files, 'return (await loadConfig()).echo;')).value).toBe(true);
    },
  );
});

describe('loadConfig refuses', () => {
  const cases: readonly [name: string, file: string, text: string, code: string, message: string][] = [
    ['an empty file', 'c.ts', '', 'ALUDEL_CONFIG_INVALID', 'Config file "/app/c.ts": there is no default export.'],
    [
      'an unknown key',
      'c.ts',
      "export default { modles: 'x' };",
      'ALUDEL_CONFIG_INVALID',
      'Config file "/app/c.ts": unknown key "modles"; the nearest known key is "models".',
    ],
    [
      'a function that throws',
      'c.ts',
      "export default () => {\n  throw new Error('no secrets file');\n};",
      'ALUDEL_MODULE_FAILED',
      'File "/app/c.ts" line 2 threw: no secrets file',
    ],
    [
      'a function that returns nothing',
      'c.ts',
      'export default () => {};',
      'ALUDEL_CONFIG_INVALID',
      'Config file "/app/c.ts": the config must be an object, found undefined.',
    ],
  ];
  it.each(cases)('%s', async (_name, file, text, code, message) => {
    const { error } = await run({ [file]: text }, `return await loadConfig({ config: '${file}' });`);
    expect({ code: error?.code, message: error?.message }).toEqual({ code, message });
  });

  it('JSON that cannot be parsed', async () => {
    const { error } = await run({ 'migrate.config.json': '{ "echo": }' }, FILE);
    expect(error?.code).toBe('ALUDEL_CONFIG_INVALID');
    expect(error?.message).toContain('Config file "/app/migrate.config.json": it is no valid JSON (Unexpected token');
  });
});

describe('the url of a config', () => {
  const config = (url: string): Files => ({ 'migrate.config.ts': `export default { url: ${url} };` });

  it('is DATABASE_URL by default', async () => {
    const files = { 'migrate.config.ts': 'export default {};' };
    expect((await run(files, URL, { DATABASE_URL: 'mysql://db/app' })).value).toBe('mysql://db/app');
  });

  it('has its environment variables filled in', async () => {
    const files = config("'postgresql://app:${APP_PASSWORD}@${APP_HOST}/app'");
    const env = { APP_PASSWORD: 'se$&cret', APP_HOST: 'db' };
    expect((await run(files, URL, env)).value).toBe('postgresql://app:se$&cret@db/app');
  });

  it('names every environment variable that is not set, only when it is asked for', async () => {
    const files = config("'postgresql://app:${APP_PASSWORD}@${APP_HOST}/app'");
    expect((await run(files, FILE)).value).toBe('/app/migrate.config.ts');
    expect((await run(files, URL)).error).toMatchObject({
      code: 'ALUDEL_CONFIG_INVALID',
      message:
        'Config file "/app/migrate.config.ts": "url" needs the environment variables "APP_PASSWORD", "APP_HOST".',
      hint: 'Run "export APP_PASSWORD=..." before the command, or write "url" into the config file.',
    });
  });

  it.each(["() => 'sqlite:app.db'", "async () => 'sqlite:./app.db'"])('is what %s returns', async (url) => {
    expect((await run(config(url), URL)).value).toBe('sqlite:/app/app.db');
  });

  it('is not taken from DATABASE_URL where the config sets it to undefined', async () => {
    const files = config("process.env['APP_URL']");
    const { error } = await run(files, URL, { DATABASE_URL: 'mysql://production/app' });
    expect(error?.message).toBe('Config file "/app/migrate.config.ts": "url" is undefined.');
  });

  it.each([
    "url: process.env['APP_URL'] ?? 'sqlite:app.db'",
    "url: async () => process.env['APP_URL'] ?? 'sqlite:app.db'",
    "databases: { main: { url: process.env['APP_URL'] ?? 'sqlite:app.db' } }",
    "url: 'sqlite:dev.db', environments: { main: { url: process.env['APP_URL'] ?? 'sqlite:app.db' } }",
    "environments: { main: { databases: { one: { url: process.env['APP_URL'] ?? 'sqlite:app.db' } } } }",
  ])('says where an empty one comes from, as the secret of a CI is: %s', async (keys) => {
    const { error } = await run({ 'migrate.config.ts': `export default { ${keys} };` }, URL, { APP_URL: '' });
    expect(error).toMatchObject({
      code: 'ALUDEL_CONFIG_INVALID',
      hint: 'Set the environment variable that it is read from; an empty one counts as set.',
    });
  });

  it('says what a function returned instead of text', async () => {
    const { error } = await run(config('() => 7 as unknown as string'), URL);
    expect(error?.message).toBe(
      'Config file "/app/migrate.config.ts": the function "url" must return text, returned the number 7.',
    );
  });

  it.each([
    ['sqlite:data/app.db', 'sqlite:/app/conf/data/app.db'],
    ['sqlite:../app.db', 'sqlite:/app/app.db'],
    ['sqlite:/var/app.db', 'sqlite:/var/app.db'],
    ['sqlite:///var/app.db', 'sqlite:///var/app.db'],
    ['sqlite::memory:', 'sqlite::memory:'],
    ['postgresql://db/app', 'postgresql://db/app'],
  ])('%s is %s, from whichever folder', async (url, expected) => {
    const body = "return await (await loadConfig({ config: 'conf/c.ts' })).url();";
    expect((await run({ 'conf/c.ts': `export default { url: '${url}' };` }, body)).value).toBe(expected);
  });
});

describe('loadModels', () => {
  const models = (source: string): Files => ({ 'migrate.config.ts': `export default { models: ${source} };` });
  const LOAD = 'return (await loadModels(await loadConfig())).map((module) => ({ ...module }));';
  const files = {
    'src/models/user.ts': "export const name: string = 'user';",
    'src/models/deep/tag.ts': "export const name: string = 'tag';",
    'src/models/types.d.ts': 'export declare const wrong: string;',
    'src/models/data.json': '{}',
    'src/models/node_modules/x/index.ts': "export const name = 'wrong';",
    'legacy/old.cjs': "exports.name = 'old';",
  };

  it.each([
    "'./src/models/**/*.ts'",
    "['src/models/user.ts', 'src/models/deep/*.ts', 'src/**/user.ts']",
    "'src/models'",
  ])('loads the modules that match %s, each once, in the order of their paths', async (source) => {
    expect((await run({ ...files, ...models(source) }, LOAD)).value).toEqual([{ name: 'tag' }, { name: 'user' }]);
  });

  it('leaves out what a glob with "!" names', async () => {
    const source = "['**/*.{ts,cjs}', '!migrate.config.ts', '!**/deep/**', '!legacy']";
    expect((await run({ ...files, ...models(source) }, LOAD)).value).toEqual([{ name: 'user' }]);
  });

  it('calls a function that imports a module, or a list of them', async () => {
    const list = "() => Promise.all([import('./src/models/user.js'), import('./src/models/deep/tag')])";
    expect((await run({ ...files, ...models(list) }, LOAD)).value).toEqual([{ name: 'user' }, { name: 'tag' }]);
    const one = models("() => import('./src/models/user.ts')");
    expect((await run({ ...files, ...one }, LOAD)).value).toEqual([{ name: 'user' }]);
  });

  it('loads no model with the config', async () => {
    const broken = { ...models("'broken.ts'"), 'broken.ts': "throw new Error('loaded');" };
    expect((await run(broken, FILE)).value).toBe('/app/migrate.config.ts');
  });

  it('names the globs and the folder where no file matches', async () => {
    expect((await run(models("['src/*.ts', 'lib/*.ts']"), LOAD)).error).toMatchObject({
      code: 'ALUDEL_MODELS_EMPTY',
      message: 'No model file matches "src/*.ts", "lib/*.ts" in "/app".',
      hint: 'Correct "models" in "/app/migrate.config.ts".',
    });
  });

  it('says that the config has no models', async () => {
    expect((await run({ 'migrate.config.ts': ECHO }, LOAD)).error).toMatchObject({
      code: 'ALUDEL_MODELS_EMPTY',
      message: 'Config file "/app/migrate.config.ts" has no "models".',
    });
  });

  it('says which import of the function cannot be found', async () => {
    expect((await run(models("() => import('./gone.js')"), LOAD)).error).toMatchObject({
      code: 'ALUDEL_MODULE_FAILED',
      message: 'Cannot find "./gone.js", imported by "/app/migrate.config.ts".',
    });
  });
});

describe('run from source, where vitest is the loader', () => {
  it('loads config and models through vitest, each once', async () => {
    const project = await openFolder({
      'migrate.config.ts': "export default { models: 'src/*.ts', echo: true as boolean };",
      'src/a.ts': 'export const shared: object = {};',
      'src/b.ts': "export { shared } from './a.js';",
    });
    const config = await loadConfig({ cwd: project.folder });
    const [a, b] = (await loadModels(config)) as readonly { readonly shared: object }[];
    expect(config.echo).toBe(true);
    expect(a?.shared).toBeTypeOf('object');
    expect(b?.shared).toBe(a?.shared);
  });

  it('names a file that cannot be parsed', async () => {
    const project = await openFolder({ 'migrate.config.ts': 'export default {;' });
    await expect(loadConfig({ cwd: project.folder })).rejects.toMatchObject({
      code: 'ALUDEL_MODULE_FAILED',
      message: expect.stringContaining(project.path('migrate.config.ts')) as string,
    });
  });
});
