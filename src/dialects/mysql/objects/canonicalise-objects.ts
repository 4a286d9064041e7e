/**
 * Only the server knows how it prints a view or a routine. What the models declare is made in a scratch database with the
 * tables that it mentions, read back, and dropped with it. Nothing of it touches the database itself.
 */
import { randomBytes } from 'node:crypto';
import { AludelError, isRefusedStatement } from '../../../errors.js';
import type { Connection } from '../../../engine/connection.js';
import { byObjectKey, type DatabaseObject, describeObject, objectKey } from '../../../schema/objects.js';
import type { Schema, Table } from '../../../schema/table.js';
import { sqlWords } from '../../../util/sql-words.js';
import { createTable } from '../create-table.js';
import { quoteIdentifier } from '../sql.js';
import { joinTokens, type Token, tokenize } from '../tokens.js';
import { withAnyKey } from '../required-key.js';
import type { SessionModes } from '../session-modes.js';
import { keepsMode } from '../sql-mode.js';
import { bodyMode } from './body-mode.js';
import { readObjects } from './read-objects.js';
import { orderOf, sortByLiveOrder, withOrder } from './trigger-order.js';

/** @throws AludelError ALUDEL_MODELS_INVALID when the server refuses an object of the models. */
export async function canonicaliseObjects(
  connection: Connection,
  wanted: Schema,
  live: Schema,
  modes: SessionModes,
): Promise<readonly DatabaseObject[]> {
  const { objects = [], tables } = wanted;
  if (objects.length === 0) return [];
  const scratch = `aludel_${randomBytes(9).toString('hex')}`;
  await createScratch(connection, scratch);
  try {
    await connection.execute(`USE ${quoteIdentifier(scratch)}`);
    const words = new Set(objects.flatMap((object) => [...sqlWords(object.definition)]));
    const mentioned = tables.filter((table) => words.has(table.name.toLowerCase()));
    await createInAnyOrder(
      [
        ...mentioned.map((table) => ({
          what: `the model of "${table.name}"`,
          sql: bareTable(connection, modes.needsKey ? withAnyKey(table) : table),
        })),
        ...sortByLiveOrder(objects, live.objects ?? []).map((object) => ({
          what: describeObject(object),
          sql: asleep(object),
          object,
        })),
      ],
      ({ sql, object }) => {
        const create = (): Promise<unknown> => connection.execute(sql);
        if (object === undefined || !keepsMode(object)) return modes.whileWriting(create);
        const own = bodyMode(object);
        return own === undefined ? create() : modes.whileIn(own, create);
      },
    );
    const made = await modes.whileReading(() => readObjects(connection, modes.sqlMode));
    const found = new Map(made.map((object) => [objectKey(object), object]));
    const before = new Map((live.objects ?? []).map((object) => [objectKey(object), object]));
    return objects
      .map((object) => respell(object, found.get(objectKey(object)), before.get(objectKey(object))))
      .toSorted(byObjectKey);
  } finally {
    await connection.execute(`DROP DATABASE IF EXISTS ${quoteIdentifier(scratch)}`);
    await connection.execute(`USE ${quoteIdentifier(modes.database)}`);
  }
}

async function createScratch(connection: Connection, scratch: string): Promise<void> {
  try {
    await connection.execute(`CREATE DATABASE ${quoteIdentifier(scratch)}`);
  } catch (error) {
    if (!isRefusedStatement(error)) throw error;
    throw new AludelError('ALUDEL_STATEMENT_FAILED', `Views and routines cannot be compared: ${error.message}`, {
      hint: 'Grant the account what a scratch database takes: GRANT ALL ON `aludel\\_%`.* TO ...',
      cause: error,
    });
  }
}

/** Foreign keys and partitions say nothing about a query; a counter needs its key. */
function bareTable(connection: Connection, table: Table): string {
  const { partitionBy: _partitionBy, ...options } = table.options;
  return createTable({ ...table, foreignKeys: [], options }, connection.server, 'CREATE TABLE');
}

interface Item {
  readonly what: string;
  readonly sql: string;
  /** Absent for a table. */
  readonly object?: DatabaseObject;
}

