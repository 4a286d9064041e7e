import type { CreateIndex } from '../../operations/operation.js';
import {
  findTable,
  type Index,
  type IndexPart,
  type PrimaryKey,
  type Schema,
  type TableName,
} from '../../schema/table.js';
import type { CompileContext, Statement } from '../dialect.js';
import { commentOnPart } from './comments.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable } from './sql.js';

/** How an index comes and goes. */
export interface IndexManner {
  readonly ifNotExists?: true;
  readonly ifExists?: true;
  readonly concurrently?: true;
}

/** CREATE INDEX, and the comment. https://www.postgresql.org/docs/current/sql-createindex.html */
export function createIndex(table: TableName, index: Index, manner: IndexManner = {}): Statement[] {
  const { name, comment } = index;
  const words = `${manner.concurrently === true ? 'CONCURRENTLY ' : ''}${manner.ifNotExists === true ? 'IF NOT EXISTS ' : ''}`;
  const definition = index.definition ?? indexDefinition(table, index);
  return [
    { sql: definition.replace(/^(CREATE (?:UNIQUE )?INDEX )/, (start) => start + words) },
    ...attachParts(table, index),
    ...(comment === undefined ? [] : [commentOnPart('index', table, name, comment)]),
  ];
}

/** CREATE INDEX CONCURRENTLY leaves an index that is INVALID where it fails: on the next run that one goes first. */
export function createIndexConcurrently(operation: CreateIndex, { before }: CompileContext): Statement[] {
  const { table, index } = operation;
  const isLeftover = findIndex(before, table, index.name)?.invalid === true;
  return [
    ...(isLeftover ? [dropIndex(table, index.name, { concurrently: true, ifExists: true })] : []),
    ...createIndex(table, index, operation),
  ];
}

/** The indexes of partitions become parts of one that was made ON ONLY its table. */
export function attachParts({ namespace }: TableName, { name, only = [] }: PartitionedIndex): Statement[] {
  if (name === null) return [];
  const index = quoteTable({ namespace, name });
  return only.map((part) => ({ sql: `ALTER INDEX ${index} ATTACH PARTITION ${part}` }));
}

type PartitionedIndex = Pick<PrimaryKey, 'name' | 'only'>;

export function dropIndex(table: TableName, name: string, { concurrently, ifExists }: IndexManner): Statement {
  const words = `${concurrently === true ? 'CONCURRENTLY ' : ''}${ifExists === true ? 'IF EXISTS ' : ''}`;
  return { sql: `DROP INDEX ${words}${quoteTable({ namespace: table.namespace, name })}` };
}

function findIndex(schema: Schema | null, table: TableName, name: string): Index | undefined {
  const known = schema === null ? undefined : findTable(schema, table);
  return known?.indexes.find((index) => index.name === name);
}

/** ` WITH (fillfactor = '70') TABLESPACE "fast"`, or nothing. */
export function storageClause(
  { tablespace, ...parameters }: Readonly<Record<string, string>> = {},
  place: 'TABLESPACE' | 'USING INDEX TABLESPACE' = 'TABLESPACE',
): string {
  const options = Object.entries(parameters).map(([key, value]) => `${key} = ${quoteString(value)}`);
  const where = tablespace === undefined ? '' : ` ${place} ${quoteIdentifier(tablespace)}`;
  return `${options.length === 0 ? '' : ` WITH (${options.join(', ')})`}${where}`;
}

function indexDefinition(table: TableName, index: Index): string {
  const { include, nullsNotDistinct, storage } = index;
  const unique = index.unique ? 'UNIQUE ' : '';
  const method = index.method === null ? '' : ` USING ${index.method}`;
  const parts = index.parts.map(partDefinition).join(', ');
  const clauses = [
    `CREATE ${unique}INDEX ${quoteIdentifier(index.name)} ON ${index.only === undefined ? '' : 'ONLY '}${quoteTable(table)}${method} (${parts})`,
    include === undefined ? '' : ` INCLUDE (${quoteList(include)})`,
    nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : '',
    storageClause(storage),
    index.where === null ? '' : ` WHERE ${render(index.where)}`,
  ];
  return clauses.join('');
}

export function partDefinition({ expression, descending, nulls, opclass, collation }: IndexPart): string {
  return [
    expression.kind === 'column' ? quoteIdentifier(expression.name) : `(${render(expression)})`,
    collation === undefined ? '' : ` COLLATE ${collation}`,
    opclass === undefined ? '' : ` ${opclass}`,
    descending ? ' DESC' : '',
    nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`,
  ].join('');
}
