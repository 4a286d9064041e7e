/** node-pg-migrate: modules and SQL files by file name without its ending. PostgreSQL only. */
import { textOf } from '../dialects/row.js';
import { type Importer, plainApplied, plainFile } from './importer.js';
import { findFolder, folderError, isModule, listFiles, stemOf } from './migration-files.js';

export const importer: Importer = {
  tool: 'node-pg-migrate',
  async readFiles(folder) {
    const files = await listFiles(await findFolder(folder, ['migrations']));
    const names = files.filter((name) => isModule(name) || name.endsWith('.sql'));
    if (names.length === 0) throw folderError('node-pg-migrate', folder, 'JavaScript, TypeScript or SQL file');
    return names.map((name) => plainFile(name, stemOf(name)));
  },
  readApplied: (rows) => rows.map((row) => plainApplied(textOf(row, 'name'))),
};
