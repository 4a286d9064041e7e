import { resolve } from 'node:path';
import { AludelError } from '../errors.js';
import { loadModule } from './load-module.js';
import { resolvePackage } from './resolve-package.js';

/**
 * What a plugin's package, or a file relative to the config file, exports as its default.
 * @throws AludelError ALUDEL_EXTENSION_INVALID where it is not installed or has no default export; ALUDEL_MODULE_FAILED.
 */
export async function loadPlugin(name: string, configFile: string, folder: string): Promise<unknown> {
  const isFile = /^\.{0,2}\//.test(name);
  const file = isFile ? resolve(folder, name) : resolvePackage(name, folder);
  if (file === null) {
    throw new AludelError('ALUDEL_EXTENSION_INVALID', `Plugin "${name}" of "${configFile}" is not installed.`, {
      hint: `Run "npm install -D ${name}", or take it out of "plugins" in the config file.`,
      details: { plugin: name, config: configFile },
    });
  }
  const { default: exported } = await loadModule(file);
  if (exported !== undefined) return exported;
  throw new AludelError('ALUDEL_EXTENSION_INVALID', `Plugin "${name}" of "${configFile}" has no default export.`, {
    hint: `Export the plugin as the default of "${file}".`,
    details: { plugin: name, config: configFile, file },
  });
}
