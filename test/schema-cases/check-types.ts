import { resolve } from 'node:path';
import { runCommand } from '../servers/run-command.js';
import { createFolder } from '../support/folder.js';

/** Type-checks files as a strict project that has this package; gives the compiler's report, empty when all is well. */
export async function checkTypes(files: ReadonlyMap<string, string>): Promise<string> {
  const project = {
    extends: resolve('tsconfig.json'),
    compilerOptions: {
      paths: { aludel: [resolve('src/index.ts')] },
      typeRoots: [resolve('node_modules/@types')],
      noEmit: true,
    },
    include: ['*.ts'],
  };
  const { folder, remove } = await createFolder({
    ...Object.fromEntries(files),
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify(project),
  });
  try {
    return await runCommand([process.execPath], [resolve('node_modules/typescript/bin/tsc'), '-p', folder]).catch(
      (error: unknown) => String(error),
    );
  } finally {
    await remove();
  }
}
