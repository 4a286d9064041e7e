/**
 * create the desk
 *
 * Revision: 5d41ab7c0e92
 * Parent: base
 * Created: 2026-11-21T16:56:40Z
 */
import {
  boolean,
  col,
  column,
  enumeration,
  foreignKey,
  index,
  integer,
  json,
  primaryKey,
  text,
  timestamp,
  unique,
  varchar,
  type Operations,
} from 'aludel';

export const revision = '5d41ab7c0e92';
export const downRevision = null;

export function upgrade(op: Operations): void {
  op.createEnum('ticket_priority', ['low', 'medium', 'high', 'urgent']);
  op.createEnum('ticket_status', ['open', 'in_progress', 'waiting_on_customer', 'resolved', 'closed']);
  op.createTable('audit_logs', [
    column('id', integer(), { nullable: false, identity: true }),
    column('action', varchar(20), { nullable: false }),
    column('ticket_id', integer(), { nullable: false }),
    column('user_id', integer()),
    column('changes', json(), { nullable: false }),
    column('at', timestamp({ withTimezone: true }), { nullable: false }),
    primaryKey(['id'], { name: 'pk_audit_logs' }),
    index('ix_audit_logs_ticket_id', ['ticket_id']),
  ]);
  op.createTable('users', [
    column('id', integer(), { nullable: false, identity: true }),
    column('email', varchar(255), { nullable: false }),
    column('full_name', varchar(255), { nullable: false }),
    column('is_staff', boolean(), { nullable: false }),
    column('created_at', timestamp({ withTimezone: true }), { nullable: false }),
    column('updated_at', timestamp({ withTimezone: true }), { nullable: false }),
    primaryKey(['id'], { name: 'pk_users' }),
    unique(['email'], { name: 'uq_users_email' }),
  ]);
  op.createTable('tickets', [
    column('id', integer(), { nullable: false, identity: true }),
    column('ticket_number', varchar(50), { nullable: false }),
    column('title', varchar(500), { nullable: false }),
    column('description', text(), { nullable: false }),
    column(
      'status',
      enumeration('ticket_status', ['open', 'in_progress', 'waiting_on_customer', 'resolved', 'closed']),
      { nullable: false },
    ),
    column('priority', enumeration('ticket_priority', ['low', 'medium', 'high', 'urgent']), {
      nullable: false,
    }),
    column('creator_id', integer(), { nullable: false }),
    column('assignee_id', integer()),
    column('resolved_at', timestamp({ withTimezone: true })),
    column('deleted_at', timestamp({ withTimezone: true })),
    column('created_at', timestamp({ withTimezone: true }), { nullable: false }),
    column('updated_at', timestamp({ withTimezone: true }), { nullable: false }),
    primaryKey(['id'], { name: 'pk_tickets' }),
    unique(['ticket_number'], { name: 'uq_tickets_ticket_number' }),
    foreignKey(['assignee_id'], 'users', ['id'], { name: 'fk_tickets_assignee_id_users' }),
    foreignKey(['creator_id'], 'users', ['id'], { name: 'fk_tickets_creator_id_users' }),
    index('ix_tickets_assignee_id', ['assignee_id']),
    index('ix_tickets_creator_id', ['creator_id']),
    index('ix_tickets_status_created_at', ['status', 'created_at'], {
      where: col('deleted_at').isNull(),
    }),
  ]);
  op.createTable('comments', [
    column('id', integer(), { nullable: false, identity: true }),
    column('content', text(), { nullable: false }),
    column('is_internal', boolean(), { nullable: false }),
    column('ticket_id', integer(), { nullable: false }),
    column('author_id', integer(), { nullable: false }),
    column('created_at', timestamp({ withTimezone: true }), { nullable: false }),
    column('updated_at', timestamp({ withTimezone: true }), { nullable: false }),
    primaryKey(['id'], { name: 'pk_comments' }),
    foreignKey(['author_id'], 'users', ['id'], { name: 'fk_comments_author_id_users' }),
    foreignKey(['ticket_id'], 'tickets', ['id'], { name: 'fk_comments_ticket_id_tickets' }),
    index('ix_comments_author_id', ['author_id']),
    index('ix_comments_ticket_id', ['ticket_id']),
  ]);
  op.createTable('tags', [
    column('id', integer(), { nullable: false, identity: true }),
    column('name', varchar(100), { nullable: false }),
    primaryKey(['id'], { name: 'pk_tags' }),
    unique(['name'], { name: 'uq_tags_name' }),
  ]);
  op.createTable('ticket_tags', [
    column('ticket_id', integer(), { nullable: false }),
    column('tag_id', integer(), { nullable: false }),
    primaryKey(['ticket_id', 'tag_id'], { name: 'pk_ticket_tags' }),
    foreignKey(['tag_id'], 'tags', ['id'], { name: 'fk_ticket_tags_tag_id_tags' }),
    foreignKey(['ticket_id'], 'tickets', ['id'], { name: 'fk_ticket_tags_ticket_id_tickets' }),
    index('ix_ticket_tags_tag_id', ['tag_id']),
  ]);
}

export function downgrade(op: Operations): void {
  op.dropTable('ticket_tags');
  op.dropTable('tags');
  op.dropTable('comments');
  op.dropTable('tickets');
  op.dropTable('users');
  op.dropTable('audit_logs');
  op.dropEnum('ticket_status');
  op.dropEnum('ticket_priority');
}
