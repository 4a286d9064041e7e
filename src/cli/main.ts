/** The command `aludel`: parses, runs, prints errors, sets the exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../util/package-root.js';

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return String((manifest as { readonly version: unknown }).version);
}

async function main(args: readonly string[]): Promise<number> {
  // The most frequent question of scripts is answered without loading a parser.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  try {
    const { runProgram } = await import('./program.js');
    return await runProgram(readVersion(), args);
  } catch (error) {
    return fail(error, args);
  }
}

async function fail(error: unknown, args: readonly string[]): Promise<number> {
  const { exitCodeOf, printError } = await import('./print/print-error.js');
  const has = (...flags: readonly string[]): boolean => flags.some((flag) => args.includes(flag));
  printError(error, { json: has('--json'), verbose: has('--verbose', '-v') });
  return exitCodeOf(error);
}

const args = process.argv.slice(2);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // "aludel history | head -1": whoever reads has read enough.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
// A timer or a promise that a revision left behind.
process.on('uncaughtException', async (error) => {
  process.exit(await fail(error, args));
});
process.exitCode = await main(args);
