import type { RevisionFile } from './render-revision.js';

/** The text of a revision as an SQL file: the same input gives the same bytes. */
export function renderSqlRevision(
  file: Omit<RevisionFile, 'upgrade' | 'downgrade' | 'language'>,
  script: { readonly upgrade: readonly string[]; readonly downgrade: readonly string[] },
): string {
  const list = (key: string, names: readonly string[] = []): string[] =>
    names.length === 0 ? [] : [`-- ${key}: ${names.join(', ')}`];
  const header = [
    ...(file.message === '' ? [] : [`-- ${file.message.replaceAll(/\s+/gu, ' ')}`, '--']),
    `-- revision: ${file.id}`,
    `-- downRevision: ${file.down.join(', ') || 'base'}`,
    ...list('branchLabels', file.branchLabels),
    ...list('dependsOn', file.dependsOn),
    ...list('replaces', file.replaces),
    ...(file.isTransactional === false ? ['-- transaction: false'] : []),
    `-- created: ${file.createdAt}`,
  ];
  const section = (name: string, statements: readonly string[]): string[] => [
    '',
    `-- ${name}`,
    ...statements.flatMap((statement) => ['', statement]),
  ];
  return `${[...header, ...section('upgrade', script.upgrade), ...section('downgrade', script.downgrade)].join('\n')}\n`;
}
