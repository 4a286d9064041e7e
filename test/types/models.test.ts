import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Compilation, ROOT, strictConfig } from './compile.js';
import { generateModels } from './generate-models.js';

const MODELS = 'test/types/support-desk.ts';
const SUCCESS: Compilation = { exitCode: 0, output: '' };

describe('the types of models', { timeout: 60_000 }, () => {
  let folder: string;
  let emitted: Compilation;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aludel-types-'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const options = { composite: true, emitDeclarationOnly: true, noEmit: false, isolatedDeclarations: false };
    emitted = await check({ ...options, rootDir: ROOT, outDir: 'out' }, ['src', MODELS].map(fromRoot));
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true }));

  async function check(compilerOptions: object, include: readonly string[], flags: readonly string[] = []) {
    await writeFile(join(folder, 'tsconfig.json'), strictConfig(compilerOptions, include));
    return compile(['-p', folder, ...flags]);
  }

  it('hold what the support desk expects of them, mistakes included', async () => {
    expect(await check({}, [fromRoot(MODELS)])).toEqual(SUCCESS);
  });

  it('hold what children inherit, mistakes included', async () => {
    expect(await check({}, [fromRoot('test/types/inheritance.ts')])).toEqual(SUCCESS);
  });

  it('hold what queries give, mistakes included', async () => {
    expect(await check({}, [fromRoot('test/types/queries.ts')])).toEqual(SUCCESS);
  });

  it('can be written to declaration files by a composite project', () => {
    expect(emitted).toEqual(SUCCESS);
  });

  it('survive in declaration files', async () => {
    const consumer = `import { Ticket, User } from './out/test/types/support-desk.js';
export const shout: string = new Ticket({ title: 'a', creatorId: 1 }).creator.value.shout;
// @ts-expect-error email is required
new User({ name: 'x' });
`;
    await writeFile(join(folder, 'consumer.ts'), consumer);
    expect(await check({}, ['consumer.ts'])).toEqual(SUCCESS);
  });

  it('cost less than 25,000 instantiations for 50 tables of 16 columns with relations both ways and 10 queries', async () => {
    await writeFile(join(folder, 'generated.ts'), generateModels(50, './out/src'));
    expect(await instantiations('generated.ts')).toBeLessThan(25_000);
  });

  it('cost less than 25,000 instantiations for 25 such tables with a child each', async () => {
    await writeFile(join(folder, 'families.ts'), generateModels(25, './out/src', { children: true }));
    expect(await instantiations('families.ts')).toBeLessThan(25_000);
  });

  async function instantiations(file: string): Promise<number> {
    const { exitCode, output } = await check({}, [file], ['--extendedDiagnostics']);
    expect({ exitCode, errors: output.match(/error TS.*/g) }).toEqual({ exitCode: 0, errors: null });
    return Number(/^Instantiations:\s+(\d+)/m.exec(output)?.[1]);
  }
});

function fromRoot(path: string): string {
  return join(ROOT, path);
}
