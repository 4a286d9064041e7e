/** The SQL of a run that has no connection: the same operations, the same compiler, printed instead of sent. */
import type { CompileContext, Dialect } from '../dialects/dialect.js';
import { tokenizeSql } from '../dialects/split-sql.js';
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import { Operations } from '../operations/recorder.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { planUpgrade } from '../revisions/plan.js';
import type { Revision } from '../revisions/revision.js';
import type { RevisionStep, RowChange, StampStep } from '../revisions/steps.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';
import { EMPTY_CONTEXT, type RunContext } from '../util/run-context.js';
import {
  compileGroup,
  groupOperations,
  placeOperations,
  splitByAutocommit,
  type StatementOrigin,
} from './operation-groups.js';
import { type ImportModule, loadRevisionScript } from './revision-module.js';
import { createOwnTable, ownTables, type OwnTables, rowChangeSql } from './version-table.js';

export interface OfflineRequest {
  readonly dialect: Dialect;
  readonly graph: RevisionGraph;
  readonly names: OwnTables;
  readonly importModule: ImportModule;
  /** What revisions read as `op.context`. */
  readonly context: RunContext;
  /** Where the database is taken to be. */
  readonly from: readonly string[];
  readonly steps: readonly RevisionStep[];
}

/** The SQL script of the steps; deterministic. */
export async function printSql(request: OfflineRequest): Promise<string> {
  const { dialect, names, steps } = request;
  const lines: string[] = [];
  if (request.from.length === 0) lines.push(...createTableLines(dialect, names));
  let schema = await replay(request);
  for (const step of steps) {
    const recording = await record(step.revision, step.direction, request);
    if (recording.problem !== null) throw recording.problem;
    const origins = placeOperations(recording.origins, dialect, true);
    const withoutForeignKeys = origins.some(({ operation }) => dialect.needsForeignKeysOff(operation));
    const isTransactional = dialect.capabilities.transactionalDdl && recording.isTransactional;
    const guardsGroups = !isTransactional && dialect.name === 'sqlite';
    const arrow = step.direction === 'upgrade' ? '->' : '<-';
    lines.push(`-- ${step.direction}: ${step.revision.down.join(', ') || 'base'} ${arrow} ${step.revision.id}`);
    if (withoutForeignKeys && dialect.name === 'sqlite') lines.push('PRAGMA foreign_keys = OFF;');
    const parts = splitByAutocommit(origins);
    const leaves = (part: readonly StatementOrigin[] | undefined): boolean =>
      isTransactional && dialect.name !== 'sqlite' && part?.[0]?.isAutocommit === true;
    if (isTransactional && !leaves(parts[0])) lines.push('BEGIN;');
    for (const part of parts) {
      const isOutside = leaves(part);
      if (isOutside && part !== parts[0]) lines.push('COMMIT;');
      for (const { origin, operations: group } of groupOperations(part, dialect)) {
        const context: CompileContext = { server: dialect.assumedServer, before: schema };
        const statements = compileGroup(group, dialect, context).map((statement) =>
          terminate(printable(statement, origin.operation), dialect),
        );
        const isGuarded = guardsGroups && statements.length > 1;
        lines.push(...(isGuarded ? ['BEGIN;', ...statements, 'COMMIT;'] : statements));
        schema = group.reduce(apply, schema);
      }
      if (isOutside) lines.push('BEGIN;');
    }
    lines.push(...rowStatements(step.rows, dialect, names));
    if (withoutForeignKeys && dialect.name === 'sqlite') lines.push('PRAGMA foreign_key_check;');
    if (isTransactional) lines.push('COMMIT;');
    if (withoutForeignKeys && dialect.name === 'sqlite') lines.push('PRAGMA foreign_keys = ON;');
    lines.push('');
  }
  return lines.join('\n');
}

/** The SQL script that writes the version rows and runs nothing. */
export function printStampSql(
  dialect: Dialect,
  names: OwnTables,
  from: readonly string[],
  steps: readonly StampStep[],
): string {
  const lines = from.length === 0 ? createTableLines(dialect, names) : [];
  if (steps.length === 0) return lines.join('\n');
  lines.push('BEGIN;');
  for (const step of steps) {
    lines.push(`-- stamp: ${step.from.join(', ') || 'base'} -> ${step.to.join(', ') || 'base'}`);
    lines.push(...rowStatements(step.rows, dialect, names));
  }
  lines.push('COMMIT;', '');
  return lines.join('\n');
}

/** The SQL script that creates Aludel's own tables. */
export function printOwnTablesSql(dialect: Dialect, names: OwnTables): string {
  return createTableLines(dialect, names).join('\n');
}

function createTableLines(dialect: Dialect, names: OwnTables): string[] {
  return ownTables(names).flatMap((table) =>
    createOwnTable(dialect, dialect.assumedServer, table).flatMap(({ sql }) => [`${sql};`, '']),
  );
}

