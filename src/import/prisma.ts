/** Prisma Migrate: a folder with `migration.sql` for each migration; the table keeps SHA-256 checksums. */
import { join } from 'node:path';
import { textOf, textOrNull } from '../dialects/row.js';
import type { Importer } from './importer.js';
import { exists, findFolder, folderError, listFolders, readText, textChecksums } from './migration-files.js';

export const importer: Importer = {
  tool: 'prisma',
  async readFiles(folder) {
    const migrations = await findFolder(folder, ['prisma/migrations', 'migrations']);
    const found = [];
    for (const name of await listFolders(migrations)) {
      if (!(await exists(join(migrations, name, 'migration.sql')))) continue;
      const checksums = textChecksums(await readText(join(migrations, name), 'migration.sql'));
      found.push({ name, key: name, checksums, requires: [] });
    }
    if (found.length === 0) throw folderError('prisma', folder, '*/migration.sql');
    return found;
  },
  readApplied: (rows) =>
    rows
      // A failed attempt that was marked as rolled back is followed by a row of its own when it is tried again.
      .filter((row) => textOrNull(row, 'rolled_back_at') === null)
      .map((row) => ({
        key: textOf(row, 'migration_name'),
        checksum: textOf(row, 'checksum'),
        isComplete: textOrNull(row, 'finished_at') !== null,
      })),
};
