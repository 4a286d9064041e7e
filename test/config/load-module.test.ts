import { describe, expect, it } from 'vitest';

import { type Files, type Folder, openFolder } from '../support/folder.js';
import { useOnce } from '../support/use-each.js';
import { buildLoader, runNode } from './loader-project.js';
import type { Failure, Outcome } from './loader-project.js';

const loader = useOnce(buildLoader);

async function run(files: Files, body: string): Promise<Outcome & { readonly project: Folder }> {
  const project = await openFolder(files);
  const outcome = await runNode(loader, project, body);
  return { ...outcome, project };
}

async function valueOf(files: Files, body: string): Promise<unknown> {
  const { value, error, stderr } = await run(files, body);
  expect(error).toBeUndefined();
  expect(stderr).toBe('');
  return value;
}

async function failureOf(files: Files, file: string): Promise<Failure> {
  const { error, project } = await run(files, `return await loadModule(path('${file}'));`);
  if (error === undefined) throw new Error('the file was loaded');
  const strip = (text: string): string => text.replaceAll(`${project.folder}/`, '');
  return {
    ...error,
    message: strip(error.message),
    details: JSON.parse(strip(JSON.stringify(error.details ?? {}))) as Record<string, unknown>,
  };
}

const loadDefault = (file: string): string => `return (await loadModule(path('${file}'))).default;`;

