/** The SQL of a run that has no connection: the same operations, the same compiler, printed instead of sent. */
import type { CompileContext, Dialect, Statement } from '../dialects/dialect.js';
import type { DialectName, TransactionMode } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import { type OperationMethods, Operations } from '../operations/recorder.js';
import type { RevisionGraph } from '../revisions/graph.js';
import { planUpgrade } from '../revisions/plan.js';
import type { Revision } from '../revisions/revision.js';
import type { RevisionStep, RowChange, StampStep } from '../revisions/steps.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';
import { callSite } from './call-site.js';
import { bindHost } from './revision-host.js';
import { EMPTY_CONTEXT, type RunContext } from '../util/run-context.js';
import {
  compileGroup,
  groupOperations,
  placeOperations,
  splitByAutocommit,
  type StatementOrigin,
} from './operation-groups.js';
import { delimit, printStatement } from './print-statement.js';
import type { RunExtensions } from './run-extensions.js';
import { autocommitInRun, noTransactionInRun } from './refuse-outside-run.js';
import { type ImportModule, loadRevisionScript } from './revision-module.js';
import { givesRowsOnce, readsAlone } from './statement-kind.js';
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
  /** How far one transaction reaches. */
  readonly transaction: TransactionMode;
  readonly extensions: RunExtensions | null;
}

/** The SQL script of the steps; deterministic. */
export async function printSql(request: OfflineRequest): Promise<string> {
  const { names, extensions, transaction } = request;
  const dialect = extensions?.extend(request.dialect) ?? request.dialect;
  const recordings: StepRecording[] = [];
  for (const step of request.steps) {
    const recording = await recordStep(step, { ...request, methods: extensions?.methods, rowsIn: dialect.name });
    if (recording.problem !== null) throw recording.problem;
    recordings.push({ step, ...recording });
  }
  const lines: string[] = [];
  if (request.from.length === 0) lines.push(...createTableLines(dialect, names));
  let schema = await replay(request);
  const applyOne = (known: Schema, operation: Operation): Schema =>
    extensions?.apply(known, operation) ?? apply(known, operation);
  const isAtOnce = transaction === 'run' && dialect.capabilities.transactionalDdl && recordings.length > 0;
  if (isAtOnce) refuseOutsideRun(recordings);
  const { oneWriter } = dialect.capabilities;
  const needsForeignKeysOff = ({ origins }: StepRecording): boolean =>
    origins.some(({ operation }) => dialect.needsForeignKeysOff(operation));
  const isRunWithoutForeignKeys = isAtOnce && recordings.some(needsForeignKeysOff);
  if (transaction === 'run' && !isAtOnce) lines.push(`-- ${dialect.name} commits each DDL statement by itself.`, '');
  if (isRunWithoutForeignKeys) lines.push('PRAGMA foreign_keys = OFF;');
  if (isAtOnce) lines.push('BEGIN;', '');
  for (const recording of recordings) {
    const { step } = recording;
    const origins = placeOperations(recording.origins, dialect, true);
    const withoutForeignKeys = !isAtOnce && needsForeignKeysOff(recording);
    const isTransactional =
      dialect.capabilities.transactionalDdl && recording.isTransactional && transaction === 'revision';
    // A table that is rebuilt takes several statements.
    const guardsGroups = !isAtOnce && !isTransactional && dialect.groups !== undefined;
    const arrow = step.direction === 'upgrade' ? '->' : '<-';
    lines.push(`-- ${step.direction}: ${step.revision.down.join(', ') || 'base'} ${arrow} ${step.revision.id}`);
    if (withoutForeignKeys) lines.push('PRAGMA foreign_keys = OFF;');
    const parts = splitByAutocommit(origins);
    const leaves = (part: readonly StatementOrigin[] | undefined): boolean =>
      isTransactional && !oneWriter && part?.[0]?.isAutocommit === true;
    if (isTransactional && !leaves(parts[0])) lines.push('BEGIN;');
    for (const part of parts) {
      const isOutside = leaves(part);
      if (isOutside && part !== parts[0]) lines.push('COMMIT;');
      for (const { origin, operations: group } of groupOperations(part, dialect)) {
        const context: CompileContext = { server: dialect.assumedServer, before: schema };
        const statements = compileGroup(group, dialect, context).map((statement) =>
          delimit(printable(statement, origin.operation, dialect), dialect),
        );
        const isGuarded = guardsGroups && statements.length > 1;
        lines.push(...(isGuarded ? ['BEGIN;', ...statements, 'COMMIT;'] : statements));
        schema = group.reduce(applyOne, schema);
      }
      if (isOutside) lines.push('BEGIN;');
    }
    lines.push(...rowStatements(step.rows, dialect, names));
    if (withoutForeignKeys) lines.push('PRAGMA foreign_key_check;');
    if (isTransactional) lines.push('COMMIT;');
    if (withoutForeignKeys) lines.push('PRAGMA foreign_keys = ON;');
    lines.push('');
  }
  if (isRunWithoutForeignKeys) lines.push('PRAGMA foreign_key_check;');
  if (isAtOnce) lines.push('COMMIT;');
  if (isRunWithoutForeignKeys) lines.push('PRAGMA foreign_keys = ON;');
  if (isAtOnce) lines.push('');
  return lines.join('\n');
}

