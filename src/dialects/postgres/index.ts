import type { Operation } from '../../operations/operation.js';
import type { Dialect } from '../dialect.js';
import { dispatch } from '../dispatch.js';
import { findBlockers, sessionOf } from './blockers.js';
import { canonicalise } from './canonicalise.js';
import { handlers, needsObjectBefore } from './compile.js';
import { acquireLock } from './lock.js';
import { normalise } from './normalise.js';
import { canReplace } from './objects/statements.js';
import { readSettings, reflect } from './reflect.js';
import { quoteIdentifier, quoteTable, render } from './sql.js';
import { renderType } from './types.js';

/** PostgreSQL 12 to 18. */
export const postgres: Dialect = {
  name: 'postgres',
  capabilities: {
    transactionalDdl: true,
    addForeignKey: true,
    foreignKeysPinColumns: false,
    namespaces: true,
    enumTypes: true,
    comments: true,
    canReplace,
    partitionsFixed: true,
    returning: { insert: true, update: true },
    batchKeys: 'sorted',
    updateFrom: true,
    maxParameters: 65_535,
  },
  assumedServer: { dialect: 'postgres', major: 12, minor: 0, text: '12' },
  quoteIdentifier,
  quoteTable,
  placeholder: (index) => `$${index}`,
  renderExpression: render,
  arrayType: (type) => `${renderType(type)}[]`,
  normalise,
  defaultNamespace: async (connection) => (await readSettings(connection)).defaultNamespace,
  reflect,
  canonicalise,
  needsSchema,
  needsForeignKeysOff: () => false,
  compile: (operation, context) => dispatch(handlers, operation, context),
  acquireLock,
  sessionOf,
  findBlockers,
};

/** A hand-written alteration may not say what was there; a type swap has to know every column of the type. */
function needsSchema(operation: Operation): boolean {
  if (operation.kind === 'alterEnum') return true;
  if (operation.kind === 'replaceObject' || operation.kind === 'dropObject') return needsObjectBefore(operation);
  if (operation.kind !== 'alterColumn') return false;
  // What stands on a computed column goes and comes back with it, and itself with the type of what it is made of.
  if (operation.changes.generated != null || operation.changes.type !== undefined) return true;
  if (operation.existing !== null) return false;
  const { generation, collation, generated } = operation.changes;
  return [generation, collation, generated].some((change) => change !== undefined);
}
