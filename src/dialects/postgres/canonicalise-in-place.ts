/**
 * Objects that are in no namespace: no scratch namespace stands for theirs. What the models say of them is tried where they
 * are, inside the transaction that is rolled back, once the live ones have made room.
 */
import type { Connection } from '../../engine/connection.js';
import { type DatabaseObject, objectKey, type ObjectKind } from '../../schema/objects.js';
import type { Schema } from '../../schema/table.js';
import { readInPlace } from './objects/read-objects.js';
import { dropObject } from './objects/statements.js';

export interface InPlace {
  /** As the database has them. */
  readonly known: readonly DatabaseObject[];
  /** What the database has to be asked about. */
  readonly asked: readonly DatabaseObject[];
  /** Live objects that make room for them. */
  readonly live: readonly DatabaseObject[];
}

const KINDS: ReadonlySet<ObjectKind> = new Set([
  'cast',
  'defaultGrant',
  'eventTrigger',
  'namespaceComment',
  'publication',
]);

export function isInPlace({ kind, definition }: DatabaseObject): boolean {
  return KINDS.has(kind) || (kind === 'grant' && /\sON\s+SCHEMA\s/i.test(definition));
}

/** All of them are asked about, or none: those that are declared no more may stand in the way. */
export function sortInPlace(objects: readonly DatabaseObject[], live: Schema): InPlace {
  const wanted = objects.filter(isInPlace);
  const there = (live.objects ?? []).filter(isInPlace);
  const known = wanted.flatMap((object) => there.find((found) => saidOf(object) === saidOf(found)) ?? []);
  // Usual privileges would be those of what is made in the scratch namespaces, too.
  const usual = objects.some(({ kind }) => kind === 'grant') ? there.filter(({ kind }) => kind === 'defaultGrant') : [];
  if (known.length === wanted.length) return { known, asked: [], live: usual };
  const kinds = new Set(wanted.map(({ kind }) => kind));
  return { known: [], asked: wanted, live: [...new Set([...usual, ...there.filter(({ kind }) => kinds.has(kind))])] };
}

function saidOf({ kind, name, definition, options = {}, comment }: DatabaseObject): string {
  return JSON.stringify([kind, name, definition, Object.entries(options).toSorted(), comment]);
}

/** Takes the live ones off, and gives the keys of those that stay because something stands on them. */
export async function makeRoom(
  { live }: InPlace,
  attempt: (statements: readonly string[]) => Promise<unknown>,
): Promise<ReadonlySet<string>> {
  const left = new Set<string>();
  for (const object of live) {
    const error = await attempt(dropObject(object, object).map(({ sql }) => sql));
    if (error !== null) left.add(objectKey(object));
  }
  return left;
}

/** What was made of the objects that were asked about. `left` are the keys of live ones that did not make room. */
export async function readMade(
  connection: Connection,
  { asked }: InPlace,
  namespaces: readonly string[],
  left: ReadonlySet<string>,
): Promise<DatabaseObject[]> {
  if (asked.length === 0) return [];
  const kinds = new Set(asked.map(({ kind }) => kind));
  const found = await readInPlace(connection, namespaces);
  return found.filter((object) => isInPlace(object) && kinds.has(object.kind) && !left.has(objectKey(object)));
}
