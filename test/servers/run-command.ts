import { execFile } from 'node:child_process';

/** A program with its leading arguments, as the loader of another Debian suite needs them. */
export type Command = readonly [program: string, ...args: string[]];

export interface RunOptions {
  /** Run as another user; only root may. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Text for standard input; by default it is closed at once. */
  readonly input?: string | undefined;
  /** Learns the process id while the program runs, and `undefined` when it has ended. */
  readonly onProcess?: ((pid: number | undefined) => void) | undefined;
}

/** Runs a program to its end and gives what it printed; a failure carries what it wrote to standard error. */
export function runCommand(command: Command, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program, ...leading] = command;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...leading, ...args],
      { ...options.user, env: { ...process.env, ...options.env }, cwd: '/', maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        options.onProcess?.(undefined);
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} failed: ${stderr.trim() || stdout.trim() || error.message}`));
      },
    );
    options.onProcess?.(child.pid);
    child.stdin?.on('error', () => {}); // a program that ends early closes its input; its exit code says the rest
    child.stdin?.end(options.input ?? '');
  });
}
