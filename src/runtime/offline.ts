/** The SQL of a run that has no connection: the same operations, the same compiler, printed instead of sent. */
import type { CompileContext, Dialect, Statement } from '../dialects/dialect.js';
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
import { callSite } from './call-site.js';
import { compileGroup, groupOperations, splitByAutocommit, type StatementOrigin } from './operation-groups.js';
import { bindHost } from './revision-host.js';
import { type ImportModule, loadRevisionScript } from './revision-module.js';
import { createOwnTable, ownTables, type OwnTables, rowChangeSql } from './version-table.js';

export interface OfflineRequest {
  readonly dialect: Dialect;
  readonly graph: RevisionGraph;
  readonly names: OwnTables;
  readonly importModule: ImportModule;
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
    const recording = await record(step.revision, step.direction, request.importModule);
    if (recording.problem !== null) throw recording.problem;
    const { origins } = recording;
    const withoutForeignKeys = origins.some(({ operation }) => dialect.needsForeignKeysOff(operation));
    const isTransactional = dialect.capabilities.transactionalDdl && recording.isTransactional;
    const guardsGroups = !isTransactional && dialect.name === 'sqlite';
    const arrow = step.direction === 'upgrade' ? '->' : '<-';
    lines.push(`-- ${step.direction}: ${step.revision.down.join(', ') || 'base'} ${arrow} ${step.revision.id}`);
    if (withoutForeignKeys && dialect.name === 'sqlite') lines.push('PRAGMA foreign_keys = OFF;');
    if (isTransactional) lines.push('BEGIN;');
    for (const part of splitByAutocommit(origins)) {
      const isOutside = isTransactional && dialect.name !== 'sqlite' && part[0]?.isAutocommit === true;
      if (isOutside) lines.push('COMMIT;');
      for (const { origin, operations: group } of groupOperations(part, dialect)) {
        const context: CompileContext = { server: dialect.assumedServer, before: schema };
        const statements = compileGroup(group, dialect, context).map(
          (statement) => `${printable(statement, origin.operation)};`,
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
    const operations = await recordOperations(revision, 'upgrade', request.importModule);
    schema = operations.reduce(apply, schema);
  }
  return schema;
}

/**
 * The operations of a revision, recorded without a connection.
 * @throws AludelError ALUDEL_NEEDS_CONNECTION when the revision reads from the database.
 */
export async function recordOperations(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  importModule: ImportModule,
): Promise<readonly Operation[]> {
  const { origins, problem } = await record(revision, direction, importModule);
  if (problem !== null) throw problem;
  return origins.map(({ operation }) => operation);
}

/** The operations as far as they can be told without a connection; `offline` is what `op.offline` says meanwhile. */
export async function recordAsFarAsPossible(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  importModule: ImportModule,
  { offline = true }: { readonly offline?: boolean } = {},
): Promise<{ readonly operations: readonly Operation[]; readonly isComplete: boolean }> {
  const { origins, problem } = await record(revision, direction, importModule, offline);
  return { operations: origins.map(({ operation }) => operation), isComplete: problem === null };
}

interface Recording {
  readonly origins: readonly StatementOrigin[];
  readonly isTransactional: boolean;
  /** Why the recording ends before the revision does. */
  readonly problem: AludelError | null;
}

async function record(
  revision: Revision,
  direction: 'upgrade' | 'downgrade',
  importModule: ImportModule,
  offline = true,
): Promise<Recording> {
  const { run, isTransactional } = await loadRevisionScript(revision, direction, importModule);
  const origins: StatementOrigin[] = [];
  let isAutocommit = false;
  let problem = needsConnection(revision, null);
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
  const op = new Operations(sink, { offline });
  bindHost(op, () => {
    isStopped = true;
    const at = callSite(revision.file ?? '');
    problem = needsConnection(revision, at);
    return problem;
  });
  try {
    await run(op);
  } catch (error) {
    if (!isStopped) throw error;
  }
  return { origins, isTransactional, problem: isStopped ? problem : null };
}

function needsConnection({ id, file }: Revision, at: string | null): AludelError {
  return new AludelError(
    'ALUDEL_NEEDS_CONNECTION',
    at === null
      ? `Revision "${id}" ("${file ?? ''}") awaits a result, and there is no connection.`
      : `Revision "${id}" reads or writes rows at ${at}, and there is no connection.`,
    {
      hint: 'Guard that part with "if (!op.offline)", or run the upgrade on a database.',
      details: { revision: id, file, at },
    },
  );
}

function printable(statement: Statement, operation: Operation): string {
  if ((statement.params ?? []).length === 0) return statement.sql;
  if (statement.printed !== undefined) return statement.printed;
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
