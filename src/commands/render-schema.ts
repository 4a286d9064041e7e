/** A schema as text that people read and compare: the statements that would create it. */
import { compareSchemas } from '../autogenerate/compare/compare-schemas.js';
import type { Dialect } from '../dialects/dialect.js';
import type { ServerVersion } from '../engine/connection.js';
import { apply } from '../operations/apply.js';
import type { Operation } from '../operations/operation.js';
import { EMPTY_SCHEMA, findTable, type Schema, tableKey } from '../schema/table.js';

export interface SchemaTextContext {
  readonly dialect: Dialect;
  readonly server: ServerVersion;
}

/**
 * The CREATE statements of a schema, each followed by an empty line. Tables are in the order of their names, with all of
 * their foreign keys: in the order in which they could run, one new foreign key would move whole tables.
 */
function renderSchema(schema: Schema, { dialect, server }: SchemaTextContext): string {
  let before = EMPTY_SCHEMA;
  const statements: string[] = [];
  for (const operation of readingOrder(schema, dialect)) {
    const compiled = dialect.compile(operation, { server, before });
    statements.push(...compiled.map(({ sql }) => `${sql};\n`));
    before = apply(before, operation);
  }
  return statements.join('\n');
}

function readingOrder(schema: Schema, dialect: Dialect): Operation[] {
  const operations = compareSchemas(EMPTY_SCHEMA, schema, dialect.capabilities);
  const whole = (operation: Operation): Operation => {
    if (operation.kind !== 'createTable') return operation;
    const { source: _source, ...table } = operation.table;
    return { kind: 'createTable', table: { ...table, foreignKeys: findTable(schema, table)?.foreignKeys ?? [] } };
  };
  const ofTables = operations.filter(({ kind }) => kind === 'createTable' || kind === 'createIndex');
  const [first] = ofTables;
  const tables = ofTables.map(whole).toSorted((a, b) => compareText(tableOf(a), tableOf(b)));
  return operations.flatMap((operation) => {
    if (operation === first) return tables;
    const isWritten = operation.kind === 'addConstraint' && operation.constraint.kind === 'foreignKey';
    return ofTables.includes(operation) || isWritten ? [] : [operation];
  });
}

function tableOf(operation: Operation): string {
  if (operation.kind === 'createTable') return tableKey(operation.table);
  return operation.kind === 'createIndex' ? tableKey(operation.table) : '';
}

/** Code-unit order: the same on every machine, unlike a locale's. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the two sides are called in the heading of a difference. */
export interface SchemaNames {
  readonly from: string;
  readonly to: string;
}

/** A unified difference of two schemas; empty where they are the same. */
export async function renderDifference(
  from: Schema,
  to: Schema,
  names: SchemaNames,
  context: SchemaTextContext,
): Promise<string> {
  return (await prepareDifference(from, to, names, context))();
}

/** The same for who may not need it: to compare line by line takes long where much differs. */
export async function prepareDifference(
  from: Schema,
  to: Schema,
  names: SchemaNames,
  context: SchemaTextContext,
): Promise<() => string> {
  const { createTwoFilesPatch } = await import('diff');
  return () => {
    const [before, after] = [renderSchema(from, context), renderSchema(to, context)];
    if (before === after) return '';
    const patch = createTwoFilesPatch(names.from, names.to, before, after, undefined, undefined, { context: 3 });
    return patch.replace(/^=+\n/u, '');
  };
}
