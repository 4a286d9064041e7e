/** Nothing that holds rows is dropped before somebody has said so. */
import type { Dialect } from '../dialects/dialect.js';
import type { Connection, ServerVersion } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { atHome } from '../operations/at-home.js';
import { describe } from '../operations/describe.js';
import { findPossibleLosses, type PossibleLoss } from '../operations/losses.js';
import { dropsVirtualTable } from '../operations/is-destructive.js';
import type { Operation } from '../operations/operation.js';
import type { RevisionStep } from '../revisions/steps.js';
import type { Schema } from '../schema/table.js';
import { formatTableName } from '../schema/table-name.js';
import type { RunContext } from '../util/run-context.js';
import { recordAsFarAsPossible } from './offline.js';
import { readHome } from './read-home.js';
import { mayTakeAway, namesIn, opaque, type RawChange, readRawChanges } from './raw-changes.js';
import type { ImportModule } from './revision-module.js';
import type { RunExtensions } from './run-extensions.js';

/** What a step would take away. */
export interface Loss {
  readonly revision: string;
  /** The operation in words. */
  readonly description: string;
  readonly table: string;
  /** Null when the whole table goes. */
  readonly column: string | null;
  /** Rows of the table, or those in which the column holds a value that would go or change; at most 10,000. */
  readonly rows: number;
  /** True when there are more than that, or where they cannot be counted. */
  readonly isMore: boolean;
  /** All this in one line, for a person. */
  readonly text: string;
}

/** Where it is read what steps do, and what there is. */
export interface LossSources {
  readonly context: RunContext;
  readonly importModule: ImportModule;
  extensions(): Promise<RunExtensions | null>;
  reflect(dialect: Dialect, connection: Connection): Promise<Schema>;
}

/** Rows are counted up to here: enough to know that it matters, and no wait on a large table. */
const CAP = 10_000;

