import {
  bigint,
  boolean,
  bytes,
  char,
  customType,
  date,
  double,
  integer,
  json,
  jsonb,
  numeric,
  smallint,
  sql,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'aludel';
import type { Expr } from '../../src/schema/expressions/expr.js';
import type { AnyColumn } from '../../src/schema/metadata.js';
import type { DialectName } from '../servers/test-dialects.js';

/** Types between which a value keeps its text, and what columns of them hold. */
export interface Family {
  /** The types; none for the enum, whose values each state says. */
  readonly types: readonly (() => AnyColumn)[];
  /** The SQL of a value for each row, no two alike unless `isKey` says otherwise. */
  readonly value: (row: number, dialect: DialectName) => string;
  readonly fallback: string | number | boolean | Expr<unknown> | null;
  /** Values differ, and any database indexes them. */
  readonly isKey: boolean;
}

const two = (row: number): string => String(row).padStart(2, '0');

export const FAMILIES = {
  whole: {
    types: [smallint, integer, bigint, () => numeric(10, 0)],
    value: (row) => String(row),
    fallback: 7,
    isKey: true,
  },
  // A number as text: what the text says is the same, as long as it has no more digits than were there.
  digits: { types: [integer, bigint, () => varchar(20)], value: (row) => `'${row}'`, fallback: null, isKey: false },
  words: {
    types: [() => varchar(20), () => varchar(100), () => char(10), text],
    value: (row) => `'w${row} it''s'`,
    fallback: "it's",
    isKey: false,
  },
  names: {
    types: [() => varchar(20), () => varchar(40), () => varchar(60)],
    value: (row) => `'n${row}'`,
    fallback: 'none',
    isKey: true,
  },
  amount: {
    types: [() => numeric(10, 2), () => numeric(12, 2), double],
    value: (row) => `${row}.5`,
    fallback: null,
    isKey: false,
  },
  flag: { types: [boolean], value: () => 'TRUE', fallback: false, isKey: false },
  day: { types: [date], value: (row) => `'2024-01-${two(row)}'`, fallback: '2024-02-29', isKey: true },
  hour: { types: [time], value: (row) => `'10:00:${two(row)}'`, fallback: '11:00:00', isKey: true },
  moment: {
    types: [() => timestamp({ precision: 3 }), () => timestamp({ precision: 6 }), () => timestamp()],
    value: (row) => `'2024-01-${two(row)} 03:04:05'`,
    fallback: sql`now()`,
    isKey: true,
  },
  id: {
    types: [uuid],
    value: (row) => `'00000000-0000-4000-8000-0000000000${two(row)}'`,
    fallback: null,
    isKey: true,
  },
  document: { types: [json, jsonb], value: (row) => `'{"a": ${row}}'`, fallback: null, isKey: false },
  raw: { types: [bytes], value: (row) => `'x${row}'`, fallback: null, isKey: false },
  // What only the catalog knows of: MODIFY takes the reference system off where it is not said again.
  place: {
    types: [
      () =>
        customType({ mysql: 'point srid 4326', mariadb: 'point ref_system_id=4326', postgres: 'text', sqlite: 'text' }),
    ],
    value: (row, dialect) =>
      dialect === 'mysql' || dialect === 'mariadb' ? `ST_GeomFromText('POINT(${row} 1)', 4326)` : `'${row} 1'`,
    fallback: null,
    isKey: false,
  },
  mood: { types: [], value: (row) => (row % 2 === 0 ? "'v2'" : "'v1'"), fallback: 'v2', isKey: false },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;