/** What a step records. */
export interface StepRecording extends Recording {
  readonly step: RevisionStep;
}

/** @throws AludelError ALUDEL_TRANSACTION_MODE naming the revisions that cannot be in one transaction. */
export function refuseOutsideRun(recordings: readonly StepRecording[]): void {
  const outside = recordings.filter(({ isTransactional }) => !isTransactional);
  if (outside.length > 0) throw noTransactionInRun(outside.map(({ step }) => step));
  const leaving = recordings.filter(({ origins }) => origins.some(({ isAutocommit }) => isAutocommit));
  if (leaving.length > 0) throw autocommitInRun(leaving.map(({ step }) => step));
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
    const { extensions } = request;
    const source = { ...request, methods: extensions?.methods, rowsIn: request.dialect.name };
    const operations = await recordOperations(revision, 'upgrade', source);
    schema = operations.reduce(
      (known, operation) => extensions?.apply(known, operation) ?? apply(known, operation),
      schema,
    );
  }
  return schema;
}

/** How revisions are loaded to be recorded, and what they read as `op.context`. */
export interface RevisionSource {
  readonly importModule: ImportModule;
  readonly context?: RunContext;
  /** What `op.offline` says. Default: true. */
  readonly offline?: boolean;
  /** What plugins add to `op`. Default: nothing. */
  readonly methods?: OperationMethods | undefined;
  /** Where `op.db` writes changes of rows down in the SQL of this dialect. Default: it needs a connection. */
  readonly rowsIn?: DialectName | undefined;
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

/** What a step records without a connection, as far as that can be told. */
export function recordStep({ revision, direction }: RevisionStep, source: RevisionSource): Promise<Recording> {
  return record(revision, direction, source);
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
  /** What comes behind an answer may depend on it: nothing is recorded any more. */
  let problem: AludelError | null = null;
  const sink = {
    record: (operation: Operation): void => {
      if (problem === null) origins.push({ operation, at: null, isAutocommit });
    },
    flush: (): Promise<never> => {
      problem ??= needsConnection(revision, null);
      return Promise.reject(problem);
    },
    setAutocommit: (isOn: boolean): void => {
      isAutocommit = isOn;
    },
  };
  let isConditional = false;
  const { offline = true, context = EMPTY_CONTEXT, methods = {} } = source;
  const op = new Operations(sink, {
    get offline() {
      isConditional = true;
      return offline;
    },
    get context() {
      isConditional = true;
      return context;
    },
    methods,
  });
  const refuse = (at: string | null): AludelError => {
    problem = needsConnection(revision, at);
    return problem;
  };
  bindHost(op, {
    refuse,
    dialect: source.rowsIn ?? null,
    write: (sql, params, at) => {
      if (problem !== null || isAnswered(sql, source.rowsIn)) throw refuse(at);
      origins.push({ operation: { kind: 'execute', sql, params, reverse: null }, at, isAutocommit });
    },
    locate: () => callSite(revision.file ?? ''),
    kept: new Map(),
  });
  try {
    await run(op);
  } catch (error) {
    if (problem === null) throw error;
  }
  return { origins, isTransactional, isConditional, problem };
}

/** True for a statement that is sent for what it gives. */
function isAnswered(sql: string, dialect: DialectName | undefined): boolean {
  return dialect === undefined || readsAlone(sql, dialect) || givesRowsOnce(sql);
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

function printable(statement: Statement, operation: Operation, dialect: Dialect): string {
  const printed = printStatement(statement, dialect);
  if (printed !== null) return printed;
  throw new AludelError(
    'ALUDEL_NEEDS_CONNECTION',
    `To ${describe(operation)} parameters have to be bound, which only a connection can do.`,
    { hint: 'Write arrays and objects as text, or run the upgrade on a database.' },
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
