import { AludelError } from '../errors.js';
import { Operations } from '../operations/recorder.js';
import type { Plugin } from './plugin.js';

type Kind = 'function' | 'list' | 'text' | 'rewriter';

const KEYS: { readonly [Key in keyof Plugin]-?: Kind } = {
  name: 'text',
  types: 'text',
  operations: 'list',
  comparators: 'list',
  include: 'function',
  compareType: 'function',
  compareServerDefault: 'function',
  renderItem: 'function',
  processRevisionDirectives: 'rewriter',
  onVersionApply: 'function',
  postWrite: 'list',
  commands: 'list',
};

/**
 * Checks what a plugin holds; plugins may be written in JavaScript, and a wrong key would do nothing.
 * @throws AludelError ALUDEL_EXTENSION_INVALID naming the plugin.
 */
export function checkPlugin(value: unknown, place: string, configFile: string): Plugin {
  if (!isRecord(value)) throw invalid(place, configFile, 'is no plugin: an object with a "name" is needed');
  const { name } = value;
  if (typeof name !== 'string' || name.trim() === '') throw invalid(place, configFile, 'has no "name"');
  const plugin = `plugin "${name}"`;
  for (const [key, given] of Object.entries(value)) {
    const kind: Kind | undefined = Object.hasOwn(KEYS, key) ? KEYS[key as keyof Plugin] : undefined;
    if (kind === undefined) throw invalid(plugin, configFile, `has the unknown key "${key}"`, knownKeys());
    if (given !== undefined && !fits(given, kind))
      throw invalid(plugin, configFile, `has a "${key}" that is no ${kind}`);
  }
  // Every key was looked at, but for what its functions take and give.
  const checked = value as unknown as Plugin;
  for (const operation of checked.operations ?? []) checkOperation(operation, plugin, configFile);
  for (const comparator of checked.comparators ?? []) {
    const isComparator = isRecord(comparator) && typeof comparator.compare === 'function';
    if (!isComparator) throw invalid(plugin, configFile, 'has a comparator without "compare"');
  }
  for (const command of checked.commands ?? []) {
    const isCommand = isRecord(command) && typeof command.usage === 'string' && typeof command.run === 'function';
    if (!isCommand) throw invalid(plugin, configFile, 'has a command without "usage" or "run"');
  }
  return checked;
}

/** @throws AludelError ALUDEL_EXTENSION_INVALID where two plugins bring the same thing. */
export function refuseTwice(kind: string, name: string, first: string, second: string, configFile: string): never {
  throw invalid(
    `plugin "${second}"`,
    configFile,
    `brings the ${kind} "${name}", which plugin "${first}" has as well`,
    'Take one of them out of "plugins".',
  );
}

/** The error for a plugin that cannot be used. */
export function invalid(what: string, configFile: string, problem: string, hint?: string): AludelError {
  const name = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  return new AludelError('ALUDEL_EXTENSION_INVALID', `${name} in "${configFile}" ${problem}.`, {
    hint: hint ?? 'Correct the plugin, or take it out of "plugins" in the config file.',
    details: { what, config: configFile },
  });
}

/** What each `op` has besides its methods. */
const OWN: readonly string[] = ['offline', 'context'] satisfies (keyof Operations)[];

function checkOperation(value: unknown, plugin: string, configFile: string): void {
  const definition = isDefined(value) ? value.definition : undefined;
  if (!isRecord(definition)) {
    throw invalid(plugin, configFile, 'has an operation that "defineOperation" did not make');
  }
  const { name, describe, compile } = definition;
  if (typeof name !== 'string' || !/^[A-Za-z_$][\w$]*$/.test(name)) {
    throw invalid(plugin, configFile, `has an operation whose name, ${JSON.stringify(name)}, is no method's name`);
  }
  if (name in Operations.prototype || OWN.includes(name)) {
    throw invalid(
      plugin,
      configFile,
      `defines "op.${name}", which "op" has already`,
      'Give the operation another name.',
    );
  }
  if (typeof describe !== 'function')
    throw invalid(plugin, configFile, `has an operation "${name}" without "describe"`);
  if (typeof compile !== 'function' && !isRecord(compile)) {
    throw invalid(plugin, configFile, `has an operation "${name}" without "compile"`);
  }
}

function fits(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value);
    case 'function':
      return typeof value === 'function';
    case 'rewriter':
      return typeof value === 'function' || (isRecord(value) && typeof value['process'] === 'function');
  }
}

function knownKeys(): string {
  return `The keys of a plugin are: ${Object.keys(KEYS).join(', ')}.`;
}

function isDefined(value: unknown): value is { readonly definition: unknown } {
  return (typeof value === 'function' || isRecord(value)) && 'definition' in value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
