/** Properties that the database works out, and expressions of a model over another name of its table. */
import { describe, expect, it } from 'vitest';
import {
  alias,
  computed,
  criteria,
  declarativeBase,
  defer,
  fn,
  hybrid,
  insert,
  inspect,
  integer,
  joined,
  loadOnly,
  many,
  maybeOne,
  NotLoadedError,
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
  {
    id: integer().primaryKey(),
    title: varchar(40).notNull(),
    hours: integer().notNull().default(0),
    parentId: integer().references('tickets.id'),
  },
  {
    get notes() {
      return many(Note, { inverse: 'ticket' });
    },
    get parent() {
      return maybeOne(Ticket, { inverse: 'parts' });
    },
    get parts() {
      return many(Ticket, { inverse: 'parent' });
    },
  },
) {
  static noteCount = computed(() =>
    select(fn.count()).where(Note.c.ticketId.eq(Ticket.c.id), Note.c.text.ne('hidden')).scalar(),
  );
  declare readonly noteCount: number;
  static isLong = computed(() => Ticket.c.hours.gt(8));
  declare readonly isLong: boolean;
  static label = computed(() => fn.upper(Ticket.c.title));
  declare readonly label: string;

  get isShort(): boolean {
    return this.hours < 2;
  }
  static isShort = hybrid(() => Ticket.c.hours.lt(2));
  static isBetween = (from: number, to: number) => Ticket.c.hours.gte(from).and(Ticket.c.hours.lte(to));
}

class Note extends Base.table(
  'notes',
  { id: integer().primaryKey(), text: varchar(40).notNull(), ticketId: integer().notNull().references('tickets.id') },
  {
    get ticket() {
      return one(Ticket, { inverse: 'notes' });
    },
  },
) {}

