import { many } from '../../../src/orm/mapping/relation.js';
import { integer, varchar } from '../../../src/schema/columns.js';
import { Base } from './base.js';
// oxlint-disable-next-line import/no-cycle -- models that refer to each other are what is tested
import { Book } from './book.js';

export class Author extends Base.table(
  'authors',
  { id: integer().primaryKey(), name: varchar(50).notNull() },
  {
    get books() {
      return many(Book, { inverse: 'author' });
    },
  },
) {}
