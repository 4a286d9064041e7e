// `npm run servers [-- postgres@14 mariadb]`: Node 20 runs no TypeScript, so Vite's runner loads it.
import { runnerImport } from 'vite';

const file = new URL('run.ts', import.meta.url).pathname;
const { module } = await runnerImport(file, { configFile: false, logLevel: 'error' });
try {
  await module.runServers(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
