import { describe, expect, test } from 'vitest';
import {
  bigint,
  check,
  column,
  createEngine,
  declarativeBase,
  enumeration,
  exclusion,
  foreignKey,
  index,
  integer,
  many,
  MetaData,
  type Operations,
  primaryKey,
  sessionMaker,
  sql,
  timestamp,
  unique,
} from 'aludel';
import { Operations as RecordedOperations } from '../../src/operations/recorder.js';

/** What a file says whose types nobody checked. */
type Loose = (...args: readonly unknown[]) => unknown;
const loosely = (call: unknown): Loose => call as Loose;

const Base = declarativeBase();
class User extends Base.table('users', { id: integer().primaryKey() }) {}
const op: Operations = new RecordedOperations(
  { record: () => {}, flush: () => Promise.resolve([]) },
  { offline: false },
);
const metadata = new MetaData();

describe('an option that a call does not know is refused, and the one that was meant is named', () => {
  test.each<[name: string, meant: string, call: () => unknown]>([
    ['ondelete', 'onDelete', () => loosely(integer().references.bind(integer()))('users.id', { ondelete: 'cascade' })],
    ['ondelete', 'onDelete', () => loosely(foreignKey)(['a'], 'users', ['id'], { ondelete: 'cascade' })],
    ['uniqe', 'unique', () => loosely(index)('ix', ['a'], { uniqe: true })],
    ['nullsNotDistinkt', 'nullsNotDistinct', () => loosely(unique)(['a'], { nullsNotDistinkt: true })],
    ['includes', 'include', () => loosely(primaryKey)(['a'], { includes: ['b'] })],
    ['notvalid', 'notValid', () => loosely(check)('ck', sql`a > 0`, { notvalid: true })],
    ['were', 'where', () => loosely(exclusion)([['a', '=']], { were: sql`a > 0` })],
    ['nulable', 'nullable', () => loosely(column)('a', integer(), { nulable: false })],
    ['withTimeZone', 'withTimezone', () => loosely(timestamp)({ withTimeZone: true })],
    ['mod', 'mode', () => loosely(bigint)({ mod: 'number' })],
    ['renameFrom', 'renamedFrom', () => loosely(enumeration)('mood', ['ok'], { renameFrom: 'state' })],
    ['always_', 'always', () => loosely(integer().identity.bind(integer()))({ always_: true })],
    ['cascades', 'cascade', () => loosely(many)(User, { cascades: 'all' })],
    ['comments', 'comment', () => loosely(Base.table)('tags', {}, {}, { comments: 'of a ticket' })],
    [
      'renamedForm',
      'renamedFrom',
      () => loosely(metadata.table.bind(metadata))('a', {}, () => [], { renamedForm: 'b' }),
    ],
    [
      'materialised',
      'materialized',
      () => loosely(metadata.view.bind(metadata))('v', 'SELECT 1', { materialised: true }),
    ],
    ['ifnotexists', 'ifNotExists', () => loosely(op.createTable.bind(op))('a', [], { ifnotexists: true })],
    ['ifexists', 'ifExists', () => loosely(op.dropTable.bind(op))('a', { ifexists: true })],
    ['nulable', 'nullable', () => loosely(op.alterColumn.bind(op))('a', 'b', { nulable: false })],
    ['concurently', 'concurrently', () => loosely(op.createIndex.bind(op))('ix', 'a', ['b'], { concurently: true })],
    [
      'ondelete',
      'onDelete',
      () => loosely(op.createForeignKey.bind(op))('fk', 'a', ['b'], 'c', ['d'], { ondelete: 'cascade' }),
    ],
    ['keys', 'key', () => loosely(op.bulkInsert.bind(op))('a', [{ id: 1 }], { keys: ['id'] })],
    ['hideParameter', 'hideParameters', () => loosely(createEngine)('sqlite::memory:', { hideParameter: false })],
    ['sise', 'size', () => loosely(createEngine)('sqlite::memory:', { pool: { sise: 3 } })],
    ['readonly', 'readOnly', () => loosely(sessionMaker(createEngine('sqlite::memory:')))({ readonly: true })],
  ])('%s for %s', (name, meant, call) => {
    expect(call).toThrow(new RegExp(`has no option "${name}": did you mean "${meant}"\\?$`));
  });

  test('where none is near, all that are known are named', () => {
    expect(() => loosely(Base.table)('notes', {}, {}, { tableArgs: () => [] })).toThrow(
      'Base.table has no option "tableArgs": it knows comment, options, renamedFrom, polymorphic',
    );
  });
});
