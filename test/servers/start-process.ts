import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Command, RunOptions } from './run-command.js';
import type { ServerFolder } from './server-folder.js';

/** A throw-away server that listens on the loopback. */
export interface Server {
  /** With the default user and the default database. */
  readonly url: string;
  /** As the server itself says it. */
  readonly version: string;
  /** Stops the server and removes its folder; a second call waits for the first. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly command: Command;
  readonly folder: ServerFolder;
  readonly user?: RunOptions['user'];
  readonly args: (port: number) => readonly string[];
  readonly url: (port: number) => string;
  /** Asks for the version; rejects until the server answers. */
  readonly version: (url: string) => Promise<string>;
  /** Ends the server at once; the data is not kept. */
  readonly signal: 'SIGQUIT' | 'SIGKILL';
}

const SECONDS_TO_START = 60;
const TRIES = 3;

/** Starts a server on a free port and waits until it answers; it ends with its folder. */
export async function startProcess(options: ProcessOptions): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await startOnce(options, await freePort());
    if (typeof started !== 'string') return started;
    // Somebody else may have taken the port between the question and the start.
    if (attempt === TRIES || !/address already in use/i.test(started)) {
      throw new Error(`${options.command.at(-1)} did not start.\n${started.split('\n').slice(-15).join('\n')}`);
    }
  }
}

/** The running server, or its log where it did not come up. */
async function startOnce(options: ProcessOptions, port: number): Promise<Server | string> {
  const [program, ...leading] = options.command;
  const logFile = join(options.folder.path, 'output.log');
  const log = openSync(logFile, 'a');
  const child = spawn(program, [...leading, ...options.args(port)], {
    ...options.user,
    cwd: options.folder.path,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  options.folder.setServer(child.pid, options.signal);
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true;
      resolve();
    };
    child.once('exit', end).once('error', end);
  });
  const url = options.url(port);
  for (const limit = Date.now() + SECONDS_TO_START * 1000; Date.now() < limit && !hasEnded;) {
    const version = await options.version(url).catch(() => undefined);
    if (version !== undefined && !hasEnded) return { url, version, stop: () => options.folder.remove() };
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 25))]);
  }
  child.kill('SIGKILL');
  await ended;
  options.folder.setServer(undefined, options.signal);
  return readFile(logFile, 'utf8');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('unreachable: a TCP server has a port'));
      });
    });
  });
}
