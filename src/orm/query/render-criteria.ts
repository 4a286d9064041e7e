/** The text of UPDATE and DELETE by criteria. */
import { Expr, isExpr } from '../../schema/expressions/expr.js';
import { leavesOf, rawSql } from '../../schema/expressions/expression.js';
import type { Values } from '../loading/select-text.js';
import type { SqlText } from '../loading/sql-text.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { renderExtra } from '../unit-of-work/update-rows.js';
import { renderConditions } from './render-select.js';
import { assign, scopeOf, type WriteTable } from './write-table.js';
import type { CriteriaParts } from './write.js';

/** The statement without what it gives back. */
export function renderChange(
  text: SqlText,
  parts: CriteriaParts,
  table: WriteTable,
  sets: Map<ColumnMap, unknown> | undefined,
  hasQuery: boolean,
): string {
  const name = text.dialect.quoteTable(table.part.tableName);
  if (sets !== undefined && text.dialect.rules.syntax.queriedValues !== undefined) {
    const asked = [...sets].filter(([, value]) => isExpr(value) && asksQuery(value)) as [ColumnMap, Expr<unknown>][];
    if (asked.length > 0) return renderJoined(text, parts, table, sets, asked);
  }
  const verb =
    sets === undefined ? `DELETE FROM ${name}` : `UPDATE ${name} SET ${renderSets(text, parts, table, sets)}`;
  const where = renderWhere(text, parts, table, hasQuery);
  return `${verb}${where === '' ? '' : ` WHERE ${where}`}`;
}

/**
 * An update to what queries give: their values are worked out first, beside the keys. DISTINCT, which drops nothing, keeps MySQL
 * from taking the inner query apart, and reading the table after all.
 */
function renderJoined(
  text: SqlText,
  parts: CriteriaParts,
  table: WriteTable,
  sets: Map<ColumnMap, unknown>,
  asked: readonly (readonly [ColumnMap, Expr<unknown>])[],
): string {
  const { keys, tableName } = table.part;
  const name = text.dialect.quoteTable(tableName);
  const scope = scopeOf(text, parts);
  // Parameters are bound in the order of the text, and FROM stands behind SET.
  const matched = (): string => {
    const wanted = [...keys.map((key) => text.name(key)), ...asked.map(([, value]) => scope.write(value))];
    const named = wanted.map((sql, i) => `${sql} AS matched${i + 1}`).join(', ');
    return `(SELECT DISTINCT ${named} FROM ${renderSource(text, parts, table)}) AS matched`;
  };
  const on = keys.map((key, i) => `${name}.${text.name(key)} = matched${i + 1}`).join(' AND ');
  const given = asked.map(([column], i): [ColumnMap, unknown] => [
    column,
    new Expr(rawSql(`matched${keys.length + i + 1}`)),
  ]);
  const set = (): string => `SET ${renderSets(text, parts, table, new Map([...sets, ...given]))}`;
  const isJoin = text.dialect.rules.syntax.queriedValues === 'JOIN';
  return isJoin
    ? `UPDATE ${name} JOIN ${matched()} ON ${on} ${set()}`
    : `UPDATE ${name} ${set()} FROM ${matched()} WHERE ${on}`;
}

/** True where a condition or value is a query, or holds one. */
export function asksQuery({ node }: Expr<unknown>): boolean {
  return leavesOf(node).some(({ kind }) => kind === 'query');
}

function renderSets(text: SqlText, parts: CriteriaParts, { part }: WriteTable, sets: Map<ColumnMap, unknown>): string {
  const scope = scopeOf(text, parts);
  const version = part.version !== undefined && sets.has(part.version) ? undefined : part.version;
  return [
    ...[...sets].map(([column, value]) => assign(scope, column, value)),
    ...renderExtra(text, part, [...sets.keys()], version),
  ].join(', ');
}

/** What the rows must meet, by the statement and by the criteria of the session. */
function renderMeets(text: SqlText, parts: CriteriaParts, { mapper }: WriteTable): string {
  const scope = scopeOf(text, parts);
  return renderConditions(scope, parts.where, () => text.criteria(mapper, parts.definition, scope.write));
}

function renderWhere(text: SqlText, parts: CriteriaParts, table: WriteTable, hasQuery: boolean): string {
  const { readsChangedTable } = text.dialect.rules.syntax;
  if (!isDerived(text, table) && (readsChangedTable || !hasQuery)) return renderMeets(text, parts, table);
  // Only rows of one class; and MySQL does not read the table that it changes, unless the rows are made first.
  const keys = text.names(table.part.keys);
  const found = `SELECT ${keys} FROM ${renderSource(text, parts, table)}`;
  return `${table.part.keys.length === 1 ? keys : `(${keys})`} IN (SELECT ${keys} FROM (${found}) AS matched)`;
}

/** A model whose rows are some of those of its table. */
function isDerived({ dialect }: SqlText, { mapper }: WriteTable): boolean {
  return mapper?.source(dialect).startsWith('(') === true;
}

/** The table or class with the conditions: what stands behind FROM. `among`: the keys that are asked about. */
export function renderSource(
  text: SqlText,
  parts: CriteriaParts,
  table: WriteTable,
  among?: readonly Values[],
): string {
  const { mapper, part } = table;
  const source = mapper?.source(text.dialect) ?? text.dialect.quoteTable(part.tableName);
  const meets = renderMeets(text, parts, table);
  const conditions = meets === '' ? [] : [`(${meets})`];
  if (among !== undefined) conditions.push(`(${text.oneOf(part.keys, among)})`);
  return `${source}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
}
