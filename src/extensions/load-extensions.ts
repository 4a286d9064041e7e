/** Brings together what a config and its plugins add to Aludel. */
import type { RenderItem } from '../autogenerate/render/render-item.js';
import type {
  CompareColumn,
  Comparator,
  Include,
  OnVersionApply,
  ProcessRevisionDirectives,
  VersionEvent,
} from './callbacks.js';
import { awaitExtension, type Sourced } from './call-extension.js';
import { checkPlugin, invalid, refuseTwice } from './check-plugin.js';
import { OperationSet, type OwnedDefinition } from './operation-set.js';
import type { Plugin, PluginCommand } from './plugin.js';
import type { PostWriteHook } from './post-write-hook.js';
import type { Rewriter } from './rewriter.js';

/** The keys of a config that hold code, as they stand in it. */
export interface ConfigExtensions {
  readonly file: string;
  readonly folder: string;
  readonly plugins: readonly (Plugin | string)[];
  readonly include: Include | null;
  readonly compareType: boolean | CompareColumn;
  readonly compareServerDefault: boolean | CompareColumn;
  readonly renderItem: RenderItem | null;
  readonly processRevisionDirectives: ProcessRevisionDirectives | Rewriter | null;
  readonly onVersionApply: OnVersionApply | null;
  readonly postWrite: readonly PostWriteHook[];
}

/** A command and the plugin that brings it. */
export interface OwnedCommand {
  readonly plugin: string;
  readonly command: PluginCommand;
}

/** What a config and its plugins add, the config's own first. */
export class Extensions {
  readonly configFile: string;
  readonly folder: string;
  readonly operations: OperationSet;
  readonly include: readonly Sourced<Include>[];
  readonly compareType: readonly Sourced<CompareColumn>[];
  readonly compareServerDefault: readonly Sourced<CompareColumn>[];
  readonly comparators: readonly Sourced<Comparator>[];
  readonly renderItem: readonly Sourced<RenderItem>[];
  readonly processRevisionDirectives: readonly Sourced<ProcessRevisionDirectives>[];
  readonly onVersionApply: readonly Sourced<OnVersionApply>[];
  readonly postWrite: readonly Sourced<PostWriteHook>[];
  readonly commands: readonly OwnedCommand[];
  /** The module whose types an operation needs, by the operation's name. */
  readonly typesOf: ReadonlyMap<string, string>;

  constructor(config: ConfigExtensions, plugins: readonly Plugin[]) {
    const { file, folder } = config;
    this.configFile = file;
    this.folder = folder;
    this.operations = new OperationSet(collectOperations(plugins, file), file);
    const collect = <Key extends keyof Plugin, F>(
      key: Key,
      own: F | null,
      of: (plugin: Plugin) => readonly F[],
    ): Sourced<F>[] => [
      ...(own === null ? [] : [{ source: `"${key}"`, run: own }]),
      ...plugins.flatMap((plugin) => of(plugin).map((run) => ({ source: `"${key}" of plugin "${plugin.name}"`, run }))),
    ];
    this.include = collect('include', config.include, (plugin) => listOf(plugin.include));
    this.compareType = collect('compareType', toComparison(config.compareType), ({ compareType }) =>
      listOf(compareType),
    );
    this.compareServerDefault = collect(
      'compareServerDefault',
      toComparison(config.compareServerDefault),
      ({ compareServerDefault }) => listOf(compareServerDefault),
    );
    this.comparators = collect<'comparators', Comparator>('comparators', null, ({ comparators = [] }) => comparators);
    this.renderItem = collect('renderItem', config.renderItem, (plugin) => listOf(plugin.renderItem));
    this.processRevisionDirectives = collect(
      'processRevisionDirectives',
      config.processRevisionDirectives && toFunction(config.processRevisionDirectives),
      ({ processRevisionDirectives: process }) => (process === undefined ? [] : [toFunction(process)]),
    );
    this.onVersionApply = collect('onVersionApply', config.onVersionApply, (plugin) => listOf(plugin.onVersionApply));
    this.postWrite = [
      ...config.postWrite.map((run) => ({ source: '"postWrite"', run })),
      ...collect<'postWrite', PostWriteHook>('postWrite', null, ({ postWrite = [] }) => postWrite),
    ];
    this.commands = plugins.flatMap(({ name, commands = [] }) =>
      commands.map((command) => ({ plugin: name, command })),
    );
    this.typesOf = new Map(
      plugins.flatMap(({ types, operations = [] }) =>
        types === undefined ? [] : operations.map(({ definition }) => [definition.name, types] as const),
      ),
    );
  }

  /** Tells every callback of a step that has changed the version table. */
  async notifyVersionApply(event: VersionEvent): Promise<void> {
    for (const { source, run } of this.onVersionApply) {
      await awaitExtension(source, this.configFile, () => run(event));
    }
  }
}

/**
 * Loads the plugins that a config names and checks all of them.
 * @param importPlugin gives what a package or a file exports as its default.
 * @throws AludelError ALUDEL_EXTENSION_INVALID; ALUDEL_EXTENSION_FAILED where a plugin's function throws.
 */
export async function loadExtensions(
  config: ConfigExtensions,
  importPlugin: (name: string) => Promise<unknown>,
): Promise<Extensions> {
  const plugins: Plugin[] = [];
  for (const [i, entry] of config.plugins.entries()) {
    const place = typeof entry === 'string' ? `"${entry}"` : `number ${i + 1} of "plugins"`;
    const given = typeof entry === 'string' ? await readPlugin(entry, config.file, importPlugin) : entry;
    const plugin = checkPlugin(given, place, config.file);
    if (plugins.some(({ name }) => name === plugin.name)) {
      throw invalid(`plugin "${plugin.name}"`, config.file, 'is listed twice', 'List it once in "plugins".');
    }
    plugins.push(plugin);
  }
  return new Extensions(config, plugins);
}

async function readPlugin(
  name: string,
  configFile: string,
  importPlugin: (name: string) => Promise<unknown>,
): Promise<unknown> {
  const exported = await importPlugin(name);
  if (typeof exported !== 'function') return exported;
  return awaitExtension(`plugin "${name}"`, configFile, (): unknown => (exported as () => unknown)());
}

function collectOperations(plugins: readonly Plugin[], configFile: string): OwnedDefinition[] {
  const owners = new Map<string, string>();
  return plugins.flatMap(({ name: plugin, operations = [] }) =>
    operations.map(({ definition }) => {
      const owner = owners.get(definition.name);
      if (owner !== undefined) refuseTwice('operation', definition.name, owner, plugin, configFile);
      owners.set(definition.name, plugin);
      return { definition, plugin };
    }),
  );
}

/** `true` is what Aludel does by itself; `false` finds no difference. */
function toComparison(compare: boolean | CompareColumn): CompareColumn | null {
  if (typeof compare === 'function') return compare;
  return compare ? null : () => false;
}

function toFunction(process: ProcessRevisionDirectives | Rewriter): ProcessRevisionDirectives {
  return typeof process === 'function' ? process : (directives) => process.process(directives);
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
