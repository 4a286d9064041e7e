import type { Sequence } from '../schema/table.js';

/** What CREATE and ALTER SEQUENCE say. PostgreSQL and MariaDB take the clauses in any order, and check the bounds when they know all of them. */
export function sequenceClauses(changes: Partial<Sequence>, noCycle: 'NO CYCLE' | 'NOCYCLE'): string[] {
  const { increment, min, max, start, cache, cycle } = changes;
  return [
    ...(increment === undefined ? [] : [`INCREMENT BY ${increment}`]),
    ...(min === undefined ? [] : [min === null ? 'NO MINVALUE' : `MINVALUE ${min}`]),
    ...(max === undefined ? [] : [max === null ? 'NO MAXVALUE' : `MAXVALUE ${max}`]),
    ...(start === undefined ? [] : [`START WITH ${start}`]),
    ...(cache === undefined ? [] : [`CACHE ${cache}`]),
    ...(cycle === undefined ? [] : [cycle ? 'CYCLE' : noCycle]),
  ];
}
