import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { type Files, type Folder, openFolder } from '../support/folder.js';
import { useOnce } from '../support/use-each.js';
import { buildLoader, runNode } from './loader-project.js';

const loader = useOnce(buildLoader);

async function valueOf(project: Folder, body: string): Promise<unknown> {
  const { value, error } = await runNode(loader, project, body);
  expect(error).toBeUndefined();
  return value;
}

/** Both ways, each in a process of its own, and whether Node's loader had to be asked. */
async function loadBoth(files: Files, file: string): Promise<{ script: unknown; module: unknown; isSimple: boolean }> {
  const project = await openFolder(files);
  const load = (loadFunction: string): string => `
    const { value, ...others } = await ${loadFunction}(path('${file}'));
    return { value: typeof value === 'function' ? await value() : value, names: ['value', ...Object.keys(others)] };`;
  const script = await valueOf(project, load('loadScript'));
  const module = await valueOf(project, load('loadModule'));
  // Whatever Node's loader evaluated, it evaluates no second time.
  const count = await valueOf(
    project,
    `await loadScript(path('${file}')); await loadModule(path('${file}')); return globalThis.evaluations;`,
  );
  return { script, module, isSimple: count === 2 };
}

const COUNT = 'globalThis.evaluations = (globalThis.evaluations ?? 0) + 1;';

describe('loadScript runs at once, with the result of the module loader,', () => {
  it.each([
    ['TypeScript', 'a.ts', 'export const value: number = 42;'],
    ['TypeScript with another ending', 'a.mts', 'export const value: number = 42;'],
    ['JavaScript', 'a.mjs', 'export const value = 42;'],
    ['an import of types', 'a.ts', "import type { Nobody } from './nobody.js';\nexport const value: Nobody = 1;"],
    [
      'imports from aludel',
      'a.ts',
      "import { integer, type Operations } from 'aludel';\nexport const value = (op: Operations) => 1;\nexport { integer };",
    ],
    ['strict mode', 'a.ts', 'export const value = (function () { return this === undefined; })();'],
    ['an async function', 'a.ts', 'export async function value(): Promise<number> { return 1; }'],
    ['the place of an error', 'a.ts', "\n\nexport const value = /a\\.ts:3/.test(new Error('here').stack);"],
  ])('%s', async (_name, file, source) => {
    const { script, module, isSimple } = await loadBoth({ [file]: `${source}\n${COUNT}` }, file);
    expect(script).toEqual(module);
    expect(isSimple).toBe(true);
  });
});

describe('loadScript evaluates a file anew that was written since,', () => {
  it.each([
    ['one that imports nothing', 'a.ts', ''],
    ['one that the module loader runs', 'a.ts', "import './one.js';\n"],
    ['JavaScript that the module loader runs', 'a.mjs', "import './one.js';\n"],
  ])('%s', async (_name, file, before) => {
    const project = await openFolder({ [file]: `${before}export const value = 1;`, 'one.js': '' });
    const values = await valueOf(
      project,
      `const { utimesSync, writeFileSync } = await import('node:fs');
      const file = path('${file}');
      const [first, again] = [await loadScript(file), await loadScript(file)];
      writeFileSync(file, ${JSON.stringify(`${before}export const value = 2;`)});
      utimesSync(file, 2_000_000_000, 2_000_000_000);
      return [first.value, first === again || first.value === again.value, (await loadScript(file)).value];`,
    );
    expect(values).toEqual([1, true, 2]);
  });
});

describe('loadScript leaves to the module loader', () => {
  it.each([
    ['an import of another file', "import { one } from './one.js';\nexport const value = one;"],
    ['a re-export', "export { one as value } from './one.js';"],
    ['an import when it is called', "export const value = async () => (await import('./one.js')).one;"],
    ['a module of Node', "import { sep } from 'node:path';\nexport const value = sep;"],
    ['import.meta', 'export const value = import.meta.url.length > 10;'],
    ['an await at the top', 'export const value = await Promise.resolve(7);'],
    ['all of aludel as one object', "import * as aludel from 'aludel';\nexport const value = typeof aludel;"],
    ['what could hold models', "export const value = 'declarativeBase()';"],
  ])('%s', async (_name, source) => {
    const files = { 'a.ts': `${source}\n${COUNT}`, 'one.ts': 'export const one: number = 1;' };
    const { script, module, isSimple } = await loadBoth(files, 'a.ts');
    expect(script).toEqual(module);
    expect(isSimple).toBe(false);
  });

  it('a name that Aludel does not export, for the message', async () => {
    const project = await openFolder({ 'a.ts': "import { nothing } from 'aludel';\nexport const value = nothing;" });
    const { error } = await runNode(loader, project, "await loadScript(path('a.ts'));");
    expect(error?.message).toContain('does not provide an export named');
  });

  it('a file of a project that has another Aludel', async () => {
    const files = {
      'a.ts': "import { integer } from 'aludel';\nexport const value = integer;",
      'node_modules/aludel/package.json': '{ "name": "aludel", "type": "module", "exports": "./own.js" }',
      'node_modules/aludel/own.js': "export const integer = 'own';",
    };
    const project = await openFolder(files);
    expect(await valueOf(project, "return (await loadScript(path('a.ts'))).value;")).toBe('own');
  });
});

