import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { ResolvedConfig } from './load-config.js';

export interface SqlFile {
  /** Relative to the config file. */
  readonly file: string;
  readonly text: string;
}

/** The files that `sqlObjects` names, in the order of their paths. */
export async function loadSqlObjects(config: Pick<ResolvedConfig, 'folder' | 'sqlObjects'>): Promise<SqlFile[]> {
  const { folder, sqlObjects } = config;
  if (sqlObjects.length === 0) return [];
  const { glob } = await import('tinyglobby');
  const paths = await glob([...sqlObjects], { cwd: folder, absolute: true, ignore: ['**/node_modules/**'] });
  const read = async (path: string): Promise<SqlFile> => ({
    file: relative(folder, path),
    text: await readFile(path, 'utf8'),
  });
  return Promise.all(paths.toSorted().map(read));
}
