import type { Operation } from '../../operations/operation.js';
import { call, type Doc, print, quote } from './document.js';
import type { Imports } from './render-expression.js';
import type { RenderItem, RenderItemContext } from './render-item.js';
import { renderOperation } from './render-operation.js';

export interface RevisionFile {
  readonly id: string;
  readonly message: string;
  readonly down: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly language: 'typescript' | 'javascript';
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[] | Refusal;
  /** Has the first word on how a part is written. */
  readonly renderItem?: RenderItem;
  /** The ids that were squashed into this one. Default: none. */
  readonly replaces?: readonly string[];
  /** False: `export const transaction = false`. Default: true. */
  readonly isTransactional?: boolean;
  /** Those of the operations that run outside the transaction. Default: none. */
  readonly autocommit?: ReadonlySet<Operation>;
}

/** A function that only throws. */
export interface Refusal {
  readonly throws: string;
}

/** The source of a revision file: the same input gives the same bytes. */
export function renderRevision(file: RevisionFile): string {
  const own = new Set<string>();
  const others = new Map<string, Set<string>>();
  const typeModules = new Set<string>();
  const context: RenderItemContext = {
    addImport: (module, name) => {
      if (module === 'aludel') own.add(name);
      else others.set(module, (others.get(module) ?? new Set()).add(name));
    },
    addTypes: (module) => {
      if (file.language === 'typescript') typeModules.add(module);
    },
  };
  const { renderItem } = file;
  const imports: Imports = {
    add: (name) => own.add(name),
    ...(renderItem === undefined ? {} : { renderItem: (item) => renderItem(item, context) }),
  };
  const upgrade = renderFunction('upgrade', file.upgrade, imports, file);
  const downgrade = renderFunction('downgrade', file.downgrade, imports, file);
  const types = file.language === 'typescript' ? ['type Operations'] : [];
  const modules: (readonly [module: string, names: readonly string[]])[] = [
    ['aludel', [...[...own].sort(), ...types]],
    ...[...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([module, names]) => [module, [...names].sort()] as const),
  ];
  const lines = [
    ...modules.filter(([, names]) => names.length > 0).map(([module, names]) => renderImport(module, names)),
    ...[...typeModules].sort().map((module) => `import type {} from ${quote(module)};`),
  ];
  const importLines = lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
  const parents = file.down.length === 0 ? 'base' : file.down.join(', ');
  const comment = [
    '/**',
    ...(file.message === '' ? [] : [` * ${file.message.replaceAll('*/', '*\\/')}`, ' *']),
    ` * Revision: ${file.id}`,
    ` * Parent: ${parents}`,
    ` * Created: ${file.createdAt}`,
    ' */',
  ];
  return `${comment.join('\n')}\n${importLines}${renderHeader(file)}\n${upgrade}\n${downgrade}`;
}

/** The two functions of a revision file with their imports, in TypeScript, without a header. */
export function renderFunctions(upgrade: readonly Operation[], downgrade: readonly Operation[]): string {
  const names = new Set<string>();
  const imports: Imports = { add: (name) => names.add(name) };
  const functions = (['upgrade', 'downgrade'] as const).map((name) =>
    renderFunction(name, name === 'upgrade' ? upgrade : downgrade, imports, { language: 'typescript' }),
  );
  return `${renderImport('aludel', [...[...names].sort(), 'type Operations'])}\n\n${functions.join('\n')}`;
}

function renderHeader(file: RevisionFile): string {
  const listOrNull = (values: readonly string[]): string => {
    if (values.length === 0) return 'null';
    return values.length === 1 ? quote(values[0] ?? '') : `[${values.map(quote).join(', ')}]`;
  };
  const rest = [
    file.branchLabels.length === 0 ? '' : `export const branchLabels = [${file.branchLabels.map(quote).join(', ')}];\n`,
    file.dependsOn.length === 0 ? '' : `export const dependsOn = [${file.dependsOn.map(quote).join(', ')}];\n`,
    renderReplaces(file.replaces ?? []),
    file.isTransactional === false ? 'export const transaction = false;\n' : '',
  ];
  return `export const revision = ${quote(file.id)};\nexport const downRevision = ${listOrNull(file.down)};\n${rest.join('')}`;
}

function renderReplaces(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const flat = `export const replaces = [${ids.map(quote).join(', ')}];\n`;
  return flat.length <= 100 ? flat : `export const replaces = [\n${ids.map((id) => `  ${quote(id)},\n`).join('')}];\n`;
}

function renderImport(module: string, names: readonly string[]): string {
  const flat = `import { ${names.join(', ')} } from ${quote(module)};`;
  if (flat.length <= 100) return flat;
  return `import {\n${names.map((name) => `  ${name},\n`).join('')}} from ${quote(module)};`;
}

function renderFunction(
  name: string,
  operations: readonly Operation[] | Refusal,
  imports: Imports,
  { language, autocommit }: Pick<RevisionFile, 'language' | 'autocommit'>,
): string {
  if ('throws' in operations) {
    const signature = language === 'typescript' ? '(_op: Operations): void' : '(_op)';
    return `export function ${name}${signature} {\n  throw new Error(${quote(operations.throws)});\n}\n`;
  }
  const calls = operations.map((operation) => {
    const doc = renderOperation(operation, imports);
    return `${print(autocommit?.has(operation) === true ? renderAutocommit(doc) : doc, '  ', ';')}\n`;
  });
  const isEmpty = operations.length === 0;
  const parameter = isEmpty ? '_op' : 'op';
  // What runs at once is awaited.
  const isAsync = operations.some(({ kind }) => kind === 'backfill');
  const result = isAsync ? 'Promise<void>' : 'void';
  const signature = language === 'typescript' ? `(${parameter}: Operations): ${result}` : `(${parameter})`;
  return isEmpty
    ? `export function ${name}${signature} {}\n`
    : `export ${isAsync ? 'async ' : ''}function ${name}${signature} {\n${calls.join('')}}\n`;
}

function renderAutocommit(doc: Doc): Doc {
  return call('op.autocommit', typeof doc === 'string' ? `() => ${doc}` : { ...doc, prefix: `() => ${doc.prefix}` });
}
