import { checkMigratorOptions, takeText, withOptions } from './known-migrator-options.js';
import type { Migrator, MigratorOptions } from './migrator.js';

/**
 * The programmatic API: never prints, never exits, throws `AludelError`.
 * @example const { steps } = await createMigrator({ config: './migrate.config.ts' }).upgrade('head');
 */
export function createMigrator(options: MigratorOptions = {}): Migrator {
  checkMigratorOptions(options);
  return {
    upgrade: async (target = 'head', more) =>
      (await import('./upgrade.js')).upgrade(takeRevision('upgrade', target), withOptions('upgrade', options, more)),
    downgrade: async (target, more) =>
      (await import('./upgrade.js')).downgrade(
        takeRevision('downgrade', target),
        withOptions('downgrade', options, more),
      ),
    upgradeEach: async (target = 'head', more) =>
      (await import('./migrate-each.js')).upgradeEach(
        takeRevision('upgradeEach', target),
        withOptions('upgradeEach', options, more),
      ),
    downgradeEach: async (target, more) =>
      (await import('./migrate-each.js')).downgradeEach(
        takeRevision('downgradeEach', target),
        withOptions('downgradeEach', options, more),
      ),
    revision: async (more) => (await import('./revision.js')).revision(withOptions('revision', options, more)),
    merge: async (revisions = [], more) =>
      (await import('./merge.js')).merge(takeRevisions('merge', revisions), withOptions('merge', options, more)),
    rebase: async (revision, more) =>
      (await import('./rebase.js')).rebase(takeRevision('rebase', revision), withOptions('rebase', options, more)),
    squash: async (range, more) =>
      (await import('./squash.js')).squash(takeText('squash', 'a range', range), withOptions('squash', options, more)),
    stamp: async (revisions, more) =>
      (await import('./stamp.js')).stamp(takeRevisions('stamp', revisions), withOptions('stamp', options, more)),
    stampEach: async (revisions, more) =>
      (await import('./migrate-each.js')).stampEach(
        takeRevisions('stampEach', revisions),
        withOptions('stampEach', options, more),
      ),
    ensureVersion: async (more) =>
      (await import('./stamp.js')).ensureVersion(withOptions('ensureVersion', options, more)),
    importHistory: async (tool, folder, more) =>
      (await import('./import.js')).importHistory(
        takeText('importHistory', 'a tool', tool),
        takeText('importHistory', 'a folder', folder),
        withOptions('importHistory', options, more),
      ),
    check: async (more) => (await import('./check.js')).check(withOptions('check', options, more)),
    checkEach: async (more) => (await import('./migrate-each.js')).checkEach(withOptions('checkEach', options, more)),
    diff: async (more) => (await import('./diff.js')).diff(withOptions('diff', options, more)),
    current: async (more) => (await import('./status.js')).current(withOptions('current', options, more)),
    currentEach: async (more) =>
      (await import('./migrate-each.js')).currentEach(withOptions('currentEach', options, more)),
    history: async (more) => (await import('./status.js')).history(withOptions('history', options, more)),
    heads: async (more) => (await import('./status.js')).heads(withOptions('heads', options, more)),
    branches: async () => (await import('./show.js')).branches(options),
    show: async (revision) => (await import('./show.js')).show(takeRevision('show', revision), options),
    graph: async (more) => (await import('./graph.js')).graph(withOptions('graph', options, more)),
    reflect: async (more) => (await import('./reflect.js')).reflect(withOptions('reflect', options, more)),
    edit: async (revision, more) =>
      (await import('./edit.js')).edit(takeRevision('edit', revision), withOptions('edit', options, more)),
    databases: async () => (await import('./list-databases.js')).listDatabases(options),
    listTemplates: async () => (await import('./list-templates.js')).listTemplates(),
  };
}

/** Files that run have lost their types: `upgrade(3)` is a slip that no compiler saw. */
function takeRevision(method: keyof Migrator, revision: string): string {
  return takeText(method, 'a revision', revision);
}

function takeRevisions<T extends string | readonly string[]>(method: keyof Migrator, revisions: T): T {
  return takeText(method, 'revisions', revisions, 'many');
}