it('loadScript evaluates a file once, and fails each time as it failed first', async () => {
  const project = await openFolder({ 'a.ts': `${COUNT}\nthrow new Error('no');` });
  const body = `const messages = [];
    for (const _ of [1, 2]) await loadScript(path('a.ts')).catch(({ message }) => messages.push(message));
    return [globalThis.evaluations, ...messages];`;
  const message = `File "${project.path('a.ts')}" line 2 threw: no`;
  expect(await valueOf(project, body)).toEqual([1, message, message]);
});

describe('a process of the command runs models that import nothing but aludel at once', () => {
  const claim = `const { claimProcess } = await import(${JSON.stringify('LOADER')});\nclaimProcess();\n`;
  const models = `${COUNT}
    import { integer } from 'aludel';
    export class User { static id = integer; }
    export const declarativeBase: number = 1;
    export default class Account {}
    export { User as class };`;
  const load = "const [first] = await loadModels({ file: 'c', folder: path('.'), models: ['./models.ts'] });";

  async function inCommand(files: Files, body: string): Promise<unknown> {
    const project = await openFolder(files);
    return valueOf(project, claim.replace('LOADER', `file://${loader.path('dist/load-module.js')}`) + body);
  }

  it('with the names of its namespace, in their order', async () => {
    const names = 'return [Object.keys(first), globalThis.evaluations]';
    const own = await inCommand({ 'models.ts': models }, `${load} ${names};`);
    const before = `await loadModule(path('other.mjs')); ${load} ${names};`;
    const byLoader = await inCommand({ 'models.ts': models, 'other.mjs': '' }, before);
    expect(own).toEqual([['User', 'class', 'declarativeBase', 'default'], 1]);
    expect(byLoader).toEqual(own);
  });

  it.each([
    ['imported by an ES module', "import Account, { User } from './models.ts';\nexport const found = [User, Account];"],
    ['without its ending', "import Account, { User } from './models';\nexport const found = [User, Account];"],
    ['when it is called', "const all = await import('./models.js');\nexport const found = [all.User, all.default];"],
  ])('and gives the same to who asks the loader later: %s', async (_name, source) => {
    const body = `${load}
      const { found } = await loadModule(path('later.ts'));
      const [again] = await loadModels({ file: 'c', folder: path('.'), models: ['./models.ts'] });
      return [found[0] === first.User, found[1] === first.default, again.User === first.User, globalThis.evaluations];`;
    expect(await inCommand({ 'models.ts': models, 'later.ts': source }, body)).toEqual([true, true, true, 1]);
  });

  it('but asks the loader where that has run files before, which may have imported them', async () => {
    const body = `const { User } = await loadModule(path('earlier.ts')); ${load}
      return [first.User === User, globalThis.evaluations];`;
    const files = { 'models.ts': models, 'earlier.ts': "export { User } from './models.js';" };
    expect(await inCommand(files, body)).toEqual([true, 1]);
  });

  it('and a program that uses Aludel shares the models that it has imported itself', async () => {
    const project = await openFolder({ 'models.mjs': `${COUNT}\nexport class User {}` });
    const body = `const { User } = await import(path('models.mjs'));
      const [first] = await loadModels({ file: 'c', folder: path('.'), models: ['./models.mjs'] });
      return [first.User === User, globalThis.evaluations];`;
    expect(await valueOf(project, body)).toEqual([true, 1]);
  });
});

