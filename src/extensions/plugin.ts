import type { RenderItem } from '../autogenerate/render/render-item.js';
import type { Connection } from '../engine/connection.js';
import type { CompareColumn, Comparator, Include, OnVersionApply, ProcessRevisionDirectives } from './callbacks.js';
import type { OperationDefinition } from './define-operation.js';
import type { PostWriteHook } from './post-write-hook.js';
import type { Rewriter } from './rewriter.js';

/** An option of a command: `{ flags: '-n, --rows <number>', description: 'how many rows' }`. */
export interface CommandOption {
  /** As commander takes them: `--force`, `-n, --rows <number>`. */
  readonly flags: string;
  readonly description: string;
  /** Default: none; for an option without a value, false. */
  readonly default?: string | boolean;
}

/** What a command of a plugin is given. */
export interface CommandContext {
  /** What stands where the usage says `<name>` or `[name]`; a list for `[names...]`. */
  readonly args: readonly (string | readonly string[] | undefined)[];
  /** By their long names, camelCase. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The path of the config file, for `createMigrator({ config })`. */
  readonly config: string;
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** Opens the project's database; closed when the command has ended. */
  connect(): Promise<Connection>;
  /** Writes a line to standard output, but not under `--quiet`. */
  print(text: string): void;
}

/** A command of `aludel` that a plugin adds. */
export interface PluginCommand {
  /** The name and what follows it: `seed`, `seed <file>`, `seed [names...]`. No name that `aludel` has already. */
  readonly usage: string;
  /** One line for `aludel --help`. */
  readonly description: string;
  readonly options?: readonly CommandOption[];
  /** The result is the exit code. Default: 0. */
  run(context: CommandContext): number | void | Promise<number | void>;
}

/** Operations, comparators, callbacks and commands that belong together. */
export interface Plugin {
  /** For messages; two plugins of one config have two names. */
  readonly name: string;
  /** The module whose types a new revision imports where it uses an operation of this plugin. Default: none. */
  readonly types?: string;
  /** What `defineOperation` gave. */
  readonly operations?: readonly { readonly definition: OperationDefinition }[];
  readonly comparators?: readonly Comparator[];
  readonly include?: Include;
  readonly compareType?: CompareColumn;
  readonly compareServerDefault?: CompareColumn;
  readonly renderItem?: RenderItem;
  readonly processRevisionDirectives?: ProcessRevisionDirectives | Rewriter;
  readonly onVersionApply?: OnVersionApply;
  readonly postWrite?: readonly PostWriteHook[];
  readonly commands?: readonly PluginCommand[];
}

/** Gives a plugin its types and changes nothing. A package exports a plugin, or a function that makes one, as its default. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