class Animal extends Base.table(
  'animals',
  { id: integer().primaryKey(), kind: varchar(20).notNull().default('animal'), name: varchar(20).notNull() },
  {},
  { polymorphic: { on: 'kind', as: 'animal' } },
) {
  static greeting = computed(() => fn.upper(Animal.c.name));
  declare readonly greeting: string;
}
class Dog extends Base.child(Animal, { as: 'dog', table: 'dogs' }, { tricks: integer() }) {
  static skill = computed(() => Dog.c.tricks.times(10));
  declare readonly skill: number | null;
}
Base.register(Ticket, Note, Animal, Dog);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken } = useDatabase(dialect, Base);

  async function seed(): Promise<void> {
    await db().begin(async (s) => {
      const whole = new Ticket({ title: 'whole', hours: 20 });
      const part = new Ticket({ title: 'part', hours: 1, parent: whole });
      s.add(whole, part);
      await s.flush();
      s.add(new Ticket({ title: 'alone' }));
      for (const text of ['a', 'hidden', 'b']) whole.notes.add(new Note({ text, ticket: whole }));
      part.notes.add(new Note({ text: 'c', ticket: part }));
    });
    taken();
  }

  it('comes with the objects of a query, in the same statement', async () => {
    await seed();
    const s = db()();
    const found = await s.all(select(Ticket).where(Ticket.c.hours.gte(0)).orderBy(Ticket.c.id));
    expect(taken()).toHaveLength(1);
    expect(found.map(({ noteCount, isLong, label }) => [noteCount, isLong, label])).toEqual([
      [2, true, 'WHOLE'],
      [1, false, 'PART'],
      [0, false, 'ALONE'],
    ]);
    expect(JSON.parse(JSON.stringify(found[0]))).toEqual({
      id: 1,
      title: 'whole',
      hours: 20,
      parentId: null,
      noteCount: 2,
      isLong: true,
      label: 'WHOLE',
    });
    expect((await s.getOne(Ticket, 1)).noteCount).toBe(2);
    await s.close();
  });

  it('is a condition, an order and a value of its own', async () => {
    await seed();
    const s = db()();
    const query = select(Ticket.c.id, Ticket.noteCount).where(Ticket.noteCount.gt(0)).orderBy(Ticket.noteCount.desc());
    const rows: [number, number | null][] = await s.all(query);
    expect(rows).toEqual([
      [1, 2],
      [2, 1],
    ]);
    const named = select({ id: Ticket.c.id, notes: Ticket.noteCount }).as('named');
    expect(await s.all(select(named.c.id).where(named.c.notes.eq(0)))).toEqual([3]);
    expect(await s.count(select(Ticket).where(Ticket.isLong))).toBe(1);
    await s.close();
  });

  it('comes by every loader, under every name', async () => {
    await seed();
    for (const load of [joined, selectin, subquery]) {
      const s = db()();
      const query = select(Note).options(load(Note.c.ticket)).where(Note.c.text.ne('b')).orderBy(Note.c.id);
      const found = await s.all(query.limit(3));
      expect(found.map(({ ticket }) => ticket.value.noteCount)).toEqual([2, 2, 1]);
      await s.close();
    }
    const s = db()();
    const parts = await s.all(select(Ticket).options(joined(Ticket.c.parts)).where(Ticket.c.hours.gt(8)));
    expect([parts[0]?.label, parts[0]?.parts.at(0)?.label]).toEqual(['WHOLE', 'PART']);
    const whole = alias(Ticket, 'whole');
    const pairs = await s.all(select(Ticket, whole).join(Ticket.c.parent, whole));
    expect(pairs.map(([part, above]) => [part.noteCount, above.noteCount])).toEqual([[1, 2]]);
    const both = await s.all(
      select(Ticket)
        .where(Ticket.isLong)
        .union(select(Ticket).where(Ticket.noteCount.eq(1))),
    );
    expect(both.map(({ noteCount }) => noteCount).sort()).toEqual([1, 2]);
    const streamed: number[] = [];
    for await (const { noteCount } of s.stream(select(Ticket).orderBy(Ticket.c.id), { batch: 2 })) {
      streamed.push(noteCount);
    }
    expect(streamed).toEqual([2, 1, 0]);
    await s.close();
  });

  it('means an alias where it is told so; so does a hybrid', async () => {
    await seed();
    const s = db()();
    const whole = alias(Ticket, 'whole');
    const query = select({ part: Ticket.c.title, notes: whole.of(Ticket.noteCount), label: whole.of(Ticket.label) })
      .join(Ticket.c.parent, whole)
      .where(whole.of(Ticket.isLong), Ticket.isShort);
    expect(await s.all(query)).toEqual([{ part: 'part', notes: 2, label: 'WHOLE' }]);
    expect(await s.all(select(whole).where(whole.of(Ticket.isBetween(10, 30))))).toHaveLength(1);
    expect(await s.all(select(whole.c.title).where(whole.of(Ticket.isShort)).orderBy(whole.c.id))).toEqual([
      'part',
      'alone',
    ]);
    const other = alias(Ticket, 'other');
    await expect(s.all(select(Ticket).where(other.of(Ticket.isShort)))).rejects.toMatchObject({
      code: 'ALUDEL_CARTESIAN_PRODUCT',
    });
    await s.close();
  });

  it('is read again when a flush has written the object, and by refresh()', async () => {
    await seed();
    const s = db()();
    const fresh = new Ticket({ title: 'new', hours: 9 });
    expect(fresh.label).toBeUndefined();
    s.add(fresh);
    await s.flush();
    expect([fresh.label, fresh.isLong, fresh.noteCount]).toEqual(['NEW', true, 0]);
    fresh.hours = 1;
    s.add(new Note({ text: 'x', ticketId: fresh.id }));
    await s.flush();
    expect([fresh.isLong, fresh.noteCount]).toEqual([false, 1]);
    s.add(new Note({ text: 'y', ticketId: fresh.id }));
    await s.flush();
    expect(fresh.noteCount).toBe(1);
    await s.refresh(fresh, ['noteCount']);
    expect(fresh.noteCount).toBe(2);
    await s.rollback();
    const t = db()();
    const [made] = await t.all(insert(Ticket).values({ title: 'made' }).returning(Ticket));
    expect(made?.label).toBe('MADE');
    await t.close();
  });

  it('is left out by defer() and loadOnly(), and is never written', async () => {
    await seed();
    const s = db()();
    const [first] = await s.all(select(Ticket).options(defer(Ticket.noteCount)).orderBy(Ticket.c.id));
    expect(first?.label).toBe('WHOLE');
    expect(() => first?.noteCount).toThrow(NotLoadedError);
    expect(first === undefined ? [] : inspect(first).unloaded).toEqual(['noteCount', 'notes', 'parts']);
    await s.close();
    const t = db()();
    const [alone] = await t.all(
      select(Note)
        .options(joined(Note.c.ticket, loadOnly(Ticket.noteCount)))
        .where(Note.c.id.eq(1)),
    );
    const ticket = alone?.ticket.value;
    expect(ticket?.noteCount).toBe(2);
    expect(() => ticket?.title).toThrow(NotLoadedError);
    expect(() => Object.assign(ticket ?? {}, { noteCount: 3 })).toThrow(TypeError);
    const copy = await t.merge(new Ticket({ id: 2, title: 'other' }));
    await t.flush();
    expect(copy.label).toBe('OTHER');
    await t.close();
  });

  it('stays left out when the object is written', async () => {
    await seed();
    const s = db()();
    const [first] = await s.all(select(Ticket).options(defer(Ticket.noteCount)).where(Ticket.c.id.eq(1)));
    if (first !== undefined) first.title = 'other';
    await s.flush();
    expect(first?.label).toBe('OTHER');
    expect(() => first?.noteCount).toThrow(NotLoadedError);
    await s.close();
  });

  it('has a name of its own', async () => {
    const wrong = declarativeBase();
    class Thing extends wrong.table('things', { id: integer().primaryKey(), size: integer() }) {
      static size = computed(() => Thing.c.id);
    }
    const s = db()();
    await expect(s.all(select(Thing))).rejects.toThrow(
      'Model "Thing" computes "size", which is a column or a relation',
    );
    await s.close();
  });

  it('keeps to the criteria of the session', async () => {
    await seed();
    const s = db()({ criteria: [criteria(Note, ({ text }) => text.ne('a'))] });
    expect((await s.getOne(Ticket, 1)).noteCount).toBe(1);
    await s.close();
  });

  it('is inherited, and may be of a child alone', async () => {
    await db().begin(async (s) => {
      s.add(new Animal({ id: 1, name: 'Cat' }), new Dog({ id: 2, name: 'Rex', tricks: 4 }));
    });
    const s = db()();
    const all = await s.all(select(Animal).orderBy(Animal.c.id));
    expect(all.map((each) => [each.greeting, each instanceof Dog ? each.skill : undefined])).toEqual([
      ['CAT', undefined],
      ['REX', 40],
    ]);
    await s.close();
    const t = db()();
    const dog = await t.one(select(Dog).where(Dog.skill.eq(40)));
    expect([dog.greeting, dog.skill]).toEqual(['REX', 40]);
    await t.close();
  });
});
