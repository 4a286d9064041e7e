import { dirname, resolve } from 'node:path';

import { AludelError } from '../errors.js';
import type { Config } from './config.js';
import { getOption } from './options.js';
import { describeValue, EMPTY_URL_HINT, invalidConfig } from './validate-config.js';

/** A function that gives the config's URL with its environment variables filled in and its SQLite path absolute. */
export function createUrlReader(file: string, config: Config): () => Promise<string> {
  return async () => {
    // `url: process.env.X` without X must not mean another database than the one that was meant.
    if ('url' in config && config.url === undefined) {
      const hint = 'Set the environment variable that it is read from.';
      throw invalidConfig(file, ['"url" is undefined'], hint);
    }
    const url = getOption(config, 'url');
    const text = typeof url === 'function' ? await call(file, url) : interpolate(file, url);
    return resolveSqlitePath(text, dirname(file));
  };
}

async function call(file: string, url: () => string | Promise<string>): Promise<string> {
  let given: unknown;
  try {
    given = await url();
  } catch (error) {
    if (error instanceof AludelError) throw error;
    const { describeModuleFailure } = await import('./module-failure.js');
    throw describeModuleFailure(file, error);
  }
  const isEmpty = given === undefined || (typeof given === 'string' && given.trim() === '');
  if (typeof given === 'string' && !isEmpty) return given;
  const problem = `the function "url" must return text, returned ${describeValue(given, false)}`;
  throw invalidConfig(file, [problem], isEmpty ? EMPTY_URL_HINT : undefined);
}

function interpolate(file: string, url: string): string {
  const missing = new Set<string>();
  const text = url.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = process.env[name];
    if (value === undefined || value === '') missing.add(name);
    return value ?? '';
  });
  if (missing.size === 0) return text;
  const names = [...missing];
  const problem = `"url" needs the environment variable${names.length > 1 ? 's' : ''} ${names.map((name) => `"${name}"`).join(', ')}`;
  throw invalidConfig(
    file,
    [problem],
    `Run "export ${names[0] ?? ''}=..." before the command, or write "url" into the config file.`,
  );
}

/** `sqlite:./app.db` means the same file from whichever folder the command is run. */
function resolveSqlitePath(url: string, folder: string): string {
  const path = /^sqlite:(.*)$/is.exec(url)?.[1];
  if (path === undefined || path === '' || path === ':memory:' || path.startsWith('//')) return url;
  return `sqlite:${resolve(folder, path)}`;
}
