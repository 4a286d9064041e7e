import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from '../servers/run-command.js';

/** Type-checks files as a strict project that has this package; gives the compiler's report, empty when all is well. */
export async function checkTypes(files: ReadonlyMap<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aludel-types-'));
  try {
    for (const [name, text] of files) await writeFile(join(folder, name), text);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const project = {
      extends: resolve('tsconfig.json'),
      compilerOptions: {
        paths: { aludel: [resolve('src/index.ts')] },
        typeRoots: [resolve('node_modules/@types')],
        noEmit: true,
      },
      include: ['*.ts'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
    return await runCommand([process.execPath], [resolve('node_modules/typescript/bin/tsc'), '-p', folder]).catch(
      (error: unknown) => String(error),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
