/**
 * Gives `op` its handles on rows: `operations/` can import neither the connection nor sessions, so they are handed over
 * from here.
 */
import type { Kysely, Selectable } from 'kysely';
import type { Row } from './engine/connection.js';
import { openKysely } from './engine/kysely.js';
import { Operations } from './operations/recorder.js';
import { RevisionSession } from './revision-session.js';
import { hostOf, scriptOf } from './runtime/revision-host.js';
import { type BatchOptions, runBatch } from './runtime/run-batch.js';

declare module './operations/recorder.js' {
  // oxlint-disable-next-line typescript/no-explicit-any -- as in the class
  interface Operations<Tables = any> {
    /**
     * A Kysely on the connection of the revision, in its transaction. Each query first runs what was recorded before it.
     * Tables and columns have their names in the database; `Operations<{ users: { id: number; email: string } }>` says
     * which there are, and without that anything goes.
     * Under `--sql` and `--dry-run` changes of rows are written down, and their results cannot be used.
     * @throws AludelError ALUDEL_NEEDS_CONNECTION there for what reads; a query that comes too late ALUDEL_REVISION_OVER.
     * @see https://kysely.dev
     */
    readonly db: Kysely<Tables>;
    /**
     * A session on the connection of the revision. Its `commit()` writes what changed and leaves the transaction open;
     * what it still holds when `upgrade()` returns is written then.
     * @throws AludelError ALUDEL_NEEDS_CONNECTION under `--sql` and `--dry-run`.
     */
    session(): RevisionSession;
    /**
     * Goes over a table in portions, along its primary key: each portion in a transaction of its own, in which the log
     * keeps the last key, so that a run which was stopped goes on behind it and no row is handed over twice. The revision
     * says `export const transaction = false` and does nothing before it. Gives the number of rows.
     * @throws AludelError ALUDEL_OPERATION_UNSUPPORTED, ALUDEL_NEEDS_CONNECTION under `--sql` and `--dry-run`.
     */
    batch<T extends keyof Tables & string, C extends keyof Selectable<Tables[T]> & string>(
      table: T,
      options: BatchOptions & { readonly columns?: readonly C[] | undefined },
      fn: (rows: readonly Pick<Selectable<Tables[T]>, C>[]) => unknown,
    ): Promise<number>;
  }
}

Object.defineProperty(Operations.prototype, 'db', {
  get(this: Operations) {
    const script = scriptOf(this);
    if (script !== undefined) return openScript(script);
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

/** A Kysely whose changes of rows go into a script; what it would answer nobody can know. */
function openScript({
  dialect,
  write,
  refuse,
  locate,
  kept,
}: Exclude<ReturnType<typeof scriptOf>, undefined>): unknown {
  const known =
    kept.get('db') ??
    openKysely<unknown>({
      dialect,
      locate,
      connectionAt: (place) => {
        throw refuse(place);
      },
      send: ({ sql, parameters }, place) => {
        write(sql, parameters, place);
        const stop = (): never => {
          throw refuse(place);
        };
        const unknown = { [Symbol.toPrimitive]: stop, toJSON: stop } as unknown as bigint;
        return { rows: [], numAffectedRows: unknown, insertId: unknown };
      },
    });
  kept.set('db', known);
  return known;
}

Operations.prototype.session = function session(): RevisionSession {
  return new RevisionSession(hostOf(this, 'op.session()'));
};

Operations.prototype.batch = function batch(table, options, fn): Promise<number> {
  // The columns are those that the options name.
  return runBatch(hostOf(this, 'op.batch()'), table, options, fn as (rows: readonly Row[]) => unknown);
};
