/**
 * add tickets
 *
 * Revision: 9e27b4c3d810
 * Parent: 5d0c6a1b7f42
 * Created: 2026-11-21T10:50:39Z
 */
import { column, foreignKey, index, integer, primaryKey, timestamp, varchar, type Operations } from 'aludel';

export const revision = '9e27b4c3d810';
export const downRevision = '5d0c6a1b7f42';

export function upgrade(op: Operations): void {
  op.createTable('tickets', [
    column('id', integer(), { nullable: false, autoincrement: true }),
    column('title', varchar(500), { nullable: false }),
    column('creator_id', integer(), { nullable: false }),
    column('closed_at', timestamp({ withTimezone: true })),
    primaryKey(['id'], { name: 'pk_tickets' }),
    foreignKey(['creator_id'], 'users', ['id'], {
      name: 'fk_tickets_creator_id_users',
      onDelete: 'cascade',
    }),
    index('ix_tickets_creator_id_closed_at', ['creator_id', 'closed_at']),
  ]);
}

export function downgrade(op: Operations): void {
  op.dropTable('tickets');
}
