/** Names in the scratch namespaces that stand for real ones, there and back. */
import type { DatabaseObject } from '../../../schema/objects.js';
import type { Table, TableName } from '../../../schema/table.js';
import { nameIn, type SqlToken, sqlTokens } from '../../../util/sql-words.js';
import { quoteIdentifier } from '../sql.js';

/** Real namespaces to the scratch ones that stand for them; the default namespace under its real name. */
export type ScratchNames = ReadonlyMap<string, string>;

/** The statement with `app.users` in the scratch namespace of `app`, for the names that were made there. */
export function moveNames(sql: string, scratch: ScratchNames, isMade: (name: TableName) => boolean): string {
  const tokens = sqlTokens(sql);
  const texts = tokens.map((token, i) => {
    // `nextval('app.ticket_numbers')` names a sequence in a string. Any other text comes back as it was.
    const text = token.kind === 'string' ? token.text.slice(1, -1).replaceAll("''", "'") : '';
    if (QUALIFIED.test(text)) return `'${moveNames(text, scratch, isMade).replaceAll("'", "''")}'`;
    const name = nameIn(token);
    if (name === undefined || tokens[i + 1]?.text !== '.' || tokens[i - 1]?.text === '.') return token.text;
    const home = token.kind === 'word' ? name.toLowerCase() : name;
    const moved = scratch.get(home);
    const next = tokens[i + 2];
    const inside = operatorAt(tokens, i + 2) ?? nameIn(next);
    if (moved === undefined || inside === undefined) return token.text;
    const made = isMade({ namespace: home, name: next?.kind === 'word' ? inside.toLowerCase() : inside });
    // Needs no quotes, and has none: in a string that is just a text they would stay.
    return made ? moved : token.text;
  });
  return texts.join('');
}

const QUALIFIED = /^(?:"(?:[^"]|"")+"|[^"'.\s]+)\.(?:"(?:[^"]|"")+"|[^"'.\s]+)$/;

/** The names that a CREATE statement makes: its own, and of a range type also that of its multirange type. */
export function namesMade(object: TableName & { readonly kind?: string; readonly definition?: string }): string[] {
  if (object.kind !== 'rangeType') return [object.name];
  const words = sqlTokens(object.definition ?? '').flatMap((token) => nameIn(token) ?? []);
  const said = words.findIndex((word) => word.toUpperCase() === 'MULTIRANGE_TYPE_NAME');
  // `app.floatmultirange`, or without the namespace.
  if (said !== -1) return [object.name, ...words.slice(said + 1, said + 3)];
  const { name } = object;
  return [name, name.includes('range') ? name.replace('range', 'multirange') : `${name}_multirange`];
}

/** The name of an operator: all the signs that follow each other. https://www.postgresql.org/docs/current/sql-createoperator.html */
function operatorAt(tokens: readonly SqlToken[], start: number): string | undefined {
  const end = tokens.findIndex(({ text }, i) => i >= start && !/^[+\-*/<>=~!@#%^&|`?]+$/.test(text));
  const name = tokens
    .slice(start, end === -1 ? tokens.length : end)
    .map(({ text }) => text)
    .join('');
  return name === '' ? undefined : name;
}

/** Plain data with the real names in place of the scratch ones, wherever a text mentions them. */
function restoreTexts<T>(data: T, scratch: ScratchNames): T {
  const text = [...scratch].reduce((known, [home, name]) => {
    const printed = /^[a-z_][a-z0-9_$]*$/.test(home) ? home : quoteIdentifier(home);
    return known.replaceAll(`${name}.`, JSON.stringify(`${printed}.`).slice(1, -1));
  }, JSON.stringify(data));
  return JSON.parse(text) as T;
}

/** A table of a scratch namespace with texts and types as the table says them that it stands for. */
export function restoreTable(table: Table, scratch: ScratchNames, defaultNamespace: string): Table {
  const homes = homesOf(scratch, defaultNamespace);
  const { dependsOn, ...rest } = table;
  const restored = restoreTexts(rest, scratch);
  return {
    ...restored,
    ...restoreKeys(dependsOn, homes),
    columns: restored.columns.map((column) => {
      const { type } = column;
      const namespace = type.kind === 'enum' ? homes.get(type.namespace ?? '') : undefined;
      return type.kind !== 'enum' || namespace === undefined ? column : { ...column, type: { ...type, namespace } };
    }),
  };
}

/** Scratch namespaces to the real ones; `null` is the default one. */
function homesOf(scratch: ScratchNames, defaultNamespace: string): ReadonlyMap<string, string | null> {
  return new Map([...scratch].map(([home, name]) => [name, home === defaultNamespace ? null : home]));
}

/** Keys quote nothing, and leave the default namespace out. */
function restoreKeys(
  keys: readonly string[] | undefined,
  homes: ReadonlyMap<string, string | null>,
): { readonly dependsOn?: readonly string[] } {
  if (keys === undefined) return {};
  const restore = (key: string): string =>
    [...homes].reduce((known, [name, real]) => known.replaceAll(`${name}.`, real === null ? '' : `${real}.`), key);
  return { dependsOn: keys.map(restore) };
}

/** An object of a scratch namespace as the object that it stands for. */
export function restoreObject(object: DatabaseObject, scratch: ScratchNames, defaultNamespace: string): DatabaseObject {
  const homes = homesOf(scratch, defaultNamespace);
  const home = <N extends TableName>(name: N): N => {
    const namespace = name.namespace === null ? undefined : homes.get(name.namespace);
    return namespace === undefined ? name : { ...name, namespace };
  };
  const { dependsOn, table, ...rest } = home(object);
  const restored = restoreTexts(rest, scratch);
  return {
    ...restored,
    ...(table === undefined ? {} : { table: home(table) }),
    ...restoreKeys(dependsOn, homes),
  };
}
