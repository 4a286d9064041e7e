/** Statements that ask whether a revision may go on. */
import type { Statement } from '../dialects/dialect.js';
import type { Row } from '../engine/connection.js';
import { AludelError } from '../errors.js';

/** @throws AludelError ALUDEL_REVISION_FAILED where the answer of a statement is not what the operation needs. */
export function checkExpectation({ expect }: Statement, rows: readonly Row[]): void {
  if (expect?.kind === 'noRows' && rows.length > 0) {
    const found = expect.listed === true ? `: ${rows.map(listed).join(', ')}.` : '';
    throw new AludelError('ALUDEL_REVISION_FAILED', expect.problem + found);
  }
  if (expect?.kind !== 'equalCounts') return;
  const [expected, found] = [Number(rows[0]?.['expected']), Number(rows[0]?.['found'])];
  if (expected === found) return;
  throw new AludelError(
    'ALUDEL_REVISION_FAILED',
    `The copy of table "${expect.table}" holds ${found} rows instead of ${expected}.`,
  );
}

/** What stands in the way, and in how many rows. */
function listed(row: Row): string {
  const found = String(row['found']);
  const held = row['held'] === undefined ? null : Number(row['held']);
  return held === null ? found : `"${found}" in ${held} ${held === 1 ? 'row' : 'rows'}`;
}
