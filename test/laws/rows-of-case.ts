import { FAMILIES, type Family } from './column-families.js';
import { columnsIn, homeOf, isIn, mayBeNull, TABLES } from './declare-side.js';
import type { CaseChoice, ColumnChoice, Side, TableChoice } from './case-choice.js';

const ROWS = [1, 2, 3] as const;

/** Three rows for each table of the first state, and their references where both states keep them. */
export function rowsOfFrom(choice: CaseChoice): string[] {
  const inserted = choice.tables.flatMap((table, at) =>
    isIn('from', table) ? ROWS.map((row) => insert(choice, table, at, row, 'from')) : [],
  );
  const updated = choice.tables.flatMap((table, at) =>
    isIn('from', table) && keepsReferences(choice, table)
      ? [`UPDATE ${tableName(choice, at, 'from')} SET "ref" = "id" WHERE "id" < 3`]
      : [],
  );
  return [...inserted, ...updated];
}

/** What an application writes in the second state: rows that the first one takes as well. */
export function rowsAfterwards(choice: CaseChoice): string[] {
  return choice.tables.flatMap((table, at) => (isIn('to', table) ? [insert(choice, table, at, 11, 'to')] : []));
}

/** A reference to a table that comes or goes would have nothing to refer to on the other side. */
function keepsReferences(choice: CaseChoice, { reference }: TableChoice): boolean {
  return (['from', 'to'] as const).every((side) => {
    const target = reference[side]?.target;
    return target === undefined || choice.tables[target === 'p' ? 0 : 1].presence === 'both';
  });
}

function insert(choice: CaseChoice, table: TableChoice, at: number, row: number, side: Side): string {
  const values = new Map([
    ['id', String(row)],
    ['n', String(row * 10)],
  ]);
  for (const [name, column] of columnsIn(table, side)) {
    const isNull = row === 2 && mayBeNull(column) && column.sides[side].nullable;
    values.set(name, isNull ? 'NULL' : familyOf(column).value(row, choice.dialect));
  }
  const columns = [...values.keys()].map((name) => `"${name}"`).join(', ');
  return `INSERT INTO ${tableName(choice, at, side)} (${columns}) VALUES (${[...values.values()].join(', ')})`;
}

function familyOf({ family }: ColumnChoice): Family {
  return FAMILIES[family];
}

function tableName(choice: CaseChoice, at: number, side: Side): string {
  return homeOf(choice, at, side) !== null ? '"app"."r"' : `"${TABLES[at]}"`;
}