/** The schema as the revisions before the first step leave it, in memory. */
async function replay(request: OfflineRequest): Promise<Schema> {
  const before = request.from.length === 0 ? [] : planUpgrade(request.graph, request.from, []);
  let schema: Schema = EMPTY_SCHEMA;
  for (const { revision } of before) {
    const operations = await recordOperations(revision, 'upgrade', request);
    schema = operations.reduce(apply, schema);
  }
  return schema;
}

/** How revisions are loaded to be recorded, and what they read as `op.context`. */
export interface RevisionSource {
  readonly importModule: ImportModule;
  readonly context?: RunContext;
  /** What `op.offline` says. Default: true. */
  readonly offline?: boolean;
}

/**
 * The operations of a revision, recorded without a connection.
 * @throws AludelError ALUDEL_NEEDS_CONNECTION when the revision reads from the database.
 */
export async function recordOperations(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  source: RevisionSource,
): Promise<readonly Operation[]> {
  const { origins, problem } = await record(revision, direction, source);
  if (problem !== null) throw problem;
  return origins.map(({ operation }) => operation);
}

/** The operations as far as they can be told without a connection; `offline` is what `op.offline` says meanwhile. */
export async function recordAsFarAsPossible(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  source: RevisionSource,
): Promise<{ readonly operations: readonly Operation[]; readonly isComplete: boolean }> {
  const { origins, problem } = await record(revision, direction, source);
  return { operations: origins.map(({ operation }) => operation), isComplete: problem === null };
}

export interface Recording {
  readonly origins: readonly StatementOrigin[];
  readonly isTransactional: boolean;
  /** True when the code looked at `op.offline` or `op.context`, so that another run may do something else. */
  readonly isConditional: boolean;
  /** Why the recording ends before the revision does. */
  readonly problem: AludelError | null;
}

/** What a revision does, as far as it can be told without a connection. */
export async function record(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  source: RevisionSource,
): Promise<Recording> {
  const { run, isTransactional } = await loadRevisionScript(revision, direction, source.importModule);
  const origins: StatementOrigin[] = [];
  let isAutocommit = false;
  const problem = new AludelError(
    'ALUDEL_NEEDS_CONNECTION',
    `Revision "${revision.id}" ("${revision.file ?? ''}") awaits a result, and there is no connection.`,
    { hint: 'Guard that part with "if (!op.offline)", or run the upgrade on a database.' },
  );
  let isStopped = false;
  const sink = {
    record: (operation: Operation): void => {
      // What comes behind an answer may depend on it.
      if (!isStopped) origins.push({ operation, at: null, isAutocommit });
    },
    flush: (): Promise<never> => {
      isStopped = true;
      return Promise.reject(problem);
    },
    setAutocommit: (isOn: boolean): void => {
      isAutocommit = isOn;
    },
  };
  let isConditional = false;
  const op = new Operations(sink, { offline: source.offline ?? true, context: source.context ?? EMPTY_CONTEXT });
  for (const [key, value] of [
    ['offline', op.offline],
    ['context', op.context],
  ] as const) {
    const get = (): unknown => {
      isConditional = true;
      return value;
    };
    Object.defineProperty(op, key, { get });
  }
  try {
    await run(op);
  } catch (error) {
    if (!isStopped) throw error;
  }
  return { origins, isTransactional, isConditional, problem: isStopped ? problem : null };
}

/** The mysql client would cut the body of a trigger or function at its semicolons. */
function terminate(sql: string, dialect: Dialect): string {
  const isMysql = dialect.name === 'mysql' || dialect.name === 'mariadb';
  const needsDelimiter =
    isMysql && sql.includes(';') && tokenizeSql(sql, dialect.name).some(({ text }) => text === ';');
  return needsDelimiter ? `DELIMITER ;;\n${sql};;\nDELIMITER ;` : `${sql};`;
}

function printable(
  statement: { readonly sql: string; readonly params?: readonly unknown[] },
  operation: Operation,
): string {
  if ((statement.params ?? []).length === 0) return statement.sql;
  throw new AludelError(
    'ALUDEL_NEEDS_CONNECTION',
    `To ${describe(operation)} parameters have to be bound, which only a connection can do.`,
    { hint: 'Write the values into the SQL, or run the upgrade on a database.' },
  );
}

function rowStatements(rows: readonly RowChange[], dialect: Dialect, names: OwnTables): string[] {
  const table = dialect.quoteTable({ namespace: names.namespace, name: names.version });
  const literal: Dialect = {
    ...dialect,
    placeholder: (index) => `\0${index}\0`,
  };
  return rows.map((change) => {
    const { sql, params } = rowChangeSql(literal, table, change);
    const value = (index: number): string =>
      dialect.renderExpression({ kind: 'literal', value: params[index - 1] ?? null });
    return `${sql.replace(/\0(\d+)\0/g, (_, index: string) => value(Number(index)))};`;
  });
}