describe('what V8 makes of a large file is kept', () => {
  // Of one length whatever the value: V8 compares no more than that.
  const models = (value: number): string =>
    `export const value: number = ${value};\n${'/* a column that needs many words */\n'.repeat(3000)}`;
  const body = `const { claimProcess } = await import(LOADER); claimProcess();
    const [{ value }] = await loadModels({ file: 'c', folder: path('.'), models: ['./models.ts'] });
    return value;`;
  const run = (project: Folder): Promise<unknown> =>
    valueOf(project, body.replace('LOADER', JSON.stringify(`file://${loader.path('dist/load-module.js')}`)));

  async function compiled(project: Folder): Promise<string[]> {
    const folder = project.path('node_modules/.cache/aludel');
    const [version = ''] = await readdir(folder);
    const names = await readdir(join(folder, version));
    return names.filter((name) => name.startsWith('v8-')).map((name) => join(folder, version, name));
  }

  async function openLarge(): Promise<Folder> {
    const project = await openFolder({ 'models.ts': models(1) });
    await mkdir(project.path('node_modules'));
    expect(await run(project)).toBe(1);
    return project;
  }

  it('for the code it was made of alone', async () => {
    const project = await openLarge();
    const [entry = ''] = await compiled(project);
    expect((await stat(entry)).mode & 0o777).toBe(0o600);
    await project.write({ 'models.ts': models(2) });
    expect(await run(project)).toBe(2);
    expect(await compiled(project)).toHaveLength(2);
  });

  it('and used', async () => {
    const project = await openLarge();
    const [entry = ''] = await compiled(project);
    await project.write({ 'models.ts': models(2) });
    await run(project);
    const other = (await compiled(project)).find((name) => name !== entry) ?? '';
    // What V8 cannot tell apart shows which of the two ran.
    await writeFile(other, await readFile(entry));
    expect(await run(project)).toBe(1);
  });

  it('but not where it is damaged', async () => {
    const project = await openLarge();
    const [entry = ''] = await compiled(project);
    const kept = await readFile(entry);
    for (const damaged of [kept.subarray(0, 100), Buffer.alloc(0), Buffer.from(kept).fill(7, 500, 520)]) {
      await writeFile(entry, damaged);
      expect(await run(project)).toBe(1);
      expect(await readFile(entry)).toHaveLength(kept.length);
    }
  });
});

describe('what TypeScript becomes is kept', () => {
  const source = 'export const value: number = 1;';
  const body = "return (await loadScript(path('a.ts'))).value;";

  async function entries(project: Folder): Promise<string[]> {
    const folder = project.path('node_modules/.cache/aludel');
    const [version = ''] = await readdir(folder);
    return (await readdir(join(folder, version))).map((name) => join(folder, version, name));
  }

  async function createWithModules(): Promise<Folder> {
    const project = await openFolder({ 'a.ts': source });
    await mkdir(project.path('node_modules'));
    return project;
  }

  it('in node_modules/.cache, for the owner alone, by what it is made of', async () => {
    const project = await createWithModules();
    expect(await valueOf(project, body)).toBe(1);
    const [entry = '', ...others] = await entries(project);
    expect(others).toEqual([]);
    expect((await stat(project.path('node_modules/.cache/aludel'))).mode & 0o777).toBe(0o700);
    expect((await stat(entry)).mode & 0o777).toBe(0o600);
    const kept = await readFile(entry, 'utf8');
    await writeFile(entry, kept.replace('number = 1', 'number = 2').replace('value = 1', 'value = 2'));
    // The source in the entry is not that of the file: not taken, and written anew.
    expect(await valueOf(project, body)).toBe(1);
    expect(await readFile(entry, 'utf8')).toBe(kept);
  });

  it('and read again instead of made', async () => {
    const project = await createWithModules();
    await valueOf(project, body);
    const [entry = ''] = await entries(project);
    const kept = await readFile(entry, 'utf8');
    const at = kept.lastIndexOf('value = 1');
    await writeFile(entry, `${kept.slice(0, at)}value = 5${kept.slice(at + 9)}`);
    expect(await valueOf(project, body)).toBe(5);
  });

  it('but not for a file that has changed', async () => {
    const project = await createWithModules();
    await valueOf(project, body);
    await project.write({ 'a.ts': source.replace('1', '6') });
    expect(await valueOf(project, body)).toBe(6);
  });

  it('nowhere without node_modules, and without harm where nothing can be written', async () => {
    const bare = await openFolder({ 'a.ts': source });
    expect(await valueOf(bare, body)).toBe(1);
    expect(existsSync(bare.path('node_modules'))).toBe(false);
    const project = await createWithModules();
    // A file where the folder should be stops even root.
    await writeFile(project.path('node_modules/.cache'), '');
    expect(await valueOf(project, body)).toBe(1);
  });
});
