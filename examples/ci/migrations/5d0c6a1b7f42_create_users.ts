/**
 * create users
 *
 * Revision: 5d0c6a1b7f42
 * Parent: base
 * Created: 2026-11-21T10:47:52Z
 */
import { column, fn, integer, primaryKey, timestamp, unique, varchar, type Operations } from 'aludel';

export const revision = '5d0c6a1b7f42';
export const downRevision = null;

export function upgrade(op: Operations): void {
  op.createTable('users', [
    column('id', integer(), { nullable: false, autoincrement: true }),
    column('email', varchar(255), { nullable: false }),
    column('name', varchar(100)),
    column('created_at', timestamp({ withTimezone: true }), {
      nullable: false,
      serverDefault: fn.now(),
    }),
    primaryKey(['id'], { name: 'pk_users' }),
    unique(['email'], { name: 'uq_users_email' }),
  ]);
}

export function downgrade(op: Operations): void {
  op.dropTable('users');
}
