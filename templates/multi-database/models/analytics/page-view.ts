import { integer, timestamp, varchar } from 'aludel';
import { Base } from './base.js';

export class PageView extends Base.table('page_views', {
  id: integer().primaryKey(),
  path: varchar(500).notNull().index(),
  viewedAt: timestamp().notNull(),
}) {}
