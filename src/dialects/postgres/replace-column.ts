import type { Column, Table, TableName } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { commentOnColumn } from './comments.js';
import { addConstraint } from './constraints.js';
import { columnDefinition } from './create-table.js';
import { createIndex } from './indexes.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { renderType } from './types.js';

/** What has to happen before a change, and what puts things back afterwards. */
export interface Detour {
  readonly off: readonly Statement[];
  readonly on: readonly Statement[];
}

/**
 * A computed column is made anew: its values are in other columns. DROP COLUMN takes everything that mentions it along,
 * so that is taken off and put back. Only PostgreSQL 17 and newer can change an expression in place.
 */
export function replaceColumn(name: TableName, from: Column, to: Column, live: Table | undefined): Statement[] {
  const { off, on } = detour(name, from, to, live);
  return [...off, ...on];
}

/**
 * A computed column becomes a plain one that holds what was computed: one that is computed when it is read, and any on
 * PostgreSQL 12, which has no DROP EXPRESSION, get the
 * values from a copy beside it. The default is that of the operation, which comes afterwards.
 */
export function fixComputed(name: TableName, from: Column, live: Table | undefined): Statement[] {
  const plain = { ...from, generated: null, default: null };
  const { off, on } = detour(name, from, { ...plain, nullable: true }, live);
  const [add, ...rest] = on;
  if (add === undefined) return [];
  const table = quoteTable(name);
  const [column, copy] = [quoteIdentifier(from.name), quoteIdentifier(`aludel_${from.name}`.slice(0, 63))];
  return [
    { sql: `ALTER TABLE ${table} ADD COLUMN ${copy} ${renderType(from.type)}` },
    { sql: `UPDATE ${table} SET ${copy} = ${column}` },
    ...off,
    add,
    { sql: `UPDATE ${table} SET ${column} = ${copy}` },
    { sql: `ALTER TABLE ${table} DROP COLUMN ${copy}` },
    ...(from.nullable ? [] : [{ sql: `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL` }]),
    ...rest,
  ];
}

/** Columns computed from others stand in the way of new types for these. */
export function takeOffComputed(table: Table, columns: readonly string[]): Detour {
  const computed = table.columns.filter(
    ({ generated }) => generated !== null && columns.some((name) => render(generated.expression).includes(name)),
  );
  const detours = computed.map((known) => detour(table, known, known, table));
  return { off: detours.flatMap(({ off }) => off), on: detours.flatMap(({ on }) => on) };
}

function detour(name: TableName, from: Column, to: Column, live: Table | undefined): Detour {
  const indexes = live?.indexes.filter((index) => mentions(index, from.name)) ?? [];
  const constraints =
    live === undefined ? [] : constraintsOf(live).filter((constraint) => mentions(constraint, from.name));
  const table = quoteTable(name);
  const off = [
    ...indexes.map((index) => ({ sql: `DROP INDEX ${quoteTable({ namespace: name.namespace, name: index.name })}` })),
    ...constraints.map(({ name: constraint }) => ({
      sql: `ALTER TABLE ${table} DROP CONSTRAINT ${quoteIdentifier(constraint ?? '')}`,
    })),
    { sql: `ALTER TABLE ${table} DROP COLUMN ${quoteIdentifier(from.name)}` },
  ];
  const on = [
    { sql: `ALTER TABLE ${table} ADD COLUMN ${columnDefinition(to)}` },
    ...(to.comment === null ? [] : [commentOnColumn(name, to.name, to.comment)]),
    ...constraints.flatMap((constraint) => addConstraint(name, constraint)),
    ...indexes.flatMap((index) => createIndex(name, index)),
  ];
  return { off, on };
}

/** Whatever might mention the column: to take off and put back one part too many does no harm. */
function mentions(part: Table['indexes'][number] | ReturnType<typeof constraintsOf>[number], column: string): boolean {
  if ('parts' in part) {
    const texts = [part.definition ?? '', part.where === null ? '' : render(part.where)];
    return [...texts, ...part.parts.map(({ expression }) => render(expression))].some((text) => text.includes(column));
  }
  switch (part.kind) {
    case 'check':
      return render(part.expression).includes(column);
    case 'exclusion':
      return part.elements.some(({ expression }) => render(expression).includes(column));
    default:
      return part.columns.includes(column);
  }
}
