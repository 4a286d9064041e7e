import { AludelError } from '../../errors.js';
import { commandNamer, hasColour, type Target } from '../output.js';

export interface ErrorOptions extends Target {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Message and hint on stderr, the stack only with --verbose; under --json message, hint and details as an object on stdout. */
export function printError(error: unknown, { json, verbose, ...target }: ErrorOptions): void {
  const known = errorFacts(error, target);
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: known }, null, 2)}\n`);
    if (verbose && error instanceof Error) process.stderr.write(`${describeCauses(error)}\n`);
    return;
  }
  const [red, reset] = hasColour(process.stderr) ? ['\u001B[31m', '\u001B[39m'] : ['', ''];
  process.stderr.write(`${red}Error${reset} ${known.code}: ${known.message}\n`);
  if (known.hint !== undefined) process.stderr.write(`  ${known.hint}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`\n${describeCauses(error)}\n`);
  else if (!(error instanceof AludelError)) process.stderr.write('  Run it again with --verbose to see where.\n');
}

export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An error as plain data; the commands of its hint are about the target. */
export function errorFacts(error: unknown, target: Target): ErrorFacts {
  if (error instanceof AludelError) {
    const { code, message, hint, details } = error;
    const complete = commandNamer(target);
    return { code, message, hint: hint === undefined || complete === null ? hint : complete(hint), details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'ALUDEL_INTERNAL', message: `Unexpected failure: ${message}`, hint: undefined, details: {} };
}

function describeCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${describeCauses(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** 2: the request has to be changed or completed; 3: a difference was found; 1: it failed. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AludelError)) return 1;
  switch (error.code) {
    case 'ALUDEL_USAGE':
    case 'ALUDEL_BACKFILL_UNANSWERED':
    case 'ALUDEL_BACKUP_UNAVAILABLE':
    case 'ALUDEL_DATA_LOSS':
    case 'ALUDEL_IMPORT_DISAGREES':
    case 'ALUDEL_MODELS_EMPTY':
    case 'ALUDEL_RENAME_UNANSWERED':
    case 'ALUDEL_RESUME_UNKNOWN':
      return 2;
    case 'ALUDEL_NOT_AT_HEAD':
    case 'ALUDEL_DIFFERENCES_FOUND':
    case 'ALUDEL_REVISION_EDITED':
      return 3;
    default:
      return 1;
  }
}
