/** Kysely's FileMigrationProvider, which kysely-ctl uses: modules by file name without its ending. */
import { textOf } from '../dialects/row.js';
import { type Importer, plainApplied, plainFile } from './importer.js';
import { findFolder, folderError, isModule, listFiles, stemOf } from './migration-files.js';

export const importer: Importer = {
  tool: 'kysely',
  async readFiles(folder) {
    const names = (await listFiles(await findFolder(folder, ['migrations']))).filter(isModule);
    if (names.length === 0) throw folderError('kysely', folder, 'JavaScript or TypeScript file');
    return names.map((name) => plainFile(name, stemOf(name)));
  },
  readApplied: (rows) => rows.map((row) => plainApplied(textOf(row, 'name'))),
};
