/** What goes into columns that become required while there are rows: asked of the database, the caller and a person. */
import { addBackfills, parseValue } from '../autogenerate/backfills/add-backfills.js';
import { findRequiredColumns, type RequiredColumn } from '../autogenerate/backfills/find-backfills.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { AddColumn, AlterColumn, Operation } from '../operations/operation.js';
import type { Expression } from '../schema/expressions/expression.js';
import type { Column, Schema } from '../schema/table.js';

export interface BackfillOptions {
  /** Values for columns that become required, as SQL: `users.name=''`, `app.users.created_at=now()`. */
  readonly backfills?: readonly string[] | undefined;
  /** Asked for the value of a column that has none; gives SQL. Without it such a column is an error. */
  readonly onBackfill?: ((question: BackfillQuestion) => Promise<string>) | undefined;
}

export interface BackfillQuestion {
  /** `users.name`. */
  readonly column: string;
  /** Rows that would have no value. */
  readonly rows: number;
  /** SQL of a value that the column takes; null where none comes to mind. */
  readonly suggestion: string | null;
}

/** Where rows are counted. */
export interface LiveDatabase {
  readonly connection: Connection;
  readonly dialect: Dialect;
}

/**
 * The operations, with a step that fills the rows: by the values that are given and, where a database has rows without
 * one, by those that are asked for. `from` is the schema that the operations begin with.
 * @throws AludelError ALUDEL_BACKFILL_UNANSWERED where a value is missing; ALUDEL_USAGE for an answer that names nothing.
 */
export async function decideBackfills(
  operations: readonly Operation[],
  { backfills = [], onBackfill }: BackfillOptions,
  live: LiveDatabase | null,
  from: Schema,
): Promise<readonly Operation[]> {
  const required = findRequiredColumns(operations);
  const answers = parseAnswers(backfills, required);
  const values = new Map<AddColumn | AlterColumn, Expression>();
  const questions: BackfillQuestion[] = [];
  for (const column of required) {
    const given = answers.get(column.name);
    // Other databases may have rows where this one has none.
    if (given !== undefined) values.set(column.operation, parseValue(given));
    if (given !== undefined || live === null) continue;
    const rows = await countRows(column, live);
    if (rows === 0) continue;
    const question = { column: column.name, rows, suggestion: suggest(column.column) };
    const answer = await onBackfill?.(question);
    if (answer === undefined) questions.push(question);
    else values.set(column.operation, parseValue(answer));
  }
  if (questions.length > 0) throw unanswered(questions);
  return addBackfills(operations, values, from);
}

function parseAnswers(texts: readonly string[], required: readonly RequiredColumn[]): Map<string, string> {
  const answers = new Map<string, string>();
  for (const text of texts) {
    const [name = '', ...value] = text.split('=');
    const sql = value.join('=').trim();
    if (sql === '') {
      throw new AludelError('ALUDEL_USAGE', `"${text}" is no value for a column.`, {
        hint: `Write the column and SQL: --backfill users.name="''".`,
      });
    }
    if (!required.some((column) => column.name === name.trim())) {
      const names = required.map((column) => column.name).join(', ') || 'none does';
      throw new AludelError('ALUDEL_USAGE', `No column "${name.trim()}" becomes required here (${names}).`, {
        hint: 'Leave out this --backfill, or correct its name.',
      });
    }
    answers.set(name.trim(), sql);
  }
  return answers;
}

async function countRows({ table, existing }: RequiredColumn, { connection, dialect }: LiveDatabase): Promise<number> {
  const where = existing === null ? '' : ` WHERE ${dialect.quoteIdentifier(existing)} IS NULL`;
  const { rows } = await connection.execute(`SELECT count(*) AS found FROM ${dialect.quoteTable(table)}${where}`);
  return Number(rows[0]?.['found'] ?? 0);
}

function suggest({ type, default: value }: Column): string | null {
  if (value?.kind === 'literal' && typeof value.value === 'number') return String(value.value);
  switch (type.kind) {
    case 'char':
    case 'varchar':
    case 'text':
      return "''";
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'numeric':
      return '0';
    case 'boolean':
      return 'false';
    case 'date':
      return 'CURRENT_DATE';
    case 'timestamp':
      return 'CURRENT_TIMESTAMP';
    case 'json':
    case 'jsonb':
      return "'{}'";
    case 'enum':
      return type.values[0] === undefined ? null : `'${type.values[0].replaceAll("'", "''")}'`;
    default:
      return null;
  }
}

function unanswered(questions: readonly BackfillQuestion[]): AludelError {
  const list = questions.map(({ column, rows }) => `"${column}" (${rows} ${rows === 1 ? 'row' : 'rows'})`).join(', ');
  const flags = questions.map(({ column, suggestion }) => `--backfill ${column}="${suggestion ?? 'SQL'}"`).join(' ');
  return new AludelError(
    'ALUDEL_BACKFILL_UNANSWERED',
    `${questions.length === 1 ? 'A column becomes' : 'Columns become'} required and rows have no value for ${questions.length === 1 ? 'it' : 'them'}: ${list}.`,
    {
      hint: `Say what to fill in, as SQL: ${flags}. Or give the model a serverDefault().`,
      details: { questions },
    },
  );
}
