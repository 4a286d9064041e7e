/** Knex: modules by file name; the table keeps the name with its ending, which compiling changes. */
import { textOf } from '../dialects/row.js';
import { type Importer, plainApplied, plainFile } from './importer.js';
import { findFolder, folderError, isModule, listFiles, stemOf } from './migration-files.js';

export const importer: Importer = {
  tool: 'knex',
  async readFiles(folder) {
    const names = (await listFiles(await findFolder(folder, ['migrations']))).filter(isModule);
    if (names.length === 0) throw folderError('knex', folder, 'JavaScript or TypeScript file');
    return names.map((name) => plainFile(name, stemOf(name)));
  },
  readApplied: (rows) => rows.map((row) => plainApplied(stemOf(textOf(row, 'name')))),
};
