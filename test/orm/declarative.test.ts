import { describe, expect, it } from 'vitest';
import { declarativeBase } from '../../src/orm/mapping/declarative.js';
import { RelationAttribute } from '../../src/orm/mapping/relation-attribute.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import { enumeration, integer, varchar } from '../../src/schema/columns.js';
import { metadataOf } from '../../src/schema/metadata.js';
import { check, unique } from '../../src/schema/table-args.js';
import { index } from '../../src/schema/index-arg.js';
import * as author from './circular/author.js';
import * as book from './circular/book.js';
import { Base as CircularBase } from './circular/base.js';
import { Ticket, User } from './models.js';

const key = { id: integer().primaryKey() };

describe('a model class', () => {
  it('knows its table, its MetaData and its name', () => {
    const Base = declarativeBase();
    class Event extends Base.table('app.events', key, {}, { comment: 'What happened' }) {}
    expect(Event.tableName).toBe('app.events');
    expect(Event.metadata).toBe(Base.metadata);
    expect(Base.metadata.tables.get('app.events')).toBe(Event.table);
    expect(buildSchema([Base.metadata])).toMatchObject({
      namespaces: ['app'],
      tables: [{ namespace: 'app', name: 'events', comment: 'What happened' }],
    });
  });

  it('gives columns as expressions and relations as attributes', () => {
    expect(Ticket.c.creatorId.node).toEqual({ kind: 'column', name: 'creator_id' });
    expect(Ticket.c.creator).toBeInstanceOf(RelationAttribute);
    expect(Ticket.c.creator.relation).toMatchObject({ kind: 'one', target: User, options: { inverse: 'created' } });
  });
});

describe('models to schema', () => {
  it('names columns, constraints and indexes by convention and reads tableArgs', () => {
    const Base = declarativeBase();
    class Issue extends Base.table('tickets', {
      id: integer().primaryKey(),
      title: varchar(200).notNull(),
      ticketStatus: enumeration('ticket_status', ['open', 'closed']).notNull().index(),
      parentId: integer().references('tickets.id', { onDelete: 'set null' }),
    }) {
      static override tableArgs = () => [
        index(Issue.c.ticketStatus, Issue.c.title.desc()).where(Issue.c.parentId.isNull()),
        unique([Issue.c.title, Issue.c.parentId]),
        check('title', Issue.c.title.ne('')),
      ];
    }
    Base.register(Issue);
    const column = (name: string): object => ({ kind: 'column', name });
    const plain = { generation: null, default: null, generated: null, onUpdate: null, collation: null, comment: null };
    const status = { kind: 'enum', namespace: null, name: 'ticket_status', values: ['open', 'closed'] };
    const simple = { unique: false, where: null, method: null, definition: null };
    const part = { descending: false, length: null };
    expect(buildSchema([Base.metadata])).toEqual({
      namespaces: [],
      enums: [{ namespace: null, name: 'ticket_status', values: ['open', 'closed'] }],
      sequences: [],
      tables: [
        {
          namespace: null,
          name: 'tickets',
          columns: [
            { ...plain, name: 'id', type: { kind: 'integer' }, nullable: false, generation: { kind: 'auto' } },
            { ...plain, name: 'title', type: { kind: 'varchar', length: 200 }, nullable: false },
            { ...plain, name: 'ticket_status', type: status, nullable: false },
            { ...plain, name: 'parent_id', type: { kind: 'integer' }, nullable: true },
          ],
          primaryKey: { kind: 'primaryKey', name: 'pk_tickets', columns: ['id'] },
          uniques: [{ kind: 'unique', name: 'uq_tickets_title_parent_id', columns: ['title', 'parent_id'] }],
          foreignKeys: [
            {
              kind: 'foreignKey',
              name: 'fk_tickets_parent_id_tickets',
              columns: ['parent_id'],
              target: { namespace: null, name: 'tickets' },
              targetColumns: ['id'],
              onDelete: 'set null',
              onUpdate: 'no action',
              deferrable: null,
            },
          ],
          checks: [
            {
              kind: 'check',
              name: 'ck_tickets_title',
              expression: {
                kind: 'binary',
                operator: '<>',
                left: column('title'),
                right: { kind: 'literal', value: '' },
              },
            },
          ],
          indexes: [
            {
              ...simple,
              name: 'ix_tickets_ticket_status',
              parts: [{ ...part, expression: column('ticket_status') }],
            },
            {
              ...simple,
              name: 'ix_tickets_ticket_status_title',
              parts: [
                { ...part, expression: column('ticket_status') },
                { ...part, expression: column('title'), descending: true },
              ],
              where: { kind: 'isNull', operand: column('parent_id'), negated: false },
            },
          ],
          comment: null,
          options: {},
        },
      ],
    });
  });

  it('takes models that refer to each other from separate files', () => {
    for (const module of [author, book]) Object.values(module).forEach(metadataOf);
    const { tables } = buildSchema([CircularBase.metadata]);
    expect(tables.map(({ name, indexes }) => [name, indexes.map((found) => found.name)]).sort()).toEqual([
      ['authors', []],
      ['books', ['ix_books_author_id_title']],
    ]);
    const written = new author.Author({ name: 'Ann', books: [new book.Book({ title: 'x', authorId: 1 })] });
    expect(written.books.at(0)?.author.value.name).toBe('Ann');
  });
});

