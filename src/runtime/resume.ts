/** Going on where an earlier run was cut off. */
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, Row } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { tookEffect } from '../operations/took-effect.js';
import type { Schema } from '../schema/table.js';
import type { LogStart } from './log-table.js';
import type { OperationGroup } from './operation-groups.js';
import type { GroupTurn } from './operation-queue.js';
import type { Flight } from './progress.js';
import { givesRowsOnce, isTemporary, readsAlone, statementKind } from './statement-kind.js';

/** What is to become of the statement that was in flight: it has taken effect, or it is to be sent again. */
export type ResumeAt = 'done' | 'again';

export interface FlightContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly start: LogStart;
  readonly group: OperationGroup;
  readonly flight: Flight;
  /** Statements before the group. */
  readonly number: number;
  reflect(): Promise<Schema>;
}

/**
 * Whether the statement that a crash left in doubt has taken effect, by what the database looks like now.
 * @throws AludelError ALUDEL_RESUME_UNKNOWN where that does not tell.
 */
export async function findEffect(context: FlightContext): Promise<ResumeAt> {
  const { connection, dialect, group, flight } = context;
  const [whole] = group.operations;
  const isRaw = whole?.kind === 'execute';
  const statement = flight.statements?.[flight.at];
  const operation = statement?.effect ?? whole;
  const sql = isRaw ? whole.sql : (statement?.sql ?? null);
  if (operation === undefined || sql === null) throw unknownEffect(context, sql ?? '', '');
  const isSame = flight.before === null ? null : flight.before === (await dialect.readTableStates?.(connection, sql));
  if (isRaw) {
    if (isSame === true && showsItself(sql)) return 'again';
    const seen = isSame === null ? '' : ` The tables that it names have ${isSame ? 'not ' : ''}changed since.`;
    throw unknownEffect(context, sql, seen);
  }
  if (isSame === true || /^COMMENT\b/.test(sql)) return 'again';
  const effect = tookEffect(operation, await context.reflect());
  if (effect === 'after') return 'done';
  if (effect === 'repeatable') return 'again';
  // Without a look at the tables before the statement, what is not there was not made, as long as it is all of the group;
  // an index is the one thing that is.
  const isAll = flight.statements?.length === 1 || operation.kind === 'createIndex';
  if (effect === 'before' && isSame === null && isAll) return 'again';
  throw unknownEffect(context, sql, ' The tables that it names have changed since, but not as it would have done it.');
}

/** DDL whose effect stands in the definition of a table, a view, a trigger, a routine or an event. */
function showsItself(sql: string): boolean {
  const isDefinition =
    /^\s*(?:CREATE|ALTER|DROP|RENAME)\s+(?:OR\s+REPLACE\s+)?(?:\w+\s+)?(?:TABLE|INDEX|VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT)\b/i.test(
      sql,
    );
  return isDefinition && !isTemporary(sql) && !/\b(?:TRUNCATE|EXCHANGE|IMPORT|DISCARD|SONAME)\b/i.test(sql);
}

/**
 * What a group that is done still has to do for the session of this run: settings hold for a session only, and rows that
 * are awaited are read again.
 * @throws AludelError ALUDEL_RESUME_REFUSED where it cannot be had again.
 */
export async function passOver(turn: GroupTurn, connection: Connection, step: LogStart): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  for (const operation of turn.group.operations) {
    if (operation.kind !== 'execute') continue;
    const { sql, params } = operation;
    if (isTemporary(sql)) throw refuseResume(step, 'it made a temporary table, which is gone with its session', sql);
    if (statementKind(sql, connection.dialect) === 'session') ({ rows } = await connection.execute(sql, params));
    else if (turn.needsRows && givesRowsOnce(sql)) {
      throw refuseResume(step, 'the rows that it awaits cannot be had a second time', sql);
    } else if (turn.needsRows && readsAlone(sql, connection.dialect)) rows = await readAgain(connection, sql, params);
  }
  return rows;
}

/** Reads without the chance to write. */
async function readAgain(connection: Connection, sql: string, params: readonly unknown[]): Promise<readonly Row[]> {
  if (connection.dialect === 'sqlite') {
    await connection.execute('PRAGMA query_only = ON');
    try {
      return (await connection.execute(sql, params)).rows;
    } finally {
      await connection.execute('PRAGMA query_only = OFF');
    }
  }
  if (connection.inTransaction) {
    await connection.execute('SAVEPOINT aludel_read');
    await connection.execute('SET TRANSACTION READ ONLY');
    const { rows } = await connection.execute(sql, params);
    await connection.execute('ROLLBACK TO SAVEPOINT aludel_read');
    return rows;
  }
  await connection.execute('START TRANSACTION READ ONLY');
  try {
    return (await connection.execute(sql, params)).rows;
  } finally {
    await connection.execute('ROLLBACK');
  }
}

/** The part of the file that has taken effect is not what it was. */
export function revisionChanged(step: LogStart): AludelError {
  return refuseResume(
    step,
    'what it had run by then is no longer what its file says, or what its code reads has changed',
  );
}

function refuseResume({ revision, direction }: LogStart, reason: string, sql: string | null = null): AludelError {
  const text = sql === null ? '' : `\n  ${sql}`;
  return new AludelError(
    'ALUDEL_RESUME_REFUSED',
    `The ${direction} of "${revision}" was cut off half way and cannot go on: ${reason}.${text}`,
    {
      hint:
        `Take the change of the file back and run the command again. Or finish the revision by hand and run ` +
        `"aludel stamp ${revision}"; undo it by hand and stamp the one before it.`,
      details: { revision, direction, ...(sql === null ? {} : { sql }) },
    },
  );
}

function unknownEffect({ start, flight, number }: FlightContext, sql: string, seen: string): AludelError {
  const { revision, direction } = start;
  const statement = number + flight.at + 1;
  return new AludelError(
    'ALUDEL_RESUME_UNKNOWN',
    `The ${direction} of "${revision}" was cut off at statement ${statement}, and whether that took effect cannot be told.` +
      `${seen}${sql === '' ? '' : `\n  ${sql}`}`,
    {
      hint:
        `Look whether it did. If so, run the command again with "--resume-at done"; if not, with "--resume-at again". ` +
        `Nothing was run.`,
      details: { revision, direction, statement, sql },
    },
  );
}
