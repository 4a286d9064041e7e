// `npm run check:package`: packs the package as npm would publish it and lets publint and attw judge the tarball.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'aludel-pack-'));
try {
  // Built just before: packing need not build again.
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const tarball = join(folder, execFileSync('npm', args, { encoding: 'utf8' }).trim());
  execFileSync('npx', ['--no-install', 'publint', 'run', tarball, '--strict'], { stdio: 'inherit' });
  execFileSync('npx', ['--no-install', 'attw', tarball, '--profile', 'esm-only'], { stdio: 'inherit' });
} catch {
  process.exitCode = 1; // the tool has said what is wrong
} finally {
  rmSync(folder, { recursive: true, force: true });
}
