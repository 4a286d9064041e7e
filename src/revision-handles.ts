/**
 * Gives `op` its handles on rows: `operations/` can import neither the connection nor sessions, so they are handed over
 * from here.
 */
import type { Kysely } from 'kysely';
import { openKysely } from './engine/kysely.js';
import { Operations } from './operations/recorder.js';
import { RevisionSession } from './revision-session.js';
import { hostOf } from './runtime/revision-host.js';

declare module './operations/recorder.js' {
  // oxlint-disable-next-line typescript/no-explicit-any -- as in the class
  interface Operations<Tables = any> {
    /**
     * A Kysely on the connection of the revision, in its transaction. Each query first runs what was recorded before it.
     * Tables and columns have their names in the database; `Operations<{ users: { id: number; email: string } }>` says
     * which there are, and without that anything goes.
     * @throws AludelError ALUDEL_NEEDS_CONNECTION under `--sql` and `--dry-run`; a query that comes too late
     *   ALUDEL_REVISION_OVER.
     * @see https://kysely.dev
     */
    readonly db: Kysely<Tables>;
    /**
     * A session on the connection of the revision. Its `commit()` writes what changed and leaves the transaction open;
     * what it still holds when `upgrade()` returns is written then.
     * @throws AludelError ALUDEL_NEEDS_CONNECTION under `--sql` and `--dry-run`.
     */
    session(): RevisionSession;
  }
}

Object.defineProperty(Operations.prototype, 'db', {
  get(this: Operations) {
    const host = hostOf(this, 'op.db');
    const known = host.kept.get('db');
    if (known !== undefined) return known;
    const plain = host.connectionAt(null);
    const db = openKysely<unknown>({
      dialect: host.options.dialect.name,
      locate: () => host.locate(),
      connectionAt: (place) => (place === null ? plain : host.connectionAt(place)),
    });
    host.kept.set('db', db);
    return db;
  },
});

Operations.prototype.session = function session(): RevisionSession {
  return new RevisionSession(hostOf(this, 'op.session()'));
};
