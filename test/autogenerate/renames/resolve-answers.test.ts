import { describe, expect, it } from 'vitest';
import { parseRename } from '../../../src/autogenerate/renames/parse-answer.js';
import { declaredEnums, type Rename } from '../../../src/autogenerate/renames/rename.js';
import { renameHints } from '../../../src/autogenerate/renames/rename-hints.js';
import { type RenameAnswers, resolveAnswers } from '../../../src/autogenerate/renames/resolve-answers.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { enumeration, integer, varchar } from '../../../src/schema/columns.js';
import { MetaData } from '../../../src/schema/metadata.js';
import type { Schema } from '../../../src/schema/table.js';

function models(declare: (metadata: MetaData) => void): MetaData {
  const metadata = new MetaData();
  declare(metadata);
  return metadata;
}

const FROM = models((m) => {
  m.table('users', { id: integer().primaryKey(), name: varchar(40), status: enumeration('status', ['open', 'shut']) });
  m.table('app.users', { id: integer().primaryKey() });
});
const TO = models((m) => {
  m.table('people', {
    id: integer().primaryKey(),
    fullName: varchar(40),
    status: enumeration('status', ['opened', 'shut']),
  });
  m.table('app.people', { id: integer().primaryKey() });
});

function resolve(answers: RenameAnswers, hints: readonly Rename[] = []): readonly Rename[] {
  const [from, to] = [buildSchema([FROM]), buildSchema([TO])] as [Schema, Schema];
  const context = { from, to, capabilities: postgres.capabilities, enums: declaredEnums(to) };
  return resolveAnswers(answers, hints, context).renames;
}

describe('parseRename', () => {
  it('reads kinds, quoted parts and what is in them', () => {
    expect(parseRename('enum "my.type"."a:b":"my.type"."say ""hi"""')).toMatchObject({
      kind: 'enum',
      from: ['my.type', 'a:b'],
      to: ['my.type', 'say "hi"'],
    });
    expect(parseRename('column app.users.name:app.users.full')).toMatchObject({ kind: 'column' });
  });

  it.each([
    ['users', 'expected ":" and the new name at position 6, found the end.'],
    ['users:', 'expected a name at position 7, found the end.'],
    ['users.:people', 'expected a name at position 7, found ":people".'],
    ['users:people now', 'expected the end at position 13, found " now".'],
    ['view a:b', 'expected table, column, enum, sequence at position 1, found "view a:b".'],
    ['a.b.c.d:e', 'expected at most 3 parts in a name at position 10, found the end.'],
    ['"users:people', 'expected a name at position 1, found ""users:peopl".'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseRename(text)).toThrow(`Cannot read the answer '${text}': ${message}`);
  });

  it('says that indexes and constraints need no answer', () => {
    expect(() => parseRename('index users.a:users.b')).toThrow(
      expect.objectContaining({ code: 'ALUDEL_USAGE', hint: expect.stringContaining('without being asked') }),
    );
  });
});

describe('resolveAnswers', () => {
  it('finds tables, columns and values, in any order', () => {
    const renames = ['enum status.open:status.opened', 'users.name:people.full_name', 'users:people'];
    expect(resolve({ renames })).toEqual([
      { kind: 'table', from: { namespace: null, name: 'users' }, to: 'people' },
      { kind: 'enumValue', enum: { namespace: null, name: 'status' }, from: 'open', to: 'opened' },
      { kind: 'column', table: { namespace: null, name: 'people' }, from: 'name', to: 'full_name' },
    ]);
    expect(resolve({ renames: ['table app.users:app.people'] })).toEqual([
      { kind: 'table', from: { namespace: 'app', name: 'users' }, to: 'people' },
    ]);
  });

  it.each([
    ['user:people', 'the database has no table "user".', 'Did you mean "users"? There are: users.'],
    ['users:persons', 'the models have no table "persons".', 'There are: people.'],
    [
      'enum status.opn:status.opened',
      'the database has no enum value "status.opn".',
      'Did you mean "open"? There are: open, shut.',
    ],
  ])('lists what there is for %s', (text, message, hint) => {
    expect(() => resolve({ renames: [text] })).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_USAGE',
        message: `The answer '${text}' names nothing: ${message}`,
        hint,
      }),
    );
  });

  it('lists the columns of a renamed table', () => {
    expect(() => resolve({ renames: ['users:people', 'users.nam:people.full_name'] })).toThrow(
      expect.objectContaining({ hint: 'Did you mean "name"? There are: id, name, status.' }),
    );
    expect(() => resolve({ renames: ['users.name:people.full_name'] })).toThrow('rename that one too: users:people');
  });

  it('refuses two answers for one name', () => {
    expect(() => resolve({ renames: ['users:people', 'users:people', 'app.users.id:app.people.id'] })).toThrow(
      'a column stays in its table',
    );
    expect(() =>
      resolve({ renames: ['users:people', 'users.name:people.full_name', 'users.id:people.full_name'] }),
    ).toThrow('contradicts another one');
  });

  it('passes over remembered answers that name nothing any more, and refuses a drop of nothing', () => {
    expect(resolve({ remembered: { renames: ['gone:away'], drops: ['gone.too'] } })).toEqual([]);
    expect(() => resolve({ drops: ['users.nam'] })).toThrow('the database has no column "users.nam"');
  });

  it('takes hints of the models that apply, and is silent about the others', () => {
    const hinted = models((m) => {
      m.table(
        'people',
        { id: integer().primaryKey(), fullName: varchar(40).renamedFrom('name'), age: integer().renamedFrom('years') },
        undefined,
        { renamedFrom: 'users' },
      );
      m.table('other', { id: integer().primaryKey().renamedFrom('key') }, undefined, { renamedFrom: 'gone' });
    });
    expect(resolve({}, renameHints([hinted], null))).toEqual([
      { kind: 'table', from: { namespace: null, name: 'users' }, to: 'people' },
      { kind: 'column', table: { namespace: null, name: 'people' }, from: 'name', to: 'full_name' },
    ]);
  });
});
