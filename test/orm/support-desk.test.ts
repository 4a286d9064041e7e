import { describe, expect, it } from 'vitest';
import { build, CHANGES } from '../../fixtures/support-desk/changes.js';
import * as attachments from '../../fixtures/support-desk/models/attachments.js';
import * as auditLogs from '../../fixtures/support-desk/models/audit-logs.js';
import * as comments from '../../fixtures/support-desk/models/comments.js';
import * as tags from '../../fixtures/support-desk/models/tags.js';
import * as tickets from '../../fixtures/support-desk/models/tickets.js';
import * as users from '../../fixtures/support-desk/models/users.js';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import { metadataOf } from '../../src/schema/metadata.js';
import type { Schema } from '../../src/schema/table.js';

/** What each change is made of on a database with enum types. */
const KINDS: readonly (readonly string[])[] = [
  [],
  ['createTable'],
  ['addColumn'],
  ['addColumn'],
  ['alterColumn'],
  ['createIndex'],
  ['dropIndex', 'createIndex'],
  ['addConstraint'],
  ['addEnumValue'],
  ['dropColumn'],
  ['dropTable'],
];

const MODULES: readonly object[] = [attachments, auditLogs, comments, tags, tickets, users];

describe('the support desk', () => {
  it('is the same in its model files and at step 0 of its changes', () => {
    const metadatas = new Set(
      MODULES.flatMap((module) => Object.values(module)).flatMap((value) => metadataOf(value) ?? []),
    );
    expect(sortTables(buildSchema([...metadatas]))).toEqual(sortTables(buildSchema([build(0)])));
  });

  it('keeps both sides of its relations in step', () => {
    const user = new users.User({ email: 'ann@example.com', name: 'Ann' });
    const ticket = new tickets.Ticket({
      title: 'Printer',
      creatorId: 1,
      creator: user,
      tags: [new tags.Tag({ name: 'hardware' })],
    });
    ticket.comments.add(new comments.Comment({ ticketId: 1, authorId: 1, content: 'On fire', author: user }));
    expect(user.ticketsCreated.at(0)?.comments.at(0)?.author.value).toBe(user);
    expect(ticket.tags.at(0)?.tickets.at(0)).toBe(ticket);
  });

  it.each([...CHANGES.keys()].slice(1).map((step) => [step, CHANGES[step], KINDS[step]]))(
    'changes in step %i: %s',
    (step, _, kinds) => {
      const [from, to] = [buildSchema([build(step - 1)]), buildSchema([build(step)])];
      expect(compareSchemas(from, to, postgres.capabilities).map((operation) => operation.kind)).toEqual(kinds);
    },
  );
});

function sortTables(schema: Schema): Schema {
  return { ...schema, tables: schema.tables.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
}
