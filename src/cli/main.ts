/** The command `aludel`: parses, runs, prints errors, sets the exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../util/package-root.js';

/** Whoever installs the project's packages anew while a command runs takes its files from under it. */
const GONE_HINT = '  Install the packages again, then type what shows where the database is: npx aludel current\n';

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
    return report(error, args.includes('--json'));
  }
}

/** Prints an error and gives its exit code. Never rejects: it is what unhandled rejections end in. */
async function report(error: unknown, json: boolean): Promise<number> {
  try {
    const { exitCodeOf, printError } = await import('./print/print-error.js');
    printError(error, { json, verbose: args.includes('--verbose') || args.includes('-v') });
    return exitCodeOf(error);
  } catch (failure) {
    process.stderr.write(`Error ALUDEL_INTERNAL: A file of Aludel went while it ran: ${String(failure)}\n${GONE_HINT}`);
    return 1;
  }
}

const args = process.argv.slice(2);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // "aludel history | head -1": whoever reads has read enough.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
// A timer or a promise that a revision left behind. One that comes too late has changed nothing: the run goes on to its
// end, so that it is known where the database is, and fails then.
let lateExitCode = 0;
process.on('uncaughtException', async (error) => {
  lateExitCode = await report(error, false);
  process.exitCode = lateExitCode;
  if (!('code' in error && error.code === 'ALUDEL_REVISION_OVER')) process.exit();
});
const exitCode = await main(args);
process.exitCode = exitCode === 0 ? lateExitCode : exitCode;
