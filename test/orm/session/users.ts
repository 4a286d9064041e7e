import { type DeclarativeBase, declarativeBase, integer, many, maybeOne, varchar } from 'aludel';

export const Base: DeclarativeBase = declarativeBase();

export class User extends Base.table(
  'users',
  { id: integer().primaryKey(), name: varchar(50) },
  {
    get addresses() {
      return many(Address, { inverse: 'user', orderBy: () => Address.c.id });
    },
  },
) {}

export class Address extends Base.table(
  'addresses',
  { id: integer().primaryKey(), email: varchar(100), userId: integer().references('users.id') },
  {
    get user() {
      return maybeOne(User, { inverse: 'addresses' });
    },
  },
) {}

export class Item extends Base.table(
  'items',
  { id: integer().primaryKey(), name: varchar(50) },
  {
    get keywords() {
      return many(Keyword, { secondary: 'item_keywords', inverse: 'items' });
    },
  },
) {}

export class Keyword extends Base.table(
  'keywords',
  { id: integer().primaryKey(), name: varchar(50) },
  {
    get items() {
      return many(Item, { secondary: 'item_keywords', inverse: 'keywords' });
    },
  },
) {}

Base.metadata.table('item_keywords', {
  itemId: integer().primaryKey().references('items.id'),
  keywordId: integer().primaryKey().references('keywords.id'),
});

export class Node extends Base.table(
  'nodes',
  { id: integer().primaryKey(), parentId: integer().references('nodes.id'), data: varchar(20) },
  {
    get parent() {
      return maybeOne(Node, { inverse: 'children' });
    },
    get children() {
      return many(Node, { inverse: 'parent' });
    },
  },
) {}

Base.register(User, Address, Item, Keyword, Node);
