/**
 * Triggers of one table, moment and event run in the order in which they were made, unless they say another one. The servers
 * take the words for that out of the statement and keep the order: each is read as if it had named the one before it.
 * https://dev.mysql.com/doc/refman/8.4/en/create-trigger.html, https://mariadb.com/kb/en/create-trigger/
 */
import type { Row } from '../../../engine/connection.js';
import { type DatabaseObject, objectKey } from '../../../schema/objects.js';
import { groupBy } from '../../../util/group-by.js';
import { sortTopologically } from '../../../util/topological-sort.js';
import { numberOf, textOf } from '../../row.js';
import { joinTokens, tokenize, unquoteName } from '../tokens.js';

/** The names of triggers that run right behind another one, and what that is called. */
export function readTriggerOrder(rows: readonly Row[]): ReadonlyMap<string, string> {
  const triggers = rows.filter((row) => textOf(row, 'kind') === 'trigger');
  const groups = groupBy(triggers, (row) =>
    JSON.stringify(['table_name', 'timing', 'event'].map((key) => textOf(row, key))),
  );
  const chains = [...groups.values()].map((group) =>
    group.toSorted((a, b) => numberOf(a, 'place') - numberOf(b, 'place')).map((row) => textOf(row, 'name')),
  );
  return new Map(chains.flatMap((chain) => chain.slice(1).map((name, i) => [name, chain[i] ?? ''] as const)));
}

/** ``FOLLOWS `other` ``, as the statement has it, or nothing. */
export function orderOf(statement: string): string {
  return splitAtOrder(statement)?.order ?? '';
}

/** The statement with these words for the order, or none. */
export function withOrder(statement: string, order: string): string {
  const parts = splitAtOrder(statement);
  if (parts === null || parts.order === order) return statement;
  return [parts.head, order, parts.body].filter((part) => part !== '').join(' ');
}

/** A trigger of the models is there after the one that it names. */
export function behindNamedTrigger(object: DatabaseObject): DatabaseObject {
  const named = isTrigger(object) ? /\s(`.+`|\S+)$/s.exec(orderOf(object.definition))?.[1] : undefined;
  if (named === undefined) return object;
  const name = named.startsWith('`') ? unquoteName(named) : named;
  return { ...object, dependsOn: [objectKey({ ...object, name })] };
}

/** With the triggers of a database in the order in which they run, behind all else, and new ones behind these. */
export function sortByLiveOrder(
  objects: readonly DatabaseObject[],
  live: readonly DatabaseObject[],
): readonly DatabaseObject[] {
  const triggers = new Map(live.filter(isTrigger).map((object) => [objectKey(object), object]));
  const behind = ({ dependsOn = [] }: DatabaseObject): DatabaseObject[] =>
    dependsOn.flatMap((key) => triggers.get(key) ?? []);
  const { order } = sortTopologically([...triggers.values()], behind);
  const places = new Map(order.map((object, place) => [objectKey(object), place]));
  const placeOf = (object: DatabaseObject): number =>
    isTrigger(object) ? (places.get(objectKey(object)) ?? places.size) : -1;
  return objects.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function isTrigger({ kind }: DatabaseObject): boolean {
  return kind === 'trigger';
}

/** `CREATE TRIGGER ... FOR EACH ROW`, the order and the body; `null` where the order cannot be told. */
function splitAtOrder(statement: string): Record<'head' | 'order' | 'body', string> | null {
  const tokens = tokenize(statement);
  const words = tokens.flatMap(({ kind, text }, at) =>
    kind === 'space' || text.startsWith('/*') ? [] : [{ at, kind, word: text.toUpperCase() }],
  );
  const row = words.findIndex((_, i) => ['FOR', 'EACH', 'ROW'].every((word, j) => words[i - 2 + j]?.word === word));
  const [last, first, other, body] = words.slice(row, row + 4);
  if (row === -1 || last === undefined || first === undefined) return null;
  const head = joinTokens(tokens.slice(0, last.at + 1));
  const isOrder = first.word === 'FOLLOWS' || first.word === 'PRECEDES';
  if (!isOrder) return { head, order: '', body: joinTokens(tokens.slice(first.at)) };
  if (other === undefined || body === undefined || !['name', 'word'].includes(other.kind)) return null;
  return { head, order: joinTokens(tokens.slice(first.at, other.at + 1)), body: joinTokens(tokens.slice(body.at)) };
}