describe('a table whose model class is not known', () => {
  function declare() {
    const Base = declarativeBase();
    class Category extends Base.table('ticket_categories', { ...key, name: varchar(20).notNull() }) {
      static override tableArgs = () => [index(Category.c.name)];
    }
    const indexNames = (): string[] => buildSchema([Base.metadata]).tables.flatMap((t) => t.indexes.map((i) => i.name));
    return { Base, Category, indexNames };
  }
  const found = ['ix_ticket_categories_name'];

  it('is incomplete, which says how to make it known', () => {
    expect(declare().indexNames).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_MODELS_INVALID',
        message:
          'The model class of table "ticket_categories" is not known: export it from a file that "models" matches, or call Base.register(TicketCategory).',
      }),
    );
  });

  it('is found when the class is exported', () => {
    const { Base, Category, indexNames } = declare();
    expect(metadataOf(Category)).toBe(Base.metadata);
    expect(indexNames()).toEqual(found);
  });

  it('is found when the class is registered', () => {
    const { Base, Category, indexNames } = declare();
    Base.register(Category);
    expect(indexNames()).toEqual(found);
  });

  it.each<[string, (Category: ReturnType<typeof declare>['Category']) => unknown]>([
    ['its columns are used', (Category) => Category.c.name],
    ['its table is used', (Category) => Category.table],
    ['an object is made', (Category) => new Category({ name: 'x' })],
  ])('is found when %s', (_, use) => {
    const { Category, indexNames } = declare();
    use(Category);
    expect(indexNames()).toEqual(found);
  });

  it('is found when what Base.table() returned is exported as it is', () => {
    const Base = declarativeBase();
    metadataOf(Base.table('users', key));
    expect(buildSchema([Base.metadata]).tables.map((table) => table.name)).toEqual(['users']);
  });

  it('prefers the class that extends another', () => {
    const { Category, indexNames } = declare();
    class Narrow extends Category {
      static override tableArgs = () => [index(Category.c.name.desc()).name('ix_narrow')];
    }
    [Narrow, Category].forEach(metadataOf);
    expect(indexNames()).toEqual(['ix_narrow']);
  });

  it('must not have two classes side by side', () => {
    const Base = declarativeBase();
    const Users = Base.table('users', key);
    class Customer extends Users {}
    class Agent extends Users {}
    Base.register(Customer, Agent);
    expect(() => buildSchema([Base.metadata])).toThrow(
      'Table "users" has two model classes, "Customer" and "Agent": let one extend the other, or drop one.',
    );
  });
});
