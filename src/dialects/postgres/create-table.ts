import { isHeir } from '../../operations/inheritance.js';
import { isMadeAlone } from '../../operations/partition-parts.js';
import { parsePartitionOf } from '../../schema/partition-of.js';
import type { Column, Constraint, Generation, Identity, Table } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import type { ServerVersion } from '../../engine/connection.js';
import type { Statement } from '../dialect.js';
import { commentOnColumn, commentOnTable, commentsOfIdentity } from './comments.js';
import { addConstraint, commentOnConstraint, constraintDefinition, isNotValid } from './constraints.js';
import { createIndex } from './indexes.js';
import { render } from './expressions.js';
import { addNotNull, isNotNullLater, notNullClause, tableNotNull, withNotNullName } from './not-null.js';
import { quoteIdentifier, quoteTable, quoteCollation } from './sql.js';
import { createClauses, optionsAfterCreate, setTableOptions } from './table-options.js';
import { renderType } from './types.js';

/** CREATE TABLE, its indexes and comments. https://www.postgresql.org/docs/current/sql-createtable.html */
export function compileCreateTable(
  table: Table,
  manner: { readonly ifNotExists?: true } = {},
  server?: ServerVersion,
): Statement[] {
  const { partitionOf } = table.options;
  const isAttached = isMadeAlone(table);
  const isPartition = partitionOf !== undefined && !isAttached;
  const constraints = constraintsOf(table).filter(({ inherited }) => inherited !== true || !isPartition);
  const clauses = createClauses(table.options);
  const words = manner.ifNotExists === true ? 'IF NOT EXISTS ' : '';
  const isOver = isPartition ? isOverRequired : isOverInherited;
  // CREATE TABLE takes NOT VALID for a word without meaning, and makes one constraint of two keys that say the same.
  const isLater = (known: Constraint): boolean =>
    isNotValid(known) || 'only' in known || repeatsKey(known, constraints) || isOver(known, table);
  const [later, inside] = [constraints.filter(isLater), constraints.filter((known) => !isLater(known))];
  // The server gives a name that no other constraint has, and former partitions keep those that they had from their table.
  const named =
    table.options['partitionBy'] === undefined
      ? table.columns
      : table.columns.map((column) => withNotNullName(column, table));
  const [overrides, own] = [named.filter(isInherited), named.filter((column) => !isInherited(column))];
  const columns = isPartition ? table.columns.flatMap(ownParts) : own.map(columnDefinition);
  const required = overrides.filter((column) => !column.nullable && !isNotNullLater(column));
  const isNamed = server === undefined || server.major >= 18;
  const lines = [...columns, ...(isNamed ? required.map(tableNotNull) : []), ...inside.map(constraintDefinition)];
  const body = lines.length === 0 ? (isPartition ? '' : '()') : `(\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`;
  return [
    {
      sql: `CREATE ${clauses.before}TABLE ${words}${quoteTable(table)} ${partitionClause(isPartition ? partitionOf : undefined, body)}${clauses.after}`,
    },
    ...overrides.flatMap((column) => overrideDefault(table, column)),
    ...(isNamed ? [] : required.map((column) => alterInherited(table, column, 'SET NOT NULL'))),
    ...table.columns.filter(isNotNullLater).map((column) => addNotNull(table, column)),
    ...later.flatMap((constraint) => addConstraint(table, constraint)),
    ...table.indexes
      .filter(({ inherited }) => inherited !== true || isAttached)
      .flatMap((index) => createIndex(table, index, manner)),
    ...(table.comment === null ? [] : [commentOnTable(table, table.comment)]),
    ...table.columns.flatMap((column) => [
      ...(column.comment === null ? [] : [commentOnColumn(table, column.name, column.comment)]),
      ...commentsOfIdentity(table, column.name, column.generation),
    ]),
    ...inside.flatMap((constraint) => commentOnConstraint(table, constraint)),
    ...optionsAfterCreate(table),
    ...(isAttached ? setTableOptions({ table, changes: { partitionOf: partitionOf ?? null }, existing: null }) : []),
  ];
}

function isInherited({ inherited }: Column): boolean {
  return inherited === true;
}

/** The server makes NOT NULL of the table's own beside a key in CREATE TABLE, and leaves it to the other table behind that. */
function isOverInherited(constraint: Constraint, table: Table): boolean {
  if (constraint.kind !== 'primaryKey' || !isHeir(table)) return false;
  return !constraint.columns.every((name) =>
    table.columns.some((column) => column.name === name && !isInherited(column)),
  );
}

