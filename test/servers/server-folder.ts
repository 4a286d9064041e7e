import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything one throw-away server writes. It never outlives this process, and neither does the server. */
export interface ServerFolder {
  readonly path: string;
  /** Says which process to end with which signal before the folder goes; `undefined` when it has ended by itself. */
  setServer(pid: number | undefined, signal: 'SIGQUIT' | 'SIGKILL'): void;
  /** Stops the server and removes the folder; a second call waits for the first. */
  remove(): Promise<void>;
}

/**
 * Makes a temporary folder with a watcher in a process group of its own, which Ctrl-C does not reach: when its input closes,
 * by `remove()` or because this process is gone, it stops the server and removes the folder.
 */
export async function openServerFolder(): Promise<ServerFolder> {
  const path = await mkdtemp(join(tmpdir(), 'aludel-server-'));
  const script = fileURLToPath(new URL('watch.sh', import.meta.url));
  const watcher = spawn('sh', [script, path], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve) => void watcher.once('exit', () => resolve()));
  return {
    path,
    setServer: (pid, signal) => {
      if (pid === undefined) rmSync(join(path, 'server'), { force: true });
      else writeFileSync(join(path, 'server'), `${pid} ${signal.slice('SIG'.length)}\n`);
    },
    remove: () => {
      watcher.stdin.end();
      return ended;
    },
  };
}
