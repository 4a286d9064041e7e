/** Domains and composite types, changed under the columns that are made of them. */
import type { DatabaseObject } from '../../../schema/objects.js';
import type { Statement } from '../../dialect.js';
import { quoteIdentifier, quoteTable } from '../sql.js';

/** ALTER DOMAIN keeps what the domain is made of. */
export function canAlterDomain(from: DatabaseObject, to: DatabaseObject): boolean {
  return ['type', 'collation'].every((part) => from.parts?.[part] === to.parts?.[part]);
}

/** https://www.postgresql.org/docs/current/sql-alterdomain.html */
export function alterDomain(from: DatabaseObject | null, to: DatabaseObject): Statement[] {
  const [before, after] = [from?.parts ?? {}, to.parts ?? {}];
  const alter = (action: string): Statement => ({ sql: `ALTER DOMAIN ${quoteTable(to)} ${action}` });
  const isCheck = (key: string): boolean => key.startsWith('check ');
  const nameOf = (key: string): string => quoteIdentifier(key.slice('check '.length));
  const dropped = Object.keys(before).filter((key) => isCheck(key) && before[key] !== after[key]);
  const added = Object.keys(after).filter((key) => isCheck(key) && before[key] !== after[key]);
  const value = after['default'];
  return [
    ...dropped.map((key) => alter(`DROP CONSTRAINT ${nameOf(key)}`)),
    ...(before['default'] === value ? [] : [alter(value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`)]),
    ...(before['notNull'] === after['notNull']
      ? []
      : [alter(after['notNull'] === undefined ? 'DROP NOT NULL' : 'SET NOT NULL')]),
    ...added
      .filter((key) => after[key]?.endsWith(' NOT VALID') !== true)
      .map((key) => alter(`ADD CONSTRAINT ${nameOf(key)} ${after[key]}`)),
  ];
}

/** ADD ATTRIBUTE puts a new one at the end; what stays keeps its place. */
export function canAlterComposite(from: DatabaseObject, to: DatabaseObject): boolean {
  const [before, after] = [orderOf(from), orderOf(to)];
  const kept = before.filter((name) => after.includes(name));
  const [first, second] = before.length > after.length ? [before, after] : [after, before];
  return kept.length === second.length && kept.every((name, i) => first[i] === name && second[i] === name);
}

/** https://www.postgresql.org/docs/current/sql-altertype.html */
export function alterComposite(from: DatabaseObject | null, to: DatabaseObject): Statement[] {
  const [before, after] = [from?.parts ?? {}, to.parts ?? {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) =>
    key.startsWith('attribute '),
  );
  const actions = names.flatMap((key) => {
    const [type, known, name] = [after[key], before[key], quoteIdentifier(key.slice('attribute '.length))];
    if (type === known) return [];
    if (type === undefined) return [`DROP ATTRIBUTE ${name}`];
    return [known === undefined ? `ADD ATTRIBUTE ${name} ${type}` : `ALTER ATTRIBUTE ${name} TYPE ${type}`];
  });
  return actions.map((action) => ({ sql: `ALTER TYPE ${quoteTable(to)} ${action}` }));
}

/** The attributes of a composite type that both know, with their types, where these differ. */
export function retypedAttributes(
  from: DatabaseObject,
  to: DatabaseObject,
): readonly { readonly name: string; readonly from: string; readonly to: string }[] {
  return orderOf(from).flatMap((name) => {
    const [before, after] = [from, to].map(({ parts }) => parts?.[`attribute ${name}`]);
    return before === undefined || after === undefined || before === after ? [] : [{ name, from: before, to: after }];
  });
}

function orderOf(object: DatabaseObject): readonly string[] {
  const order: unknown = JSON.parse(object.parts?.['order'] ?? '[]');
  return Array.isArray(order) ? order.map(String) : [];
}
