import { describe, expect, it } from 'vitest';
import { inspect, isDeepStrictEqual } from 'node:util';
import { toObject } from '../../src/orm/mapping/inspect-object.js';
import { Tag, Ticket, User } from './models.js';

describe('a new object of a model', () => {
  it('holds what it was given, its defaults, null for the rest, and nothing for what the database makes', () => {
    expect(toObject(new Ticket({ title: 'a', creatorId: 1 }))).toStrictEqual({
      id: undefined,
      title: 'a',
      body: null,
      status: 'open',
      price: '0.00',
      views: 0n,
      labels: [],
      channel: undefined,
      createdAt: undefined,
      resolvedAt: null,
      deletedAt: null,
      creatorId: 1,
      assigneeId: null,
    });
  });

  it('takes null and falsy values as given', () => {
    const ticket = new Ticket({ title: '', creatorId: 0, channel: null });
    expect([ticket.title, ticket.creatorId, ticket.channel]).toEqual(['', 0, null]);
  });

  it('is equal to another one when their columns are, and only then', () => {
    const [one, same, other] = [new Tag({ name: 'x' }), new Tag({ name: 'x' }), new Tag({ name: 'y' })];
    expect(one).toEqual(same);
    expect(one).toStrictEqual(same);
    expect(one).not.toEqual(other);
    expect(one).not.toStrictEqual(other);
    expect([isDeepStrictEqual(one, same), isDeepStrictEqual(one, other)]).toEqual([true, false]);
    expect(one).toMatchObject({ name: 'x' });
    expect(one).not.toMatchObject({ name: 'y' });
  });

  it('becomes JSON by its columns, and shows its relations when it is inspected', () => {
    const ticket = new Ticket({ title: 'a', creatorId: 1, tags: [new Tag({ name: 'x' })] });
    expect(JSON.parse(JSON.stringify(new Tag({ id: 3, name: 'x' })))).toEqual({ id: 3, name: 'x' });
    expect(inspect(ticket)).toBe(
      "Ticket { id: undefined, title: 'a', body: null, status: 'open', price: '0.00', views: 0n, labels: [], channel: undefined, createdAt: undefined, resolvedAt: null, deletedAt: null, creatorId: 1, assigneeId: null, creator: [not loaded], assignee: [not loaded], comments: [0 loaded], tags: [1 loaded] }",
    );
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
