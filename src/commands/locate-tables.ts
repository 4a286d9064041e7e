import { readFile } from 'node:fs/promises';
import { findModelFiles } from '../config/load-models.js';
import type { ResolvedConfig } from '../config/load-config.js';

/** Where a table is declared. */
export interface TablePlace {
  /** With its namespace, where it has one. */
  readonly table: string;
  /** An absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Looks for the declarations of tables in the text of the model files: `table('users', ...)`. A name that is computed is
 * not found, nor are models that the config imports by a function.
 */
export async function locateTables(
  { models, folder }: Pick<ResolvedConfig, 'models' | 'folder'>,
  tables: readonly string[],
): Promise<readonly TablePlace[]> {
  if (models === undefined || typeof models === 'function' || tables.length === 0) return [];
  const found = new Map<string, TablePlace>();
  for (const file of await findModelFiles(models, folder)) {
    const source = await readFile(file, 'utf8');
    for (const match of source.matchAll(/\btable\(\s*(['"`])([^'"`\n]+)\1/gu)) {
      const name = match[2] ?? '';
      const line = source.slice(0, match.index).split('\n').length;
      for (const table of tables) {
        const isMeant = table === name || table.slice(table.indexOf('.') + 1) === name;
        if (isMeant && !found.has(table)) found.set(table, { table, file, line });
      }
    }
  }
  return tables.flatMap((table) => found.get(table) ?? []);
}
