import type { AlterSequence } from '../../operations/operation.js';
import type { Sequence, TableName } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { sequenceClauses } from '../sequence-clauses.js';
import { doBlock, quoteIdentifier, quoteString, quoteTable } from './sql.js';

/** https://www.postgresql.org/docs/current/sql-createsequence.html */
export function createSequence(sequence: Sequence): Statement[] {
  const { ownedBy, comment } = sequence;
  return [
    {
      sql: `CREATE ${sequence.unlogged === true ? 'UNLOGGED ' : ''}SEQUENCE ${quoteTable(sequence)} ${clausesOf(sequence).join(' ')}`,
    },
    ...(ownedBy === null ? [] : alter(sequence, [ownerClause(ownedBy)])),
    ...(comment === null ? [] : [commentOnSequence(sequence, comment)]),
  ];
}

export function alterSequence({ sequence, changes }: AlterSequence): Statement[] {
  const { ownedBy, comment, increment, min, max, unlogged } = changes;
  const turns = increment !== undefined && min !== undefined && max !== undefined;
  const clauses = clausesOf(changes);
  // Between new bounds there may be no place for what comes next.
  return [
    ...(turns || min != null || max != null ? [alterUnused(sequence, clauses)] : alter(sequence, clauses)),
    ...(unlogged === undefined ? [] : alter(sequence, [unlogged ? 'SET UNLOGGED' : 'SET LOGGED'])),
    ...(ownedBy === undefined ? [] : alter(sequence, [ownerClause(ownedBy)])),
    ...(comment === undefined ? [] : [commentOnSequence(sequence, comment)]),
  ];
}

function clausesOf(changes: Partial<Sequence>): string[] {
  const { type } = changes;
  return [...(type === undefined ? [] : [`AS ${type}`]), ...sequenceClauses(changes, 'NO CYCLE')];
}

/** A sequence of which nothing was taken begins anew where the first number is now; another one counts on, or is refused. */
function alterUnused(sequence: TableName, clauses: readonly string[]): Statement {
  const name = quoteTable(sequence);
  const start = `(SELECT seqstart FROM pg_sequence WHERE seqrelid = ${quoteString(name)}::regclass)`;
  const sql = `ALTER SEQUENCE ${name} ${clauses.join(' ')}`;
  return {
    sql: doBlock(`BEGIN
  IF EXISTS (SELECT FROM ${name} WHERE NOT is_called AND last_value = ${start}) THEN ${sql} RESTART;
  ELSE ${sql};
  END IF;
END`),
  };
}

function ownerClause(ownedBy: Sequence['ownedBy']): string {
  if (ownedBy === null) return 'OWNED BY NONE';
  return `OWNED BY ${quoteTable(ownedBy.table)}.${quoteIdentifier(ownedBy.column)}`;
}

function alter(sequence: TableName, clauses: readonly string[]): Statement[] {
  return clauses.length === 0 ? [] : [{ sql: `ALTER SEQUENCE ${quoteTable(sequence)} ${clauses.join(' ')}` }];
}

function commentOnSequence(sequence: TableName, comment: string | null): Statement {
  return { sql: `COMMENT ON SEQUENCE ${quoteTable(sequence)} IS ${comment === null ? 'NULL' : quoteString(comment)}` };
}
