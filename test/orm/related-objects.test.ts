import { describe, expect, it } from 'vitest';
import { declarativeBase } from '../../src/orm/mapping/declarative.js';
import { many } from '../../src/orm/mapping/relation.js';
import { integer } from '../../src/schema/columns.js';
import { Profile, Tag, Ticket, User } from './models.js';

const newTicket = (): Ticket => new Ticket({ title: 'a', creatorId: 1 });

describe('a collection of a new object', () => {
  it('can be counted, indexed, mapped and iterated', () => {
    const ticket = new Ticket({ title: 'a', creatorId: 1, tags: [new Tag({ name: 'x' }), new Tag({ name: 'y' })] });
    const { tags } = ticket;
    expect([tags.length, tags.at(-1)?.name, tags.map((tag, i) => `${i}${tag.name}`), [...tags].length]).toEqual([
      2,
      'y',
      ['0x', '1y'],
      2,
    ]);
  });

  it('holds an object once, however often it is added', () => {
    const [ticket, tag] = [newTicket(), new Tag({ name: 'x' })];
    ticket.tags.add(tag, tag);
    expect(ticket.tags.length).toBe(1);
  });

  it('is complete without a database', async () => {
    const { tags } = newTicket();
    expect(await tags.load()).toBe(tags);
  });
});

describe('a relation to one object', () => {
  it('says what to do where it was never set', () => {
    const { creator } = new Ticket({ title: 'a', creatorId: undefined as never });
    expect(() => creator.value).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_NOT_LOADED',
        message: 'Relation "creator" of a "Ticket" was never set.',
        hint: 'Set the object: call ".creator.set(...)", or pass "creator" to the constructor.',
      }),
    );
  });

  it('never takes a key for the object', async () => {
    const ticket = new Ticket({ title: 'a', creatorId: 1, assigneeId: 7 });
    const message = 'Relation "assignee" of a "Ticket" is not loaded: of what it leads to, only "assigneeId" is known.';
    await expect(ticket.assignee.load()).rejects.toThrow(expect.objectContaining({ message }));
  });

  it('is null where there may be none and no key is known', async () => {
    const ticket = newTicket();
    expect([ticket.assignee.value, await ticket.assignee.load()]).toEqual([null, null]);
  });
});

describe('relations that name each other as inverse', () => {
  it('follow an object that is added to a collection', () => {
    const [user, ticket] = [new User({ name: 'ann' }), newTicket()];
    user.created.add(ticket);
    expect(ticket.creator.value).toBe(user);
  });

  it('follow an object that is set, out of the old collection into the new one', () => {
    const [ann, bob, ticket] = [new User({ name: 'ann' }), new User({ name: 'bob' }), newTicket()];
    ticket.creator.set(ann);
    ticket.creator.set(bob);
    expect([[...ann.created], [...bob.created]]).toEqual([[], [ticket]]);
  });

  it('take an object out of its old collection when it is added to another', () => {
    const [ann, bob, ticket] = [new User({ name: 'ann' }), new User({ name: 'bob' }), newTicket()];
    ann.created.add(ticket);
    bob.created.add(ticket);
    expect([ann.created.length, bob.created.length, ticket.creator.value]).toEqual([0, 1, bob]);
  });

  it('forget an object that is removed from a collection', () => {
    const [user, ticket] = [new User({ name: 'ann' }), newTicket()];
    user.created.add(ticket);
    user.created.remove(ticket);
    expect(() => ticket.creator.value).toThrow('only "creatorId" is known');
  });

  it('are kept in step by the constructor', () => {
    const ticket = newTicket();
    const user = new User({ name: 'ann', created: [ticket], profile: new Profile({}) });
    expect([ticket.creator.value, user.profile.value?.user.value]).toEqual([user, user]);
  });

  it('let go of the former partner in a relation of one to one', () => {
    const [ann, bob, profile] = [new User({ name: 'ann' }), new User({ name: 'bob' }), new Profile({})];
    ann.profile.set(profile);
    profile.user.set(bob);
    expect([ann.profile.value, bob.profile.value]).toEqual([null, profile]);
  });

  it('meet in both collections of a many-to-many relation', () => {
    const [ticket, tag] = [newTicket(), new Tag({ name: 'x' })];
    ticket.tags.add(tag);
    expect([...tag.tickets]).toEqual([ticket]);
    tag.tickets.remove(ticket);
    expect(ticket.tags.length).toBe(0);
  });
});

describe('a relation that is declared wrongly', () => {
  const Base = declarativeBase();

  it('is refused where its inverse is a column', () => {
    class Leaf extends Base.table('leaves', { id: integer().primaryKey() }) {}
    const tree = {
      get leaves() {
        return many(Leaf, { inverse: 'id' });
      },
    };
    class Tree extends Base.table('trees', { id: integer().primaryKey() }, tree) {}
    expect(() => new Tree({ leaves: [new Leaf({})] })).toThrow(
      'Relation "leaves" of "Tree" names the inverse "id", which is no relation.',
    );
  });

  it('is refused where it leads to a class that is no model', () => {
    const relations = {
      get days() {
        return many(Date);
      },
    };
    class Calendar extends Base.table('calendars', { id: integer().primaryKey() }, relations) {}
    expect(() => new Calendar({}).days).toThrow(
      'Relation "days" of table "calendars" leads to "Date", which is no model.',
    );
  });

  it('is refused where a column has its name', () => {
    const relations = {
      get id() {
        return many(Date);
      },
    };
    expect(() => Base.table('twice', { id: integer().primaryKey() }, relations)).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_MODELS_INVALID',
        message: 'Table "twice" has a column and a relation called "id".',
      }),
    );
  });
});