/** What fails may need something that is made later: it is tried again until nothing more succeeds. */
async function createInAnyOrder(items: readonly Item[], create: (item: Item) => Promise<unknown>): Promise<void> {
  let waiting = items;
  while (waiting.length > 0) {
    const failed: (Item & { readonly error: unknown })[] = [];
    for (const item of waiting) {
      const error = await create(item).then(
        () => null,
        (refusal: unknown) => refusal,
      );
      if (error !== null) failed.push({ ...item, error });
    }
    if (failed.length === waiting.length) refuse(failed[0]);
    waiting = failed;
  }
}

function refuse(failure: (Item & { readonly error: unknown }) | undefined): never {
  if (failure === undefined || !isRefusedStatement(failure.error)) throw failure?.error;
  const { what, error } = failure;
  throw new AludelError('ALUDEL_MODELS_INVALID', `The server refuses ${what}: ${error.message}`, {
    hint: 'Check its SQL, and that what it mentions is declared.',
    details: error.details,
    cause: error,
  });
}

/** As the server prints it. A definer is left alone unless the models name one. */
function respell(
  object: DatabaseObject,
  found: DatabaseObject | undefined,
  live: DatabaseObject | undefined,
): DatabaseObject {
  if (found === undefined) return object;
  const definition = object.kind === 'event' ? awake(object, found, live) : found.definition;
  const hasDefiner = indexOfWord(tokenize(object.definition), 'DEFINER') !== -1 && object.kind !== 'view';
  if (object.kind === 'trigger') return inItsPlace(object, found);
  return { ...object, definition, ...(hasDefiner ? { source: object.definition } : {}) };
}

/** The server keeps a trigger in the words of its statement; these say the place that it has among others. */
function inItsPlace({ dependsOn: _named, ...object }: DatabaseObject, found: DatabaseObject): DatabaseObject {
  const { definition, dependsOn } = found;
  const source = withOrder(object.definition, orderOf(definition));
  return { ...object, definition, source, ...(dependsOn === undefined ? {} : { dependsOn }) };
}

/** An event must not happen while it is looked at. */
function asleep({ kind, definition }: DatabaseObject): string {
  if (kind !== 'event') return definition;
  const tokens = withoutStatus(tokenize(definition));
  const comment = indexOfWord(tokens, 'COMMENT');
  const action = indexOfWord(tokens, 'DO');
  const at = comment !== -1 && comment < action ? comment : action;
  return joinTokens(tokens.toSpliced(at, 0, word('DISABLE'), word(' ', 'space')));
}

/** The event as it is printed when it may happen; where no start is said, it began when it was made. */
function awake(object: DatabaseObject, found: DatabaseObject, live: DatabaseObject | undefined): string {
  const declared = tokenize(object.definition);
  const isDisabled = statusAt(declared).some((at) => /^disable$/i.test(declared[at]?.text ?? ''));
  const printed = tokenize(found.definition);
  const status = statusAt(printed)[0];
  const stated = status === undefined || isDisabled ? printed : printed.with(status, word('ENABLE'));
  const [start, before] = [indexOfWord(stated, 'STARTS'), live === undefined ? [] : tokenize(live.definition)];
  const known = indexOfWord(before, 'STARTS');
  if (indexOfWord(declared, 'STARTS') !== -1 || start === -1) return joinTokens(stated);
  if (known === -1) return joinTokens(stated.toSpliced(start, 4));
  return joinTokens(stated.toSpliced(start, 3, ...before.slice(known, known + 3)));
}

function withoutStatus(tokens: readonly Token[]): Token[] {
  const gone = new Set(statusAt(tokens));
  return tokens.filter((_token, i) => !gone.has(i));
}

/** Where ENABLE or DISABLE stands before the action. */
function statusAt(tokens: readonly Token[]): number[] {
  const action = indexOfWord(tokens, 'DO');
  return tokens.flatMap(({ kind, text }, i) =>
    kind === 'word' && /^(en|dis)able$/i.test(text) && i < action ? [i] : [],
  );
}

function indexOfWord(tokens: readonly Token[], text: string): number {
  return tokens.findIndex((token) => token.kind === 'word' && token.text.toUpperCase() === text);
}

function word(text: string, kind: Token['kind'] = 'word'): Token {
  return { kind, text };
}
