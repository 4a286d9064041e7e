/** The command `aludel`: parses, runs, prints errors, sets the exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../util/package-root.js';
import { exitCodeOf, printError } from './print/print-error.js';

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
  const { CommanderError, createProgram } = await import('./program.js');
  let exitCode = 0;
  const program = createProgram(readVersion(), (code) => {
    exitCode = code;
  });
  try {
    if (args.length === 0) {
      program.outputHelp();
      return 2;
    }
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own message: help and version end with 0, everything else is a usage error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const has = (...flags: readonly string[]): boolean => flags.some((flag) => args.includes(flag));
    printError(error, { json: has('--json'), verbose: has('--verbose', '-v') });
    return exitCodeOf(error);
  }
}

process.exitCode = await main(process.argv.slice(2));
