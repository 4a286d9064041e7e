import { listDatabaseNames } from '../config/choose-database.js';
import { checkConfig, loadDatabaseNames } from '../config/load-config.js';
import { contextOf, fileFor, type ProjectOptions } from './project.js';

/**
 * The names of the config's databases in its order; none where it is about one.
 * @throws AludelError ALUDEL_CONFIG_NOT_FOUND, ALUDEL_CONFIG_INVALID, ALUDEL_MODULE_FAILED, ALUDEL_USAGE.
 */
export async function listDatabases(options: ProjectOptions = {}): Promise<readonly string[]> {
  const { config, cwd } = options;
  const context = contextOf(options);
  if (typeof config === 'string' || config === undefined) return loadDatabaseNames({ config, cwd, context });
  return listDatabaseNames(await checkConfig(fileFor(cwd), config, context), context);
}
