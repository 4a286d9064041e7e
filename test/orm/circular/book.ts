import { one } from '../../../src/orm/mapping/relation.js';
import { integer, varchar } from '../../../src/schema/columns.js';
import { index } from '../../../src/schema/index-arg.js';
// oxlint-disable-next-line import/no-cycle -- models that refer to each other are what is tested
import { Author } from './author.js';
import { Base } from './base.js';

export class Book extends Base.table(
  'books',
  {
    id: integer().primaryKey(),
    title: varchar(200).notNull(),
    authorId: integer().notNull().references('authors.id'),
  },
  {
    get author() {
      return one(Author, { inverse: 'books', fk: () => Book.c.authorId });
    },
  },
) {
  static override tableArgs = () => [index(Book.c.authorId, Book.c.title)];
}
