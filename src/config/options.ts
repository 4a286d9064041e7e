/** Every config key, once: what it takes, what it is without, and what to say about it. */

import type { Config } from './config.js';
import {
  FILE_TEMPLATE_TOKENS,
  isFileTemplate,
  isFilledList,
  isFunction,
  isList,
  isObject,
  isPostWriteHook,
  isSection,
  isText,
  isTimezone,
  isWhole,
} from './option-values.js';

/** One key of the config file. */
export interface ConfigOption<Value = unknown> {
  /** What the value must be, for messages: `"lockTimeout" must be ...`. */
  readonly expected: string;
  /** The value where the config says nothing. */
  readonly default: Value;
  /** What the example file shows where the default is nothing that could be shown. */
  readonly example?: string;
  /** The lines of the key's doc comment. */
  readonly doc: readonly string[];
  readonly accepts: (value: unknown) => boolean;
}

/** The keys in the order in which the example file shows them. */
export const CONFIG_OPTIONS: { readonly [Key in keyof Config]-?: ConfigOption<Config[Key]> } = {
  url: {
    expected: 'text, or a function that returns text',
    default: '${DATABASE_URL}',
    doc: [
      'The database: postgresql://, mysql://, mariadb:// or sqlite:, or a function that returns that. `${NAME}` stands for',
      'an environment variable. A SQLite path is relative to the folder of the config file.',
    ],
    accepts: (value) => isText(value) || typeof value === 'function',
  },
  models: {
    expected: 'a glob, a list of globs, or a function that imports the models',
    default: undefined,
    example: "'./src/models/**/*.ts'",
    doc: [
      'The files that declare the models: globs relative to the config file, or `() => import(...)`. They are loaded only by',
      'commands that compare the models with the database, which need this key.',
    ],
    accepts: (value) => isText(value) || isFilledList(value) || typeof value === 'function',
  },
  migrations: {
    expected: 'a folder, or a list of folders',
    default: './migrations',
    doc: [
      'The folder of the revision files, relative to the config file. Of several, a new file goes beside its parent.',
    ],
    accepts: (value) => isText(value) || isFilledList(value),
  },
  recursive: {
    expected: 'true or false',
    default: false,
    doc: ['Whether the folders below are read as well, but for those whose names begin with "." or "_".'],
    accepts: (value) => typeof value === 'boolean',
  },
  versionTable: {
    expected: 'the name of a table',
    default: 'aludel_version',
    doc: ['The table that holds the revisions the database is at.'],
    accepts: isText,
  },
  logTable: {
    expected: 'the name of a table',
    default: 'aludel_log',
    doc: ['The table that records every step of an upgrade or downgrade.'],
    accepts: isText,
  },
  versionTableNamespace: {
    expected: 'the name of a PostgreSQL schema',
    default: undefined,
    doc: ["The PostgreSQL schema of these two tables; without it, the connection's default one."],
    accepts: isText,
  },
  lockTimeout: {
    expected: 'a whole number of milliseconds, 0 or more',
    default: 5000,
    doc: ['How long to wait for a lock that another process holds, in milliseconds.'],
    accepts: (value) => isWhole(value) && value >= 0,
  },
  statementTimeout: {
    expected: 'a whole number of milliseconds, 1 or more',
    default: undefined,
    doc: [
      'How long a statement may run, in milliseconds; then it is ended and the revision fails. PostgreSQL and MariaDB see to it',
      'themselves. MySQL does for SELECTs alone, so that the statements of a revision are ended by KILL QUERY there. SQLite cannot',
      'end a statement, and the key is refused there. Without it, no limit.',
    ],
    accepts: (value) => isWhole(value) && value >= 1,
  },
  transaction: {
    expected: '"revision", "run" or "none"',
    default: 'revision',
    doc: [
      'How far one transaction reaches: "revision", "run" (all revisions of an upgrade or downgrade, or none of them) or',
      '"none". MySQL and MariaDB commit each DDL statement by itself, whatever is said here.',
    ],
    accepts: (value) => ['revision', 'run', 'none'].includes(String(value)),
  },
  include: {
    expected: 'a list of globs, or a function that gives true or false',
    default: [],
    doc: [
      'Globs of the tables to compare, as `table` or, on PostgreSQL, `namespace.table`; empty means all. Or a function of an',
      'object and `{ type, name, namespace, table, reflected, compareTo }` that gives false for what is to be left alone.',
    ],
    accepts: (value) => isList(value) || isFunction(value),
  },
  exclude: {
    expected: 'a list of globs',
    default: [],
    doc: ['Globs of tables to leave alone, whatever `include` says.'],
    accepts: isList,
  },
  namespaces: {
    expected: 'a list of names',
    default: [],
    doc: ['PostgreSQL schemas to look at besides those of the models.'],
    accepts: isList,
  },
  objects: {
    expected: '"all", or a list of kinds of objects',
    default: [],
    doc: [
      'The kinds of views, functions, triggers and the like that are compared besides those that the models declare; "all" for',
      'every kind but privileges. What is compared and not declared is dropped.',
    ],
    accepts: (value) => value === 'all' || isList(value),
  },
  sqlObjects: {
    expected: 'a glob or a list of globs',
    default: [],
    doc: [
      'SQL files with CREATE VIEW, FUNCTION, PROCEDURE, TRIGGER and the like, which are compared as if the models declared them:',
      'globs relative to the config file.',
    ],
    accepts: (value) => isText(value) || isList(value),
  },
  compareType: {
    expected: 'true, false or a function',
    default: true,
    doc: [
      'Whether types of columns are compared, or a function of `{ table, namespace, column, from, to }`: true where they',
      'differ, false where they do not, undefined to have them compared as usual.',
    ],
    accepts: (value) => typeof value === 'boolean' || isFunction(value),
  },
  compareServerDefault: {
    expected: 'true, false or a function',
    default: true,
    doc: ['The same for server defaults.'],
    accepts: (value) => typeof value === 'boolean' || isFunction(value),
  },
  renderItem: {
    expected: 'a function',
    default: undefined,
    doc: [
      'A function that gives the source of a part of a new revision file, or undefined to have it written as usual.',
    ],
    accepts: isFunction,
  },
  processRevisionDirectives: {
    expected: 'a function or a Rewriter',
    default: undefined,
    doc: ['A function, or a Rewriter, that changes a revision before it is written; null writes none.'],
    accepts: (value) => isFunction(value) || (isObject(value) && 'process' in value),
  },
  onVersionApply: {
    expected: 'a function',
    default: undefined,
    doc: ['A function that hears of each step that has changed the version table, inside its transaction.'],
    accepts: isFunction,
  },
  postWrite: {
    expected: 'a list of "prettier", "oxfmt", "biome", "eslint", { command, args } and functions',
    default: [],
    doc: [
      'What runs on each revision file that was written: "prettier", "oxfmt", "biome", "eslint", `{ command, args }` with',
      '`{file}` for the file, or a function of its path. Programs are those of the project; there is no shell.',
    ],
    accepts: (value) => Array.isArray(value) && value.every(isPostWriteHook),
  },
  plugins: {
    expected: 'a list of plugins and of the names of packages',
    default: [],
    doc: [
      'Plugins, or the names of packages that export one. A package is loaded when there is something for it to do.',
    ],
    accepts: (value) => Array.isArray(value) && value.every((plugin) => isText(plugin) || isObject(plugin)),
  },
  revisionIds: {
    expected: '"hex", "timestamp", "sequence" or a function that returns text',
    default: 'hex',
    doc: [
      'How a new revision gets its id: "hex" (twelve random digits), "timestamp" (20261121104500), "sequence" (0001, 0002),',
      'or a function of `{ message, down, date, existing }`.',
    ],
    accepts: (value) => ['hex', 'timestamp', 'sequence'].includes(String(value)) || typeof value === 'function',
  },
  fileTemplate: {
    expected: `a file name with {rev} and no other tokens than ${FILE_TEMPLATE_TOKENS.map((token) => `{${token}}`).join(' ')}`,
    default: '{rev}_{slug}',
    doc: [
      'The name of a new revision file, without its ending. Tokens: {rev} (needed), {slug}, {year}, {month}, {day}, {hour},',
      '{minute} and {second}. With `recursive` it may hold folders: {year}/{rev}_{slug}.',
    ],
    accepts: isFileTemplate,
  },
  revisionFormat: {
    expected: '"module" or "sql"',
    default: 'module',
    doc: ['What new revisions are written as: "module", in the language of the config file, or "sql".'],
    accepts: (value) => value === 'module' || value === 'sql',
  },
  timezone: {
    expected: 'the name of a time zone, such as "UTC" or "Europe/Berlin"',
    default: 'UTC',
    doc: ['The time zone of the date and time in new revision files.'],
    accepts: isTimezone,
  },
  truncateSlugLength: {
    expected: 'a whole number, 1 or more',
    default: 40,
    doc: ["At how many characters {slug}, made of a revision's message, is cut."],
    accepts: (value) => isWhole(value) && value >= 1,
  },
  targets: {
    expected: 'a function that yields { name, url } or { schema }',
    default: undefined,
    example: "() => [{ schema: 'tenant_a' }, { name: 'b', url: 'sqlite:./b.db' }]",
    doc: [
      'For `--each-target`: a function that yields the tenants, each `{ name, url }` for a database of its own or',
      '`{ schema }` for a schema of this one; `searchPath` names more schemas to look into on PostgreSQL.',
    ],
    accepts: (value) => typeof value === 'function',
  },
  echo: {
    expected: 'true or false',
    default: false,
    doc: ['Whether every statement is printed as it runs.'],
    accepts: (value) => typeof value === 'boolean',
  },
  databases: {
    expected: 'an object with a name and an object of keys for each database',
    default: undefined,
    doc: [
      'Several databases by name, each with the keys in which it differs from those beside `databases`. `-n NAME` chooses',
      'one, `--all` takes them in this order.',
    ],
    accepts: isSection,
  },
  environments: {
    expected: 'an object with a name and an object of keys for each environment',
    default: undefined,
    doc: [
      'Environments by name, each with the keys in which it differs, `databases` among them. `-e NAME`, else ALUDEL_ENV,',
      'chooses one; without either, none of them counts.',
    ],
    accepts: isSection,
  },
};

/** The keys that have no default. */
type Undefaulted =
  | 'models'
  | 'targets'
  | 'versionTableNamespace'
  | 'statementTimeout'
  | 'renderItem'
  | 'processRevisionDirectives'
  | 'onVersionApply'
  | 'databases'
  | 'environments';

/** What the config says, else the default. */
export function getOption<Key extends Exclude<keyof Config, Undefaulted>>(
  config: Config,
  key: Key,
): NonNullable<Config[Key]> {
  return (config[key] ?? CONFIG_OPTIONS[key].default) as NonNullable<Config[Key]>;
}
