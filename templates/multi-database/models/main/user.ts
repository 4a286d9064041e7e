import { fn, integer, timestamp, varchar } from 'aludel';
import { Base } from './base.js';

export class User extends Base.table('users', {
  id: integer().primaryKey(),
  email: varchar(255).notNull().unique(),
  name: varchar(100),
  createdAt: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()),
}) {}
