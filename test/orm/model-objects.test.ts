import { describe, expect, it } from 'vitest';
import { Tag, Ticket, User } from './desk.js';

describe('a new object of a model', () => {
  it('holds what it was given, its defaults, null for the rest, and nothing for what the database makes', () => {
    expect({ ...new Ticket({ title: 'a', creatorId: 1 }) }).toStrictEqual({
      id: undefined,
      title: 'a',
      status: 'open',
      labels: [],
      channel: undefined,
      creatorId: 1,
      assigneeId: null,
      createdAt: undefined,
    });
  });

  it('takes null and falsy values as given', () => {
    const ticket = new Ticket({ title: '', creatorId: 0, channel: null });
    expect([ticket.title, ticket.creatorId, ticket.channel]).toEqual(['', 0, null]);
  });

  it('has its columns as own enumerable properties and its relations on the prototype', () => {
    expect(Object.keys(new Tag({ name: 'x' }))).toEqual(['id', 'name']);
  });

  it('shares no default that can change in place with another object', () => {
    new Ticket({ title: 'a', creatorId: 1 }).labels.push('mine');
    expect(new Ticket({ title: 'b', creatorId: 1 }).labels).toEqual([]);
  });

  it('is an instance of its class, with the members of that class', () => {
    class Shouting extends User {
      get shout(): string {
        return this.name.toUpperCase();
      }
    }
    expect(new Shouting({ name: 'ann' })).toMatchObject({ name: 'ann', shout: 'ANN' });
  });

  it('refuses a property that the model does not have, naming the nearest', () => {
    const init = { titel: 'a', title: 'a', creatorId: 1 };
    expect(() => new Ticket(init)).toThrow(
      expect.objectContaining({
        code: 'ALUDEL_USAGE',
        message: 'Model "Ticket" has no column or relation "titel".',
        hint: 'Did you mean "title"?',
      }),
    );
  });
});
