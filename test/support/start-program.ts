import { type ChildProcess, spawn } from 'node:child_process';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface Started {
  readonly child: ChildProcess;
  /** Resolves when it ends, however it does. */
  readonly finished: Promise<Finished>;
  /** Resolves when it has printed the text on stdout or stderr, or has ended without it. */
  saying(text: string): Promise<void>;
}

/** Starts a program that has no input. */
export function startProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Started {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  const saying = async (text: string): Promise<void> => {
    const has = (): boolean => stdout.includes(text) || stderr.includes(text);
    const isSaid = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) stream.on('data', () => has() && resolve());
    });
    if (!has()) await Promise.race([isSaid, finished]);
  };
  return { child, finished, saying };
}