describe('loadModule', () => {
  const esm = 'const answer: number = 42;\nexport default { answer } satisfies { answer: number };\n';
  const js = 'export default { answer: 42 };\n';
  const cjs = 'exports.named = 1;\nexports.answer = 42;\n';
  const commonjs = { 'package.json': '{ "type": "commonjs" }' };
  const cases: readonly [name: string, file: string, files: Files, expected: unknown][] = [
    ['a .ts file', 'file.ts', { 'file.ts': esm }, { answer: 42 }],
    ['a .ts file as ESM in a CommonJS package', 'file.ts', { ...commonjs, 'file.ts': esm }, { answer: 42 }],
    ['a .mts file', 'file.mts', { ...commonjs, 'file.mts': esm }, { answer: 42 }],
    ['a .cts file in ESM syntax', 'file.cts', { 'file.cts': esm }, { answer: 42 }],
    [
      'a .cts file in CommonJS syntax',
      'file.cts',
      {
        'file.cts': "import path = require('node:path');\nexport = { name: path.basename('/a/b') as string };\n",
      },
      { name: 'b' },
    ],
    ['a .mjs file', 'file.mjs', { 'file.mjs': js }, { answer: 42 }],
    [
      'a .js file of an ESM package',
      'file.js',
      { 'package.json': '{ "type": "module" }', 'file.js': js },
      { answer: 42 },
    ],
    ['a .js file of a CommonJS package', 'file.js', { ...commonjs, 'file.js': cjs }, { named: 1, answer: 42 }],
    ['a .cjs file', 'file.cjs', { 'file.cjs': cjs }, { named: 1, answer: 42 }],
  ];
  it.each(cases)('loads %s', async (_name, file, files, expected) => {
    expect(await valueOf(files, loadDefault(file))).toEqual(expected);
  });

  it('names what a CommonJS file assigns to module.exports as a whole', async () => {
    const files = {
      'file.js': "module.exports = { revision: 'a' + 1, upgrade() {} };\n",
      ...commonjs,
    };
    expect(await valueOf(files, `return Object.keys(await loadModule(path('file.js')));`)).toEqual(
      expect.arrayContaining(['revision', 'upgrade', 'default']),
    );
  });

  it('runs enums, parameter properties and type-only imports', async () => {
    const files = {
      'file.ts': `import { Missing } from './types.js';
        enum Color { Red = 'red' }
        class Point { constructor(readonly x: number) {} declare y: string; }
        export default [Color.Red, Object.keys(new Point(3) as object), null as Missing];`,
      'types.ts': 'export interface Missing {}\n',
    };
    expect(await valueOf(files, loadDefault('file.ts'))).toEqual(['red', ['x'], null]);
  });

  it('keeps line numbers', async () => {
    const files = {
      'file.ts': `import type { A } from './a.js';
interface Wide {
  a: A;
}

export default new Error('here').stack?.match(/file\\.ts:(\\d+)/)?.[1] as string;
`,
    };
    expect(await valueOf(files, loadDefault('file.ts'))).toBe('6');
  });

  it('finds TypeScript behind .js, extensionless and folder imports, from TypeScript and JavaScript', async () => {
    const files = {
      'start.mjs': "export { default } from './file.js';\n",
      'file.ts': `import a from './a.js'; import b from './b.mjs'; import c from './c.cjs'; import d from './d';
        import e from './e'; import f from './f.name'; import g from './g.js';
        export default [a, b, c, d, e, f, g] as string[];`,
      'a.ts': "export default 'a' as string;",
      'b.mts': "export default 'b' as string;",
      'c.cts': "export = 'c' as string;",
      'd.ts': "export default 'd' as string;",
      'd/index.ts': "export default 'wrong' as string;",
      'e/index.ts': "export default 'e' as string;",
      'f.name.ts': "export default 'f' as string;",
      'g.js': "export default 'g, the JavaScript';",
      'g.ts': "export default 'g, the TypeScript';",
      'package.json': '{ "type": "module" }',
    };
    expect(await valueOf(files, loadDefault('start.mjs'))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g, the JavaScript']);
  });

  it('finds TypeScript that a .cts file requires', async () => {
    const files = {
      'file.cts': "import a = require('./a.cjs');\nimport b = require('./b');\nexport = [a, b];\n",
      'a.cts': "export = 'a' as string;",
      'b/index.cts': "export = 'b' as string;",
    };
    expect(await valueOf(files, loadDefault('file.cts'))).toEqual(['a', 'b']);
  });

  it('finds TypeScript behind the "imports" of package.json', async () => {
    const files = {
      'package.json': JSON.stringify({ imports: { '#models/*.js': './src/models/*.js' } }),
      'file.ts': "export { default } from '#models/user.js';",
      'src/models/user.ts': "export default 'user' as string;",
    };
    expect(await valueOf(files, loadDefault('file.ts'))).toBe('user');
  });

  it('evaluates a file once, however it is imported', async () => {
    const files = {
      'models.ts': 'export const count: number = (globalThis.count = (globalThis.count ?? 0) + 1);',
      'a.ts': "import './models.js';\nimport './models.ts';\nimport './models';\nimport '@/models';",
      'b.mjs': "await import('./models.js');",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
    };
    const body = `await loadModule(path('a.ts')); await loadModule(path('b.mjs')); await loadModule(path('models.ts'));
      await import(path('models.ts')); return globalThis.count;`;
    expect(await valueOf(files, body)).toBe(1);
  });

  it('transforms a large file once, where the hooks have a thread of their own in another one that ends', async () => {
    const files = {
      'models.ts': `${esm}// ${'x'.repeat(300_000)}\n`,
      'node_modules/package.json': '{}',
      'package.json': '{ "type": "module" }',
    };
    const value = await valueOf(
      files,
      `const { readdirSync } = await import('node:fs');
       const { registerHooks } = (await import('node:module')).default;
       const codes = [];
       process.on('worker', (worker) => worker.on('exit', (code) => codes.push(code)));
       const models = await loadModule(path('models.ts'));
       const cache = path('node_modules/.cache/aludel/undefined');
       return { models: models.default, kept: readdirSync(cache).length, areApart: registerHooks === undefined, codes };`,
    );
    const areApart = (value as { readonly areApart: boolean }).areApart;
    expect(value).toEqual({ models: { answer: 42 }, kept: 1, areApart, codes: areApart ? [0] : [] });
  });

  describe('with a tsconfig.json', () => {
    const main = {
      'src/models/user.ts': "export default 'user';",
      'src/env.ts': "export default 'env';",
    };

    it('honours paths, in a file with comments and trailing commas', async () => {
      const files = {
        ...main,
        'tsconfig.json': `{
          // "paths" below
          "compilerOptions": { /* a "comment" */
            "paths": { "@/*": ["./nowhere/*", "./src/*",], "env": ["./src/env.ts"], "@/models/special": ["src/env.ts"] },
          },
        }`,
        'migrations/file.ts': `import user from '@/models/user.js'; import env from 'env';
          import special from '@/models/special';
          export default [user, env, special];`,
      };
      expect(await valueOf(files, loadDefault('migrations/file.ts'))).toEqual(['user', 'env', 'env']);
    });

    it('honours paths and baseUrl of what it extends, relative to the file that says them', async () => {
      const files = {
        ...main,
        'tsconfig.json': '{ "extends": ["./config/base", "shared/tsconfig.json"] }',
        'config/base.json': '{ "compilerOptions": { "baseUrl": "../src" } }',
        'node_modules/shared/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["../../src/*"] } } }',
        'node_modules/shared/package.json': '{ "name": "shared" }',
        'file.ts': "import user from 'models/user'; import env from '~/env';\nexport default [user, env];",
      };
      expect(await valueOf(files, loadDefault('file.ts'))).toEqual(['user', 'env']);
    });

    it('leaves packages, builtins and the packages of node_modules to Node', async () => {
      const files = {
        'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "*": ["./src/*"] } } }',
        'src/inner.ts': "export default 'wrong';",
        'path.ts': "export default 'wrong';",
        'file.ts': "import a from 'outer'; import { sep } from 'path';\nexport default [a, sep];",
        'node_modules/outer/package.json': '{ "name": "outer", "type": "module", "exports": "./index.js" }',
        'node_modules/outer/index.js': "export { default } from 'inner';",
        'node_modules/inner/package.json': '{ "name": "inner", "type": "module", "exports": "./index.js" }',
        'node_modules/inner/index.js': "export default 'right';",
      };
      expect(await valueOf(files, loadDefault('file.ts'))).toEqual(['right', '/']);
    });
  });

  describe("with an import of 'aludel'", () => {
    const file = "import { evaluations } from 'aludel';\nexport default evaluations;";
    const body = (name: string): string => `await import('file://${loader.path('dist/index.js')}');
      return (await loadModule(path('${name}'))).default;`;

    it('gives the running Aludel where the project has none', async () => {
      expect(await valueOf({ 'file.ts': file }, body('file.ts'))).toBe(1);
    });

    it('gives it to CommonJS too', async () => {
      const cts = "import { evaluations } from 'aludel';\nexport default evaluations;";
      expect(await valueOf({ 'file.cts': cts }, body('file.cts'))).toBe(1);
    });

    it.each(['file.ts', 'file.cts'])("gives the project's own where it has one, to %s", async (name) => {
      const files = {
        [name]: file,
        'node_modules/aludel/package.json': '{ "name": "aludel", "type": "module", "exports": "./own.js" }',
        'node_modules/aludel/own.js': "export const evaluations = 'own';",
      };
      expect(await valueOf(files, body(name))).toBe('own');
    });
  });
});

describe('loadModule fails with ALUDEL_MODULE_FAILED', () => {
  it('when there is no such file', async () => {
    const { code, message } = await failureOf({}, 'file.ts');
    expect({ code, message }).toEqual({
      code: 'ALUDEL_MODULE_FAILED',
      message: 'File "file.ts" does not exist.',
    });
  });

  it('when the file is neither TypeScript nor JavaScript', async () => {
    const { message } = await failureOf({ 'file.sql': '' }, 'file.sql');
    expect(message).toBe('File "file.sql" is neither TypeScript nor JavaScript.');
  });

  it('when TypeScript cannot be parsed, with line, column and source', async () => {
    const error = await failureOf({ 'file.ts': 'export const a = 1;\nexport const b: number = ;\n' }, 'file.ts');
    expect(error).toMatchObject({
      code: 'ALUDEL_MODULE_FAILED',
      message:
        'Syntax error in "file.ts:2:26": Unexpected token.\n\n2 | export const b: number = ;\n  |                          ^',
      details: { file: 'file.ts', line: 2, column: 26 },
      hasCause: true,
    });
  });

  it('when JavaScript cannot be parsed, with line, column and source', async () => {
    const error = await failureOf({ 'file.mjs': 'export const a = 1;\nexport const b = ;\n' }, 'file.mjs');
    expect(error.message).toBe(
      `Syntax error in "file.mjs:2:18": Unexpected token ';'.\n\n2 | export const b = ;\n  |                  ^`,
    );
  });

  it('when it has decorators, with the way on', async () => {
    const files = {
      'file.ts': "import './entity.js';\n",
      'entity.ts': 'const dec = (one: unknown) => one;\n@dec\nclass A {}\n',
    };
    const { message, hint } = await failureOf(files, 'file.ts');
    expect(message).toMatch(/^Syntax error in "entity.ts:2:1" \(loaded from "file.ts"\)/);
    expect(hint).toBe(
      'Decorators cannot be run as they are: keep them out of this file, or name the compiled JavaScript in the config.',
    );
  });

  it('when only the engine finds the syntax error, in an imported file', async () => {
    const files = {
      'file.ts': "import './models/user.js';\n",
      'models/user.ts': 'const name: string = "a";\nconst name: string = "b";\nexport { name };\n',
    };
    const error = await failureOf(files, 'file.ts');
    expect(error.message).toBe(
      `Syntax error in "models/user.ts:2:7" (loaded from "file.ts"): Identifier 'name' has already been declared.\n\n` +
        '2 | const name: string = "b";\n  |       ^',
    );
  });

  it('when a file behind a path alias cannot be compiled, without a place', async () => {
    const files = {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
      'file.ts': "import '@/user';\n",
      'user.ts': 'const name: string = "a";\nconst name: string = "b";\n',
    };
    const error = await failureOf(files, 'file.ts');
    expect(error.message).toBe(
      `Syntax error in "file.ts" or a file that it imports: Identifier 'name' has already been declared.`,
    );
  });

  it('when the file throws a SyntaxError of its own', async () => {
    const error = await failureOf({ 'file.ts': "\nexport default JSON.parse('{');\n" }, 'file.ts');
    expect(error.message).toMatch(/^File "file.ts" line 2 threw: Expected property name/);
  });

  it('when an imported name is not exported', async () => {
    const files = {
      'file.ts': "\nimport { a } from './other.js';\nexport default a;\n",
      'other.ts': 'export const b = 1;\n',
    };
    const error = await failureOf(files, 'file.ts');
    expect(error.message).toBe(
      `Syntax error in "file.ts:2": The requested module './other.js' does not provide an export named 'a'.\n\n` +
        "2 | import { a } from './other.js';",
    );
    expect(error.hint).toBe('Export it, or write "import type" or "export type" if "a" is a type.');
  });

  it('when an imported file is missing, naming the specifier and the importer', async () => {
    const files = {
      'file.ts': "import './models/user.js';\n",
      'models/user.ts': "import './missing.js';\n",
    };
    const error = await failureOf(files, 'file.ts');
    expect(error).toMatchObject({
      code: 'ALUDEL_MODULE_FAILED',
      message: 'Cannot find "./missing.js", imported by "models/user.ts" (loaded from "file.ts").',
      hint: 'Correct the import, or add the file.',
      details: { file: 'file.ts', specifier: './missing.js', importer: 'models/user.ts' },
      hasCause: true,
    });
  });

  it('when an imported package is missing, with the command that installs it', async () => {
    const error = await failureOf({ 'file.ts': "export { z } from '@scope/zod/mini';\n" }, 'file.ts');
    expect(error.message).toBe('Cannot find "@scope/zod/mini", imported by "file.ts".');
    expect(error.hint).toBe('Run "npm install @scope/zod", or correct the import.');
  });

  it('when a required file is missing', async () => {
    const error = await failureOf({ 'file.cts': "import a = require('./a.cjs');\nexport = a;\n" }, 'file.cts');
    expect(error.message).toBe('Cannot find "./a.cjs", imported by "file.cts".');
  });

  it('when the file throws, with its message and line and without a stack', async () => {
    const error = await failureOf({ 'file.ts': "\nthrow new Error('no such tenant');\n" }, 'file.ts');
    expect(error.message).toBe('File "file.ts" line 2 threw: no such tenant');
    expect(error.hasCause).toBe(true);
  });

  it('when an imported file throws, naming both', async () => {
    const files = {
      'file.ts': "import './env.js';\n",
      'env.ts': "\n\nthrow new TypeError('PORT is no number');\n",
    };
    const error = await failureOf(files, 'file.ts');
    expect(error.message).toBe('File "file.ts" (at "env.ts" line 3) threw: PORT is no number');
  });

  it('when the file throws something that is no error', async () => {
    const error = await failureOf({ 'file.ts': "throw 'a text';\n" }, 'file.ts');
    expect(error.message).toBe('File "file.ts" threw: a text');
  });

  it('when Base is taken from a file that imports the models, saying to put it in a file of its own', async () => {
    const files = {
      'db.ts': "import './user.js';\nexport const Base = { table: () => class {} };\n",
      'user.ts': "import { Base } from './db.js';\nexport class User extends Base.table() {}\n",
    };
    const error = await failureOf(files, 'db.ts');
    expect(error.message).toBe(`File "db.ts" (at "user.ts" line 2) threw: Cannot access 'Base' before initialization`);
    expect(error.hint).toBe(
      'Files import each other in a circle. Put Base in a file of its own that imports no models, as "npx aludel init" does.',
    );
  });

  it('when a CommonJS circle leaves Base undefined, with the same hint', async () => {
    const files = {
      'db.cts': "import './user.cjs';\nexport const Base = class {};\n",
      'user.cts': "import { Base } from './db.cjs';\nexport class User extends Base {}\n",
    };
    const error = await failureOf(files, 'db.cts');
    expect(error.message).toBe(
      'File "db.cts" (at "user.cts" line 2) threw: Class extends value undefined is not a constructor or null',
    );
    expect(error.hint).toContain('Put Base in a file of its own');
  });

  it('but lets an AludelError that the file throws through', async () => {
    const thrown =
      "throw Object.assign(new Error('two primary keys'), { name: 'AludelError', code: 'ALUDEL_MODELS_INVALID' });";
    const error = await failureOf({ 'file.ts': thrown }, 'file.ts');
    expect(error.code).toBe('ALUDEL_MODELS_INVALID');
    expect(error.message).toBe('two primary keys');
  });
});
