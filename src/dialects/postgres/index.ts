import type { AlterColumn, Operation } from '../../operations/operation.js';
import type { Dialect } from '../dialect.js';
import { changedValuesIn } from './changed-values.js';
import { readCascade } from './cascade.js';
import { dispatch } from '../dispatch.js';
import { findBlockers, sessionOf } from './blockers.js';
import { canonicalise } from './canonicalise.js';
import { handlers, needsObjectBefore, replacementNeedsSchema } from './compile.js';
import { failureAdvice } from './failure-advice.js';
import { acquireLock } from './lock.js';
import { normalise } from './normalise.js';
import { placeOf } from './outside-transaction.js';
import { canReplace } from './objects/statements.js';
import { readDefaultNamespace, reflect } from './reflect.js';
import { render, rules } from './expressions.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { castColumn, renderType } from './types.js';

/** PostgreSQL 12 to 18. */
export const postgres: Dialect = {
  name: 'postgres',
  capabilities: {
    castColumn,
    transactionalDdl: true,
    addForeignKey: true,
    foreignKeysPinColumns: false,
    namespaces: true,
    enumTypes: true,
    comments: true,
    foldColumn: (name) => name,
    foldTable: (name) => name,
    canReplace,
    canSwap: (kind) => kind === 'domain' || kind === 'compositeType',
    partitionsFixed: true,
    returning: { insert: true, update: true, delete: true },
    batchKeys: 'sorted',
    updateFrom: true,
    runsEachRow: false,
    sharesStreams: true,
    deletesOwnReferences: true,
    primaryKeyNames: true,
    delimiters: false,
    indexesForeignKeys: false,
    comparesAsOrdered: true,
    oneWriter: false,
    nullsInKeys: false,
    // Its catalog holds views and triggers by what they stand on, not by its names.
    rewordsRenamed: true,
    missesNewRows: true,
    maxParameters: 65_535,
  },
  assumedServer: { dialect: 'postgres', major: 12, minor: 0, text: '12' },
  quoteIdentifier,
  quoteTable,
  placeholder: (index) => `$${index}`,
  renderExpression: render,
  rules,
  arrayType: (type) => `${renderType(type)}[]`,
  normalise,
  changedValues: changedValuesIn,
  defaultNamespace: readDefaultNamespace,
  readCascade,
  reflect,
  canonicalise,
  needsSchema,
  needsForeignKeysOff: () => false,
  placeOf,
  failureAdvice,
  compile: (operation, context) => dispatch(handlers, operation, context),
  acquireLock,
  sessionOf,
  findBlockers,
};

/** A hand-written alteration may not say what was there; a type swap has to know every column of the type. */
function needsSchema(operation: Operation): boolean {
  switch (operation.kind) {
    case 'alterEnum':
      return true;
    // An index that a failure left behind has to go first.
    case 'createIndex':
      return operation.concurrently === true;
    case 'validateConstraint':
      return !operation.isValid && operation.existing === null;
    case 'replaceObject':
      return replacementNeedsSchema(operation);
    case 'dropObject':
      return needsObjectBefore(operation);
    case 'alterColumn':
      return alterationNeedsSchema(operation);
    default:
      return false;
  }
}

function alterationNeedsSchema(operation: AlterColumn): boolean {
  // What stands on a computed column goes and comes back with it, and itself with the type of what it is made of.
  if (operation.changes.generated !== undefined || operation.changes.type !== undefined) return true;
  if (operation.existing !== null) return false;
  const { generation, collation } = operation.changes;
  return [generation, collation].some((change) => change !== undefined);
}
