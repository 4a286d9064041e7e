import { AludelError } from '../errors.js';
import type { ToolName } from './history-tables.js';
import type { AppliedMigration, MigrationFile } from './importer.js';

/** Where the files of a tool and its table disagree, by file name, or by what the table says where there is no file. */
export interface Disagreement {
  /** Files that were never applied. */
  readonly pending: readonly string[];
  /** Applied, but without a file. */
  readonly missing: readonly string[];
  /** Files that are not what was applied. */
  readonly changed: readonly string[];
  /** Began and failed. */
  readonly failed: readonly string[];
}

/** Null when files and table say the same. */
export function compareHistories(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): Disagreement | null {
  const byKey = new Map(files.map((file) => [file.key, file]));
  const known = new Set(applied.map(({ key }) => key));
  const nameOf = ({ key }: AppliedMigration): string => byKey.get(key)?.name ?? key;
  const found: Disagreement = {
    pending: files.filter(({ key }) => !known.has(key)).map(({ name }) => name),
    missing: applied.filter(({ key }) => !byKey.has(key)).map(nameOf),
    changed: applied.filter((migration) => isChanged(migration, byKey.get(migration.key))).map(nameOf),
    failed: applied.filter(({ isComplete }) => !isComplete).map(nameOf),
  };
  return Object.values(found).every((names: readonly string[]) => names.length === 0) ? null : found;
}

function isChanged({ checksum }: AppliedMigration, file: MigrationFile | undefined): boolean {
  if (checksum === null || file === undefined || file.checksums.length === 0) return false;
  return !file.checksums.includes(checksum);
}

/** The refusal, with what is missing on which side. */
export function disagreementError(
  tool: ToolName,
  folder: string,
  table: string,
  { pending, missing, changed, failed }: Disagreement,
): AludelError {
  const sides = [
    say(`in "${folder}" but not applied`, pending),
    say(`in "${table}" but without a file`, missing),
    say('changed since applied', changed),
    say('began and failed', failed),
  ].filter((text) => text !== '');
  const ways = [
    pending.length > 0 || failed.length > 0 ? `bring the database up to date with ${tool}` : '',
    missing.length > 0 || changed.length > 0 ? 'bring back the files as they were applied' : '',
  ].filter((text) => text !== '');
  return new AludelError(
    'ALUDEL_IMPORT_DISAGREES',
    `The files of ${tool} and its table "${table}" disagree: ${sides.join('; ')}.`,
    {
      hint: `First ${ways.join(', and ')}; then run the command again. Nothing was written.`,
      details: { tool, folder, table, pending, missing, changed, failed },
    },
  );
}

/** Names that a message lists; the rest are counted. */
const MOST_NAMES = 10;

function say(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const rest = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const listed = names.slice(0, MOST_NAMES).map((name) => `"${name}"`);
  return `${what}: ${listed.join(', ')}${rest}`;
}
