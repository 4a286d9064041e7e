// Every key with its default ("models" has none). Generated from the option table: a test keeps it in step.

import { defineConfig } from 'aludel';

export default defineConfig({
  // The database: postgresql://, mysql://, mariadb:// or sqlite:, or a function that returns that. `${NAME}` stands for
  // an environment variable. A SQLite path is relative to the folder of the config file.
  url: '${DATABASE_URL}',

  // The files that declare the models: globs relative to the config file, or `() => import(...)`. They are loaded only by
  // commands that compare the models with the database, which need this key.
  models: './src/models/**/*.ts',

  // The folder of the revision files, relative to the config file. Of several, a new file goes beside its parent.
  migrations: './migrations',

  // Whether the folders below are read as well, but for those whose names begin with "." or "_".
  recursive: false,

  // The table that holds the revisions the database is at.
  versionTable: 'aludel_version',

  // The table that records every step of an upgrade or downgrade.
  logTable: 'aludel_log',

  // The PostgreSQL schema of these two tables; without it, the connection's default one.
  versionTableNamespace: undefined,

  // How long to wait for a lock that another process holds, in milliseconds.
  lockTimeout: 5000,

  // How long a statement may run, in milliseconds; then it is ended and the revision fails. PostgreSQL and MariaDB see to it
  // themselves. MySQL does for SELECTs alone, so that the statements of a revision are ended by KILL QUERY there. SQLite cannot
  // end a statement, and the key is refused there. Without it, no limit.
  statementTimeout: undefined,

  // How far one transaction reaches: "revision", "run" (all revisions of an upgrade or downgrade, or none of them) or
  // "none". MySQL and MariaDB commit each DDL statement by itself, whatever is said here.
  transaction: 'revision',

  // Globs of the tables to compare, as `table` or, on PostgreSQL, `namespace.table`; empty means all. Or a function of an
  // object and `{ type, name, namespace, table, reflected, compareTo }` that gives false for what is to be left alone.
  include: [],

  // Globs of tables to leave alone, whatever `include` says.
  exclude: [],

  // PostgreSQL schemas to look at besides those of the models.
  namespaces: [],

  // The kinds of views, functions, triggers and the like that are compared besides those that the models declare; "all" for
  // every kind but privileges. What is compared and not declared is dropped.
  objects: [],

  // SQL files with CREATE VIEW, FUNCTION, PROCEDURE, TRIGGER and the like, which are compared as if the models declared them:
  // globs relative to the config file.
  sqlObjects: [],

  // Whether types of columns are compared, or a function of `{ table, namespace, column, from, to }`: true where they
  // differ, false where they do not, undefined to have them compared as usual.
  compareType: true,

  // The same for server defaults.
  compareServerDefault: true,

  // A function that gives the source of a part of a new revision file, or undefined to have it written as usual.
  renderItem: undefined,

  // A function, or a Rewriter, that changes a revision before it is written; null writes none.
  processRevisionDirectives: undefined,

  // A function that hears of each step that has changed the version table, inside its transaction.
  onVersionApply: undefined,

  // What runs on each revision file that was written: "prettier", "oxfmt", "biome", "eslint", `{ command, args }` with
  // `{file}` for the file, or a function of its path. Programs are those of the project; there is no shell.
  postWrite: [],

  // Plugins, or the names of packages that export one. A package is loaded when there is something for it to do.
  plugins: [],

  // How a new revision gets its id: "hex" (twelve random digits), "timestamp" (20261121104500), "sequence" (0001, 0002),
  // or a function of `{ message, down, date, existing }`.
  revisionIds: 'hex',

  // The name of a new revision file, without its ending. Tokens: {rev} (needed), {slug}, {year}, {month}, {day}, {hour},
  // {minute} and {second}. With `recursive` it may hold folders: {year}/{rev}_{slug}.
  fileTemplate: '{rev}_{slug}',

  // What new revisions are written as: "module", in the language of the config file, or "sql".
  revisionFormat: 'module',

  // The time zone of the date and time in new revision files.
  timezone: 'UTC',

  // At how many characters {slug}, made of a revision's message, is cut.
  truncateSlugLength: 40,

  // For `--each-target`: a function that yields the tenants, each `{ name, url }` for a database of its own or
  // `{ schema }` for a schema of this one; `searchPath` names more schemas to look into on PostgreSQL.
  targets: () => [{ schema: 'tenant_a' }, { name: 'b', url: 'sqlite:./b.db' }],

  // Whether every statement is printed as it runs.
  echo: false,

  // Several databases by name, each with the keys in which it differs from those beside `databases`. `-n NAME` chooses
  // one, `--all` takes them in this order.
  databases: undefined,

  // Environments by name, each with the keys in which it differs, `databases` among them. `-e NAME`, else ALUDEL_ENV,
  // chooses one; without either, none of them counts.
  environments: undefined,
});
