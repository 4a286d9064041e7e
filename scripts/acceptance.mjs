// Runs an acceptance harness of test/acceptance/ on plain Node 20: bundles it to a temporary file first.
// Usage: node scripts/acceptance.mjs revisions FILE [RESULTS.json]
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const [name, ...args] = process.argv.slice(2);
if (name === undefined || !/^[a-z-]+$/.test(name)) {
  process.stderr.write('Usage: npm run acceptance -- NAME FILE...\n');
  process.exit(2);
}
// Inside the repository, so that packages (drivers too, which are imported by name at run time) are found there.
const folder = mkdtempSync(fileURLToPath(new URL('../.acceptance-', import.meta.url)));
try {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../test/acceptance/${name}.ts`, import.meta.url)),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  });
  const file = join(folder, 'harness.mjs');
  await bundle.write({ file, format: 'esm', sourcemap: 'inline', codeSplitting: false });
  await bundle.close();
  // What fetches the databases' own programs looks for its script beside itself.
  copyFileSync(new URL('../test/servers/unpack-debian.sh', import.meta.url), join(folder, 'unpack-debian.sh'));
  const { main } = await import(pathToFileURL(file).href);
  process.exitCode = await main(args);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