/** Counts what the steps would take away, in the database as it is before the first of them. */
export async function findLosses(
  { context, importModule, reflect, extensions }: LossSources,
  connection: Connection,
  dialect: Dialect,
  steps: readonly RevisionStep[],
): Promise<Loss[]> {
  const { methods = {} } = (await extensions()) ?? {};
  const operations: Operation[] = [];
  const revisions = new Map<Operation, string>();
  for (const { revision, direction } of steps) {
    const record = (offline: boolean): ReturnType<typeof recordAsFarAsPossible> =>
      recordAsFarAsPossible(revision, direction, { importModule, context, offline, methods, rowsIn: dialect.name });
    // Guarded reads let it go on to the end, but a revision may refuse to run without a connection.
    const recorded = await record(true).catch(() => record(false).catch(() => null));
    for (const operation of recorded?.operations ?? []) {
      revisions.set(operation, revision.id);
      operations.push(operation);
    }
  }
  if (!operations.some(takesAway)) return [];
  const { schema, home } = await readReach(await reflect(dialect, connection), connection, dialect, operations);
  const changes = new Map<Operation, RawChange>();
  const losses: Loss[] = [];
  const renamed = new Set<string>();
  const searchPath: string[] = [];
  for (const operation of operations) {
    const isRaw = operation.kind === 'execute';
    const found = isRaw
      ? readRawChanges(operation.sql, { dialect: dialect.name, schema, home, searchPath })
      : [{ operation: atHome(operation, home), description: describe(operation) }];
    const revision = revisions.get(operation) ?? '';
    for (const change of found) {
      const taken = await findTaken(change, connection, dialect);
      // What is not there is made by the run itself, and holds nothing, or was called otherwise.
      const isUnknown = taken === null && change.cascade?.names.some((name) => renamed.has(lastNameOf(name))) === true;
      if (isUnknown) losses.push(uncounted(revision, change));
      for (const one of taken ?? []) {
        changes.set(one.operation, one);
        revisions.set(one.operation, revision);
      }
    }
    for (const name of namesGiven(operation)) renamed.add(name);
  }
  const possibles = findPossibleLosses(schema, [...changes.values()]).map((possible) => ({
    ...possible,
    partitions: changes.get(possible.operation)?.partitions ?? [],
  }));
  const counts = await countRows(connection, dialect, possibles);
  for (const [i, possible] of possibles.entries()) {
    const { operation, table, column } = possible;
    const { description = '' } = changes.get(operation) ?? {};
    const rows = counts[i] ?? 0;
    if (rows === 0) continue;
    const revision = revisions.get(operation) ?? '';
    const count = `${rows > CAP ? 'more than ' : ''}${Math.min(rows, CAP).toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
    const part = possible.attribute === undefined ? 'which' : `of which "${possible.attribute}" in column "${column}"`;
    const verb = possible.retyped === null ? 'holds a value' : 'does not keep the value';
    const held = column === null ? count : `${part} ${verb} in ${count}`;
    losses.push({
      revision,
      description,
      table: formatTableName(table),
      column,
      rows: Math.min(rows, CAP),
      isMore: rows > CAP,
      text: `${revision}: ${description}, ${held}`,
    });
  }
  return losses;
}

/** A change with what it takes along; null where nothing is known of what it drops with CASCADE. */
async function findTaken(
  change: RawChange,
  connection: Connection,
  dialect: Dialect,
): Promise<readonly RawChange[] | null> {
  const { cascade, description } = change;
  if (cascade === undefined || dialect.readCascade === undefined) return [change];
  for (const name of cascade.names) {
    const { isKnown, parts } = await dialect.readCascade(connection, { kind: cascade.kind, name });
    if (!isKnown) continue;
    return parts.map(({ table, column }): RawChange => {
      const part = `table "${formatTableName(table)}"`;
      const along = column === null ? part : `column "${column}" of ${part.slice('table '.length)}`;
      return { ...opaque(`${description} with ${along}`), takes: { table, column } };
    });
  }
  return null;
}

/** Names that raw SQL and operations give to what is no table: it is not followed what they stand for. */
function namesGiven(operation: Operation): readonly string[] {
  if (operation.kind === 'renameEnum') return [operation.to];
  return operation.kind === 'execute' && RENAMING.test(operation.sql) ? namesIn(operation.sql) : [];
}

const RENAMING = /\bALTER\s+(?:TYPE|DOMAIN|COLLATION|EXTENSION|SCHEMA)\b[\s\S]*?\b(?:RENAME\s+TO|SET\s+SCHEMA)\b/i;

function lastNameOf(name: string): string {
  return namesIn(name).at(-1) ?? '';
}

function uncounted(revision: string, { description, cascade }: RawChange): Loss {
  return {
    revision,
    description,
    table: cascade?.names[0] ?? '',
    column: null,
    rows: 0,
    isMore: true,
    text: `${revision}: ${description} with CASCADE, which was renamed or moved before: what goes along cannot be counted`,
  };
}

interface Reach {
  readonly schema: Schema;
  /** The namespace or database that is meant where none is named. */
  readonly home: string | null;
}

/** The schema with what else the operations may reach: on MySQL and MariaDB the other databases that they name. */
async function readReach(
  schema: Schema,
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
): Promise<Reach> {
  const names = operations.filter(takesAway).flatMap((operation) => {
    if (operation.kind === 'execute') return namesIn(operation.sql);
    return 'table' in operation && operation.table.namespace !== null ? [operation.table.namespace] : [];
  });
  const others = await dialect.readOtherDatabases?.(connection, [...new Set(names)]);
  if (others === undefined) return { schema, home: await readHome(connection, dialect) };
  return { schema: { ...schema, tables: [...schema.tables, ...others.tables] }, home: others.current };
}

function takesAway(operation: Operation): boolean {
  if (operation.kind === 'execute') return mayTakeAway(operation.sql);
  return (
    ['dropTable', 'dropColumn', 'alterColumn', 'replaceObject'].includes(operation.kind) ||
    (operation.kind === 'setTableOptions' && ['systemVersioning', 'strict'].some((key) => key in operation.changes)) ||
    dropsVirtualTable(operation)
  );
}

interface Countable extends PossibleLoss {
  readonly partitions: readonly string[];
}

/** How many are counted by one statement; SQLite takes no more than 500 in a compound SELECT. */
const TOGETHER = 100;

/** The rows of each, in their order. */
async function countRows(
  connection: Connection,
  dialect: Dialect,
  possibles: readonly Countable[],
): Promise<readonly number[]> {
  const counts = possibles.map(() => 0);
  const queries = possibles.flatMap((possible, i) => {
    const rows = selectRows(dialect, connection.server, possible);
    return rows === null ? [] : [`SELECT ${i} AS place, count(*) AS found FROM (${rows}) AS counted`];
  });
  for (let start = 0; start < queries.length; start += TOGETHER) {
    const { rows } = await connection.execute(queries.slice(start, start + TOGETHER).join(' UNION ALL '));
    for (const { place, found } of rows) counts[Number(place)] = Number(found);
  }
  return counts;
}

/** Null for a change of type that changes no value. */
function selectRows(dialect: Dialect, server: ServerVersion, possible: Countable): string | null {
  const { table, column, retyped, attribute, partitions, history } = possible;
  const quotedColumn = column === null ? '' : dialect.quoteIdentifier(column);
  const name = attribute === undefined ? quotedColumn : `(${quotedColumn}).${dialect.quoteIdentifier(attribute)}`;
  const isChanged = retyped === null ? `${name} IS NOT NULL` : dialect.changedValues(name, retyped, server);
  if (isChanged === null) return null;
  const past = history === undefined ? undefined : dialect.selectHistory?.(history.of);
  const held = column === null ? '' : ` WHERE ${isChanged}`;
  const where = history?.isAlone === true ? ` WHERE ${past?.isPast}` : held;
  const quoted = partitions.map((partition) => dialect.quoteIdentifier(partition));
  const from = `${dialect.quoteTable(table)}${quoted.length === 0 ? '' : ` PARTITION (${quoted.join(', ')})`}${past?.from ?? ''}`;
  return `SELECT 1 AS one FROM ${from}${where} LIMIT ${CAP + 1}`;
}

/** The error of a run that would lose data and was not told to. */
export function dataLoss(losses: readonly Loss[]): AludelError {
  const lines = losses.map(({ text }) => `\n  ${text}`);
  return new AludelError('ALUDEL_DATA_LOSS', `This takes data away for good:${lines.join('')}`, {
    hint: 'Nothing was run. If that is meant, run the command again with --allow-loss (and with --backup to keep a copy).',
    details: { losses },
  });
}
