/** TypeORM: classes whose names end in a timestamp of 13 digits, or who say such a name; the table keeps the name. */
import { textOf } from '../dialects/row.js';
import { type Importer, plainApplied, plainFile } from './importer.js';
import { findFolder, folderError, isModule, listFiles, readText } from './migration-files.js';

export const importer: Importer = {
  tool: 'typeorm',
  async readFiles(folder) {
    const migrations = await findFolder(folder, ['migrations', 'migration']);
    const names = (await listFiles(migrations)).filter(isModule);
    const sources = await Promise.all(names.map((name) => readText(migrations, name)));
    const found = sources.flatMap((source, at) =>
      readClassNames(source).map((key) => plainFile(names[at] ?? key, key)),
    );
    if (found.length === 0) throw folderError('typeorm', folder, 'migration class');
    return found;
  },
  readApplied: (rows) => rows.map((row) => plainApplied(textOf(row, 'name'))),
};

function readClassNames(source: string): readonly string[] {
  return source
    .split(/\bclass\s+(?=\w)/u)
    .slice(1)
    .flatMap((text) => {
      // What stands in up() may be SQL with a "name" of its own.
      const [head = ''] = text.split(/\bup\s*\(/u);
      const said = /\bname\s*(?::\s*string\s*)?=\s*(['"`])(\w+)\1/u.exec(head)?.[2];
      const name = said ?? /^\w+/u.exec(text)?.[0] ?? '';
      return /\d{13}$/u.test(name) ? [name] : [];
    });
}
