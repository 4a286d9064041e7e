import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../util/package-root.js';

export interface TemplateEntry {
  readonly name: string;
  readonly description: string;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  generic: 'one database; config, models and revisions in TypeScript',
  javascript: 'one database; config, models and revisions in JavaScript',
  sql: 'one database; config and models in TypeScript, revisions as SQL files',
  'multi-database': 'two databases, each with its models and revisions, in one config',
};

/** The templates that `init` can start a project from, by name. */
export async function listTemplates(): Promise<readonly TemplateEntry[]> {
  const names = await readdir(join(packageRoot(), 'templates'));
  return names.toSorted().map((name) => ({ name, description: DESCRIPTIONS[name] ?? '' }));
}
