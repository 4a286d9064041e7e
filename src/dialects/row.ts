/** Reading catalog rows: the drivers give `unknown`, the catalogs' documentation says what it is. */
import type { Row } from '../engine/connection.js';

export function textOf(row: Row, key: string): string {
  const value = row[key];
  return value === null || value === undefined ? '' : String(value);
}

export function textOrNull(row: Row, key: string): string | null {
  const value = row[key];
  return value === null || value === undefined ? null : String(value);
}

export function flagOf(row: Row, key: string): boolean {
  const value = row[key];
  return value === true || value === 1 || value === '1';
}

export function numberOf(row: Row, key: string): number {
  return Number(row[key]);
}

/** An array column of PostgreSQL; empty when it is NULL. */
export function listOf(row: Row, key: string): (string | null)[] {
  const value = row[key];
  if (!Array.isArray(value)) return [];
  return value.map((item) => (item === null ? null : String(item)));
}

export function textsOf(row: Row, key: string): string[] {
  return listOf(row, key).filter((item) => item !== null);
}

/** Rows by the value of one of their columns, in their order. */
export function groupRows(rows: readonly Row[], key: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const value = textOf(row, key);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  return groups;
}

/** A column of JSON; empty when it is NULL. */
export function detailsOf(row: Row, key: string): Row {
  const value = row[key];
  return typeof value === 'object' && value !== null ? (value as Row) : {};
}

/** Rows with what few of them have, which stands in a column of JSON called `rare`, beside the rest. */
export function unfoldRare(rows: readonly Row[]): Row[] {
  return rows.map((row) => (row['rare'] === null ? row : { ...row, ...detailsOf(row, 'rare') }));
}
