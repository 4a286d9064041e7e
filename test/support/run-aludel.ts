import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, startProgram } from './start-program.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An empty project folder in which `aludel` and the drivers resolve to this checkout. */
export async function createFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'aludel-cli-'));
  await mkdir(join(path, 'node_modules'));
  await mkdir(join(path, 'migrations'));
  await symlink(ROOT, join(path, 'node_modules', 'aludel'));
  for (const name of ['better-sqlite3', 'pg', 'mysql2']) {
    await symlink(join(ROOT, 'node_modules', name), join(path, 'node_modules', name));
  }
  await writeFile(join(path, 'package.json'), '{ "name": "project", "private": true, "type": "module" }\n');
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts `bin/aludel.js`; `finished` resolves when it ends, however it does. */
export function startAludel(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof startProgram> {
  return startProgram(process.execPath, [join(ROOT, 'bin/aludel.js'), ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
}

export function runAludel(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return startAludel(cwd, args, env).finished;
}
