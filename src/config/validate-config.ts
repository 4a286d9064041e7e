import { AludelError } from '../errors.js';
import { findNearest } from '../util/edit-distance.js';
import type { Config } from './config.js';
import { CONFIG_OPTIONS, getOption } from './options.js';
import type { ConfigOption } from './options.js';

/**
 * Checks what a config file holds. A key whose value is `undefined` counts as absent.
 * @throws AludelError ALUDEL_CONFIG_INVALID with all problems at once.
 */
export function validateConfig(file: string, value: unknown): Config {
  if (!isConfigObject(value)) {
    throw invalidConfig(file, [`the config must be an object, found ${describeValue(value)}`]);
  }
  const problems = findProblems(value, { prefix: '', forbidden: [] });
  if (problems.length > 0) throw invalidConfig(file, problems, holdsEmptyUrl(value) ? EMPTY_URL_HINT : undefined);
  const config = value as Config;
  // Where parts of it are still to be laid over each other, what they make together is checked.
  if (config.databases === undefined && config.environments === undefined) refuseContradictions(file, config);
  return config;
}

/** `process.env.X ?? ...` falls back where X is not set; a secret that CI has no value for is set, and empty. */
export const EMPTY_URL_HINT = 'Set the environment variable that it is read from; an empty one counts as set.';

function holdsEmptyUrl(value: Readonly<Record<string, unknown>>): boolean {
  if (typeof value['url'] === 'string' && value['url'].trim() === '') return true;
  const parts = SECTIONS.map((key) => value[key]).flatMap((section) =>
    isConfigObject(section) ? Object.values(section) : [],
  );
  return parts.some((part) => isConfigObject(part) && holdsEmptyUrl(part));
}

interface Place {
  /** Where the keys stand, such as `databases.main.`. */
  readonly prefix: string;
  /** Keys that may not stand there. */
  readonly forbidden: readonly string[];
}

/** What is wrong with each key, sections included. */
function findProblems(value: Readonly<Record<string, unknown>>, { prefix, forbidden }: Place): string[] {
  const options: Readonly<Record<string, ConfigOption>> = CONFIG_OPTIONS;
  return Object.entries(value).flatMap(([key, given]) => {
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (option === undefined) return [unknownKey(key, prefix)];
    if (forbidden.includes(key)) return [`"${prefix}${key}" is one level too deep`];
    if (given === undefined) return [];
    if (!option.accepts(given)) {
      // A URL holds a password.
      const found = describeValue(given, key !== 'url');
      return [`"${prefix}${key}" must be ${option.expected}, found ${found}`];
    }
    return SECTIONS.includes(key) && isConfigObject(given) ? findSectionProblems(given, key, prefix) : [];
  });
}

const SECTIONS: readonly string[] = ['databases', 'environments'];

function findSectionProblems(section: Readonly<Record<string, unknown>>, key: string, prefix: string): string[] {
  const forbidden = key === 'environments' ? ['environments'] : SECTIONS;
  return Object.entries(section).flatMap(([name, part]) => {
    const path = `${prefix}${key}.${name}`;
    if (!isConfigObject(part)) return [`"${path}" must be an object of keys, found ${describeValue(part)}`];
    return findProblems(part, { prefix: `${path}.`, forbidden });
  });
}

/** @throws AludelError ALUDEL_CONFIG_INVALID where two keys cannot both be meant. */
export function refuseContradictions(file: string, config: Config): void {
  const versionTable = getOption(config, 'versionTable');
  if (versionTable === getOption(config, 'logTable')) {
    throw invalidConfig(file, [`"versionTable" and "logTable" are both "${versionTable}"`]);
  }
  if (getOption(config, 'fileTemplate').includes('/') && !getOption(config, 'recursive')) {
    throw invalidConfig(file, ['"fileTemplate" holds a folder, which nothing finds unless "recursive" is true']);
  }
}

/** The error for a config file, from one or more problems written as parts of a sentence. */
export function invalidConfig(file: string, problems: readonly string[], hint?: string): AludelError {
  const [only, ...others] = problems;
  const text = others.length === 0 ? ` ${only ?? ''}.` : problems.map((problem) => `\n  - ${problem}`).join('');
  return new AludelError('ALUDEL_CONFIG_INVALID', `Config file "${file}":${text}`, {
    hint: hint ?? `Correct the file. The keys are: ${Object.keys(CONFIG_OPTIONS).join(', ')}.`,
    details: { file, problems },
  });
}

/** What a value is, for messages that name what was expected. */
export function describeValue(value: unknown, mayShowText = true): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) {
    const odd = value.find((item) => typeof item !== 'string' || item.trim() === '');
    if (value.length === 0) return 'an empty list';
    return odd === undefined ? 'a list' : `a list that holds ${describeValue(odd, mayShowText)}`;
  }
  if (typeof value === 'string')
    return value.trim() === '' ? 'empty text' : mayShowText ? `the text "${value}"` : 'text';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  return `the ${typeof value} ${String(value)}`;
}

function unknownKey(key: string, prefix: string): string {
  const nearest = findNearest(key, Object.keys(CONFIG_OPTIONS));
  return `unknown key "${prefix}${key}"${nearest === undefined ? '' : `; the nearest known key is "${nearest}"`}`;
}

function isConfigObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
