/** Flyway: `V1__a.sql` and `R__b.sql`; the table keeps versions, descriptions and CRC-32 checksums. */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { flagOf, numberOf, textOf, textOrNull } from '../dialects/row.js';
import type { Row } from '../engine/connection.js';
import type { AppliedMigration, Importer, MigrationFile } from './importer.js';
import { findFolder, folderError, readText } from './migration-files.js';

/** `U` files undo and `B` files stand for those before them on new databases: neither has to be applied. */
const NAME = /^(?:V(?<version>[\d._]+)|R)__(?<description>.+)\.(?<ending>sql|java|kt|groovy)$/u;

export const importer: Importer = {
  tool: 'flyway',
  async readFiles(folder) {
    const root = await findFolder(folder, ['src/main/resources/db/migration', 'db/migration', 'sql']);
    const names = (await readdir(root, { recursive: true })).toSorted();
    const found = await Promise.all(names.map((name) => readMigration(root, name)));
    const files = found.filter((file) => file !== null);
    if (files.length === 0) throw folderError('flyway', folder, 'V*__*.sql');
    return files;
  },
  readApplied(rows, files) {
    const applied = new Map<string, AppliedMigration>();
    for (const row of rows.toSorted((a, b) => numberOf(a, 'installed_rank') - numberOf(b, 'installed_rank'))) {
      readRow(row, files, applied);
    }
    return [...applied.values()];
  },
};

async function readMigration(root: string, path: string): Promise<MigrationFile | null> {
  const groups = NAME.exec(basename(path))?.groups;
  if (groups === undefined) return null;
  const { version, description = '', ending } = groups;
  const key = version === undefined ? repeatableKey(description) : versionKey(version);
  // Only SQL has a checksum that its file alone tells.
  const checksums = ending === 'sql' ? [checksumOf(await readText(root, path))] : [];
  return { name: path, key, checksums, requires: [] };
}

/** @see https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html for the kinds of rows. */
function readRow(row: Row, files: readonly MigrationFile[], applied: Map<string, AppliedMigration>): void {
  const type = textOf(row, 'type');
  const version = textOrNull(row, 'version');
  const key = version === null ? repeatableKey(textOf(row, 'description')) : versionKey(version);
  if (type === 'SCHEMA') return;
  if (type === 'DELETE' || type.startsWith('UNDO')) {
    applied.delete(key);
    return;
  }
  if (type.endsWith('BASELINE')) {
    for (const file of files) {
      if (file.key.startsWith('V') && compareKeys(file.key, key) <= 0) applied.set(file.key, skipped(file.key));
    }
    return;
  }
  applied.set(key, { key, checksum: textOrNull(row, 'checksum'), isComplete: flagOf(row, 'success') });
}

/** A file that the baseline stands for: it may never have run here. */
function skipped(key: string): AppliedMigration {
  return { key, checksum: null, isComplete: true };
}

/** `1_02` and `1.2.0` are one version. */
function versionKey(version: string): string {
  const parts = version.split(/[._]/u).map((part) => BigInt(/^\d+$/u.test(part) ? part : 0));
  while (parts.length > 1 && parts.at(-1) === 0n) parts.pop();
  return `V${parts.join('.')}`;
}

function repeatableKey(description: string): string {
  return `R__${description.replaceAll(' ', '_')}`;
}

function compareKeys(first: string, second: string): number {
  const [a, b] = [first, second].map((key) => key.slice(1).split('.').map(BigInt));
  for (let at = 0; at < Math.max(a?.length ?? 0, b?.length ?? 0); at += 1) {
    const [x, y] = [a?.[at] ?? 0n, b?.[at] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** CRC-32 of the lines without their ends, as a signed integer, as Flyway's ChecksumCalculator has it. */
function checksumOf(text: string): string {
  return String(crc32(text.replace(/^\uFEFF/u, '').replaceAll(/[\r\n]/gu, '')) | 0);
}
