import { type DatabaseObject, objectName, type ObjectName, statementOf } from '../../../schema/objects.js';
import type { Statement } from '../../dialect.js';
import { quoteIdentifier } from '../sql.js';

/** `DROP TRIGGER` names no table: a trigger's name is the database's. */
export function dropObject({ kind, name }: ObjectName): Statement[] {
  return [{ sql: `DROP ${kind.toUpperCase()} ${quoteIdentifier(name)}` }];
}

/** Only views are replaced in place on all servers. */
export function replaceObject(object: DatabaseObject): Statement[] {
  const statement = statementOf(object);
  if (object.kind !== 'view') {
    const [name, drop] = [objectName(object), dropObject(object)];
    return [
      ...drop.map(({ sql }): Statement => ({ sql, effect: { kind: 'dropObject', object: name, existing: null } })),
      // The log keeps it, and has the definition already.
      { sql: statement, effect: { kind: 'createObject', object: { ...object, definition: '' } } },
    ];
  }
  return [{ sql: statement.replace(/^CREATE\s+(?!OR\s+REPLACE)/i, 'CREATE OR REPLACE ') }];
}

export function canReplace(from: DatabaseObject, to: DatabaseObject): boolean {
  return from.kind === 'view' && to.kind === 'view';
}
