/** The commands that the plugins of a config add to `aludel`. */
import { awaitExtension } from '../extensions/call-extension.js';
import { invalid, refuseTwice } from '../extensions/check-plugin.js';
import type { CommandContext, CommandOption } from '../extensions/plugin.js';
import { Project, type ProjectOptions } from './project.js';

export interface PluginCommandEntry {
  readonly name: string;
  /** The name and what follows it. */
  readonly usage: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  readonly plugin: string;
  /**
   * Runs it and gives its exit code.
   * @throws AludelError ALUDEL_EXTENSION_FAILED for whatever it throws.
   */
  run(context: Omit<CommandContext, 'config' | 'connect'>): Promise<number>;
}

export interface PluginCommandsOptions extends ProjectOptions {
  /** Names that no plugin may take. */
  readonly taken: readonly string[];
}

/**
 * The commands, in the order in which the config lists their plugins.
 * @throws AludelError ALUDEL_EXTENSION_INVALID where a name is taken or is none, and what loading plugins throws.
 */
export async function pluginCommands(options: PluginCommandsOptions): Promise<readonly PluginCommandEntry[]> {
  const project = await Project.open(options);
  const extensions = await project.extensions();
  const { file } = project.config;
  const owners = new Map<string, string>();
  return (extensions?.commands ?? []).map(({ plugin, command }) => {
    const { usage, description, options: flags = [] } = command;
    const [name = ''] = usage.split(' ');
    if (!/^[a-z][\w-]*$/.test(name)) {
      throw invalid(`plugin "${plugin}"`, file, `has a command whose usage, "${usage}", begins with no name`);
    }
    if (options.taken.includes(name)) {
      throw invalid(
        `plugin "${plugin}"`,
        file,
        `has a command "${name}", which Aludel has itself`,
        'Give it another name.',
      );
    }
    const owner = owners.get(name);
    if (owner !== undefined) refuseTwice('command', name, owner, plugin, file);
    owners.set(name, plugin);
    const source = `command "${name}" of plugin "${plugin}"`;
    const run: PluginCommandEntry['run'] = async (context) => {
      const open = Project.open(options);
      const connections: { close(): Promise<void> }[] = [];
      const connect: CommandContext['connect'] = async () => {
        const connection = await (await (await open).engine()).connect({ dedicated: true });
        connections.push(connection);
        return connection;
      };
      try {
        const code = await awaitExtension(source, file, () => command.run({ ...context, config: file, connect }));
        return typeof code === 'number' ? code : 0;
      } finally {
        for (const connection of connections) await connection.close();
        await (await open).close();
      }
    };
    return { name, usage, description, options: flags, plugin, run };
  });
}
