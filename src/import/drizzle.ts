/** drizzle-kit: SQL files by the journal of their folder; the table keeps the journal's moment and a SHA-256 checksum. */
import { join } from 'node:path';
import { textOf } from '../dialects/row.js';
import { AludelError } from '../errors.js';
import type { Importer, MigrationFile } from './importer.js';
import { exists, findFolder, folderError, readText, textChecksums } from './migration-files.js';

const JOURNAL = 'meta/_journal.json';

export const importer: Importer = {
  tool: 'drizzle',
  async readFiles(folder) {
    const out = await findFolder(folder, ['drizzle', 'migrations']);
    if (!(await exists(join(out, JOURNAL)))) throw folderError('drizzle', folder, JOURNAL);
    const entries = readJournal(await readText(out, JOURNAL), join(out, JOURNAL));
    const found = await Promise.all(entries.map((entry) => exists(join(out, fileOf(entry)))));
    const missing = entries.filter((_, at) => found[at] !== true).map(fileOf);
    if (missing.length > 0) throw missingError(out, missing);
    return Promise.all(entries.map((entry) => readEntry(out, entry)));
  },
  readApplied: (rows) =>
    rows.map((row) => ({ key: textOf(row, 'created_at'), checksum: textOf(row, 'hash'), isComplete: true })),
};

interface JournalEntry {
  /** The SQL file without its ending. */
  readonly tag: string;
  /** Milliseconds since 1970. */
  readonly when: number;
}

function readJournal(text: string, file: string): readonly JournalEntry[] {
  const journal: unknown = JSON.parse(text);
  const entries = (journal as { readonly entries?: unknown } | null)?.entries;
  if (Array.isArray(entries) && entries.every(isEntry)) return entries;
  throw new AludelError('ALUDEL_USAGE', `"${file}" is no journal of drizzle-kit's.`, {
    hint: 'It has to hold "entries", each with "tag" and "when".',
    details: { file },
  });
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null || !('tag' in value) || !('when' in value)) return false;
  return typeof value.tag === 'string' && typeof value.when === 'number';
}

function fileOf({ tag }: JournalEntry): string {
  return `${tag}.sql`;
}

async function readEntry(out: string, entry: JournalEntry): Promise<MigrationFile> {
  const name = fileOf(entry);
  return { name, key: String(entry.when), checksums: textChecksums(await readText(out, name)), requires: [] };
}

/** The journal knows by name what the table only knows by its moment. */
function missingError(folder: string, missing: readonly string[]): AludelError {
  return new AludelError(
    'ALUDEL_IMPORT_DISAGREES',
    `The journal of drizzle names migrations that "${folder}" does not hold: "${missing.join('", "')}".`,
    { hint: 'Bring back the files, then run the command again. Nothing was written.', details: { folder, missing } },
  );
}
