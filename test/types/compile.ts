import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The repository. */
export const ROOT: string = join(import.meta.dirname, '../..');

export interface Compilation {
  readonly exitCode: number;
  /** The diagnostics, and what `--extendedDiagnostics` prints. */
  readonly output: string;
}

/** Runs the TypeScript compiler of the repository. */
export function compile(args: readonly string[], folder: string = ROOT): Promise<Compilation> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, ...args], { cwd: folder, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: `${stdout}${stderr}` });
    });
  });
}

/** A `tsconfig.json` for a folder outside the repository, as strict as ours. */
export function strictConfig(compilerOptions: object, include: readonly string[]): string {
  const typeRoots = [join(ROOT, 'node_modules/@types')];
  return JSON.stringify({
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { typeRoots, ...compilerOptions },
    include,
  });
}
