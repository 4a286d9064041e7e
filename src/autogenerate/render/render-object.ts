import { type DatabaseObject, type ObjectName, statementOf } from '../../schema/objects.js';
import { type Doc, escapeTemplate, object, quote } from './document.js';
import { renderTableName } from './render-column.js';

/** The object as a literal; what it stands on is read from the database again, and parts are for `op.replaceObject`. */
export function renderObject(known: DatabaseObject, { withParts = false }: { readonly withParts?: boolean } = {}): Doc {
  const { parts, options, comment } = known;
  return object([
    ...nameEntries(known),
    ['definition', text(statementOf(known))],
    ['parts', parts === undefined || !withParts ? null : renderOptions(parts)],
    ['options', options === undefined ? null : renderOptions(options)],
    ['comment', comment === undefined ? null : quote(comment)],
  ]);
}

export function renderObjectName(name: ObjectName): Doc {
  return object(nameEntries(name));
}

/** Options in the database's own words. */
export function renderOptions(options: Readonly<Record<string, string | boolean | null>>): Doc {
  return object(
    Object.entries(options).map(([key, value]): [string, Doc] => [
      /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key),
      typeof value === 'string' ? text(value) : String(value),
    ]),
  );
}

function nameEntries({ kind, namespace, name, table, signature }: ObjectName): [string, Doc | null][] {
  return [
    ['kind', quote(kind)],
    ['name', renderTableName({ namespace, name })],
    ['signature', signature === undefined ? null : quote(signature)],
    ['table', table === undefined ? null : renderTableName(table)],
  ];
}

/** Statements of several lines stay readable. */
function text(value: string): string {
  return value.includes('\n') ? `\`${escapeTemplate(value)}\`` : quote(value);
}
