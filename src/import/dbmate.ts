/** dbmate: SQL files by the digits that their names begin with. */
import { textOf } from '../dialects/row.js';
import { type Importer, plainApplied, plainFile } from './importer.js';
import { findFolder, folderError, listFiles } from './migration-files.js';

export const importer: Importer = {
  tool: 'dbmate',
  async readFiles(folder) {
    const names = await listFiles(await findFolder(folder, ['db/migrations', 'migrations']));
    const found = names.flatMap((name) => {
      const version = /^(\d+).*\.sql$/u.exec(name)?.[1];
      return version === undefined ? [] : [plainFile(name, version)];
    });
    if (found.length === 0) throw folderError('dbmate', folder, 'SQL file whose name begins with digits');
    return found;
  },
  readApplied: (rows) => rows.map((row) => plainApplied(textOf(row, 'version'))),
};
