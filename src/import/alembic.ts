/** Alembic: Python files with `revision` and `down_revision`; the table holds the newest revisions alone. */
import { textOf } from '../dialects/row.js';
import { type AppliedMigration, type Importer, type MigrationFile, plainApplied } from './importer.js';
import { findFolder, folderError, listFiles, readText } from './migration-files.js';

const VERSION = 'version_num';

export const importer: Importer = {
  tool: 'alembic',
  async readFiles(folder) {
    const versions = await findFolder(folder, ['versions']);
    const names = (await listFiles(versions)).filter((name) => name.endsWith('.py'));
    const scripts = await Promise.all(names.map(async (name) => readScript(name, await readText(versions, name))));
    const found = scripts.filter((script) => script.key !== '');
    if (found.length === 0) throw folderError('alembic', folder, 'versions/*.py with a "revision"');
    // A dependency may be said by a branch label.
    const byLabel = new Map(found.flatMap(({ key, labels }) => labels.map((label) => [label, key] as const)));
    return found.map(({ name, key, requires }) => ({
      name,
      key,
      checksums: [],
      requires: requires.map((required) => byLabel.get(required) ?? required),
    }));
  },
  readApplied(rows, files) {
    const byKey = new Map(files.map((file) => [file.key, file]));
    const found = new Set<string>();
    const open = rows.map((row) => textOf(row, VERSION));
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (found.has(key)) continue;
      found.add(key);
      open.push(...(byKey.get(key)?.requires ?? []));
    }
    return [...found].map((key): AppliedMigration => plainApplied(key));
  },
  baselineId: (rows) => (rows.length === 1 && rows[0] !== undefined ? textOf(rows[0], VERSION) : null),
};

interface Script extends Omit<MigrationFile, 'checksums'> {
  readonly labels: readonly string[];
}

function readScript(name: string, source: string): Script {
  const [key = ''] = readNames(source, 'revision');
  return {
    name,
    key,
    requires: [...readNames(source, 'down_revision'), ...readNames(source, 'depends_on')],
    labels: readNames(source, 'branch_labels'),
  };
}

/** The strings that are assigned to a variable of the module: `x = 'a'`, `x: str = "a"`, `x = ('a', 'b')`. */
function readNames(source: string, variable: string): readonly string[] {
  const value = new RegExp(`^${variable}\\b[^=\\n]*=\\s*(\\([^)]*\\)|\\[[^\\]]*\\]|[^\\n#]*)`, 'mu').exec(source)?.[1];
  return [...(value ?? '').matchAll(/'([^'\n]*)'|"([^"\n]*)"/gu)].map(([, single, double]) => single ?? double ?? '');
}
