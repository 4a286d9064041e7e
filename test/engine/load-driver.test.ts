import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadDriver } from '../../src/engine/load-driver.js';

it('names the driver package that is missing and the command that installs it', async () => {
  await expect(loadDriver('aludel-no-such-driver')).rejects.toMatchObject({
    code: 'ALUDEL_DRIVER_MISSING',
    message: 'The driver package "aludel-no-such-driver" is not installed.',
    hint: 'npm install aludel-no-such-driver',
  });
});

it('gives what the package exports', async () => {
  expect(typeof (await loadDriver<{ Client: unknown }>('pg')).Client).toBe('function');
});

it('finds a package of the current folder, for an Aludel that is installed elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aludel-driver-'));
  const cwd = process.cwd();
  onTestFinished(() => {
    process.chdir(cwd);
    rmSync(folder, { recursive: true });
  });
  mkdirSync(join(folder, 'node_modules', 'aludel-local-driver'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', 'aludel-local-driver', 'index.js'), 'module.exports = { isLocal: true };');
  process.chdir(folder);
  expect(await loadDriver('aludel-local-driver')).toEqual({ isLocal: true });
});
