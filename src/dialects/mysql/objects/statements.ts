import { type DatabaseObject, type ObjectName, statementOf } from '../../../schema/objects.js';
import type { Statement } from '../../dialect.js';
import { quoteIdentifier } from '../sql.js';

/** `DROP TRIGGER` names no table: a trigger's name is the database's. */
export function dropObject({ kind, name }: ObjectName): Statement[] {
  return [{ sql: `DROP ${kind.toUpperCase()} ${quoteIdentifier(name)}` }];
}

/** Only views are replaced in place on all servers. */
export function replaceObject(object: DatabaseObject): Statement[] {
  const statement = statementOf(object);
  if (object.kind !== 'view') return [...dropObject(object), { sql: statement }];
  return [{ sql: statement.replace(/^CREATE\s+(?!OR\s+REPLACE)/i, 'CREATE OR REPLACE ') }];
}

export function canReplace(from: DatabaseObject, to: DatabaseObject): boolean {
  return from.kind === 'view' && to.kind === 'view';
}
