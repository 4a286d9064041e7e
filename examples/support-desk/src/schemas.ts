/** What requests must look like: Fastify refuses the rest with 400, turns `'5'` into 5, and leaves out what is not named. */
import { PRIORITIES, STATUSES } from './models.ts';

type Schema = Readonly<Record<string, unknown>>;

const id = { type: 'integer', minimum: 1, maximum: 2_147_483_647 };
const label = (maxLength: number): Schema => ({ type: 'string', minLength: 1, maxLength });
const prose = label(10_000);
const listOf = (items: Schema): Schema => ({ type: 'array', items, uniqueItems: true, maxItems: 100 });
const instant = { type: 'string', anyOf: [{ format: 'date' }, { format: 'date-time' }] };
const status = { enum: STATUSES };
const priority = { enum: PRIORITIES };

const object = (properties: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});

const byId = { params: object({ id }) };

export const createUser = {
  body: object({ email: label(255), fullName: label(255) }, { isStaff: { type: 'boolean' } }),
};
export const createTicket = {
  body: object(
    { ticketNumber: label(50), title: label(500), description: prose, creatorId: id },
    { priority, tags: listOf(label(100)) },
  ),
};
export const searchTickets = {
  querystring: object(
    {},
    {
      term: { type: 'string' },
      status: listOf(status),
      priority,
      assigneeId: id,
      tags: listOf(label(100)),
      limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      offset: { type: 'integer', minimum: 0, default: 0 },
    },
  ),
};
export const assignTickets = { body: object({ ids: listOf(id), assigneeId: id }) };
export const oneTicket = byId;
export const changeTicket = {
  ...byId,
  body: object({}, { status, priority, title: label(500), assigneeId: { ...id, type: ['integer', 'null'] } }),
};
export const createComment = { ...byId, body: object({ content: prose, authorId: id }) };
export const statistics = { querystring: object({}, { from: instant, to: instant }) };
