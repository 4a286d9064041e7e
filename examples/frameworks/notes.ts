/** The model that the examples share. */
import { declarativeBase, integer, varchar } from 'aludel';

export const Base = declarativeBase();

export class Note extends Base.table('notes', {
  id: integer().primaryKey(),
  text: varchar(200).notNull().unique(),
  author: varchar(50),
}) {}

Base.register(Note);