/** The same for a partition: the NOT NULL that it has from its table bears that table's name. */
function isOverRequired(constraint: Constraint, { columns }: Table): boolean {
  if (constraint.kind !== 'primaryKey') return false;
  return columns.some(({ name, notNullName }) => notNullName !== undefined && constraint.columns.includes(name));
}

function overrideDefault(table: Table, column: Column): Statement[] {
  return column.default === null ? [] : [alterInherited(table, column, `SET DEFAULT ${render(column.default)}`)];
}

function alterInherited(table: Table, column: Column, action: string): Statement {
  return { sql: `ALTER TABLE ONLY ${quoteTable(table)} ALTER COLUMN ${quoteIdentifier(column.name)} ${action}` };
}

/** True for a unique over the columns of the primary key or of a unique before it. */
function repeatsKey(constraint: Constraint, all: readonly Constraint[]): boolean {
  if (constraint.kind !== 'unique') return false;
  return all
    .slice(0, all.indexOf(constraint))
    .some(
      (other) =>
        (other.kind === 'primaryKey' || other.kind === 'unique') &&
        other.columns.join('\0') === constraint.columns.join('\0'),
    );
}

/**
 * What a partition says of a column: each has a default of its own, the table's or another one. A NOT NULL that it has from its
 * table bears the table's name; its own bears that of the partition.
 */
function ownParts({ name, default: value, nullable, notNullName }: Column): string[] {
  const parts = [
    ...(value === null ? [] : [`DEFAULT ${render(value)}`]),
    ...(nullable || notNullName !== undefined ? [] : ['NOT NULL']),
  ];
  return parts.length === 0 ? [] : [`${quoteIdentifier(name)} ${parts.join(' ')}`];
}

/** `PARTITION OF "events" (...) FOR VALUES ...`; other tables are what stands in the parentheses. */
function partitionClause(partitionOf: string | boolean | undefined, body: string): string {
  if (partitionOf === undefined) return body;
  const { parent, bound } = parsePartitionOf(String(partitionOf));
  return `PARTITION OF ${parent} ${body === '' ? '' : `${body} `}${bound}`;
}

export function columnDefinition(column: Column): string {
  const { generation, generated, collation } = column;
  // VIRTUAL: PostgreSQL 18.
  const storage = generated?.stored === false ? 'VIRTUAL' : 'STORED';
  return [
    quoteIdentifier(column.name),
    generation?.kind === 'serial' ? serialType(column) : renderType(column.type),
    collation === null ? '' : `COLLATE ${quoteCollation(collation)}`,
    generated === null ? '' : `GENERATED ALWAYS AS (${render(generated.expression)}) ${storage}`,
    generationClause(generation),
    column.default === null ? '' : `DEFAULT ${render(column.default)}`,
    column.nullable || isNotNullLater(column) ? '' : notNullClause(column),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function generationClause(generation: Generation | null): string {
  if (generation === null || generation.kind === 'serial') return '';
  return `GENERATED ${identityClause(generation)}`;
}

/** `BY DEFAULT AS IDENTITY (START WITH 100)`; what counts up elsewhere is an identity column here. */
export function identityClause(generation: Generation): string {
  if (generation.kind !== 'identity') return 'BY DEFAULT AS IDENTITY';
  const { always } = generation;
  const options = sequenceOptions(generation);
  const list = options.length === 0 ? '' : ` (${options.join(' ')})`;
  return `${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${list}`;
}

function sequenceOptions(identity: Identity): string[] {
  const { start, increment, min, max, cache, cycle, sequence } = identity;
  return [
    sequence === undefined ? '' : `SEQUENCE NAME ${quoteIdentifier(sequence)}`,
    increment === null ? '' : `INCREMENT BY ${increment}`,
    min === null ? '' : `MINVALUE ${min}`,
    max === null ? '' : `MAXVALUE ${max}`,
    start === null ? '' : `START WITH ${start}`,
    cache === null ? '' : `CACHE ${cache}`,
    cycle ? 'CYCLE' : '',
  ].filter((option) => option !== '');
}

function serialType(column: Column): string {
  const names: Readonly<Record<string, string>> = { smallint: 'smallserial', bigint: 'bigserial' };
  return names[column.type.kind] ?? 'serial';
}
