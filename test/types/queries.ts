/** What rows of queries are; `models.test.ts` compiles it. */
import { type Alias, alias } from '../../src/orm/query/alias.js';
import { type Select, select } from '../../src/orm/query/select.js';
import { insert, type Returning, update } from '../../src/orm/query/write.js';
import { varchar } from '../../src/schema/columns.js';
import { when } from '../../src/schema/expressions/case.js';
import { fn } from '../../src/schema/expressions/functions.js';
import { Comment, Ticket, User } from './support-desk.js';

type Row<Q> = Q extends Select<infer T> ? T : never;
type Row2<W> = W extends Returning<infer T> ? T : never;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(is: Same<A, B>): boolean => is;

const { id, title, assigneeId, status } = Ticket.c;
const other: Alias<User, typeof User.c> = alias(User, 'other');

const objects = select(Ticket);
same<Row<typeof objects>, Ticket>(true);
const values = select(assigneeId);
same<Row<typeof values>, number | null>(true);
const tuples = select(id, assigneeId, status, Ticket, other);
same<Row<typeof tuples>, [number, number | null, 'open' | 'closed', Ticket, User]>(true);
const many = select(id, id, id, id, id, id, id, id, id, id, id, title);
same<Row<typeof many>[11], string>(true);
same<Row<typeof many>['length'], 12>(true);
const labelled = select({ title, ticket: Ticket, n: fn.count(), most: fn.max(assigneeId), sum: fn.sum(id) });
same<Row<typeof labelled>, { title: string; ticket: Ticket; n: number; most: number | null; sum: number | null }>(true);
const left = select(Ticket, User, title).leftJoin(Ticket.c.assignee);
same<Row<typeof left>, [Ticket, User | null, string]>(true);
const leftObject = select({ ticket: Ticket, comment: Comment }).leftJoin(Ticket.c.comments);
same<Row<typeof leftObject>, { ticket: Ticket; comment: Comment | null }>(true);
const joined = select(Ticket, User).join(Ticket.c.assignee).where(undefined, false, '', id.eq(assigneeId));
same<Row<typeof joined>, [Ticket, User]>(true);
const aliased = select(User, other).join(User.c.ticketsCreated).join(Ticket.c.assignee, other);
same<Row<typeof aliased>, [User, User]>(true);

const shown = select({
  later: Ticket.c.createdAt.plus({ days: 1 }),
  waited: Ticket.c.createdAt.minus(Ticket.c.createdAt),
  text: fn.cast(assigneeId, varchar(9)),
  size: when(id.gt(1), 'big').when(id.gt(0), title).else(null),
  one: when(id.gt(1), 1).end(),
  before: fn.lag(id).over({ orderBy: [id] }),
  year: fn.extract(Ticket.c.createdAt, 'year'),
});
same<
  Row<typeof shown>,
  {
    later: Date;
    waited: number;
    text: string | null;
    size: string | null;
    one: number | null;
    before: number | null;
    year: number;
  }
>(true);
// @ts-expect-error a text has no parts of a date
fn.extract(id, 'year');
// @ts-expect-error instants are not added
Ticket.c.createdAt.plus({ parsecs: 1 });
// @ts-expect-error the ids of a list are numbers
select(Ticket).where(id.in(['1']));
const found = insert(Comment).values({ content: 'a', ticketId: 1 }, { content: fn.upper(title), ticketId: 1 });
same<Row2<typeof found>, never>(true);
const inserted = insert(User)
  .values([{ email: 'a' }])
  .returning(User.c.id, User);
same<Row2<typeof inserted>, [number, User]>(true);
const changed = update(Ticket)
  .where(id.eq(1))
  .set({ title: 'b', assigneeId: null, status: undefined })
  .returning(title);
same<Row2<typeof changed>, string>(true);
// @ts-expect-error the title is required
insert(Ticket).values({ creatorId: 1 });
// @ts-expect-error a title is a text
update(Ticket).set({ title: 1 });
// @ts-expect-error there is no such column
update(Ticket).set({ titel: 'a' });
// @ts-expect-error there is no such column
insert(User).values({ email: 'a' }).onConflict(['mail'], 'nothing');
insert(User)
  .values({ email: 'a' })
  .onConflict(['email'], { set: (row) => ({ email: row.email }) });
const sums = select({ owner: Ticket.c.creatorId, n: fn.count(), who: assigneeId }).as('sums');
const ofSums = select(User, sums.c.n, sums.c.who).join(sums, sums.c.owner.eq(User.c.id));
same<Row<typeof ofSums>, [User, number, number | null]>(true);
const top = select(fn.max(id)).scalar();
const others = select({ top, title })
  .where(id.in(select(assigneeId)), id.eq(top))
  .unionAll(select({ title, top }));
same<Row<typeof others>, { top: number | null; title: string }>(true);
// @ts-expect-error rows of a union are of one kind
select(id).union(select(title));
// @ts-expect-error titles are no ids
select(Ticket).where(id.in(select(title)));
// @ts-expect-error a subquery needs names
select(id, title).as('t');
// @ts-expect-error two values are no value
select(id, title).scalar();
// @ts-expect-error a number is no title
select(Ticket).where(title.eq(1));
// @ts-expect-error no such status
select(Ticket).where(status.in(['lost']));
// @ts-expect-error 0 would leave a filter out unseen
select(Ticket).where(0);
// @ts-expect-error a text is nothing to select
select('title');
// @ts-expect-error the alias is of another model
select(Ticket).join(Ticket.c.comments, other);
// @ts-expect-error a table needs a condition
select(Ticket).join(User);
// @ts-expect-error Comment has no email
select(Comment.c.email);
