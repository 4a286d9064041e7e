import { integer, MetaData, primaryKey, text, varchar } from 'aludel';
import { describe, expect, it } from 'vitest';
import { renderModels } from '../../../src/autogenerate/render/models/render-models.js';
import { pluralOf, singularOf } from '../../../src/autogenerate/render/models/words.js';
import { sqlite } from '../../../src/dialects/sqlite/index.js';
import { buildSchema } from '../../../src/schema/build-schema.js';

const server = { dialect: 'sqlite', major: 3, minor: 40, text: '3.40' } as const;

function rendered(declare: (metadata: MetaData) => void, split = false): string {
  const metadata = new MetaData();
  declare(metadata);
  const schema = sqlite.normalise(buildSchema([metadata]), server);
  return renderModels(schema, { dialect: 'sqlite', keysHaveNames: true, split })
    .files.map(({ path, text: source }) => `// ${path}\n${source}`)
    .join('\n');
}

describe('renderModels', () => {
  it('names properties so that they lead back to their columns, and says the name where none does', () => {
    const source = rendered((metadata) => {
      metadata.table('users', {
        id: integer().primaryKey(),
        createdAt: text(),
        odd: text().name('2nd-Name'),
        made: text().name('constructor'),
        upper: text().name('FullName'),
      });
    });
    expect(source).toContain('createdAt: text(),');
    expect(source).toContain("_2ndName: text().name('2nd-Name'),");
    expect(source).toContain("constructor_: text().name('constructor'),");
    expect(source).toContain("fullName: text().name('FullName'),");
  });

  it('keeps names of classes apart from each other and from those that JavaScript has', () => {
    const source = rendered((metadata) => {
      metadata.table('user', { id: integer().primaryKey() });
      metadata.table('users', { id: integer().primaryKey() });
      metadata.table('dates', { id: integer().primaryKey() });
    });
    expect(source).toContain('export class User extends');
    expect(source).toContain('export class Users extends');
    expect(source).toContain('export class DateModel extends');
  });

  it('tells several foreign keys to one table apart, and keeps relations clear of columns', () => {
    const source = rendered((metadata) => {
      metadata.table('users', { id: integer().primaryKey(), tickets: text() });
      metadata.table('tickets', {
        id: integer().primaryKey(),
        creatorId: integer().notNull().references('users.id'),
        assignee: integer().references('users.id'),
      });
    });
    expect(source).toContain("return one(User, { inverse: 'ticketsAsCreator', fk: () => Ticket.c.creatorId });");
    expect(source).toContain("return maybeOne(User, { inverse: 'ticketsAsUser', fk: () => Ticket.c.assignee });");
  });

  it('makes one object of a unique foreign key, and a collection of a table of pairs', () => {
    const source = rendered((metadata) => {
      metadata.table('users', { id: integer().primaryKey() });
      metadata.table('tags', { id: integer().primaryKey() });
      metadata.table('profiles', { id: integer().primaryKey(), userId: integer().unique().references('users.id') });
      metadata.table(
        'user_tags',
        { userId: integer().references('users.id'), tagId: integer().references('tags.id') },
        (c) => [primaryKey([c.userId, c.tagId])],
      );
    });
    expect(source).toContain("return maybeOne(Profile, { inverse: 'user' });");
    expect(source).toContain("return many(Tag, { secondary: 'user_tags', inverse: 'users' });");
    expect(source).toContain("export const userTags = Base.metadata.table('user_tags', {");
  });

  it('leaves the convention out of the Base where names follow the default, and infers another one', () => {
    const usual = rendered((metadata) => {
      metadata.table('users', { id: integer().primaryKey(), email: varchar(10).unique() });
    });
    const other = rendered((metadata) => {
      metadata.table('users', { id: integer().primaryKey(), email: varchar(10).unique('users_email_key') });
      metadata.table('teams', { id: integer().primaryKey(), name: varchar(10).unique('teams_name_key') });
    });
    expect(usual).toContain('export const Base = declarativeBase();');
    expect(other).toContain("declarativeBase({ namingConvention: { unique: '{table}_{columns}_key' } });");
    expect(other).not.toContain('users_email_key');
  });

  it('writes one file a table that imports what it refers to', () => {
    const source = rendered((metadata) => {
      metadata.table('users', { id: integer().primaryKey() });
      metadata.table('tickets', { id: integer().primaryKey(), userId: integer().references('users.id') });
    }, true);
    expect(source).toContain('// base.ts\n');
    expect(source).toContain(
      "// ticket.ts\nimport { integer, maybeOne } from 'aludel';\nimport { Base } from './base.js';",
    );
    expect(source).toContain("import { User } from './user.js';");
  });
});

describe('words', () => {
  it.each([
    ['tickets', 'ticket'],
    ['categories', 'category'],
    ['addresses', 'address'],
    ['people', 'person'],
    ['status', 'status'],
    ['boxes', 'box'],
  ])('knows the singular of "%s", and the way back', (plural, singular) => {
    expect(singularOf(plural)).toBe(singular);
    expect(singularOf(pluralOf(singular))).toBe(singular);
  });
});
