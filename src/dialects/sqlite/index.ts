import type { Operation } from '../../operations/operation.js';
import type { Dialect, RunnerLock } from '../dialect.js';
import { dispatch } from '../dispatch.js';
import { changedValuesIn } from './changed-values.js';
import { handlers, needsSchema } from './compile.js';
import { foldName } from './ddl/names.js';
import { compileGroup, findGroup } from './groups.js';
import { normalise } from './normalise.js';
import { reflect } from './reflect.js';
import { render, rules } from './expressions.js';
import { takeLayouts } from './layout.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { takeWords } from './same-words.js';

/** SQLite 3.35 and newer. */
export const sqlite: Dialect = {
  name: 'sqlite',
  capabilities: {
    transactionalDdl: true,
    addForeignKey: false,
    foreignKeysPinColumns: false,
    namespaces: false,
    enumTypes: false,
    comments: false,
    foldColumn: foldName,
    foldTable: foldName,
    returning: { insert: true, update: true, delete: true },
    // "The order of rows is arbitrary": https://www.sqlite.org/lang_returning.html#limitations_and_caveats
    batchKeys: null,
    updateFrom: true,
    runsEachRow: true,
    sharesStreams: true,
    deletesOwnReferences: true,
    primaryKeyNames: true,
    delimiters: false,
    indexesForeignKeys: false,
    comparesAsOrdered: true,
    oneWriter: true,
    nullsInKeys: true,
    // https://www.sqlite.org/lang_altertable.html#alter_table_rename
    rewordsRenamed: true,
    missesNewRows: false,
    maxParameters: 32_766,
  },
  assumedServer: { dialect: 'sqlite', major: 3, minor: 35, text: '3.35' },
  quoteIdentifier,
  quoteTable,
  placeholder: () => '?',
  renderExpression: render,
  rules,
  arrayType: () => undefined,
  normalise,
  changedValues: changedValuesIn,
  defaultNamespace: () => Promise.resolve(null),
  reflect,
  // Text is kept as it was written: both sides are compared by their tokens already.
  canonicalise: (_connection, wanted, live) => Promise.resolve(takeWords(takeLayouts(wanted, live), live)),
  needsSchema,
  // DROP TABLE first deletes the rows, and with them what refers to them by ON DELETE CASCADE.
  needsForeignKeysOff: (operation) =>
    operation.kind === 'dropTable' || needsSchema(operation) || isDropTableSql(operation),
  compile: (operation, context) => dispatch(handlers, operation, context),
  groups: { find: findGroup, compile: compileGroup },
  acquireLock: () => Promise.resolve(NO_LOCK),
  sessionOf: () => Promise.resolve(null),
  findBlockers: () => Promise.resolve([]),
};

/** Dropping a table deletes its rows first, and with them whatever ON DELETE CASCADE says. */
function isDropTableSql(operation: Operation): boolean {
  return operation.kind === 'execute' && /^\s*DROP\s+TABLE\b/iu.test(operation.sql);
}

/** Each revision begins with BEGIN IMMEDIATE and reads the version again inside: that is the lock. */
const NO_LOCK: RunnerLock = { verify: () => Promise.resolve(), release: () => Promise.resolve() };
