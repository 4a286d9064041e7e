/** Sequences of MariaDB, which keeps them among the tables; MySQL has none. https://mariadb.com/kb/en/create-sequence/ */
import type { Connection, Row } from '../../engine/connection.js';
import type { AlterSequence, CreateSequence, Operation, RenameSequence } from '../../operations/operation.js';
import { renameSequence as applyRename } from '../../operations/apply-rename.js';
import { sameData } from '../../schema/same.js';
import type { Sequence } from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { type CompileHandlers, refuse, requireSchema, withoutSequences } from '../dispatch.js';
import { flagOf, textOf, textOrNull } from '../row.js';
import { sequenceClauses } from '../sequence-clauses.js';
import { render } from './expressions.js';
import { featuresOf } from './features.js';
import { quoteIdentifier, quoteString, quoteTable } from './sql.js';

const LARGEST: Readonly<Record<Sequence['type'], string>> = {
  smallint: '32767',
  integer: '2147483647',
  // The greatest bigint of all stands for the end of the sequence.
  bigint: '9223372036854775806',
};

const SMALLEST: Readonly<Record<Sequence['type'], string>> = {
  smallint: '-32768',
  integer: '-2147483648',
  bigint: '-9223372036854775807',
};

/** All of them in one statement, by rows of `catalog.TABLES`. */
export async function readSequences(connection: Connection, tables: readonly Row[]): Promise<Sequence[]> {
  if (tables.length === 0) return [];
  const comments = new Map(tables.map((row) => [textOf(row, 'name'), textOrNull(row, 'comment') || null]));
  const queries = [...comments.keys()].map(
    (name) => `
SELECT ${quoteString(name)} AS name, CAST(start_value AS CHAR) AS start, CAST(increment AS CHAR) AS increment,
       CAST(minimum_value AS CHAR) AS min, CAST(maximum_value AS CHAR) AS max, CAST(cache_size AS CHAR) AS cache,
       cycle_option AS cycle
FROM ${quoteIdentifier(name)}`,
  );
  const { rows } = await connection.execute(queries.join('\nUNION ALL'));
  return rows.map((row) => {
    const name = textOf(row, 'name');
    return normaliseSequence({
      namespace: null,
      name,
      type: 'bigint',
      start: textOf(row, 'start'),
      increment: textOf(row, 'increment'),
      min: textOf(row, 'min'),
      max: textOf(row, 'max'),
      cache: textOf(row, 'cache'),
      cycle: flagOf(row, 'cycle'),
      ownedBy: null,
      comment: comments.get(name) ?? null,
    });
  });
}

/** As the server keeps it: without an owner, and with the bounds of its type, which is a bigint, in so many words. */
export function normaliseSequence({ unlogged: _unlogged, ...sequence }: Sequence): Sequence {
  const { min, max } = boundsOf(sequence);
  const usual = boundsOf({ ...sequence, type: 'bigint', min: null, max: null });
  return {
    ...sequence,
    type: 'bigint',
    min: min === usual.min ? null : min,
    max: max === usual.max ? null : max,
    ownedBy: null,
  };
}

function boundsOf({ type, increment, min, max }: Pick<Sequence, 'type' | 'increment' | 'min' | 'max'>): {
  readonly min: string;
  readonly max: string;
} {
  const isDescending = increment.startsWith('-');
  return {
    min: min ?? (isDescending ? SMALLEST[type] : '1'),
    max: max ?? (isDescending ? '-1' : LARGEST[type]),
  };
}

type SequenceHandlers = Pick<CompileHandlers, keyof typeof withoutSequences>;

const withSequences: SequenceHandlers = {
  createSequence,
  alterSequence,
  dropSequence: ({ sequence }) => [{ sql: `DROP SEQUENCE ${quoteTable(sequence)}` }],
  renameSequence,
};

const handlersFor = ({ server }: CompileContext): SequenceHandlers =>
  featuresOf(server).isMariadb ? withSequences : withoutSequences;

export const sequenceHandlers: SequenceHandlers = {
  createSequence: (operation, context) => handlersFor(context).createSequence(operation, context),
  alterSequence: (operation, context) => handlersFor(context).alterSequence(operation, context),
  dropSequence: (operation, context) => handlersFor(context).dropSequence(operation, context),
  renameSequence: (operation, context) => handlersFor(context).renameSequence(operation, context),
};

function createSequence(operation: CreateSequence): Statement[] {
  const { sequence } = operation;
  refuseOwner(operation, sequence);
  const known = normaliseSequence(sequence);
  const comment = known.comment === null ? '' : ` COMMENT ${quoteString(known.comment)}`;
  return [{ sql: `CREATE SEQUENCE ${quoteTable(sequence)} ${clauses({ ...known, ...boundsOf(known) })}${comment}` }];
}

/** Only the table behind a sequence has a comment that changes. */
function alterSequence(operation: AlterSequence): Statement[] {
  const { sequence, changes, existing } = operation;
  refuseOwner(operation, changes);
  const { comment, ...rest } = changes;
  // "NO MAXVALUE" goes by the direction that the sequence had.
  const isBound = 'min' in rest || 'max' in rest || 'increment' in rest || 'type' in rest;
  const bounds = existing !== null && isBound ? boundsOf({ ...existing, ...rest }) : {};
  const text = clauses({ ...rest, ...bounds });
  return [
    ...(text === '' ? [] : [{ sql: `ALTER SEQUENCE ${quoteTable(sequence)} ${text}` }]),
    ...(comment === undefined
      ? []
      : [{ sql: `ALTER TABLE ${quoteTable(sequence)} COMMENT = ${quoteString(comment ?? '')}` }]),
  ];
}

function refuseOwner(operation: Operation, { ownedBy }: Pick<Partial<Sequence>, 'ownedBy'>): void {
  if (ownedBy != null) refuse(operation, 'a sequence has no owner in MariaDB');
}

function clauses(changes: Partial<Sequence>): string {
  return sequenceClauses(changes, 'NOCYCLE').join(' ');
}

/** A default goes on asking for the old name: it is said again. */
function renameSequence(operation: RenameSequence, context: CompileContext): Statement[] {
  const { sequence, to } = operation;
  const before = requireSchema(operation, context);
  const after = applyRename(before, operation);
  const defaults = after.tables.flatMap((table, at) =>
    table.columns.flatMap((column, i): Statement[] => {
      const known = before.tables[at]?.columns[i]?.default;
      if (column.default === null || sameData(known, column.default)) return [];
      const action = `ALTER COLUMN ${quoteIdentifier(column.name)} SET DEFAULT ${render(column.default)}`;
      return [{ sql: `ALTER TABLE ${quoteTable(table)} ${action}` }];
    }),
  );
  return [{ sql: `RENAME TABLE ${quoteTable(sequence)} TO ${quoteTable({ ...sequence, name: to })}` }, ...defaults];
}
