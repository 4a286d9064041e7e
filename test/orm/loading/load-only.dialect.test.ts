/** Relations that only one side declares: nothing else asks for the columns that tie their objects together. */
import { describe, expect, it } from 'vitest';
import {
  declarativeBase,
  defer,
  fromJoin,
  integer,
  joined,
  loadOnly,
  many,
  one,
  select,
  selectin,
  subquery,
  varchar,
} from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from '../session/fixture.js';

const Base = declarativeBase();

class Ticket extends Base.table(
  'tickets',
  { id: integer().primaryKey(), code: varchar(5).notNull().unique(), title: varchar(20) },
  {
    get comments() {
      return many(Comment);
    },
  },
) {}

class Comment extends Base.table('comments', {
  id: integer().primaryKey(),
  content: varchar(20),
  ticketId: integer().notNull().references('tickets.id'),
}) {}

/** Leads to what is no primary key. */
class Mail extends Base.table(
  'mails',
  { id: integer().primaryKey(), code: varchar(5).notNull().references('tickets.code') },
  {
    get ticket() {
      return one(Ticket);
    },
  },
) {}

Base.register(Ticket, Comment, Mail);

describe.each(dialects)('$name', (dialect) => {
  const { db } = useDatabase(dialect, Base);

  it.each(Object.entries({ selectin, joined, subquery }))(
    'finds related objects of which not all is read by %s',
    async (_name, way) => {
      await db().begin(async (s) => {
        s.add(new Ticket({ id: 1, code: 'a', title: 't' }));
        await s.flush();
        s.add(
          ...[1, 2].map((id) => new Comment({ id, content: `c${id}`, ticketId: 1 })),
          new Mail({ id: 1, code: 'a' }),
        );
      });
      await db().begin(async (s) => {
        const few = select(Ticket).options(way(Ticket.c.comments, loadOnly(Comment.c.content)));
        expect((await s.one(few)).comments.map(({ content }) => content)).toEqual(['c1', 'c2']);
      });
      await db().begin(async (s) => {
        const mail = await s.one(select(Mail).options(way(Mail.c.ticket, defer(Ticket.c.code))));
        expect(mail.ticket.value.title).toBe('t');
      });
      await db().begin(async (s) => {
        const query = select(Mail)
          .join(Mail.c.ticket)
          .options(fromJoin(Mail.c.ticket, loadOnly(Ticket.c.title)));
        expect((await s.one(query)).ticket.value.title).toBe('t');
      });
    },
  );
});
