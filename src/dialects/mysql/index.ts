import type { DialectName } from '../../engine/connection.js';
import type { Operation } from '../../operations/operation.js';
import { columnOfOption } from '../../schema/table.js';
import type { Dialect } from '../dialect.js';
import { dispatch } from '../dispatch.js';
import { changedValuesIn } from './changed-values.js';
import { canonicalise } from './canonicalise.js';
import { handlers } from './compile.js';
import { differsByRow } from './differs-by-row.js';
import { findBlockers, sessionOf } from './blockers.js';
import { acquireLock } from './lock.js';
import { normalise } from './normalise.js';
import { canReplace } from './objects/statements.js';
import { pinOnlineDdl } from './online-ddl.js';
import { reflect } from './reflect.js';
import { readOtherDatabases } from './other-databases.js';
import { render, rules } from './expressions.js';
import { mariadbSyntax, mysqlSyntax } from '../syntax.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { isPast } from './system-versioning.js';
import { readTableStates } from './table-states.js';
import { withSqlMode } from './sql-mode.js';

/** MySQL 8.0 and later. */
export const mysql: Dialect = dialectFor('mysql', 8, 0);

/** MariaDB 10.5 and later. */
export const mariadb: Dialect = dialectFor('mariadb', 10, 5);

/** One family: where the two part, the server's version decides. */
function dialectFor(name: DialectName, major: number, minor: number): Dialect {
  return {
    name,
    capabilities: {
      transactionalDdl: false,
      addForeignKey: true,
      foreignKeysPinColumns: true,
      namespaces: false,
      enumTypes: false,
      comments: true,
      foldColumn: (column) => column.toLowerCase(),
      // What lower_case_table_names makes of a table is its name already.
      foldTable: (table) => table,
      canReplace,
      // https://mariadb.com/kb/en/insertreturning/
      returning: { insert: name === 'mariadb', update: false, delete: name === 'mariadb' },
      // https://dev.mysql.com/doc/refman/8.4/en/innodb-auto-increment-handling.html: "simple inserts" get consecutive keys.
      batchKeys: name === 'mariadb' ? 'returned' : 'first',
      updateFrom: false,
      runsEachRow: false,
      sharesStreams: false,
      deletesOwnReferences: false,
      primaryKeyNames: false,
      delimiters: true,
      indexesForeignKeys: true,
      comparesAsOrdered: false,
      oneWriter: false,
      nullsInKeys: false,
      missesNewRows: false,
      maxParameters: 65_535,
    },
    assumedServer: { dialect: name, major, minor, text: `${major}.${minor}` },
    quoteIdentifier,
    quoteTable,
    placeholder: () => '?',
    renderExpression: render,
    rules: { ...rules, name, syntax: name === 'mariadb' ? mariadbSyntax : mysqlSyntax },
    arrayType: () => undefined,
    normalise,
    changedValues: changedValuesIn,
    defaultNamespace: () => Promise.resolve(null),
    reflect,
    readOtherDatabases,
    selectHistory: (options) => ({ from: ' FOR SYSTEM_TIME ALL', isPast: isPast(options) }),
    canonicalise,
    needsSchema: (operation) => needsSchema(operation, name),
    needsForeignKeysOff: () => false,
    compile: (operation, context) => {
      const statements = pinOnlineDdl(operation, dispatch(handlers, operation, context), name === 'mariadb');
      return withSqlMode(operation, context, statements);
    },
    acquireLock,
    readTableStates,
    sessionOf,
    // https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_execution_time: SELECTs alone.
    ...(name === 'mysql' ? { endStatement: (session: string) => `KILL QUERY ${Number(session)}` } : {}),
    findBlockers,
  };
}

/** Options of a table that change its columns as well. */
const OF_COLUMNS: ReadonlySet<string> = new Set(['charset', 'collation', 'systemVersioning']);

/**
 * MODIFY says a column as a whole: with what only the table tells, and what a hand-written change leaves out. Changes of
 * keys and indexes have to see to the index that each foreign key needs. Printed without a schema, they stay as they are.
 */
function needsSchema(operation: Operation, name: DialectName): boolean {
  switch (operation.kind) {
    case 'alterColumn':
      return true;
    case 'addColumn':
      // Without its key a counter does not count yet: what it is to be must not be read back from the database.
      return operation.column.generation !== null || differsByRow(operation.column, { dialect: name });
    case 'setComment':
    case 'renameConstraint':
    case 'renameSequence':
      return true;
    case 'renameEnumValue':
      return operation.columns.length > 0;
    case 'setTableOptions':
      return Object.keys(operation.changes).some((key) => columnOfOption(key) !== null || OF_COLUMNS.has(key));
    case 'createIndex':
    case 'dropIndex':
    case 'dropConstraint':
      return true;
    case 'addConstraint':
      return operation.constraint.kind !== 'foreignKey';
    default:
      return false;
  }
}
